"""The web doors: one screen, one file, one blueprint. A door never imports another door.

    entrance      people who log in, gateways that post, monitors that look
    counter       the till, its drawer, the customer's display
    bookkeeping   shifts and days
    paperwork     receipts, printing, PDFs
    office        the manager's screens
    api           JSON for other programs, by tokens

What several doors share lies beside the rooms.
"""
