"""What goes on paper: a document as a value, and how it becomes a PDF or a receipt printer's dots.

Pure: no tables, no request. Pages that a browser prints are drawn by `templates/paper/`.
"""
