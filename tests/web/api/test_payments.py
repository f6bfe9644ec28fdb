import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import Shift, ZReport
from pos.services.bookkeeping import auto_close
from tests.factories import log_in, post
from tests.web.api.test_sales import SALES, new
from tests.web.conftest import Counter

PAYMENTS = "/api/v1/payments"


@pytest.fixture
def work(app, shop, bank, clock):
    """What the worker does meanwhile."""
    return Counter(app, shop, bank, clock, app.test_client()).work


@pytest.fixture
def qr(program):
    """The payment of one registered sale."""
    program.post(SALES, new())
    answer = program.post(f"{SALES}/B-1/payments")
    assert answer.status_code == 201, answer.text
    return answer.json


def sale_now(program):
    return program.get(f"{SALES}/B-1").json


def test_a_program_makes_a_qr_that_a_customer_pays(program, qr, bank, work):
    assert (qr["status"], qr["amount"], qr["currency"]) == ("processing", "50.00", "USD")
    bank.pay(qr["qr_string"])
    work(after=10)
    now = program.get(f"{PAYMENTS}/{qr['id']}").json
    assert (now["status"], now["reason"], sale_now(program)["status"]) == (
        "completed",
        None,
        "paid",
    )
    assert now["paid_at"] is not None


def test_no_shift_of_a_person_is_needed_and_the_money_is_on_a_z_of_the_day(
    app, program, qr, bank, work, clock
):
    bank.pay(qr["qr_string"])
    work(after=10)
    clock.advance(days=1)
    with app.app_context():
        auto_close.close_forgotten()
        report = db.session.scalars(select(ZReport)).one()
        assert report.shift.till.is_online
        assert "5000" in report.body


def test_a_new_day_has_a_shift_of_its_own(app, program, qr, work, clock):
    work(after=400)
    work(after=60)
    clock.advance(days=1)
    assert program.renew().status_code == 200
    program.post(SALES, new(booking_id="B-2"))
    assert program.post(f"{SALES}/B-2/payments").status_code == 201
    with app.app_context():
        shifts = db.session.scalars(select(Shift).order_by(Shift.id)).all()
        assert [shift.closed_at is None for shift in shifts] == [False, True]
        assert shifts[0].business_date < shifts[1].business_date


def test_many_customers_pay_at_the_same_time(program, qr):
    others = []
    for number in range(2, 5):
        program.post(SALES, new(booking_id=f"B-{number}"))
        others.append(program.post(f"{SALES}/B-{number}/payments"))
    assert {answer.status_code for answer in others} == {201}
    listed = program.get(PAYMENTS).json["data"]
    assert [one["status"] for one in listed] == ["processing"] * 4


def test_a_cashiers_till_goes_on_beside_it(app, shop, program, qr, till):
    assert till.charge().status_code == 303
    assert program.get(f"{PAYMENTS}/{qr['id']}").json["status"] == "processing"


def test_no_cashier_can_open_the_online_till(app, shop, program, qr):
    with app.app_context():
        online = db.session.scalars(select(Shift)).one().till_id
    page = app.test_client()
    log_in(page, shop.cashier)
    assert "Online" not in page.get("/shifts/open").text
    answer = post(page, "/shifts/open", {"till_id": str(online)})
    assert answer.status_code == 422


def test_asking_for_the_same_qr_again_gives_the_same(program, qr, books):
    again = program.post(f"{SALES}/B-1/payments")
    assert (again.status_code, again.json) == (200, qr)
    assert len(books()["payment"]) == 1


def test_a_paid_sale_gets_no_other_qr(program, qr, bank, work, books):
    bank.pay(qr["qr_string"])
    work(after=10)
    answer = program.post(f"{SALES}/B-1/payments")
    assert (answer.status_code, answer.json["detail"]) == (
        422,
        "This order has already been paid",
    )
    assert len(books()["payment"]) == 1


def test_no_second_qr_while_the_last_word_on_the_first_is_out(program, qr, bank, work, clock):
    clock.advance(minutes=5, seconds=1)
    answer = program.post(f"{SALES}/B-1/payments")
    assert (answer.status_code, answer.json["detail"]) == (
        422,
        "A payment is already being processed for this order",
    )


def test_after_a_qr_has_ended_the_same_sale_gets_another(program, qr, work, books):
    work(after=301)
    work(after=20)
    assert program.get(f"{PAYMENTS}/{qr['id']}").json["status"] == "failed"
    assert program.get(f"{PAYMENTS}/{qr['id']}").json["reason"] == "expired"
    another = program.post(f"{SALES}/B-1/payments")
    assert (another.status_code, another.json["id"] == qr["id"]) == (201, False)
    assert len(books()["sale"]) == 1


def test_a_cancelled_qr_is_taken_back_and_the_sale_can_be_paid_anew(program, qr, work, books):
    answer = program.post(f"{PAYMENTS}/{qr['id']}/cancel")
    assert (answer.status_code, answer.json["status"]) == (200, "processing")
    work(after=10)
    assert program.get(f"{PAYMENTS}/{qr['id']}").json["reason"] == "cancelled"
    assert program.post(f"{SALES}/B-1/payments").status_code == 201
    assert [sale.status for sale in books()["sale"]] == ["voided", "open"]


def test_money_on_a_cancelled_qr_settles_no_second_sale(program, qr, bank, work, books):
    program.post(f"{PAYMENTS}/{qr['id']}/cancel")
    work(after=10)
    program.post(f"{SALES}/B-1/payments")
    bank.pay(qr["qr_string"])
    work(after=60)
    assert program.get(f"{PAYMENTS}/{qr['id']}").json["remark"] == "paid_after_cancel"
    assert sale_now(program)["status"] == "open"


def test_a_bulk_check_asks_the_bank_and_tells_of_each(program, qr, bank, clock):
    program.post(SALES, new(booking_id="B-2"))
    other = program.post(f"{SALES}/B-2/payments").json
    bank.pay(qr["qr_string"])
    clock.advance(3)
    answer = program.post("/api/v1/checks", {"payments": [other["id"], qr["id"]]})
    assert [one["status"] for one in answer.json["data"]] == ["processing", "completed"]


@pytest.mark.parametrize("wanted", [[], ["x"] * 51, "x", [7], None])
def test_a_bulk_check_of_nothing_or_too_much_is_refused(program, wanted):
    assert program.post("/api/v1/checks", {"payments": wanted}).status_code == 422


def test_an_unknown_payment_is_not_there(program):
    for name in ("nothing", "261122-AAAAAAAAA", "x" * 300, "ក"):
        assert program.get(f"{PAYMENTS}/{name}").status_code == 404, name
