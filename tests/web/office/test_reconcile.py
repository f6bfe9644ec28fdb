import pytest
from sqlalchemy import update

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, ListFinding, Payment, ReconcileListed
from pos.services.asking import budget
from pos.services.asking.quota import Purpose
from pos.services.bookkeeping import shifts
from pos.services.reconciling import reconcile
from tests import said
from tests.budgeting import allow
from tests.factories import charge, create_other_shop, open_shift
from tests.web.pages import read


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


@pytest.fixture
def listed(app, payment, run_of_today):
    """A run in which the bank's own list differs in one way that is ours and one that is not."""
    run_id = run_of_today()
    found = [
        ("amount_differs", payment, 1, "$9.00"),
        ("theirs_only", "of-another-system", None, "$4"),
    ]
    with app.app_context(), writing(db.session):
        for finding, reference, payment_id, theirs in found:
            told = {"finding": ListFinding(finding), "ours": "$3.50" if payment_id else ""}
            db.session.add(
                ReconcileListed(
                    run_id=run_id,
                    payment_id=payment_id,
                    reference=reference,
                    theirs=theirs,
                    at=pos_clock.now(),
                    **told,
                )
            )
    return run_id


def test_what_the_banks_own_list_says_stands_in_a_table(listed, payment, manager):
    assert "3 to look at" in words(manager.get("/reconcile"))
    main = read(manager.get(f"/reconcile/{listed}")).one("main")
    rows = [" ".join(row.text.split()) for row in main.all("tr")]
    assert f"{payment} The bank's list has another amount $3.50 $9.00" in rows
    assert "of-another-system In the bank's list, and not in the books nothing $4" in rows


def test_a_row_of_the_list_leads_to_its_payment_where_it_is_the_stores(listed, payment, manager):
    page = manager.get(f"/reconcile/{listed}").text
    assert f'href="/refunds/payments/{payment}"' in page
    assert "of-another-system</a>" not in page


def test_a_payment_of_another_store_on_the_same_account_leads_nowhere(
    app, bank, listed, payment, manager
):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
        with writing(db.session):
            moved = update(Payment).where(Payment.tran_id == payment)
            db.session.execute(moved.values(till_id=other.till_id))
    assert f'href="/refunds/payments/{payment}"' not in manager.get(f"/reconcile/{listed}").text
