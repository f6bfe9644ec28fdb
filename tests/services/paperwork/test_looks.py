from datetime import date

import pytest
from sqlalchemy import select

from pos.errors import NotFound, Refused
from pos.extensions import db
from pos.models import Kind, Printing, Shift, Store
from pos.paper import printer as devices
from pos.reports.closing import day
from pos.reports.paperwork import day_paper, documents, looks
from pos.services.paperwork import printing
from pos.words import Language
from tests.factories import charge, close_shift, khr, open_shift, usd
from tests.paper.roll import Roll
from tests.reports.paperwork.english import english, texts

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(shop):
    return open_shift(shop, floats=(usd("50"), khr("100")))


@pytest.fixture
def roll(context, shop):
    with Roll() as roll:
        printing.set_printer(shop.till_id, roll.address, has_drawer=False)
        yield roll


def ask(kind, number, shop, language=Language.ENGLISH):
    return printing.ask_look(kind, number, shop.till_id, who="dara", language=language)


def told(document):
    return " ".join(texts(document))


@pytest.mark.parametrize("language", Language)
def test_the_roll_gets_the_x_and_the_day_in_the_language_of_who_asked(shop, shift, roll, language):
    today = looks.day_number(shop.till_id, shift.business_date)
    rows = [ask(Kind.X_REPORT, shift.id, shop, language), ask(Kind.DAY, today, shop, language)]
    printing.print_due()
    roll.end()
    sheets = [documents.as_printed(row) for row in rows]
    assert roll.jobs == [devices.dots_of(one) for one in sheets]
    assert [bool(english(one.title)) for one in sheets] == [language is Language.ENGLISH] * 2


def test_looks_have_no_copies_and_are_not_filed(shop, shift, roll):
    rows = [ask(Kind.X_REPORT, shift.id, shop) for _ in range(2)]
    assert [one.flags for one in map(documents.as_printed, rows)] == [
        ("The shift is still open: these figures are not final", "Practice, no real money")
    ] * 2
    for kind in (Kind.X_REPORT, Kind.X_BLIND, Kind.DAY):
        with pytest.raises(NotFound):
            documents.find(kind, shift.id)


def test_a_blind_x_has_no_cash_on_the_paper_either(shop, shift, roll):
    blind, seeing = (ask(kind, shift.id, shop) for kind in (Kind.X_BLIND, Kind.X_REPORT))
    assert "Expected" in told(documents.as_printed(seeing))
    assert "Expected" not in told(documents.as_printed(blind))


def test_an_x_that_waited_until_its_shift_was_closed_says_so(shop, roll):
    shift = open_shift(shop)
    row = ask(Kind.X_REPORT, shift.id, shop)
    close_shift(db.session.get_one(Shift, shift.id), shop.cashier)
    flags = documents.as_printed(row).flags
    assert flags[0] == "The shift is closed by now: only its Z report counts"


def test_a_day_is_that_of_the_store_of_the_till(shop):
    on = date(2026, 11, 22)
    sheet = looks.document(Kind.DAY, looks.day_number(shop.till_id, on))
    store = db.session.get_one(Store, shop.store_id)
    assert sheet.facts == day_paper.document(day.gather(store, on)).facts
    with pytest.raises(NotFound):
        looks.document(Kind.DAY, looks.day_number(99, on))


def test_a_till_without_a_printer_refuses(shop, shift):
    charge(shift)
    with pytest.raises(Refused, match="no receipt printer"):
        ask(Kind.X_REPORT, shift.id, shop)
    assert db.session.scalars(select(Printing)).all() == []


def test_a_look_that_was_perhaps_printed_is_looked_for_by_a_person(shop, shift, roll):
    row = ask(Kind.X_REPORT, shift.id, shop)
    with Roll(takes=10) as hangs_up:
        printing.set_printer(shop.till_id, hangs_up.address, has_drawer=False)
        printing.print_due()
    db.session.refresh(row)
    assert row.problem.endswith(printing.LOOK_UNKNOWN)
