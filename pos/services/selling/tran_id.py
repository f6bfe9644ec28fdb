"""The number of a payment, by which the shop, its papers and the gateways know it."""

import secrets

from pos import clock

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for each other when a number is read aloud."""


def fresh() -> str:
    """Return a fresh number for a payment: the shop's day and nine letters never used before.

    Sixteen characters: PayWay takes twenty at most, KHQR's bill number twenty-five.
    """
    day = clock.business_date(clock.now()).strftime("%y%m%d")
    return day + "-" + "".join(secrets.choice(_ALPHABET) for _ in range(9))
