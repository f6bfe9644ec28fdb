import pytest
from sqlalchemy import select

from pos.database import READS
from pos.extensions import db
from pos.models import AuditEntry, Dispute, DisputeEntry
from pos.permissions import Role
from tests import factories
from tests.factories import PIN, create_user, log_in
from tests.web.entrance.test_hostile_text import NAMES, assert_inert
from tests.web.office.test_attention import badge
from tests.web.pages import press, read
from tests.web.stories import STORIES

SAYS = "I paid at noon and nothing came"


def rows(till, model=Dispute):
    with till.app.app_context(), db.engines[READS].connect() as connection:
        return connection.execute(select(model.__table__).order_by(model.id)).all()


def write_down(till, browser=None, **typed):
    form = {"kind": "not_confirmed", "amount": "3.50", "currency": "USD", "says": SAYS,
            "paid_at": "2026-11-21T12:05", "till_id": str(till.shop.till_id), **typed}  # fmt: skip
    return press(browser or till.browser, "/disputes/new", "Open the dispute", **form)


def end(till, browser=None, **typed):
    form = {"status": "rejected", "why": "Not at the bank", "pin": PIN,
            "manager_id": str(till.shop.manager.id), **typed}  # fmt: skip
    return press(browser or till.browser, "/disputes/1", "End it", **form)


@pytest.fixture
def agreed(till):
    with till.app.app_context():
        factories.give_pin(till.shop.manager)
    return till


def test_an_empty_list_says_so(till, manager):
    assert "No dispute is open." in read(till.browser.get("/disputes")).one("main").text
    assert "all of the store" in manager.get("/disputes").text


def test_a_claim_without_a_payment_is_opened_and_listed(till):
    assert write_down(till, payer_digits="4411").headers["Location"] == "/disputes/1"
    text = read(till.browser.get("/disputes/1")).one("main").text
    assert "7 days left" in text and SAYS in text and "4411" in text and "not known yet" in text
    assert "1, Paid, but not confirmed" in read(till.browser.get("/disputes")).one("table").text


def test_a_payment_leads_to_a_claim_about_it(till):
    STORIES["paid"](till)
    number = till.payment().tran_id
    page = read(till.browser.get(f"/refunds/payments/{number}"))
    (link,) = (one for one in page.all("a") if one.text == "A customer disputes")
    form = {"kind": "goods", "says": "The cup was broken"}
    press(till.browser, link.attrs["href"], "Open the dispute", currency="USD", **form)
    (row,) = rows(till)
    assert (row.payment_id, row.amount_minor, row.kind) == (till.payment().id, 350, "goods")


def test_evidence_is_added_and_may_name_the_payment(till):
    STORIES["paid"](till)
    write_down(till)
    number = till.payment().tran_id
    form = {"note": "The app shows the transfer", "reference": "FT-1", "number": number}
    assert press(till.browser, "/disputes/1", "Add", **form).status_code == 303
    text = read(till.browser.get("/disputes/1")).one("main").text
    assert "Payment found" in text and "Reference: FT-1" in text and number in text


def test_the_number_of_no_payment_is_told_in_its_form(till):
    write_down(till)
    answer = press(till.browser, "/disputes/1", "Add", note="It is this one", number="NOBODY")
    assert (answer.status_code, "no payment of this number" in read(answer).alert) == (422, True)
    assert len(rows(till, DisputeEntry)) == 1


def test_it_ends_by_the_word_of_a_manager(agreed):
    write_down(agreed)
    assert end(agreed).status_code == 303
    text = read(agreed.browser.get("/disputes/1")).one("main").text
    assert "Rejected" in text and "agreed: Maly" in text and "End the dispute" not in text
    assert "no such dispute" not in agreed.browser.get("/disputes?show=ended").text
    assert [row.status for row in rows(agreed)] == ["rejected"]


def test_without_the_managers_pin_nothing_ends(agreed, books):
    write_down(agreed)
    before = books(but=("pin_try",))
    answer = end(agreed, pin="918273")
    assert (answer.status_code, read(answer).alert) == (422, "The PIN is wrong.")
    assert "918273" not in answer.text and books(but=("pin_try",)) == before


def test_an_end_that_the_books_do_not_bear_out_spends_no_pin(agreed, books):
    write_down(agreed)
    before = books()
    answer = end(agreed, status="refunded")
    assert answer.status_code == 422 and "which payment" in read(answer).alert
    assert books() == before


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kind": ""}, "Choose what it is about"),
        ({"kind": "theft"}, "Choose what it is about"),
        ({"amount": "-1"}, "plain number"),
        ({"amount": "0"}, "more than zero"),
        ({"currency": "EUR"}, "Choose a currency"),
        ({"paid_at": "noon"}, "Type a day and a time"),
        ({"paid_at": "2099-01-01T00:00"}, "lies ahead"),
        ({"payer_digits": "x"}, "2 to 8"),
        ({"says": ""}, "few words"),
        ({"till_id": ""}, "Choose the till"),
        ({"till_id": "2"}, "Choose the till"),
        ({"till_id": "3"}, "Choose the till"),
    ],
    ids=str,
)
def test_a_bad_claim_is_told_and_drawn_again(till, typed, says):
    answer = write_down(till, **typed)
    assert answer.status_code == 422 and says in read(answer).alert
    assert rows(till) == []


def test_a_claim_may_not_name_its_own_status_or_payment_id(till):
    write_down(till, status="rejected", payment_id="1", opened_by_id="2", due_at="0")
    (row,) = rows(till)
    assert (row.status, row.payment_id, row.opened_by_id) == ("open", None, 1)


@pytest.mark.parametrize("where", ["show=nothing", "kind=theft"])
def test_a_filter_that_is_none_is_told(till, where):
    answer = till.browser.get(f"/disputes?{where}")
    assert answer.status_code == 422 and "Choose from the lists" in read(answer).alert


def test_a_cashier_without_a_shift_is_told_to_open_one(app, shop, cashier):
    assert "Open a shift first" in cashier.get("/disputes/new").text


def test_what_is_due_is_told_at_the_badge_and_under_attention(till, manager):
    write_down(till)
    assert badge(manager, "/attention") == ""
    till.clock.advance(8 * 86_400)
    log_in(manager, till.shop.manager)
    assert badge(manager, "/attention") == "1" and "Late" in manager.get("/disputes?show=late").text
    assert "1 dispute is to be answered" in manager.get("/attention").text


@pytest.fixture
def auditor(till):
    with till.app.app_context():
        reader = create_user(till.shop.store_id, "reader", Role.AUDITOR)
    return log_in(till.app.test_client(), reader)


def test_an_auditor_reads_and_is_offered_nothing(till, auditor):
    write_down(till)
    for page in ("/disputes", "/disputes/1"):
        forms = [one.attrs["action"] for one in read(auditor.get(page)).one("main").all("form")]
        assert [one for one in forms if one != "/disputes"] == []
    assert auditor.get("/disputes/new").status_code == 403


@pytest.mark.parametrize("payload", NAMES)
def test_hostile_text_is_only_text_on_every_page_and_in_the_file(till, manager, auditor, payload):
    typed = payload.replace("\u202e", "")
    assert write_down(till, says=typed).status_code == 303
    press(till.browser, "/disputes/1", "Add", note=typed, reference=typed[:128].strip())
    assert_inert(auditor.get("/disputes/1").text, typed)
    assert write_down(till, says=payload, amount=payload).status_code == 422
    file = manager.get("/exports/disputes.csv?first=2026-11-01&last=2026-12-31").text
    assert typed.replace('"', '""') in file


def test_a_formula_is_inert_in_the_file(till, manager):
    write_down(till, says="=HYPERLINK(1)")
    text = manager.get("/exports/disputes.csv?first=2026-11-01&last=2026-12-31").text
    assert ",'=HYPERLINK(1)," in text and ",=HYPERLINK" not in text


def test_each_deed_stands_in_the_audit_log(agreed):
    write_down(agreed)
    press(agreed.browser, "/disputes/1", "Add", note="seen at the bank")
    end(agreed)
    told = [(row.deed, row.who, row.about) for row in rows(agreed, AuditEntry)]
    mine = [one for one in told if one[0].startswith("dispute")]
    assert [deed for deed, *_rest in mine] == [
        *("dispute_opened", "dispute_evidence", "dispute_ended")
    ]
    assert {one[1:] for one in mine} == {("cashier:dara", "dispute 1")}


def test_what_is_of_another_store_is_neither_seen_nor_named(world):
    theirs = world.browsers["their manager"]
    number = str(world.ids["attention.item"]["tran_id"])
    assert theirs.get("/disputes/1").status_code == 404
    assert theirs.get(f"/disputes/new?payment={number}").status_code == 404
    assert list(read(theirs.get("/disputes?show=all")).all("table")) == []
    assert len(list(read(world.browsers["manager"].get("/disputes")).all("table"))) == 1
