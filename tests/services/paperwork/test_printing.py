from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Device, Kind, Printer, Printing
from pos.paper import printer as devices
from pos.paper.document import Paper
from pos.reports.paperwork import documents
from pos.services.bookkeeping import shifts
from pos.services.paperwork import printing
from tests.factories import open_shift
from tests.paper.roll import Roll

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def z(context, shop):
    return shifts.close_shift(open_shift(shop).id, shop.cashier.id).id


@pytest.fixture
def roll(context, shop):
    with Roll() as roll:
        printing.set_printer(shop.till_id, roll.address, has_drawer=True)
        yield roll


def ask(z, device=Device.BROWSER):
    return printing.ask(Kind.Z_REPORT, z, device=device, paper=Paper.ROLL, who="cashier:dara")


def flags(row):
    return documents.as_printed(row).flags


def test_the_first_print_is_the_original_and_the_next_are_copies(z):
    assert [flags(ask(z))[1:] for _ in range(3)] == [(), ("COPY 1",), ("COPY 2",)]


def test_each_document_counts_its_own_copies(z, shop):
    ask(z)
    other = shifts.close_shift(open_shift(shop).id, shop.cashier.id).id
    assert (ask(other).copy, ask(z).copy) == (0, 1)


def test_what_is_not_there_is_not_printed(z):
    with pytest.raises(NotFound):
        ask(z + 1)


def test_many_at_once_make_one_original_only(z, app):
    def print_it(_):
        with app.app_context():
            return ask(z).copy

    with ThreadPoolExecutor(8) as crew:
        assert sorted(crew.map(print_it, range(12))) == list(range(12))


def test_a_till_without_a_receipt_printer_refuses(z):
    with pytest.raises(Refused, match="no receipt printer"):
        ask(z, Device.PRINTER)
    assert db.session.scalars(select(Printing)).all() == []


def test_the_worker_prints_what_was_asked_for_once(z, roll):
    row = ask(z, Device.PRINTER)
    for _ in range(3):
        printing.print_due()
    roll.end()
    assert roll.jobs == [devices.dots_of(documents.as_printed(row))]
    db.session.refresh(row)
    assert (row.done_at is not None, row.problem, row.tries) == (True, "", 1)


def test_a_printer_that_is_off_is_tried_again_and_then_given_up(z, shop, clock):
    with Roll() as off:
        pass
    printing.set_printer(shop.till_id, off.address, has_drawer=False)
    row = ask(z, Device.PRINTER)
    for _ in range(10):
        printing.print_due()
        clock.advance(600)
    db.session.refresh(row)
    assert (row.tries, row.next_try_at, row.done_at) == (printing.TRIES, None, None)
    assert "cannot be reached" in row.problem


def test_what_was_perhaps_printed_is_not_printed_again_by_itself(z, roll, shop, clock):
    row = ask(z, Device.PRINTER)
    with Roll(takes=10) as hangs_up:
        printing.set_printer(shop.till_id, hangs_up.address, has_drawer=False)
        printing.print_due()
    printing.set_printer(shop.till_id, roll.address, has_drawer=False)
    clock.advance(3600)
    printing.print_due()
    db.session.refresh(row)
    assert (roll.sent, row.done_at) == (b"", None)
    assert row.problem.endswith(printing.UNKNOWN)
    assert ask(z).copy == 1


def test_a_drawer_opens_once_and_soon_or_not_at_all(roll, shop, clock):
    assert printing.ask_kick(shop.till_id)
    printing.print_due()
    printing.print_due()
    printing.ask_kick(shop.till_id)
    clock.advance(60)
    printing.print_due()
    roll.end()
    assert roll.jobs == [devices.pulse()]


def test_no_drawer_is_opened_where_none_hangs(shop):
    assert not printing.ask_kick(shop.till_id)
    printing.set_printer(shop.till_id, "tcp://127.0.0.1:9", has_drawer=False)
    assert not printing.ask_kick(shop.till_id)


def test_a_printer_is_given_changed_and_taken_away(shop):
    printing.set_printer(shop.till_id, "tcp://10.0.0.7", has_drawer=False)
    printing.set_printer(shop.till_id, "tcp://10.0.0.8", has_drawer=True)
    row = db.session.get_one(Printer, shop.till_id)
    assert (row.address, row.has_drawer) == ("tcp://10.0.0.8", True)
    printing.set_printer(shop.till_id, "", has_drawer=False)
    assert db.session.get(Printer, shop.till_id) is None


@pytest.mark.parametrize(("till", "address"), [(77, "tcp://10.0.0.7"), (1, "tcp://8.8.8.8")])
def test_a_printer_that_makes_no_sense_is_refused(shop, till, address):
    with pytest.raises(BadInput):
        printing.set_printer(till, address, has_drawer=False)
