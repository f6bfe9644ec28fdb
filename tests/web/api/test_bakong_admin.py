import pytest

from pos.extensions import db
from pos.models import User
from pos.permissions import Scope
from pos.services.people import pins
from tests.factories import PIN, create_other_shop, create_user
from tests.web.api import programs
from tests.web.api.test_sales import SALES, new
from tests.web.conftest import Counter

BASE = "/api/admin/payments/bakong"


@pytest.fixture
def paid(app, shop, bank, clock, program):
    """The number of a payment that a customer has made."""
    program.post(SALES, new())
    made = program.post(f"{SALES}/B-1/payments").json
    bank.pay(made["qr_string"])
    Counter(app, shop, bank, clock, app.test_client()).work(after=10)
    return made["id"]


@pytest.fixture
def other_manager(app, shop):
    """Another person who may agree, by name; the program's own person has a PIN, too."""
    with app.app_context():
        pins.set_pin(db.session.get_one(User, shop.manager.id), PIN)
        person = create_user(shop.store_id, "sopheap", "manager")
        pins.set_pin(db.session.get_one(User, person.id), PIN)
    return person.username


def transfer(agreed_by, **changes):
    usual = {"reason": "goods_back", "reference": "FT-20261122-1", "approver": agreed_by}
    return {**usual, "pin": PIN, **changes}


def test_the_list_has_the_payments_of_the_stores_bookings(program, paid):
    answer = program.get(BASE).json
    assert (answer["success"], set(answer)) == (True, {"success", "data", "message"})
    assert [one["id"] for one in answer["data"]["payments"]] == [paid]
    assert answer["data"]["next_cursor"] is None


def test_one_payment_is_told_with_its_history(program, paid):
    data = program.get(f"{BASE}/{paid}").json["data"]
    assert (data["booking_id"], data["status"]) == ("B-1", "completed")
    assert [one["event"] for one in data["history"]] == ["qr_shown", "paid"]
    assert data["history"][0]["who"] == f"api:{program.token_id}"


def test_money_goes_back_with_the_word_of_another_person(program, paid, other_manager, books):
    answer = program.post(f"{BASE}/{paid}/refund", transfer(other_manager, amount="20.00"))
    assert answer.status_code == 200, answer.text
    data = answer.json["data"]
    assert (data["status"], data["amount"], data["currency"]) == ("done", 20.0, "USD")
    (refund,) = books()["refund"]
    assert (refund.amount_minor, refund.asked_by_id == refund.approved_by_id) == (2_000, False)


def test_the_same_transfer_again_is_the_same_refund(program, paid, other_manager, books):
    asked = transfer(other_manager, amount="20.00")
    first = program.post(f"{BASE}/{paid}/refund", asked).json
    assert program.post(f"{BASE}/{paid}/refund", asked).json == first
    assert len(books()["refund"]) == 1
    other = program.post(f"{BASE}/{paid}/refund", {**asked, "amount": "21.00"})
    assert other.status_code == 422


def test_no_more_goes_back_than_came(program, paid, other_manager, books):
    assert program.post(f"{BASE}/{paid}/refund", transfer(other_manager)).status_code == 200
    again = transfer(other_manager, reference="FT-20261122-2", amount="0.01")
    assert program.post(f"{BASE}/{paid}/refund", again).status_code == 422
    assert [row.amount_minor for row in books()["refund"]] == [5_000]


WRONG = {
    "a wrong PIN": ({"pin": "918273"}, 422),
    "no PIN at all": ({"pin": ""}, 422),
    "a cashier's word": ({"approver": "dara"}, 403),
    "the asker's own word": ({"approver": "maly"}, 422),
    "nobody's word": ({"approver": "nobody"}, 403),
    "more than came": ({"amount": "50.01"}, 422),
    "nothing": ({"amount": "0"}, 422),
    "no reason of ours": ({"reason": "because"}, 422),
    "no reference": ({"reference": "x"}, 422),
    "a field that is not known": ({"approved_by_id": 2}, 422),
}


@pytest.mark.parametrize("how", WRONG)
def test_what_may_not_go_back_does_not(program, paid, other_manager, books, how):
    before = books(but=("pin_try",))
    changes, status = WRONG[how]
    answer = program.post(f"{BASE}/{paid}/refund", transfer(other_manager, **changes))
    assert (answer.status_code, answer.json["success"]) == (status, False), answer.text
    assert books(but=("pin_try",)) == before


def test_an_unpaid_payment_has_nothing_to_give_back(program, other_manager):
    program.post(SALES, new())
    made = program.post(f"{SALES}/B-1/payments").json
    answer = program.post(f"{BASE}/{made['id']}/refund", transfer(other_manager))
    assert answer.status_code == 404


def test_another_stores_program_finds_nothing(app, bank, paid):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = programs.start(app, other.manager)
    assert stranger.get(BASE).json["data"]["payments"] == []
    assert stranger.get(f"{BASE}/{paid}").status_code == 404
    assert stranger.post(f"{BASE}/{paid}/refund", transfer("rath")).status_code == 404


def test_each_takes_its_own_scope(app, shop, paid, other_manager):
    reader = programs.start(app, shop.manager, {Scope.READ, Scope.CHARGE})
    assert reader.get(BASE).status_code == 403
    assert reader.get(f"{BASE}/{paid}").status_code == 403
    assert reader.post(f"{BASE}/{paid}/refund", transfer(other_manager)).status_code == 403
