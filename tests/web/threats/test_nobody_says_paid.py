from pos.database import READS
from pos.extensions import db
from pos.models import Payment
from pos.states import PaymentStatus
from tests.factories import csrf_token
from tests.web.visitors import DOORS

P = PaymentStatus

CLAIMS = {
    **dict.fromkeys(("status", "state", "payment_status", "sale_status"), "paid"),
    **dict.fromkeys(("paid", "is_paid", "confirmed", "sure", "is_admin"), "1"),
    "paid_at": "2026-11-22T02:00:00Z",
    "settled_by": "1",
    "reason": "they showed me their phone",
    "evidence": "a screenshot",
}
"""What somebody might send to have a sale called paid, beside the form's own fields."""


ENDS_IT = (
    "till.cancel",
    "till.new_qr",
    "till.give_back",
    "cash.take",
    "tips.cancel",
    "auth.logout",
)
"""What ends the waiting, or the login, by right."""


def payments(app, status):
    with app.app_context(), db.engines[READS].connect() as connection:
        rows = connection.execute(db.select(Payment.tran_id).where(Payment.status == status))
        return set(rows.scalars())


def claim_at(world, who, endpoints):
    browser = world.browsers[who]
    sent = {**CLAIMS, "csrf_token": csrf_token(browser, "/password")}
    for endpoint in endpoints:
        browser.open(world.address(endpoint), method="POST", data=sent)


def test_no_door_makes_a_waiting_payment_paid_whatever_is_sent_there(world):
    doors = [endpoint for endpoint, method in DOORS if method == "POST"]
    waits, paid = (payments(world.app, it) for it in (P.AWAITING, P.PAID))
    assert waits
    for who in ("cashier", "manager"):
        claim_at(world, who, [it for it in doors if it not in ENDS_IT])
        assert waits <= payments(world.app, P.AWAITING), who
    claim_at(world, "cashier", ENDS_IT)
    assert payments(world.app, P.PAID) == paid
