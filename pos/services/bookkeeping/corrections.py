"""Writing corrections: what is learned about a closed shift gets a number and a record of its own.

Each works in the transaction of what it tells of, so neither is without the other. What a shift
says that is not closed yet needs no correction: it stands on its own Z report.
"""

from sqlalchemy import select

from pos import clock
from pos.extensions import db, settings
from pos.models import (
    CashMovement,
    Correction,
    CorrectionKind,
    GatewayTransaction,
    Payment,
    Refund,
    Tender,
    Till,
    User,
    ZReport,
)
from pos.money import Money
from pos.reports.closing import corrections as report
from pos.reports.closing.corrections import Told
from pos.reports.wording import MOVEMENT_REASON, REFUND_KIND
from pos.services.auditing import chaining
from pos.words import _

_K = CorrectionKind


def late_sale(payment: Payment, money: GatewayTransaction) -> None:
    """Write that money has settled a sale of a shift whose report was written without it."""
    z = report_of(payment.sale.shift_id)
    if z is None or z.shift.closed_at is None or payment.made_at > z.shift.closed_at:
        return
    told = Told(
        sale_number=payment.sale.number,
        amount=money.amount,
        at=money.paid_at,
        what=_("Paid by KHQR. It counts in the report of the shift in which it was found."),
        tran_id=payment.tran_id,
        reference=money.bank_reference,
    )
    write(z, _K.LATE_SALE, f"money:{money.id}", told)


def refunded(refund: Refund) -> None:
    """Write that money went back after the report that counts it was written."""
    payment = refund.payment
    if refund.transaction.settles_sale_id is None or payment.paid_shift_id is None:
        return
    z = report_of(payment.paid_shift_id)
    if z is None:
        return
    told = Told(
        sale_number=payment.sale.number,
        amount=refund.amount,
        at=refund.ended_at,
        what=_(
            "%(kind)s. It stands on the report of the shift that made it.",
            kind=REFUND_KIND[refund.kind],
        ),
        tran_id=payment.tran_id,
        reference=refund.reference,
        note=refund.note,
        entered_by=_name(refund.asked_by),
        approved_by=_name(refund.approved_by),
    )
    write(z, _K.REFUND, f"refund:{refund.id}", told)


def cash_refunded(row: CashMovement) -> None:
    """Write that cash went back of a sale whose cash an earlier report counts.

    Where several earlier reports count some of it, the last of them is corrected.
    """
    taken = select(Tender.shift_id).where(Tender.sale_id == row.sale_id)
    shift_id = db.session.scalar(taken.order_by(Tender.id.desc()).limit(1))
    z = report_of(shift_id) if shift_id not in (None, row.shift_id) else None
    if z is None or row.sale is None:
        return
    told = Told(
        sale_number=row.sale.number,
        amount=Money(row.worth_minor, row.sale.currency),
        at=row.at,
        what=_(
            "%(cash)s went back in cash, out of the drawer of the shift that gave it.",
            cash=row.cash,
        ),
        reason_text=MOVEMENT_REASON[row.reason],
        note=row.note,
        entered_by=_name(row.asked_by),
        approved_by=_name(row.approved_by),
    )
    write(z, _K.REFUND, f"cash:{row.id}", told)


def report_of(shift_id: int | None) -> ZReport | None:
    """Return the Z report of a shift, if it is closed."""
    return db.session.scalar(select(ZReport).where(ZReport.shift_id == shift_id))


def _name(person: User | None) -> str:
    return person.display_name if person is not None else ""


def write(z: ZReport, kind: CorrectionKind, source: str, told: Told) -> Correction:
    """Write a correction of a report, in the open transaction, under its till's next number.

    A source makes one correction: told of again, the one that there is is returned.
    """
    till = db.session.get_one(Till, z.till_id, populate_existing=True, with_for_update=True)
    known = db.session.scalar(select(Correction).where(Correction.source == source))
    if known is not None:
        return known
    till.last_correction_number += 1
    view = report.gather(z, till.last_correction_number, kind, told)
    row = Correction(
        till_id=till.id,
        z_report_id=z.id,
        number=view.number,
        kind=kind,
        source=source,
        written_at=view.written_at,
        written_on=clock.business_date(view.written_at, settings().day_starts_hour),
        body=report.to_json(view),
    )
    chaining.add(till, row)
    db.session.flush()
    return row
