import pytest

from pos.permissions import Scope
from pos.services.bookkeeping import shifts
from tests import planned, said
from tests.factories import charge, create_other_shop, open_shift
from tests.web.api import programs

HERE = "/api/v1/shifts"


@pytest.fixture
def closed(app, shop):
    """The id of a closed shift with one sale of $3.50."""
    with app.app_context():
        shift = open_shift(shop)
        payment = charge(shift)
        said.tell(payment, said.paid(payment))
        return shifts.close_shift(shift.id, shop.cashier.id).shift_id


def test_shifts_are_listed_the_newest_first(program, closed):
    (told,) = program.get(HERE).json["data"]
    assert (told["id"], told["till"], told["cashier"]) == (closed, "Till 1", "Dara")
    assert (told["status"], told["closed_at"] is None) == ("closed", False)
    assert program.get(f"{HERE}?limit=1&cursor={closed}").json["data"] == []


def test_a_report_tells_what_was_written(program, closed, books):
    told = program.get(f"{HERE}/{closed}/report").json
    (written,) = books()["z_report"]
    assert (told["number"], told["hash"]) == (1, written.hash)
    assert [(it["currency"], it["count"], it["amount"]) for it in told["totals"]] == [
        ("USD", 1, "3.50")
    ]


def test_a_report_tells_of_held_money(app, shop, program):
    with app.app_context():
        shift_id = open_shift(shop).id
        planned.register(shop)
        planned.pay(planned.charge_at(shift_id))
        shifts.close_shift(shift_id, shop.cashier.id)
    told = program.get(f"{HERE}/{shift_id}/report").json
    assert told["held"] == [{"kind": "held", "currency": "USD", "count": 1, "amount": "50.00"}]


def test_an_open_shift_has_no_report(app, shop, program):
    with app.app_context():
        shift_id = open_shift(shop).id
    assert program.get(f"{HERE}/{shift_id}/report").status_code == 404


def test_another_store_sees_none_of_it(app, bank, closed):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = programs.start(app, other.manager)
    assert stranger.get(HERE).json["data"] == []
    assert stranger.get(f"{HERE}/{closed}/report").status_code == 404


def test_it_takes_the_scope_to_read_reports(app, shop, closed):
    other = programs.start(app, shop.manager, set(Scope) - {Scope.REPORT})
    assert other.get(HERE).status_code == 403
    assert other.get(f"{HERE}/{closed}/report").status_code == 403
