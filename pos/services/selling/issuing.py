"""Making the QR of a payment: the one step of a sale in which a gateway may be asked."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select

from pos import clock
from pos.database import writing
from pos.errors import GatewayError, GatewayRejected, GatewayUnreachable
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.gateways.base import QrIssued, QrRequest
from pos.gateways.troubles import trouble_of
from pos.khqr import KhqrError
from pos.models import Payment
from pos.models.payment import SAYS_LENGTH, WITH_SHOP
from pos.services.banking import accounts
from pos.services.settling import payments
from pos.states import PaymentStatus

STUCK_SECONDS = 30
"""A payment still without its QR after this long lost its program between two steps."""

_P = Payment.__table__.c
_STUCK = select(_P.id).where(
    _P.status == PaymentStatus.CREATING,
    or_(_P.made_at <= bindparam("before"), _P.made_at >= bindparam("after")),
)
_TO_MAKE = select(Payment).where(Payment.id == bindparam("payment_id")).options(*WITH_SHOP)


def issue_qr(payment_id: int, *, who: str) -> None:
    """Get the QR of a payment that is being created and show it, or say that none came.

    No transaction is open while the gateway makes it. What a check will ask by is written
    before, where it is known: a QR that the gateway made and we never heard of can be closed.
    Nothing changes where somebody else has ended the making meanwhile.
    """
    # By a query and not by `get`, which reads what a commit has made stale row by row.
    payment = db.session.scalars(_TO_MAKE, {"payment_id": payment_id}).one()
    request = _qr_request(payment)
    gateway = accounts.open_account(payment.account)
    _remember(payment, gateway.lookup_for(request))
    db.session.rollback()
    try:
        issued = gateway.issue_qr(request)
    except (GatewayError, KhqrError) as problem:
        told = _told(problem)
        _end(payment, PaymentStatus.CREATE_FAILED, who=who, facts={"reason": str(problem)}, **told)
        return
    _show(payment, issued, who)


def issue_again(payment_id: int, *, who: str) -> None:
    """Make the QR of a payment whose program may have died before it, where nobody is asked for it.

    Such a QR is written from the payment's own row: whoever makes it makes the same one, and
    one move alone shows it, so it does no harm where the first maker still lives. A gateway
    that makes QRs itself is left alone: it may be at it this moment, or have made one that
    nobody heard of, and a second would be live beside it. Such a payment is given up once it is
    stuck, which closes its number, and New QR takes a fresh one.
    """
    payment = payments.read(payment_id)
    if payment.status is not PaymentStatus.CREATING:
        return
    is_over = payment.expires_at <= clock.now()
    if not is_over and not capabilities_of(payment.account.gateway).needs_call_to_make_qr:
        issue_qr(payment_id, who=who)
    elif is_stuck(payment):
        give_up(payment_id, who=who)


def _told(problem: GatewayError | KhqrError) -> dict[str, Any]:
    """Return what the till says of it: the gateway's reason where it gave one, else its trouble.

    What an HTTP client, or the writer of a QR, says of itself is for the history only.
    """
    if isinstance(problem, KhqrError):
        return {}
    has_reason = bool(problem.code) and not isinstance(problem, GatewayUnreachable)
    says = str(problem)[:SAYS_LENGTH] if has_reason else ""
    is_no = isinstance(problem, GatewayRejected)
    return {"trouble_says": says, "trouble": "" if is_no else str(trouble_of(problem))}


def _remember(payment: Payment, lookup: str) -> None:
    if lookup:
        with writing(db.session):
            row = payments.retake(payment)
            row.lookup, row.receiver = lookup, row.account.account_id


def _qr_request(payment: Payment) -> QrRequest:
    store = payment.till.store
    return QrRequest(
        tran_id=payment.tran_id,
        amount=payment.amount,
        merchant_name=store.merchant.name,
        merchant_city=store.merchant.city,
        store_label=store.label,
        till_label=payment.till.label,
        made_at=payment.made_at,
        expires_at=payment.expires_at,
    )


def _show(payment: Payment, issued: QrIssued, who: str) -> None:
    _end(
        payment,
        PaymentStatus.AWAITING,
        who=who,
        qr_string=issued.qr_string,
        lookup=issued.lookup,
        receiver=issued.receiver,
        deep_link=issued.deep_link,
        shown_at=clock.now(),
    )


def _end(payment: Payment, new: PaymentStatus, **more: Any) -> None:
    """End the making of a QR, unless another maker of it, or the worker, has ended it before."""
    if payment.status is PaymentStatus.CREATING:
        payments.move(payment, new, **more)


def give_up_stuck(*, who: str = "worker") -> None:
    """End payments whose QR was never made: the program stopped between two steps."""
    now, pause = clock.now(), timedelta(seconds=STUCK_SECONDS)
    known = {"before": now - pause, "after": now + pause}
    for payment_id in db.session.scalars(_STUCK, known).all():
        give_up(payment_id, who=who)


def is_stuck(payment: Payment) -> bool:
    """Return whether nobody makes a payment's QR any more, however long one still waits.

    That is so, too, where it was made in what is now the future: the clock was set back.
    """
    age = abs(clock.now() - payment.made_at)
    return payment.status is PaymentStatus.CREATING and age >= timedelta(seconds=STUCK_SECONDS)


def give_up(payment_id: int, *, who: str) -> None:
    """End a payment whose QR was never made, if it is stuck; its number is closed, if it can be.

    Should the gateway have made a QR, and somebody have paid it, then the answer to that close
    says so, and the money is asked for at once.
    """
    with writing(db.session):
        payment = payments.take(payment_id)
        if is_stuck(payment):
            payments.move(payment, PaymentStatus.CREATE_FAILED, who=who)
