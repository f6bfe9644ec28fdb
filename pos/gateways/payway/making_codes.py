"""Codes of `generate-qr` and `purchase`. Nothing here is about money: no QR came of it.

Source: ABA, QR API and e-commerce guides (2026). 29, 30, 52, 58, 59, 60, 68 and 75 are also seen
for declined cards, which a till does not take; 4 is seen on both calls for a number used twice.
"""

from pos.gateways.payway.said import (
    BUSY,
    Said,
    Table,
    at_aba,
    counter,
    down,
    ours,
    wrong_key,
)
from pos.words import _

_TWICE = counter(_("PayWay knows this payment's number already. Make a new QR."))
_LIMIT = at_aba(_("The amount is over the limit of this shop at PayWay."))
_PAYOUT = ours(_("a payout, which a till never sends"))
_CARD = ours(_("a card's data, which a till never sends"))
_CHANGED = wrong_key(
    _("PayWay says the request is too old. Set the computer's clock, then ask ABA about the key.")
)

MAKING: Table = {
    "1": wrong_key(),
    "2": ours(_("the payment's number")),
    "3": ours(_("the amount")),
    "4": _TWICE,
    "04": ours(_("a field of the request")),
    "5": ours(_("the payment's number")),
    "6": at_aba(_("This server's address is not on the list that ABA keeps.")),
    "7": ours(_("the text it should send back")),
    "8": down(),
    "10": ours(_("the shipping price")),
    "11": down(),
    "12": at_aba(_("This currency is not allowed for this shop at PayWay.")),
    "13": ours(_("the list of items")),
    "14": at_aba(_("The shop's settlement accounts at PayWay are wrong.")),
    "15": at_aba(_("The shop's sales channel at PayWay is wrong.")),
    **dict.fromkeys(("16", "17", "18", "19"), ours(_("the customer's name or address"))),
    "20": down(),
    "21": _CHANGED,
    "22": at_aba(_("Holds are not enabled for this shop at PayWay.")),
    "23": at_aba(_("This way of paying is not enabled for this shop at PayWay.")),
    "24": ours(_("an encrypted field")),
    "25": _PAYOUT,
    "26": at_aba(_("The shop's profile at PayWay is not valid.")),
    **dict.fromkeys(("27", "28", "29"), _CARD),
    "30": at_aba(_("Stored cards are not enabled for this shop at PayWay.")),
    "31": _CARD,
    "32": at_aba(_("The QR service is not enabled for this shop at PayWay.")),
    "33": _CARD,
    "34": down(_("PayWay has no exchange rate now. Try again, or take cash.")),
    **dict.fromkeys([str(code) for code in range(35, 43)], _PAYOUT),
    "43": at_aba(_("The shop's merchant number (MID) at PayWay is missing.")),
    "44": _LIMIT,
    "45": ours(_("an amount of zero")),
    "46": ours(_("riel with decimals")),
    "47": counter(_("PayWay takes 100 riel or more. Take cash.")),
    "48": ours(_("a field of the request")),
    **dict.fromkeys(("49", "50", "51", "52", "53"), ours(_("a date or an amount of a list"))),
    "54": _CHANGED,
    **dict.fromkeys(("55", "56"), down(_("WeChat has trouble of its own."))),
    **dict.fromkeys(("57", "58"), _CARD),
    "59": _PAYOUT,
    "60": ours(_("the text of the QR")),
    "61": down(),
    "62": counter(_("PayWay says this QR was used already. Make a new QR.")),
    "63": counter(_("PayWay says this payment exists already. Make a new QR.")),
    "64": counter(_("A shop cannot pay itself. Use another account to pay.")),
    "65": at_aba(_("The shop's merchant number (MID) is not known to the bank.")),
    "66": down(),
    "67": at_aba(_("QR codes on invoices are not available for this shop.")),
    "68": counter(_("PayWay says this payment is over. Make a new QR.")),
    "69": ours(_("a QR of less than three minutes")),
    "70": at_aba(_("The shop's limit of the day at PayWay is reached.")),
    "71": _PAYOUT,
    "72": at_aba(_("The shop's settlement account is closed.")),
    "73": counter(_("PayWay says this payment cannot be changed now. Make a new QR.")),
    "74": ours(_("the payment's number or the merchant id")),
    "75": ours(_("the payment's number")),
    "76": ours(_("additional parameters")),
    "77": at_aba(_("The shop's fees at PayWay are not set up.")),
    "78": _PAYOUT,
    **dict.fromkeys(("79", "80"), ours(_("Google Pay, which a till never sends"))),
    "81": at_aba(_("The address for callbacks is not on the list that ABA keeps.")),
    "82": _PAYOUT,
    "83": wrong_key(_("PayWay has switched this shop's key off. Ask ABA for a new one.")),
    "84": _CHANGED,
    "85": _LIMIT,
    "86": at_aba(_("The shop's purchase mode at PayWay is wrong.")),
    "87": wrong_key(_("PayWay has removed this shop's key. Ask ABA for a new one.")),
    "96": wrong_key(_("PayWay does not know this merchant. Compare merchant id and key.")),
    "102": at_aba(_("The address for callbacks is not on the list that ABA keeps.")),
    "200": counter(_("The payment was cancelled at PayWay. Make a new QR.")),
    "201": counter(_("The payment was declined at PayWay. Make a new QR.")),
    "401": wrong_key(),
    "403": _TWICE,
    "429": BUSY,
    "500": down(),
    "503": down(_("PayWay is being maintained. Try again later, or take cash.")),
    "999": down(),
    "CDA09": counter(_("The payer's bank could not do it. Let the customer try again.")),
    "CDA45": counter(_("The payer has not enough money. Let the customer try another account.")),
    "PTL02": wrong_key(),
}
"""By `status.code` as text."""

OF_QR: Table = {"8": down(_("PayWay could not make the QR. Try again, or take cash."))}
OF_PURCHASE: Table = {
    "403": Said(down().means, _("PayWay refused without saying why. Make a new QR, or take cash.")),
}
"""Where the two calls mean different things by one code."""

UNSURE = frozenset({"4", "403", "62", "63"})
"""Codes that say the payment is there already: the answer to an earlier try was lost."""
