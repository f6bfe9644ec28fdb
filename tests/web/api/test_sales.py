import pytest

from pos.permissions import Scope
from tests.factories import create_other_shop
from tests.web.api import programs

SALES = "/api/v1/sales"


def new(**changes):
    usual = {"booking_id": "B-1", "booking_number": "2025-001", "amount": "50.00"}
    return {**usual, "currency": "USD", **changes}


def test_a_sale_is_registered_by_its_outside_reference(program):
    answer = program.post(SALES, new(customer="c-7", note="two nights"))
    assert answer.status_code == 201, answer.text
    told = answer.json
    assert (told["booking_id"], told["booking_number"]) == ("B-1", "2025-001")
    assert (told["amount"], told["currency"], told["status"]) == ("50.00", "USD", "open")
    assert program.get(f"{SALES}/{told['id']}").json == told
    assert program.get(f"{SALES}/B-1").json == told


def test_the_same_reference_again_is_the_same_sale(program, books):
    first = program.post(SALES, new()).json
    again = program.post(SALES, new())
    assert (again.status_code, again.json) == (200, first)
    assert len(books()["outside_sale"]) == 1


@pytest.mark.parametrize(
    "changes", [{"amount": "49.00"}, {"currency": "KHR", "amount": "5000"}, {"customer": "c-8"}]
)
def test_the_same_reference_for_something_else_is_refused(program, changes):
    program.post(SALES, new())
    assert program.post(SALES, new(**changes)).status_code == 409


AMOUNTS = {
    ("0", "USD"), ("0.00", "USD"), ("-1", "USD"), ("1.001", "USD"), ("1e3", "USD"),
    ("100000.01", "USD"), ("1,000", "USD"), (" 1", "USD"), ("", "USD"), ("១", "USD"),
    ("0", "KHR"), ("150", "KHR"), ("100.5", "KHR"), ("400000100", "KHR"), ("999999999999", "KHR"),
}  # fmt: skip


@pytest.mark.parametrize(("amount", "currency"), sorted(AMOUNTS))
def test_what_nobody_could_pay_is_refused_with_its_field(program, books, amount, currency):
    before = books()
    answer = program.post(SALES, new(amount=amount, currency=currency))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "amount")
    assert books() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 50}, {"amount": 50.0}, {"amount": None}, {"currency": "EUR"},
        {"currency": "usd"}, {"booking_id": ""}, {"booking_id": "x" * 65}, {"booking_id": "a\nb"},
        {"booking_id": 7}, {"booking_id": " B"}, {"note": "x" * 61}, {"note": "\u0000"},
        {"status": "paid"}, {"paid_at": "2026-01-01"}, {"store_id": 2}, {"is_admin": True},
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_refused_by_its_name(program, books, changes):
    before = books()
    answer = program.post(SALES, new(**changes))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, [*changes][0])
    assert books() == before


def test_a_list_goes_on_page_by_page_and_ends(program):
    for number in range(5):
        program.post(SALES, new(booking_id=f"B-{number}"))
    seen, cursor = [], ""
    for _ in range(3):
        page = program.get(f"{SALES}?limit=2{cursor}").json
        seen += [one["booking_id"] for one in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"B-{number}" for number in range(4, -1, -1)]
    assert page["next_cursor"] is None


@pytest.mark.parametrize(
    "asked", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=-1", "x=1", "limit=1&limit=2"]
)
def test_a_list_asked_for_wrongly_is_refused(program, asked):
    assert program.get(f"{SALES}?{asked}").status_code == 422


def test_what_has_not_changed_is_not_sent_again(program):
    sale = program.post(SALES, new()).json
    first = program.get(f"{SALES}/{sale['id']}")
    again = program.get(f"{SALES}/{sale['id']}", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_another_stores_program_sees_nothing_and_pays_nothing(app, bank, program):
    sale = program.post(SALES, new()).json
    paid = program.post(f"{SALES}/B-1/payments").json
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = programs.start(app, other.manager)
    assert stranger.get(SALES).json["data"] == []
    for path in (f"{SALES}/{sale['id']}", f"{SALES}/B-1", f"/api/v1/payments/{paid['id']}"):
        assert stranger.get(path).status_code == 404
    for path in (f"{SALES}/B-1/payments", f"/api/v1/payments/{paid['id']}/cancel"):
        assert stranger.post(path).status_code == 404
    assert stranger.post("/api/v1/checks", {"payments": [paid["id"]]}).status_code == 404
    assert stranger.post(SALES, new(amount="7.00")).status_code == 201


def test_a_customers_program_reaches_its_own_sales_alone(app, shop, program):
    program.post(SALES, new(customer="c-7"))
    program.post(SALES, new(booking_id="B-2", customer="c-8"))
    own = programs.start(app, shop.manager, customer="c-7")
    assert [one["booking_id"] for one in own.get(SALES).json["data"]] == ["B-1"]
    assert own.get(f"{SALES}/B-1").status_code == 200
    assert own.get(f"{SALES}/B-2").status_code == 403
    assert own.post(f"{SALES}/B-2/payments").status_code == 403
    assert own.post(SALES, new(booking_id="B-3", customer="c-8")).status_code == 403


@pytest.mark.parametrize("scope", [Scope.READ, Scope.REPORT])
def test_a_token_without_the_scope_registers_nothing(app, shop, books, scope):
    reader = programs.start(app, shop.manager, {scope})
    before = books()
    assert reader.post(SALES, new()).status_code == 403
    assert books() == before
