"""What other systems are told, as JSON: no secret, nobody's account, no name of staff.

The fields are those of the API, under the same names.
"""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from pos.extensions import db
from pos.models import OutsidePart, OutsideSale, Payment, Topic, ZReport
from pos.money import Currency, Money
from pos.reports.closing import z_report
from pos.reports.online import outside
from pos.reports.online.outside import Word

Data = dict[str, Any]


def write(uid: str, topic: Topic, at: datetime, data: Data) -> str:
    """Return the whole body of an event, as it is sent and signed."""
    told = {"id": uid, "type": str(topic), "at": _iso(at), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def of_payment(payment: Payment, facts: Data) -> Data:
    """Return a payment as it stands now, with the money that came or went back, if any did."""
    data: Data = {"payment": _payment(payment)}
    if "amount_minor" in facts:
        money = Money(int(facts["amount_minor"]), Currency(facts["currency"]))
        told = {"amount": money.plain, "currency": str(money.currency)}
        is_back = "refund" in facts
        data["refund" if is_back else "received"] = (
            {"id": facts["refund"], **told} if is_back else told
        )
    return data


def _payment(payment: Payment) -> Data:
    word, sale = outside.word_of(payment.status), _outside_sale(payment)
    return {
        "id": payment.tran_id,
        "uuid": outside.uuid_of(payment),
        "status": str(word),
        "reason": str(payment.status) if word is Word.FAILED else None,
        "remark": str(payment.remark) if payment.remark else None,
        "amount": payment.amount.plain,
        "currency": str(payment.currency),
        "till": payment.till.name,
        "made_at": _iso(payment.made_at),
        "paid_at": _iso(payment.paid_at) if payment.paid_at else None,
        "sale_id": sale.uid if sale else None,
        "booking_id": sale.reference if sale else None,
        "booking_number": sale.number if sale else None,
    }


def _outside_sale(payment: Payment) -> OutsideSale | None:
    """Return the sale that another system registered, if one did: a till's is its own."""
    query = select(OutsideSale).join(OutsidePart, OutsidePart.outside_id == OutsideSale.id)
    return db.session.scalar(query.where(OutsidePart.sale_id == payment.sale_id))


def of_shift(report: ZReport) -> Data:
    """Return a closed shift with the totals of its Z report."""
    view = z_report.from_json(report.body)
    totals = [
        {
            "tender": one.tender,
            "gateway": one.gateway,
            "currency": str(one.currency),
            "count": one.count,
            "amount": one.amount.plain,
        }
        for one in view.totals
    ]
    return {
        "shift": {
            "id": report.shift_id,
            "till": view.till_name,
            "business_date": view.business_day.isoformat(),
            "opened_at": _iso(view.opened_at),
            "closed_at": _iso(view.closed_at),
            "is_auto_closed": view.is_auto_closed,
            "report_number": report.number,
            "report_hash": report.hash,
            "totals": totals,
        }
    }
