import pytest

from pos.extensions import db
from pos.models import Sale
from pos.plans import PlanKind
from tests import planned
from tests.factories import khr, open_shift, post

HERE = "/instalments"


@pytest.fixture
def sale_id(app, shop):
    with app.app_context():
        return planned.register(shop).id


@pytest.fixture
def shift_id(app, shop):
    with app.app_context():
        return open_shift(shop).id


def pay_all(app):
    with app.app_context():
        planned.pay_all()


def test_a_cashier_finds_a_sale_by_its_number_or_reference(cashier, sale_id):
    for name in ("2025-001", "B-1"):
        answer = cashier.get(f"{HERE}?name={name}")
        assert (answer.status_code, answer.location) == (303, f"{HERE}/{sale_id}")
    assert cashier.get(f"{HERE}?name=2025-002").status_code == 404
    assert "2025-001" in cashier.get(HERE).text


def test_a_store_without_sales_in_parts_says_so(cashier):
    assert "No program has registered" in cashier.get(HERE).text


def test_a_page_tells_each_part_with_its_amount_and_state(app, cashier, shop):
    with app.app_context():
        sale_id = planned.register(shop, khr("10300"), PlanKind.MILESTONES).id
        planned.pay(planned.charge())
    text = cashier.get(f"{HERE}/{sale_id}").text
    for word in ("First milestone", "៛5,200", "Paid", "Due now", "៛2,600", "Later", "៛2,500"):
        assert word in text


def test_a_cashier_charges_the_part_that_is_due_and_goes_to_the_till(
    app, cashier, sale_id, shift_id
):
    page = f"{HERE}/{sale_id}"
    answer = post(cashier, f"{page}/charge", {"part": "deposit"}, page)
    assert (answer.status_code, answer.location) == (303, "/till")
    assert "$50.00" in cashier.get("/till").text
    with app.app_context():
        assert [one.shift_id for one in db.session.query(Sale)] == [shift_id]


@pytest.mark.parametrize("part", ["", "balance", "full", "x"])
def test_what_is_not_due_is_refused_in_words(cashier, sale_id, shift_id, part, books):
    before = books()
    page = f"{HERE}/{sale_id}"
    answer = post(cashier, f"{page}/charge", {"part": part}, page)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert books() == before


def test_a_form_sent_again_after_the_money_came_charges_no_more(app, cashier, sale_id, shift_id):
    page = f"{HERE}/{sale_id}"
    post(cashier, f"{page}/charge", {"part": "deposit"}, page)
    with app.app_context():
        planned.pay(planned.charge_at(shift_id))
    answer = post(cashier, f"{page}/charge", {"part": "deposit"}, page)
    assert (answer.status_code, "already paid" in answer.text) == (422, True)


def test_a_manager_completes_a_sale_that_is_paid(app, manager, sale_id):
    page = f"{HERE}/{sale_id}"
    assert "Complete the sale" not in manager.get(page).text
    pay_all(app)
    assert "Complete the sale" in manager.get(page).text
    assert post(manager, f"{page}/complete", page=page).location == page
    assert "The money that was held is the shop" in manager.get(page).text


def test_a_cashier_sees_no_button_to_complete(app, cashier, sale_id):
    pay_all(app)
    assert "Complete the sale" not in cashier.get(f"{HERE}/{sale_id}").text
