"""The link that opens a bank's app on the customer's phone with a QR in it."""

from sqlalchemy import update

from pos.database import writing
from pos.errors import BadInput, ConfigError
from pos.extensions import db, settings
from pos.gateways import capabilities_of
from pos.gateways.base import Answer, AsksForLinks, Gateway
from pos.models import Payment
from pos.services.asking import budget, circuit, sending
from pos.services.asking.quota import Purpose
from pos.services.settling import payments


def deep_link(payment: Payment) -> str:
    """Return the link of a payment's QR; the gateway is asked once, and "" where it has none.

    "", and nothing is asked, where the line to the gateway is not sound or the day's questions
    are needed for payments. The app leads back to `POS_PUBLIC_URL`, where there is one; coming
    back proves nothing. No transaction is open meanwhile.
    """
    known, qr_string = payment.deep_link, payment.qr_string
    can = capabilities_of(payment.account.gateway)
    if known or not qr_string or not can.has_deep_link or can.needs_call_to_make_qr:
        return known
    payment_id, link = payment.id, _ask(payment, qr_string)
    if link:
        with writing(db.session):
            payments.take(payment_id)
            db.session.execute(
                update(Payment).where(Payment.id == payment_id).values(deep_link=link)
            )
    return link


def _ask(payment: Payment, qr_string: str) -> str:
    """Ask as every question is asked; a link never tries whether a dead gateway lives again."""
    account = payment.account
    if not circuit.is_sound(account.id) or budget.spend(account, 1, Purpose.LADDER) is not None:
        return ""
    told: list[str] = []

    def ask(gateway: Gateway) -> dict[str, Answer]:
        assert isinstance(gateway, AsksForLinks)
        link, answer = gateway.ask_link(qr_string, settings().public_url)
        told.append(link)
        return {qr_string: answer}

    try:
        sending.send(account, 1, ask)
    except (BadInput, ConfigError):
        return ""
    return told[-1]
