import pytest

from pos.permissions import Scope
from tests.factories import create_other_shop
from tests.web.api import programs
from tests.web.api.test_bakong_admin import other_manager, paid, transfer
from tests.web.api.test_sales import SALES, new

__all__ = ["other_manager", "paid"]

HERE = "/api/v1/refunds"


def ask(program, payment_id, agreed_by, **changes):
    return program.post(HERE, {"payment_id": payment_id, **transfer(agreed_by, **changes)})


def test_a_transfer_by_hand_is_written_down_and_told(program, paid, other_manager):
    answer = ask(program, paid, other_manager, amount="20.00")
    assert answer.status_code == 200, answer.text
    told = answer.json
    assert (told["payment_id"], told["status"], told["made_by"]) == (paid, "done", "person")
    assert (told["amount"], told["currency"], told["reference"]) == (
        "20.00",
        "USD",
        "FT-20261122-1",
    )
    assert program.get(f"{HERE}/{told['id']}").json == told
    assert program.get(HERE).json == {"data": [told], "next_cursor": None}


def test_the_same_reference_is_one_refund(program, paid, other_manager, books):
    first = ask(program, paid, other_manager, amount="20.00").json
    assert ask(program, paid, other_manager, amount="20.00").json == first
    assert ask(program, paid, other_manager, amount="21.00").status_code == 422
    assert len(books()["refund"]) == 1


def test_lists_go_on_where_the_page_before_ended(program, paid, other_manager):
    for number in range(3):
        ask(program, paid, other_manager, amount="1.00", reference=f"FT-{number:04}")
    first = program.get(f"{HERE}?limit=2").json
    rest = program.get(f"{HERE}?limit=2&cursor={first['next_cursor']}").json
    told = [one["reference"] for one in first["data"] + rest["data"]]
    assert told == ["FT-0002", "FT-0001", "FT-0000"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"pin": "918273"}, 422), ({"approver": "dara"}, 403), ({"amount": "50.01"}, 422)],
)
def test_what_may_not_go_back_does_not(program, paid, other_manager, books, changes, status):
    answer = ask(program, paid, other_manager, **changes)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert books()["refund"] == []


def test_each_takes_its_own_scope_and_its_own_store(app, bank, shop, paid, other_manager, program):
    told = ask(program, paid, other_manager).json
    reader = programs.start(app, shop.manager, {Scope.READ})
    assert reader.get(f"{HERE}/{told['id']}").json == told
    assert ask(reader, paid, other_manager).status_code == 403
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = programs.start(app, other.manager)
    assert stranger.get(HERE).json["data"] == []
    assert stranger.get(f"{HERE}/{told['id']}").status_code == 404
    assert ask(stranger, paid, "rath").status_code == 404


def test_a_token_of_one_customer_sees_no_refunds_of_another(
    app, shop, paid, other_manager, program
):
    told = ask(program, paid, other_manager).json
    other = programs.start(app, shop.manager, customer="c-9")
    assert other.get(HERE).json["data"] == []
    assert other.get(f"{HERE}/{told['id']}").status_code == 403


def test_what_was_not_paid_has_nothing_to_give_back(program, other_manager):
    program.post(SALES, new())
    made = program.post(f"{SALES}/B-1/payments").json
    assert ask(program, made["id"], other_manager).status_code == 404
    assert ask(program, "X" * 64, other_manager).status_code == 404
