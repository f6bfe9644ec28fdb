import pytest

from pos.permissions import Scope
from pos.services.settling import payments
from tests.factories import create_other_shop
from tests.planned import pay
from tests.web.api import programs

SALES = "/api/v1/sales"


@pytest.fixture
def paid(app):
    """Let the bank say that a payment was paid, as a program knows it."""

    def settle(answer):
        assert answer.status_code == 201, answer.text
        with app.app_context():
            pay(payments.find(answer.json["id"]))
        return answer.json

    return settle


def new(**changes):
    usual = {"booking_id": "B-1", "amount": "99.99", "currency": "USD", "plan": "deposit"}
    return {**usual, **changes}


def names(plan):
    return [(one["name"], one["amount"], one["state"]) for one in plan["instalments"]]


def test_a_sale_tells_its_instalments_and_what_is_paid_due_and_held(program, paid):
    told = program.post(SALES, new()).json
    assert names(told["plan"]) == [("deposit", "50.00", "due"), ("balance", "49.99", "later")]
    paid(program.post(f"{SALES}/B-1/payments", {"instalment": "deposit"}))
    told = program.get(f"{SALES}/B-1").json
    assert names(told["plan"]) == [("deposit", "50.00", "paid"), ("balance", "49.99", "due")]
    sums = [told["plan"][it] for it in ("paid", "due", "held", "released", "refunded")]
    assert (told["status"], sums) == ("open", ["50.00", "49.99", "50.00", "0.00", "0.00"])


def test_a_plan_is_paid_to_the_end_and_completed(program, paid):
    program.post(SALES, new(plan="milestones", amount="10300", currency="KHR"))
    amounts = [paid(program.post(f"{SALES}/B-1/payments"))["amount"] for _ in range(3)]
    assert amounts == ["5200", "2600", "2500"]
    done = program.post(f"{SALES}/B-1/complete").json
    assert (done["status"], done["plan"]["held"], done["plan"]["released"]) == (
        "paid",
        "0",
        "10300",
    )
    assert done["plan"]["completed_at"]
    assert program.post(f"{SALES}/B-1/complete").json == done


def test_paying_at_once_is_five_per_cent_less(program, paid):
    told = program.post(SALES, new(plan="full", amount="100.00")).json
    assert (told["amount"], told["plan"]["price"], told["plan"]["discount"]) == (
        "95.00", "100.00", "5.00",
    )  # fmt: skip
    assert paid(program.post(f"{SALES}/B-1/payments"))["amount"] == "95.00"
    assert program.get(f"{SALES}/B-1").json["status"] == "paid"


def test_a_sale_without_a_plan_tells_none(program):
    assert program.post(SALES, new(plan=None)).json["plan"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [({"instalment": "half"}, "instalment"), ({"instalment": 1}, "instalment"), ({"x": 1}, "x")],
)
def test_a_charge_that_cannot_be_read_is_refused_with_its_field(program, body, field):
    program.post(SALES, new())
    answer = program.post(f"{SALES}/B-1/payments", body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"plan": "weekly"}, "plan"), ({"amount": "0.01"}, "amount"), ({"plan": 1}, "plan")],
)
def test_a_plan_that_cannot_be_is_refused_with_its_field(program, books, changes, field):
    before = books()
    answer = program.post(SALES, new(**changes))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert books() == before


def test_refusals_change_nothing(program, paid, books):
    program.post(SALES, new())
    paid(program.post(f"{SALES}/B-1/payments"))
    before = books()
    for body in ({"instalment": "deposit"}, {"instalment": "milestone_1"}):
        assert program.post(f"{SALES}/B-1/payments", body).status_code == 422
    assert program.post(SALES, new(plan="full")).status_code == 409
    assert program.post(SALES, new(plan=None)).status_code == 409
    assert books() == before
    assert program.post(f"{SALES}/B-1/complete").status_code == 422


def test_another_store_finds_no_such_sale_and_a_charging_token_completes_none(
    app, bank, shop, program
):
    program.post(SALES, new())
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    assert programs.start(app, other.manager).post(f"{SALES}/B-1/complete").status_code == 404
    charger = programs.start(app, shop.manager, {Scope.CHARGE, Scope.READ})
    assert charger.post(f"{SALES}/B-1/complete").status_code == 403


@pytest.mark.parametrize(
    ("plan", "word"), [("full", "full"), ("deposit", "deposit"), ("milestones", "milestone")]
)
def test_the_bakong_contract_names_the_plan_and_charges_the_part_that_is_due(program, plan, word):
    program.post(SALES, new(plan=plan, amount="100.00"))
    made = program.post("/api/payments/bakong/create", {"booking_id": "B-1"}).json["data"]
    assert (made["payment_type"], made["amount"]) == (word, 95.0 if plan == "full" else 50.0)
