"""generate-qr and purchase: a merchant asks for money and gets a KHQR.

Source: ABA PayWay guides of 2026, "QR API" and "Purchase"; limits its test host was seen to hold.
"""

import re
import secrets
from urllib.parse import quote

import segno
from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pos import clock
from pos.khqr import md5_of
from pos.money import Currency, Money
from pos.sandbox import wire
from pos.sandbox.bank import this_bank
from pos.sandbox.payway import fields as read
from pos.sandbox.payway.answers import Body, checkout_page
from pos.sandbox.payway.bills import Bill
from pos.sandbox.payway.fields import invalid
from pos.sandbox.payway.frame import Asked, answer
from pos.sandbox.payway.qr import bill_qr
from pos.sandbox.payway.table import GENERATE_QR, PAYMENTS, PURCHASE, Call, Refusal

blueprint = Blueprint("payway_making", __name__)
wire.speak(blueprint)

LONGEST_MINUTES = 43_200
"""Thirty days."""

_WINDOW_MINUTES = 10
"""So long the KHQR of a purchase can be paid, whatever its lifetime."""

_QR_OPTIONS = ("abapay_khqr", "wechat", "alipay")
_JSON_OPTIONS = ("abapay_khqr_deeplink", "bakong", "abapay_khqr", "abapay_deeplink")
_PAGE_OPTIONS = ("", "cards", "abapay", "alipay", "wechat", "google_pay")
_NAME = re.compile(r"[^\W\d_]*(?: [^\W\d_]+)*")
_LIMITS = {"merchant_id": 30, "email": 50, "phone": 20, "items": 500}
_QR_LIMITS = {"first_name": 20, "last_name": 20, "callback_url": 255, "return_deeplink": 255}
_QR_LIMITS |= {"custom_fields": 255, "payout": 255}
_TEMPLATES = {f"template{n}{c}" for n in (1, 2, 4, 5) for c in ("", "_color")}
_TEMPLATES |= {"template3_color", "template6_color"}
_STORES = {
    "app_store": "https://itunes.apple.com/al/app/aba-mobile-bank/id968860649?mt=8",
    "play_store": "https://play.google.com/store/apps/details?id=com.paygo24.ibank",
}


@blueprint.post(f"{PAYMENTS}/{GENERATE_QR.name}")
def generate_qr() -> Response:
    """Answer with the KHQR of a new bill, as a text and as a picture."""
    return answer(GENERATE_QR, _generate)


@blueprint.post(f"{PAYMENTS}/{PURCHASE.name}")
def purchase() -> ResponseReturnValue:
    """Answer with the KHQR of a new bill, or with a page to pay it on."""
    pages: list[ResponseReturnValue] = []
    given = answer(PURCHASE, lambda asked: _purchase(asked, pages))
    return pages[0] if pages and given.status_code == 200 else given


def _generate(asked: Asked) -> Body:
    fields = asked.fields
    read.at_most(fields, _LIMITS | _QR_LIMITS)
    option, template = fields["payment_option"], fields["qr_image_template"]
    if template not in _TEMPLATES:
        raise invalid({"qr_image_template": "The selected qr_image_template is invalid."})
    if option not in _QR_OPTIONS:
        raise Refusal(23, "Payment option is not enabled.")
    lifetime = read.minutes(fields, 3, LONGEST_MINUTES)
    money = read.money(fields)
    if option != "abapay_khqr" and money.currency is Currency.KHR:
        raise Refusal(12, "Payment currency is not allowed.")
    _refuse_person(fields, "first_name", "last_name")
    bill = _bill(asked, GENERATE_QR, money, lifetime, "callback_url", fields.get("purchase_type"))
    return {
        "qrString": bill.qr,
        "qrImage": segno.make(bill.qr, micro=False).png_data_uri(scale=4),
        "abapay_deeplink": _deeplink(bill),
        **_STORES,
        "amount": float(money.decimal),
        "currency": money.currency.value,
        "status": {"trace_id": secrets.token_hex(16)},
    }


def _purchase(asked: Asked, pages: list[ResponseReturnValue]) -> Body:
    fields = asked.fields
    read.at_most(fields, _LIMITS | {"firstname": 100, "lastname": 100})
    option = fields.get("payment_option", "")
    if option not in _JSON_OPTIONS + _PAGE_OPTIONS:
        raise Refusal(23, "Payment option is not enabled.")
    if fields.get("shipping") == "":
        raise Refusal(10, "Wrong shipping price.")
    fields["lifetime"] = fields.get("lifetime") or str(LONGEST_MINUTES)
    if fields["lifetime"] in ("0", "1", "2"):
        raise Refusal(69, "Lifetime must be at least 3 minutes.")
    lifetime = read.minutes(fields, 3, LONGEST_MINUTES)
    _refuse_person(fields, "firstname", "lastname")
    money = read.money(fields, Currency.USD)
    window = min(lifetime, _WINDOW_MINUTES)
    bill = _bill(asked, PURCHASE, money, window, "return_url", fields.get("type"))
    if option in _PAGE_OPTIONS:
        page = redirect(url_for("phone.home", qr=bill.qr), 302)
        pages.append(page if fields.get("view_type") else checkout_page())
    bank = this_bank()
    path = url_for("phone.link", link_id=bank.links.add(bill.qr))
    return {
        "status": {"tran_id": bill.tran_id},
        "qr_string": bill.qr,
        "abapay_deeplink": _deeplink(bill),
        "checkout_qr_url": (bank.public_url or request.host_url).rstrip("/") + path,
    }


def _bill(
    asked: Asked, call: Call, money: Money, lifetime: int, callback: str, kind: str | None
) -> Bill:
    """Write the bill down; refused if its tran_id was used before."""
    fields, purchase = asked.fields, call is PURCHASE
    tran_id = read.tran_id(fields)
    if kind not in (None, "", "purchase", "pre-auth"):
        raise invalid({"purchase_type": "The selected purchase_type is invalid."})
    made_ms = clock.epoch_ms(clock.now())
    ends_ms = made_ms + lifetime * 60_000
    qr = bill_qr(asked.merchant, money, tran_id, made_ms, ends_ms)
    bill = Bill(
        merchant_id=asked.merchant.merchant_id,
        tran_id=tran_id,
        currency=money.currency,
        amount_minor=money.minor,
        made_by=call.name,
        payment_option=fields.get("payment_option", ""),
        is_hold=kind == "pre-auth",
        made_ms=made_ms,
        ends_ms=ends_ms,
        qr=qr,
        md5=md5_of(qr),
        callback_url=_address(fields, callback, plain_too=purchase),
        return_params=fields.get("return_params", ""),
        first_name=fields.get("firstname" if purchase else "first_name", ""),
        last_name=fields.get("lastname" if purchase else "last_name", ""),
        email=fields.get("email", ""),
        phone=fields.get("phone", ""),
    )
    if not this_bank().payway.bills.add(bill, again="duplicates_accepted" in wire.taken()):
        raise Refusal(4 if purchase else 403, "Duplicated Transaction ID.")
    return bill


def _address(fields: read.Fields, name: str, *, plain_too: bool) -> str | None:
    try:
        return read.address(fields.get(name, ""), plain_too=plain_too)
    except ValueError as error:
        raise invalid({name: f"The {name} format is invalid."}) from error


def _refuse_person(fields: read.Fields, first: str, last: str) -> None:
    if not _NAME.fullmatch(fields.get(first, "")):
        raise Refusal(16, "First name is invalid.")
    if not _NAME.fullmatch(fields.get(last, "")):
        raise Refusal(17, "Last name is invalid.")
    if not re.fullmatch(r"\+?[0-9 ]*", fields.get("phone", ""), re.ASCII):
        raise Refusal(18, "Phone is invalid.")
    if not re.fullmatch(r"([^@\s]+@[^@\s]+)?", fields.get("email", "")):
        raise Refusal(19, "Email is invalid.")


def _deeplink(bill: Bill) -> str:
    return f"abamobilebank://ababank.com?type=payway&qrcode={quote(bill.qr, safe='')}"
