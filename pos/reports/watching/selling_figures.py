"""What became of the QRs of the last while, and how long customers took to pay."""

from sqlalchemy import BigInteger, func, select, type_coerce

from pos.extensions import db
from pos.models import GatewayAccount, Payment
from pos.reports.office.alert_figures import ENDED
from pos.reports.watching.figure import MOST_ROWS, Figure, counted, one, quantiles, window
from pos.states import PaymentStatus

_TOOK = type_coerce(Payment.paid_at, BigInteger) - type_coerce(Payment.shown_at, BigInteger)
_NEWEST = select(func.max(Payment.id)).scalar_subquery() - MOST_ROWS
_QRS = (
    select(GatewayAccount.gateway, Payment.status, type_coerce(_TOOK, BigInteger))
    .join(GatewayAccount, GatewayAccount.id == Payment.account_id)
    .where(Payment.id > _NEWEST)
)


def figures() -> tuple[Figure, ...]:
    """Return the figures of the shop's QRs: one query, over the newest rows alone."""
    rows = db.session.execute(_QRS.where(Payment.made_at >= window())).all()
    of = [status for _gateway, status, _took in rows]
    paid, ended = of.count(PaymentStatus.PAID), sum(status in ENDED for status in of)
    return (
        counted(
            "qrs",
            "QRs made in the window, by what became of them.",
            ("gateway", "status"),
            ((gateway, status) for gateway, status, _took in rows),
        ),
        one(
            "qr_success_ratio",
            "Part of the QRs of the window that ended by being paid; what a cashier took back"
            " does not count.",
            paid / ended if ended else None,
        ),
        quantiles(
            "seconds_to_pay",
            "From a QR on the screen to its payment, in the window.",
            "gateway",
            ((gateway, took) for gateway, _status, took in rows),
        ),
    )
