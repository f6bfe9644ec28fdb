"""PayWay's callbacks by the numbers of the fault catalogue: W1 to W8, W13 and W14."""

import logging

import pytest
from sqlalchemy import select, update

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayCallback, Payment, ZReport
from pos.services.banking import callbacks
from pos.services.bookkeeping import shifts
from tests import payway
from tests.factories import open_shift
from tests.signing import DONE
from tests.web.doors import door, shop

__all__ = ["door", "shop"]


def standing(till):
    row = till.payment()
    return str(row.status), row.remark and str(row.remark)


def checks(till):
    """How often the bank was asked whether something was paid."""
    return payway.asked(till.bank).count("check-transaction-2")


def close_shift(till):
    """Close the open shift and return the body of its report."""
    with till.app.app_context():
        open_id = shifts.open_shift_of(till.shop.cashier.id).id
        shifts.close_shift(open_id, till.shop.cashier.id)
    return report(till)


def report(till):
    with till.app.app_context():
        return db.session.scalars(select(ZReport.body).order_by(ZReport.id).limit(1)).one()


def test_a_callback_is_acknowledged_and_makes_the_bank_be_asked(waiting, door):
    waiting.pay()
    answer = door.knock()
    assert (answer.status_code, answer.json, checks(waiting)) == (200, DONE, 0)
    assert standing(waiting)[0] == "awaiting" and "Set-Cookie" not in answer.headers
    door.work()
    assert standing(waiting)[0] == "paid"
    assert checks(waiting) == 1
    door.work(after=2)
    assert door.kept() == [(waiting.payment().tran_id, 1, "checked")]
    with waiting.app.app_context():
        row = db.session.scalars(select(GatewayCallback)).one()
        assert row.handled_at == waiting.payment().answered_at > row.received_at


@pytest.mark.parametrize("style", ["raw", "both"])
def test_the_style_of_the_older_guide_is_taken_where_it_is_switched_on(waiting, door, style):
    assert door.knock(style=style).status_code == 403
    door.configure(takes_raw_callbacks=True)
    answer = door.knock(style=style, status="success", webhook_id="webhook_1")
    assert (answer.status_code, answer.json) == (200, DONE)
    waiting.pay()
    door.work()
    assert standing(waiting)[0] == "paid"


def test_w01_before_the_call_that_makes_the_qr_returned(waiting, door):
    with waiting.app.app_context(), writing(db.session):
        made = {"status": "creating", "next_check_at": None}
        db.session.execute(update(Payment).values(**made))
    assert door.knock().status_code == 200
    door.work(after=3)
    assert checks(waiting) == 0 and standing(waiting)[0] == "creating"
    with waiting.app.app_context(), writing(db.session):
        db.session.execute(update(Payment).values(status="awaiting"))
    waiting.pay()
    door.work(after=1)
    assert standing(waiting)[0] == "paid"


def test_w01_a_qr_that_we_never_heard_of_and_that_was_paid_all_the_same(waiting, door):
    waiting.pay()
    with waiting.app.app_context(), writing(db.session):
        db.session.execute(update(Payment).values(status="create_failed", next_check_at=None))
    assert door.knock().status_code == 200
    door.work()
    assert standing(waiting) == ("create_failed", "paid_late")
    assert waiting.panel().attrs["data-phase"] == "late"


def test_w02_the_same_again_changes_nothing(waiting, door):
    waiting.pay()
    assert {door.knock().status_code for _ in range(5)} == {200}
    door.work()
    first = waiting.payment()
    assert door.knock().json == DONE
    door.work(after=2)
    assert waiting.payment() == first and str(first.status) == "paid"
    assert door.kept() == [(first.tran_id, 6, "checked")]


@pytest.mark.parametrize("status", ["4", "2", "7", "failed", "expired", ""])
def test_w03_whatever_it_says_and_in_whatever_order_the_bank_is_asked(waiting, door, status):
    waiting.pay()
    assert door.knock(status=status).status_code == 200
    door.work()
    assert standing(waiting)[0] == "paid"
    assert door.knock(status=status, apv="1").status_code == 200
    door.work()
    assert standing(waiting)[0] == "paid"


def test_w04_after_a_cancel(waiting, door):
    waiting.press("Cancel")
    waiting.work()
    assert standing(waiting)[0] == "cancelled"
    waiting.clock.advance(hours=48)
    waiting.pay()
    assert door.knock().status_code == 200
    door.work()
    assert standing(waiting) == ("cancelled", "paid_after_cancel")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(1, ("paid", None)), (540, ("expired", "paid_late")), (172_800, ("expired", "paid_late"))],
)
def test_w05_after_expiry(waiting, door, seconds, told):
    waiting.work(after=300)
    if seconds > 10:
        waiting.work(after=10)
        waiting.work(after=seconds - 10)
        waiting.clock.advance(seconds=-1)
    waiting.pay()
    waiting.clock.advance(seconds=1)
    assert door.knock().status_code == 200
    door.work()
    assert standing(waiting) == told


def test_w05_money_of_the_last_second_that_is_learned_of_after_two_days(waiting, door):
    waiting.work(after=299)
    waiting.bank.misbehave(payment_status="PENDING")
    waiting.pay()
    for seconds in (1, 10, 86_500, 86_300):
        waiting.work(after=seconds)
    assert standing(waiting)[0] == "expired" and waiting.payment().next_check_at is None
    waiting.bank.behave()
    door.knock()
    door.work()
    assert standing(waiting) == ("paid", "learned_late")


def test_w06_after_the_report_of_its_shift(waiting, door):
    waiting.work(after=299)
    waiting.pay()
    waiting.clock.advance(1)
    waiting.bank.misbehave(status=503)
    waiting.work()
    before = close_shift(waiting)
    with waiting.app.app_context():
        later = open_shift(waiting.shop).id
    waiting.bank.behave()
    assert door.knock().status_code == 200
    door.work()
    row = waiting.payment()
    assert (str(row.status), row.paid_shift_id) == ("paid", later)
    assert report(waiting) == before


def test_w07_about_no_payment_of_ours_is_kept_for_a_week(waiting, door):
    assert door.knock("261122-NOBODYS").json == DONE
    door.work(after=60)
    assert door.kept() == [("261122-NOBODYS", 1, "unknown")]
    assert standing(waiting)[0] == "awaiting"
    for days, left in ((6, 1), (2, 0)):
        waiting.clock.advance(days=days)
        with waiting.app.app_context():
            callbacks.forget_old()
        assert len(door.kept()) == left


def test_w08_the_bank_says_not_paid(waiting, door, caplog):
    for number in range(3):
        assert door.knock(apv=str(number)).status_code == 200
    for _ in range(12):
        door.work(after=5)
    assert standing(waiting)[0] == "awaiting"
    assert [verdict for _, _, verdict in door.kept()] == ["contradicted"] * 3
    told = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert len(told) == 1 and "tell of money" in told[0].message


def test_w13_none_ever_comes(waiting):
    waiting.pay()
    waiting.work(after=3)
    assert standing(waiting)[0] == "paid"


def test_w14_the_bank_is_down_when_it_comes(waiting, door):
    waiting.work(after=300)
    waiting.work(after=10)
    waiting.clock.advance(days=2)
    waiting.work()
    waiting.pay()
    waiting.bank.misbehave(status=503)
    assert door.knock().json == DONE
    for _ in range(6):
        door.work(after=30)
    assert standing(waiting) == ("expired", None)
    assert [verdict for _, _, verdict in door.kept()] == ["waiting"]
    waiting.bank.behave()
    door.work(after=400)
    assert standing(waiting) == ("expired", "paid_late")
