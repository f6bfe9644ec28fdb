"""Codes of `refund`. Source: ABA, refund guide (2026); 171 and 175 by its help desk."""

from pos.gateways.payway.said import (
    BUSY,
    Table,
    at_aba,
    counter,
    down,
    ours,
    wrong_key,
)
from pos.words import _

_TOO_SMALL = counter(_("The amount is less than PayWay gives back. Give cash instead."))

REFUNDING: Table = {
    "PTL02": wrong_key(),
    "PTL04": ours(_("a field of the refund, or the amount is too small")),
    "PTL05": ours(_("the form of the refund")),
    "PTL06": wrong_key(_("PayWay does not take our time. Set the computer's clock.")),
    "PTL36": counter(_("PayWay has no paid payment of this number. Nothing was given back.")),
    "PTL37": counter(_("That is more than is left of this payment. Nothing was given back.")),
    "PTL57": counter(_("PayWay cannot give this payment back. Give cash instead.")),
    "PTL58": down(_("PayWay could not give the money back. Look at what was refunded, then try.")),
    "PTL62": at_aba(_("The shop's data at PayWay are wrong for a refund.")),
    "PTL63": wrong_key(_("PayWay has no refund key of this shop. Ask ABA for it.")),
    "PTL168": counter(_("PayWay is giving money of this payment back right now. Wait and look.")),
    "PTL169": at_aba(_("The shop's settlement account is closed.")),
    "PTL171": wrong_key(_("PayWay says the refund key is out of date. Ask ABA for a new one.")),
    "PTL175": wrong_key(_("PayWay says the refund key is out of date. Ask ABA for a new one.")),
    "PTL181": at_aba(_("The shop's account has too little money for this refund.")),
    "PTL186": ours(_("the form of the amount")),
    "PTL187": _TOO_SMALL,
    "1": wrong_key(),
    "26": at_aba(_("The shop's profile at PayWay is not valid.")),
    "04": ours(_("a field of the refund")),
    "401": wrong_key(),
    "429": BUSY,
    "500": down(),
    "503": down(),
}
"""By `status.code` as text. All of them say that nothing was given back, but see `UNSURE`."""

UNSURE = frozenset({"PTL58", "PTL168", "500", "503"})
"""After these it may have happened, so what was refunded is read first."""
