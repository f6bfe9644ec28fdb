import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import Kind, Printing
from pos.permissions import Role
from pos.reports.paperwork import looks
from pos.services.paperwork import printing
from tests.factories import create_user, log_in, post
from tests.web.pages import press, read


@pytest.fixture
def printer(app, shop):
    with app.app_context():
        printing.set_printer(shop.till_id, "tcp://127.0.0.1:9", has_drawer=False)


def asked(app):
    with app.app_context():
        rows = db.session.scalars(select(Printing).order_by(Printing.id)).all()
        return [(row.kind, row.document_id, row.till_id) for row in rows]


def test_a_cashier_prints_the_x_that_they_may_see_and_a_manager_the_whole(
    app, till, manager, printer
):
    for browser in (till.browser, manager):
        press(browser, "/shifts/1/x", "Receipt printer")
        page = read(browser.get("/shifts/1/x")).text
        assert "Sent to the receipt printer." in page and "It waits for" in page
    assert asked(app) == [(Kind.X_BLIND, 1, 1), (Kind.X_REPORT, 1, 1)]


def test_without_a_receipt_printer_there_is_no_button(till, manager):
    for browser, page in ((till.browser, "/shifts/1/x"), (manager, "/days")):
        assert "Receipt printer" not in read(browser.get(page)).text


def test_a_manager_prints_a_day_at_a_till_of_the_store(app, till, manager, printer):
    press(manager, "/days", "Receipt printer, Till 1")
    assert "Till 1: It waits for the receipt printer." in read(manager.get("/days")).text
    ((kind, number, till_id),) = asked(app)
    assert (kind, till_id, number // 100_000) == (Kind.DAY, 1, 1)
    with app.app_context():
        assert looks.document(kind, number).title == "END OF DAY"


def test_only_who_sees_figures_and_prints_gets_a_day_on_paper(app, shop, till, manager, printer):
    with app.app_context():
        reader = create_user(shop.store_id, "reader", Role.AUDITOR)
    auditor = log_in(app.test_client(), reader)
    assert "Receipt printer" not in read(auditor.get("/days")).text
    for browser, page in ((auditor, "/days"), (till.browser, "/shifts/1/x")):
        form = {"day": "", "till": "1"}
        assert post(browser, "/days/print", form, page=page).status_code == 403
    assert asked(app) == []


@pytest.mark.parametrize("form", [{"till": "2"}, {"till": "x"}, {"till": "1", "day": "2999-01-01"}])
def test_a_till_without_a_printer_and_a_day_to_come_are_refused(app, manager, printer, form):
    assert post(manager, "/days/print", form, page="/days").status_code == 422
    assert asked(app) == []


def test_a_look_is_no_paper_that_could_be_fetched(app, till, printer):
    answer = post(till.browser, "/paper/x_report/1/print", {"paper": "printer"}, page="/shifts/1/x")
    assert (answer.status_code, asked(app)) == (404, [])
