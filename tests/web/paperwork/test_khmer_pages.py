import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import Correction, Device, Kind, Sale, Shift
from pos.paper.document import Paper
from pos.services.paperwork import printing, receipts
from pos.words import Language
from tests.factories import csrf_token
from tests.reports.paperwork.busy import busy_days
from tests.reports.paperwork.english import english
from tests.web.pages import press, read
from tests.web.paperwork.test_paper import sheet


@pytest.fixture
def busy(app, shop, clock):
    """Where each paper of a busy shop stands."""
    with app.app_context():
        days = busy_days(shop, clock)
        paid = select(Sale.id).where(Sale.status == "paid").order_by(Sale.id)
        sale_ids = db.session.scalars(paid).all()
        for sale_id in sale_ids:
            receipts.issue(sale_id)
        shifts = db.session.scalars(select(Shift)).all()
        corrections = db.session.scalars(select(Correction.id)).all()
        return [
            *(f"/shifts/{one.id}/report" for one in shifts if one.closed_at),
            f"/shifts/{days.shift.id}/x",
            *(f"/shifts/corrections/{one}" for one in corrections),
            *(f"/receipts/{one}" for one in sale_ids),
            *(f"/days?day={one}" for one in {one.business_date for one in shifts}),
        ]


def speak(browser, language):
    form = {"csrf_token": csrf_token(browser, "/login"), "language": language, "next": "/"}
    browser.post("/language", data=form)


def test_every_paper_on_the_screen_speaks_the_language_of_its_reader(busy, manager):
    for language in Language:
        speak(manager, language)
        for address in busy:
            article = read(manager.get(address)).one("article")
            assert article.attrs["lang"] == language
            assert bool(english(article.text)) == (language is Language.ENGLISH), address


def test_a_sheet_stays_in_the_language_in_which_it_was_asked_for(till, manager):
    speak(till.browser, "km")
    page = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    z = press(till.browser, page, "បិទវេន").headers["Location"]
    printed = sheet(till.browser, z, "បោះពុម្ព A4")
    assert printed.attrs["lang"] == "km" and "របាយការណ៍ Z 1" in printed.text
    again = read(manager.get("/paper/print/1")).one("article")
    assert (again.attrs["lang"], again.text) == ("km", printed.text)


def test_what_is_wrong_with_a_printer_is_told_in_khmer(till, shop, app):
    page = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    z = press(till.browser, page, "Close shift").headers["Location"]
    with app.app_context():
        printing.set_printer(shop.till_id, "tcp://127.0.0.1:9", has_drawer=False)
        ways = {"device": Device.PRINTER, "paper": Paper.ROLL, "who": "cashier:dara"}
        printing.ask(Kind.Z_REPORT, 1, **ways)
        for _ in range(printing.TRIES):
            printing.print_due()
            till.clock.advance(600)
    assert "cannot be reached: it takes no print" in read(till.browser.get(z)).alert
    speak(till.browser, "km")
    alert = read(till.browser.get(z)).alert
    assert "ទាក់ទងម៉ាស៊ីនបោះពុម្ពមិនបាន" in alert and english(alert) == set()
