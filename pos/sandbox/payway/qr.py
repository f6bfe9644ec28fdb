"""The KHQR of a bill: the merchant's own template with the bank's account in it."""

import hashlib
import secrets

from pos.khqr import numeric_code
from pos.khqr.tlv import field, seal, template
from pos.money import Money
from pos.sandbox.payway.merchants import Merchant

ACCOUNT = "abaakhppxxx@abaa"
"""The account of every bill: the bank's own, from which it credits its merchants."""


def bill_qr(merchant: Merchant, money: Money, tran_id: str, made_ms: int, ends_ms: int) -> str:
    """Return the text of a QR that pays this money; no two are alike.

    Riel are written with two decimals and PayWay adds a part of its own to tag 62.
    Source: codes of the test host, 2026.
    """
    number = int(hashlib.sha256(merchant.merchant_id.encode()).hexdigest(), 16) % 10**15
    account = template("30", [("00", ACCOUNT), ("01", f"{number:015d}"), ("02", "ABA Bank")])
    own = template("68", [("00", "PAYWAY"), ("01", secrets.token_hex(8))])
    times = template("99", [("00", str(made_ms)), ("01", str(ends_ms))])
    return seal(
        f"000201010212{account}52045999{field('53', numeric_code(money.currency))}"
        f"{field('54', f'{money.decimal:.2f}')}5802KH{field('59', merchant.name[:25])}"
        f"{field('60', merchant.city[:15])}{field('62', field('01', tran_id) + own)}{times}"
    )
