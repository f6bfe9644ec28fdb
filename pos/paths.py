"""Where templates, static files and migrations lie: in a checkout or in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

HOME: Path = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent
"""The folder that holds `templates/`, `static/` and `migrations/`.

A wheel carries them inside the package; a checkout has them beside it.
"""
