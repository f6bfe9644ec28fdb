"""A bank to practise with: it speaks the gateways' APIs on the wire and keeps its own books.

    app.py       create_sandbox(): puts the parts together, decides nothing
    bank.py      the parts of one practice bank, and how a request finds them
    store.py     the SQLite file under all its books
    ledger.py    transfers and accounts: the independent witness of who paid what
    tokens.py    the JSON web tokens that callers must show
    links.py     short links to the phone page
    shown.py     a QR as a bank app reads it
    orders.py    what a payer may do with a QR, and the booking of it
    switches.py  what makes the bank misbehave, one table
    faults.py    the switches that are on, and whom they meet
    delivery.py  the switches that spoil how an answer leaves
    calls.py     what callers asked, and what they were told
    wire.py      the frame around every API the bank speaks
    answers.py   the words of the Bakong Open API
    bakong.py    its endpoints
    payway/      ABA PayWay: its endpoints, bills and callbacks
    control.py   pay, ledger, calls, tokens and faults, for programs
    phone.py     the customer's phone, for people

Next door to the shop: it imports the ground floor and Flask only, and the shop's application
never imports it. Faults and calls live in memory, so run it as one process with threads.
"""

from pos.sandbox.app import create_sandbox
from pos.sandbox.bank import Bank, Mode
from pos.sandbox.payway.merchants import Merchant, new_merchant

__all__ = ["Bank", "Merchant", "Mode", "create_sandbox", "new_merchant"]
