import pytest

from pos.extensions import db
from pos.models import AuditEntry, Receipt, Store
from pos.paper import pdf, raster
from pos.paper.document import Paper
from pos.paper.layout import Layout
from pos.reports.paperwork import documents, shop_lines
from pos.reports.paperwork.shop_lines import ShopLines
from tests.web.pages import press, read
from tests.web.stories import STORIES

PAGE, BUTTON = "/settings/receipts", "Set the lines"
TYPED = {
    "address": "ផ្ទះលេខ ១២, Sisowath Quay",
    "phone": "+855 (0)12 345-678",
    "tax_name": "MEKONG COFFEE CO., LTD.",
    "tax_number": "K001-901234567",
    "first": "No returns without this receipt.",
    "second": "អរគុណ",
}
HEAD = (
    TYPED["address"],
    "Tel. +855 (0)12 345-678",
    "Open 07:00-22:00",
    TYPED["tax_name"],
    "VAT TIN K001-901234567",
)


@pytest.fixture
def written(till, manager):
    """A receipt of a store that has all the lines."""
    press(manager, "/settings/store", "Save the store", opens="07:00", closes="22:00")
    assert press(manager, PAGE, BUTTON, **TYPED).status_code == 303
    STORIES["paid"](till)
    return press(till.browser, "/receipts", "Make receipt").headers["Location"]


def document(app):
    with app.app_context():
        row = db.session.query(Receipt).one()
        return documents.find(documents.Kind.RECEIPT, row.id).document


def test_a_receipt_says_where_the_shop_is_and_its_tax_number(app, till, written):
    paper = document(app)
    assert paper.head == HEAD
    assert paper.closing == (TYPED["first"], TYPED["second"])
    seen = read(till.browser.get(written)).one("article").text
    assert all(line in seen for line in (*paper.head, *paper.closing))
    assert seen.index("VAT TIN") < seen.index("RECEIPT 1") < seen.index("No returns")


@pytest.mark.parametrize("kind", Paper)
@pytest.mark.parametrize("measure", [pdf.measure, raster.measure])
def test_each_line_is_set_on_each_paper_and_by_each_printer(app, written, kind, measure):
    paper = document(app)
    texts = [text.text for band in Layout(kind, measure).bands(paper) for text in band.texts]
    told = "".join(texts).replace(" ", "")
    places = [told.index(line.replace(" ", "")) for line in (*paper.head, *paper.closing)]
    assert places == sorted(places) and len(places) == 7


def test_a_store_that_typed_nothing_prints_nothing_more(app, till, shop):
    STORIES["paid"](till)
    press(till.browser, "/receipts", "Make receipt")
    assert (document(app).head, document(app).closing) == ((), ())
    assert shop_lines.on_paper(ShopLines(tax_number="K1")) == ("VAT TIN K1",)


def test_a_receipt_stays_as_it_was_written(app, manager, written):
    before = document(app)
    press(manager, PAGE, BUTTON, **dict.fromkeys(TYPED, ""))
    assert document(app) == before


BAD = [
    {"address": "x" * 121},
    {"phone": "call me"},
    {"phone": "1" * 41},
    {"tax_number": "K001_901"},
    {"tax_number": "លេខ"},
    {"tax_name": "x" * 65},
    {"first": "x" * 65},
    {"second": "\u202egnikcab"},
    {"first": "a\x00b"},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_what_cannot_be_printed_is_refused_and_nothing_is_half_saved(app, manager, shop, changes):
    answer = press(manager, PAGE, BUTTON, **{**TYPED, **changes})
    assert answer.status_code == 422 and read(answer).alert
    with app.app_context():
        store = db.session.get_one(Store, shop.store_id)
        assert shop_lines.of_store(store) == ShopLines()


def test_of_two_who_set_the_lines_at_once_the_second_is_told(manager):
    drawn = read(manager.get(PAGE)).form(BUTTON).fields
    assert manager.post(PAGE, data={**drawn, "phone": "012"}).status_code == 303
    late = manager.post(PAGE, data={**drawn, "phone": "099"})
    assert late.status_code == 422 and "meanwhile" in read(late).alert
    assert "Tel. 012" in manager.get(PAGE).text


def test_the_audit_log_says_what_the_lines_were_and_are(app, manager):
    press(manager, PAGE, BUTTON, phone="012", first="Hello")
    press(manager, PAGE, BUTTON, phone="013")
    with app.app_context():
        _first, second = db.session.query(AuditEntry).filter_by(deed="receipt_lines_set")
        assert second.details == {"was": "012; Hello", "now": "013; Hello"}
