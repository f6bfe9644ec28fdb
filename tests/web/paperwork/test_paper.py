import pytest

from pos.cash import Cash
from pos.services.bookkeeping import shifts
from pos.services.paperwork import archive, printing
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from tests.factories import usd
from tests.paper.roll import Roll
from tests.web.pages import press, read
from tests.web.stories import STORIES

COPIES = [(), ("COPY 1",), ("COPY 2",)]


@pytest.fixture
def z(till):
    """Where the report of a closed shift with one paid sale is."""
    STORIES["paid"](till)
    page = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    return press(till.browser, page, "Close shift").headers["Location"]


@pytest.fixture
def receipt(till, z):
    """Where the receipt of that sale is."""
    return press(till.browser, "/receipts", "Make receipt").headers["Location"]


def sheet(browser, page, button):
    """Press a print button; return what the printed page shows."""
    return read(browser.get(press(browser, page, button).headers["Location"])).one("article")


def flags(article):
    return tuple(one.text for one in article.all("p", class_="report-flag"))


def test_each_print_of_a_report_says_which_copy_it_is(till, z):
    found = [flags(sheet(till.browser, z, "Print A4"))[1:] for _ in COPIES]
    assert found == COPIES


def test_each_print_of_a_receipt_says_which_copy_it_is(till, receipt):
    found = [flags(sheet(till.browser, receipt, "Print 80 mm"))[1:] for _ in COPIES]
    assert found == COPIES


@pytest.mark.parametrize(("button", "paper"), [("Print A4", "a4"), ("Print 80 mm", "80mm")])
def test_a_sheet_is_drawn_for_the_paper_that_was_chosen(till, z, button, paper):
    assert sheet(till.browser, z, button).attrs["data-paper"] == paper


def test_the_printed_report_says_all_that_the_page_says_of_money(till, z):
    printed = sheet(till.browser, z, "Print A4").text
    for words in ("Z REPORT 1", "$3.50", "Dara", "Till 1", till.payment().tran_id, "Paid"):
        assert words in printed


def test_a_receipt_tells_what_was_paid_and_has_a_number(till, receipt):
    text = sheet(till.browser, receipt, "Print 80 mm").text
    for words in ("RECEIPT 1", "$3.50", "KHQR", till.payment().tran_id, "Riverside", "Dara"):
        assert words in text


def test_the_page_itself_counts_as_no_print_and_says_so(till, z):
    for _ in range(2):
        page = read(till.browser.get(z))
        assert "not a print that the shop has counted" in page.one(class_="paper-uncounted").text
        assert "Not printed yet" in page.text
    sheet(till.browser, z, "Print A4")
    assert "Printed 1 time; the next one says COPY 1." in read(till.browser.get(z)).text


def test_a_pdf_is_made_by_the_worker_and_never_while_somebody_waits(till, z, app):
    page = read(till.browser.get(z))
    assert [a for a in page.all("a") if a.text == "PDF A4"] == []
    press(till.browser, z, "Make PDF A4")
    assert "PDF A4 is being made" in read(till.browser.get(z)).text
    with app.app_context():
        archive.make_due()
    (link,) = (a for a in read(till.browser.get(z)).all("a") if a.text == "PDF A4")
    answer = till.browser.get(link.attrs["href"])
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("address", ["z_report/1/letter", "z_report/1/80mm", "nothing/1/a4"])
def test_a_pdf_that_was_not_made_is_not_found(till, z, address):
    assert till.browser.get(f"/paper/{address}.pdf").status_code == 404


def test_a_till_with_a_receipt_printer_offers_it_and_the_worker_prints(till, z, app):
    assert "Receipt printer" not in read(till.browser.get(z)).text
    with Roll() as roll:
        with app.app_context():
            printing.set_printer(till.shop.till_id, roll.address, has_drawer=False)
        assert press(till.browser, z, "Receipt printer").headers["Location"] == z
        assert "waits for the receipt printer" in read(till.browser.get(z)).text
        with app.app_context():
            printing.print_due()
    assert len(roll.jobs) == 1 and len(roll.sent) > 10_000
    assert "Printed 1 time" in read(till.browser.get(z)).text


def test_a_printer_that_is_off_leaves_the_sale_paid_and_says_what_is_wrong(till, receipt, app):
    with Roll() as roll:
        pass
    with app.app_context():
        printing.set_printer(till.shop.till_id, roll.address, has_drawer=False)
    press(till.browser, receipt, "Receipt printer")
    for _ in range(printing.TRIES):
        with app.app_context():
            printing.print_due()
        till.clock.advance(600)
    assert "cannot be reached" in read(till.browser.get(receipt)).text
    assert till.payment().status == "paid"


def at_till(till):
    return [one.text for one in read(till.browser.get("/till")).all("button", id="receipt")]


def test_a_sale_that_was_just_paid_gets_its_receipt_with_one_press(till):
    till.charge()
    assert at_till(till) == []
    till.pay()
    till.work(after=3)
    assert at_till(till) == ["Receipt"]
    page = till.press("Receipt").headers["Location"]
    assert "RECEIPT 1" in read(till.browser.get(page)).text


def test_a_sale_paid_in_cash_gets_its_receipt_at_the_till(till):
    offer, key = Offer(given=Cash(500, 0)), "cash-for-a-receipt"
    with till.app.app_context():
        shift = shifts.open_shift_of(till.shop.cashier.id)
        tenders.take_for_new_sale(shift.id, usd("3"), offer, key, who="dara")
    page = till.press("Receipt").headers["Location"]
    text = sheet(till.browser, page, "Print 80 mm").text
    assert "RECEIPT 1" in text and "Cash $3.00 Given $5 Change $2" in text


def test_nothing_paid_is_an_empty_list(till):
    assert "No paid sale yet." in read(till.browser.get("/receipts")).text


def test_a_sale_that_is_not_paid_has_no_receipt(waiting):
    assert "No paid sale yet." in read(waiting.browser.get("/receipts")).text
    assert waiting.browser.get("/receipts/1").status_code == 404


def test_a_receipt_asked_for_twice_keeps_its_number(till, receipt):
    (link,) = (a for a in read(till.browser.get("/receipts")).all("a") if "Receipt 1" in a.text)
    assert link.attrs["href"] == receipt
