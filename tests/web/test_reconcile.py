import pytest
from sqlalchemy import update

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, Payment
from pos.services import budget, reconcile, shifts
from pos.services.quota import Purpose
from tests import said
from tests.budgeting import allow
from tests.factories import charge, create_other_shop, open_shift


def words(page):
    return " ".join(page.text.split())


@pytest.fixture
def payment(app, shop):
    """Paid, says the book; the bank knows nothing of it."""
    with app.app_context():
        shift = open_shift(shop)
        payment = charge(shift)
        said.tell(payment, said.paid(payment))
        shifts.close_shift(shift.id, shop.cashier.id)
        return payment.tran_id


@pytest.fixture
def run_of_today(app, shop):
    def run():
        with app.app_context():
            return reconcile.by_hand(shop.store_id, pos_clock.business_date(pos_clock.now())).id

    return run


def test_before_the_first_night_the_page_says_when_it_is_done(manager):
    assert "Nothing was reconciled yet." in words(manager.get("/reconcile"))


def test_a_day_that_agrees_says_so(manager, run_of_today):
    run_id = run_of_today()
    assert "All agree" in words(manager.get("/reconcile"))
    assert "The bank agrees with the books." in words(manager.get(f"/reconcile/{run_id}"))


def test_a_difference_leads_to_the_page_where_it_is_decided(payment, manager, run_of_today):
    run_id = run_of_today()
    assert "1 to look at" in words(manager.get("/reconcile"))
    page = words(manager.get(f"/reconcile/{run_id}"))
    assert payment in page and "The bank does not confirm this payment any more" in page
    assert f'href="/attention/{payment}"' in page
    decide = words(manager.get(f"/attention/{payment}"))
    assert "Keep it" in decide and "Write it off" in decide and "Send it back" not in decide


def test_what_needs_no_decision_any_more_leads_to_its_report(app, payment, manager, run_of_today):
    run_id = run_of_today()
    with app.app_context(), writing(db.session):
        db.session.execute(update(Payment).values(remark=None))
    assert 'href="/shifts/1/report"' in words(manager.get(f"/reconcile/{run_id}"))


def test_a_run_without_enough_questions_says_how_many_are_left(app, shop, manager, payment):
    with app.app_context():
        allow(shop, 8)
        budget.spend(db.session.get_one(GatewayAccount, shop.account_id), 4, Purpose.PERSON)
        day = pos_clock.business_date(pos_clock.now())
        run_id = reconcile.by_hand(shop.store_id, day).id
    assert "1 unasked" in words(manager.get("/reconcile"))
    page = words(manager.get(f"/reconcile/{run_id}"))
    assert "questions to the bank are used up." in page and "None so far." in page


def test_another_store_s_runs_are_not_shown(app, bank, shop, manager):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
        run_id = reconcile.by_hand(other.store_id, pos_clock.business_date(pos_clock.now())).id
    assert manager.get(f"/reconcile/{run_id}").status_code == 404
    assert "Nothing was reconciled yet." in words(manager.get("/reconcile"))


def test_a_page_can_be_printed(manager, run_of_today):
    assert "data-print" in manager.get(f"/reconcile/{run_of_today()}").text
