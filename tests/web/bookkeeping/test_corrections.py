import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import Correction, Shift, ZReport
from tests.books import Days, count_later
from tests.factories import PIN, give_pin, log_in
from tests.soak.pages import report_of
from tests.web.pages import press, read

LATER = {
    "USD-20": "1",
    "KHR-20000": "4",
    "reason": "not_counted",
    "manager_id": "2",
    "pin": PIN,
}


@pytest.fixture
def forgotten(app, shop, clock):
    """The address of a shift with cash that the system closed, and a manager with a PIN."""
    with app.app_context():
        give_pin(shop.manager)
        days = Days(shop, clock).do("cash", "forget", "close")
        shift_id = days.shop and db.session.scalars(select(ZReport.shift_id)).first()
    return f"/shifts/{shift_id}"


def written(app):
    with app.app_context():
        return [(one.name, str(one.kind)) for one in db.session.scalars(select(Correction))]


@pytest.fixture
def boss(app, shop):
    return log_in(app.test_client(), shop.manager)


def test_a_manager_counts_what_the_system_closed_and_the_report_says_so(app, forgotten, boss, shop):
    before = read(boss.get(f"{forgotten}/report")).text
    sent = press(boss, f"{forgotten}/recount", "Write the count", **LATER)
    page = read(boss.get(sent.headers["Location"])).text
    for words in ("CORRECTION C-1", "To Z REPORT 1", "Drawer counted later", "not counted"):
        assert words in page
    assert "Counted now $20.00" in page and "Over, or short (-) -$3.00" in page
    after = read(boss.get(f"{forgotten}/report")).text
    assert "Corrected by C-1" in after and "Corrected by" not in before
    assert "C-1" in read(boss.get("/shifts")).text
    assert written(app) == [("C-1", "late_count")]


def test_but_for_the_names_of_its_corrections_a_report_reads_as_before(app, forgotten, boss, shop):
    before = boss.get(f"{forgotten}/report").text
    with app.app_context():
        count_later(shop, int(forgotten.rpartition("/")[2]))
    after = boss.get(f"{forgotten}/report").text
    assert "Corrected by C-1" in report_sheet(after) != report_sheet(before)
    assert report_of(after) == report_of(before) != ""


def report_sheet(page):
    return page[page.index("<article") : page.index("</article>")]


def test_the_z_itself_stays_and_its_reprint_names_the_correction(app, forgotten, boss, shop):
    with app.app_context():
        z = db.session.scalars(select(ZReport).order_by(ZReport.id)).first()
        document_id, body, short = z.id, z.body, z.short_hash
        count_later(shop, z.shift_id)
        count_later(shop, z.shift_id)
    assert written(app) == [("C-1", "late_count"), ("C-2", "recount")]
    sheet = press(boss, f"{forgotten}/report", "Print 80 mm", paper="80mm").headers["Location"]
    printed = read(boss.get(sheet)).text
    assert "Corrected by C-1, C-2" in printed and f"Hash {short}" in printed
    with app.app_context():
        assert db.session.get_one(ZReport, document_id).body == body


def test_a_correction_is_printed_on_both_papers_and_copies_say_so(app, forgotten, boss, shop):
    with app.app_context():
        z = db.session.scalars(select(ZReport).order_by(ZReport.id)).first()
        page = f"/shifts/corrections/{count_later(shop, z.shift_id).id}"
    for button, flag in (("Print A4", ""), ("Print 80 mm", "COPY 1")):
        paper = {"Print A4": "a4"}.get(button, "80mm")
        sheet = press(boss, page, button, paper=paper).headers["Location"]
        text = read(boss.get(sheet)).text
        assert "CORRECTION C-1" in text and ("COPY" in text) is bool(flag)


BAD = {
    "Pieces are plain whole numbers": {"USD-20": "-1"},
    "Pieces are plain whole numbers, such": {"KHR-500": "many"},
    "Dollar cash is whole dollars": {"USD-other": "1.50"},
    "That is more than a drawer holds": {"USD-100": "99999"},
    "Choose a reason.": {"reason": "because"},
    "Write the reason down.": {"reason": "other", "note": " "},
    "A note is one line": {"note": "x" * 201},
    "PIN": {"pin": "000000"},
    "This form is not complete.": {"key": "short"},
}


def test_a_count_that_nobody_can_mean_is_refused_in_words_and_writes_nothing(app, forgotten, boss):
    for words, bad in BAD.items():
        sent = press(boss, f"{forgotten}/recount", "Write the count", **{**LATER, **bad})
        assert (sent.status_code, words in read(sent).text) == (422, True), (words, sent.text)
    assert written(app) == []


def test_the_same_form_twice_writes_one_count(app, forgotten, boss):
    form = {**LATER, "key": "a-form-that-was-sent-twice"}
    first, second = (
        press(boss, f"{forgotten}/recount", "Write the count", **form).headers["Location"]
        for _ in range(2)
    )
    assert first == second
    assert written(app) == [("C-1", "late_count")]


def test_a_cashier_counts_no_closed_shift(app, forgotten, cashier):
    assert cashier.get(f"{forgotten}/recount").status_code == 403
    assert "Count the drawer now" not in cashier.get(f"{forgotten}/report").text


def test_an_open_shift_is_counted_to_close_it(app, forgotten, boss, shop):
    with app.app_context():
        open_one = db.session.scalars(select(Shift.id).where(Shift.closed_at.is_(None))).one()
    answer = boss.get(f"/shifts/{open_one}/recount")
    assert (answer.status_code, "not closed yet" in answer.text) == (422, True)
