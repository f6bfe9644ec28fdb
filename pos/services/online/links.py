"""The link that opens a bank's app on the customer's phone with a QR in it."""

from sqlalchemy import update

from pos.database import writing
from pos.extensions import db, settings
from pos.gateways import capabilities_of
from pos.models import Payment
from pos.services.banking import accounts
from pos.services.settling import payments


def deep_link(payment: Payment) -> str:
    """Return the link of a payment's QR; the gateway is asked once, and "" where it has none.

    The app leads back to `POS_PUBLIC_URL`, where there is one; coming back proves nothing. No
    transaction is open meanwhile, and it costs none of the day's questions about payments.
    """
    known, qr_string = payment.deep_link, payment.qr_string
    if known or not qr_string or not capabilities_of(payment.account.gateway).has_deep_link:
        return known
    payment_id, gateway = payment.id, accounts.open_account(payment.account)
    db.session.rollback()
    link = gateway.deep_link(qr_string, settings().public_url)
    if link:
        with writing(db.session):
            payments.take(payment_id)
            db.session.execute(
                update(Payment).where(Payment.id == payment_id).values(deep_link=link)
            )
    return link
