"""The practice bank speaks ABA PayWay: its wire, its merchants, its bills and its callbacks.

    desk.py        the parts of PayWay in one practice bank
    merchants.py   who may call, with which key
    signing.py     the hash of every request and the two signatures of a callback
    table.py       each call: what it must bring, in what order it is hashed, how it is refused
    bills.py       what was asked to be paid, and what went back
    standing.py    what has become of a bill, read from the bank's ledger
    qr.py          the KHQR of a bill
    fields.py      a request as texts, and what may stand in it
    frame.py       one call from its body to its answer
    answers.py     the shapes of answers, and how the switches bend them
    making.py      generate-qr and purchase
    listing.py     which rows a list shows
    asking.py      check, detail, list, exchange rate
    ending.py      close and refund
    told.py        what a callback says
    callbacks.py   sending it, once or as the switches say
    control.py     merchants, refunds at the counter and callbacks, for programs

It shares no line with the shop's gateway, so that what stands here can bear witness against it.
Source: ABA PayWay's guides of 2026, and what public projects report of its test host.
"""
