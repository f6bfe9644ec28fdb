"""The questions: check, detail, list, by reference, exchange rate.

Source: ABA PayWay guides of 2026; what its test host was seen to leave out.
"""

from datetime import datetime, timedelta

from flask import Blueprint, Response

from pos import clock
from pos.sandbox import wire
from pos.sandbox.bank import this_bank
from pos.sandbox.payway.answers import Body
from pos.sandbox.payway.frame import Asked, answer
from pos.sandbox.payway.listing import chosen, page_of
from pos.sandbox.payway.standing import CODES, Standing
from pos.sandbox.payway.table import (
    BY_REFERENCE,
    CHECK,
    DETAIL,
    LIST,
    OLD_CHECK,
    PAYMENTS,
    RATE,
    RATE_PATH,
    Refusal,
)
from pos.sandbox.payway.told import approval_code, local_time, number, payer_fields

blueprint = Blueprint("payway_asking", __name__)
wire.speak(blueprint)

CHECK_WINDOW = timedelta(days=7)
MOST_BY_REFERENCE = 50

_RATES = {
    "aud": ("2719.38", "2540.49"),
    "sgd": ("3185.20", "3041.75"),
    "eur": ("4742.11", "4518.30"),
    "gbp": ("5480.09", "5221.64"),
    "myr": ("985.42", "934.10"),
    "thb": ("129.85", "121.06"),
    "hkd": ("523.77", "505.18"),
    "cny": ("574.03", "551.92"),
    "cad": ("2968.44", "2829.07"),
    "krw": ("2.95", "2.62"),
    "jpy": ("27.31", "25.88"),
    "vnd": ("0.16", "0.15"),
}
"""Riel for one unit, sold and bought; of no day. The dollar is not among them."""


@blueprint.post(f"{PAYMENTS}/{CHECK.name}")
def check() -> Response:
    """Answer with what has become of a bill of the last seven days."""
    return answer(CHECK, _check)


@blueprint.post(f"{PAYMENTS}/{OLD_CHECK.name}")
def old_check() -> Response:
    """Answer the same in the shape that was retired."""
    return answer(OLD_CHECK, _check)


@blueprint.post(f"{PAYMENTS}/{DETAIL.name}")
def detail() -> Response:
    """Answer with all that is known of a bill, ten times a minute."""
    return answer(DETAIL, _detail)


@blueprint.post(f"{PAYMENTS}/{LIST.name}")
def listing() -> Response:
    """Answer with the paid bills of at most three days, page by page."""
    return answer(LIST, _list)


@blueprint.post(f"{PAYMENTS}/{BY_REFERENCE.name}")
def by_reference() -> Response:
    """Answer with the last paid bills that have this reference in their QR."""
    return answer(BY_REFERENCE, _by_reference)


@blueprint.post(RATE_PATH)
def exchange_rate() -> Response:
    """Answer with the riel for a unit of twelve currencies."""
    rates = {name: {"sell": sell, "buy": buy} for name, (sell, buy) in _RATES.items()}
    return answer(RATE, lambda _: {"exchange_rates": rates})


def _check(asked: Asked) -> Body:
    standing = _found(asked, CHECK_WINDOW)
    return {"data": state(standing), "status": {"tran_id": standing.bill.tran_id}}


def _detail(asked: Asked) -> Body:
    standing = _found(asked, None)
    data = row(standing) | {
        "transaction_date": local_time(standing.bill.made_ms),
        "transaction_operations": _operations(standing),
    }
    return {"data": data, "status": {"tran_id": standing.bill.tran_id}}


def _found(asked: Asked, window: timedelta | None) -> Standing:
    standing = this_bank().payway.find(asked.merchant.merchant_id, asked.fields["tran_id"])
    missing = Refusal(6, "Transaction not found.", 200)
    if standing is None:
        raise missing
    age = clock.now() - clock.from_epoch_ms(standing.bill.made_ms)
    if window is not None and age > window:
        raise missing
    if age.total_seconds() < wire.taken().get("lag", 0):
        raise missing
    if standing.word == "CANCELLED" and "close_keeps_pending" in wire.taken():
        return standing.as_open()
    return standing


def state(standing: Standing) -> Body:
    """Return what a check tells: the amount that the merchant gets, and what the payer gave."""
    paid, word = standing.paid, standing.word
    original = number(standing.original)
    return {
        "payment_status_code": CODES[word],
        "payment_status": word,
        "total_amount": original,
        "original_amount": original,
        "refund_amount": number(standing.refunded),
        "discount_amount": 0,
        "payment_amount": number(paid.money) if paid else 0,
        "payment_currency": paid.currency.value if paid else "",
        "apv": approval_code(paid),
        "transaction_date": local_time(paid.created_ms if paid else standing.bill.made_ms),
    }


def row(standing: Standing) -> Body:
    """Return a bill as details and lists tell it."""
    return {
        "transaction_id": standing.bill.tran_id,
        **state(standing),
        "original_currency": standing.bill.currency.value,
        **payer_fields(standing.bill, standing.paid),
    }


def _operations(standing: Standing) -> list[Body]:
    paid = [
        {
            "status": "Completed",
            "amount": number(one.money),
            "transaction_date": local_time(one.created_ms),
            "bank_ref": one.external_ref,
        }
        for one in standing.transfers
    ]
    back = [
        {
            "status": "Refunded",
            "amount": number(money),
            "transaction_date": local_time(at_ms),
            "bank_ref": "",
        }
        for money, at_ms in standing.given_back
    ]
    return paid + back


def _paid_rows(asked: Asked) -> list[Body]:
    desk = this_bank().payway
    bills = desk.bills.of_merchant(asked.merchant.merchant_id)
    standings = [desk.standing(bill) for bill in bills]
    return [row(standing) for standing in standings if standing.paid]


def _list(asked: Asked) -> Body:
    today = clock.business_date(clock.now())
    wanted = chosen(asked.fields, datetime(today.year, today.month, today.day))
    rows = [one for one in _paid_rows(asked) if wanted.takes(one)]
    page, size, shown = page_of(asked.fields, rows)
    return {"data": shown, "page": page, "pagination": size}


def _by_reference(asked: Asked) -> Body:
    reference = asked.fields["merchant_ref"]
    rows = [one for one in _paid_rows(asked) if one["transaction_id"] == reference]
    return {"data": rows[-MOST_BY_REFERENCE:], "status": {"merchant_ref": reference}}
