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

_TWICE = counter("PayWay knows this payment's number already. Make a new QR.")
_LIMIT = at_aba("The amount is over the limit of this shop at PayWay.")
_PAYOUT = ours("a payout, which a till never sends")
_CARD = ours("a card's data, which a till never sends")
_CHANGED = wrong_key(
    "PayWay says the request is too old. Set the computer's clock, then ask ABA about the key."
)

MAKING: Table = {
    "1": wrong_key(),
    "2": ours("the payment's number"),
    "3": ours("the amount"),
    "4": _TWICE,
    "04": ours("a field of the request"),
    "5": ours("the payment's number"),
    "6": at_aba("This server's address is not on the list that ABA keeps."),
    "7": ours("the text it should send back"),
    "8": down(),
    "10": ours("the shipping price"),
    "11": down(),
    "12": at_aba("This currency is not allowed for this shop at PayWay."),
    "13": ours("the list of items"),
    "14": at_aba("The shop's settlement accounts at PayWay are wrong."),
    "15": at_aba("The shop's sales channel at PayWay is wrong."),
    **dict.fromkeys(("16", "17", "18", "19"), ours("the customer's name or address")),
    "20": down(),
    "21": _CHANGED,
    "22": at_aba("Holds are not enabled for this shop at PayWay."),
    "23": at_aba("This way of paying is not enabled for this shop at PayWay."),
    "24": ours("an encrypted field"),
    "25": _PAYOUT,
    "26": at_aba("The shop's profile at PayWay is not valid."),
    **dict.fromkeys(("27", "28", "29"), _CARD),
    "30": at_aba("Stored cards are not enabled for this shop at PayWay."),
    "31": _CARD,
    "32": at_aba("The QR service is not enabled for this shop at PayWay."),
    "33": _CARD,
    "34": down("PayWay has no exchange rate now. Try again, or take cash."),
    **dict.fromkeys([str(code) for code in range(35, 43)], _PAYOUT),
    "43": at_aba("The shop's merchant number (MID) at PayWay is missing."),
    "44": _LIMIT,
    "45": ours("an amount of zero"),
    "46": ours("riel with decimals"),
    "47": counter("PayWay takes 100 riel or more. Take cash."),
    "48": ours("a field of the request"),
    **dict.fromkeys(("49", "50", "51", "52", "53"), ours("a date or an amount of a list")),
    "54": _CHANGED,
    **dict.fromkeys(("55", "56"), down("WeChat has trouble of its own.")),
    **dict.fromkeys(("57", "58"), _CARD),
    "59": _PAYOUT,
    "60": ours("the text of the QR"),
    "61": down(),
    "62": counter("PayWay says this QR was used already. Make a new QR."),
    "63": counter("PayWay says this payment exists already. Make a new QR."),
    "64": counter("A shop cannot pay itself. Use another account to pay."),
    "65": at_aba("The shop's merchant number (MID) is not known to the bank."),
    "66": down(),
    "67": at_aba("QR codes on invoices are not available for this shop."),
    "68": counter("PayWay says this payment is over. Make a new QR."),
    "69": ours("a QR of less than three minutes"),
    "70": at_aba("The shop's limit of the day at PayWay is reached."),
    "71": _PAYOUT,
    "72": at_aba("The shop's settlement account is closed."),
    "73": counter("PayWay says this payment cannot be changed now. Make a new QR."),
    "74": ours("the payment's number or the merchant id"),
    "75": ours("the payment's number"),
    "76": ours("additional parameters"),
    "77": at_aba("The shop's fees at PayWay are not set up."),
    "78": _PAYOUT,
    **dict.fromkeys(("79", "80"), ours("Google Pay, which a till never sends")),
    "81": at_aba("The address for callbacks is not on the list that ABA keeps."),
    "82": _PAYOUT,
    "83": wrong_key("PayWay has switched this shop's key off. Ask ABA for a new one."),
    "84": _CHANGED,
    "85": _LIMIT,
    "86": at_aba("The shop's purchase mode at PayWay is wrong."),
    "87": wrong_key("PayWay has removed this shop's key. Ask ABA for a new one."),
    "96": wrong_key("PayWay does not know this merchant. Compare merchant id and key."),
    "102": at_aba("The address for callbacks is not on the list that ABA keeps."),
    "200": counter("The payment was cancelled at PayWay. Make a new QR."),
    "201": counter("The payment was declined at PayWay. Make a new QR."),
    "401": wrong_key(),
    "403": _TWICE,
    "429": BUSY,
    "500": down(),
    "503": down("PayWay is being maintained. Try again later, or take cash."),
    "999": down(),
    "CDA09": counter("The payer's bank could not do it. Let the customer try again."),
    "CDA45": counter("The payer has not enough money. Let the customer try another account."),
    "PTL02": wrong_key(),
}
"""By `status.code` as text."""

OF_QR: Table = {"8": down("PayWay could not make the QR. Try again, or take cash.")}
OF_PURCHASE: Table = {
    "403": Said(down().means, "PayWay refused without saying why. Make a new QR, or take cash."),
}
"""Where the two calls mean different things by one code."""

UNSURE = frozenset({"4", "403", "62", "63"})
"""Codes that say the payment is there already: the answer to an earlier try was lost."""
