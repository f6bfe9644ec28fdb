import pytest
from sqlalchemy import select

from pos import clock as time
from pos.database import writing
from pos.errors import BackupFailed
from pos.extensions import db
from pos.models import LostNumbers, Restore, Till, ZReport
from pos.reports.auditing import books
from pos.services.backups import lost
from pos.services.backups.lost import Highest
from tests.books import Days
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("context", "clock")


@pytest.fixture
def days(shop, clock):
    """A till with one report and one correction, whose backup was put back."""
    return Days(shop, clock).do("khqr", "give_up", "close", "late")


def lose(**highest):
    with writing(db.session):
        now = time.now()
        restore = Restore(at=now, taken_at=now, name="backup", revision="0042")
        db.session.add(restore)
        db.session.flush()
        lost.write(restore, Highest(**highest))


def test_reports_and_corrections_go_on_above_the_highest_printed(days, shop):
    till = shop.till_id
    lose(z_reports={till: 45}, corrections={till: 4}, receipts={shop.store_id: 120})
    days.do("close", "give_up", "close", "late", "close")
    assert db.session.scalars(select(ZReport.number).order_by(ZReport.id)).all() == [1, 46, 47, 48]
    verdict = books.verify()
    assert (verdict.damages, verdict.records) == ((), 8)
    assert verdict.lost == ("Till 1 (Till 1), Z 2 to 45 (lost)", "Till 1 (Till 1), C-2 to 4 (lost)")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE lost_numbers SET last = 44",
        "DELETE FROM lost_numbers",
        "UPDATE lost_numbers SET hash = previous_hash",
    ],
)
def test_lost_numbers_that_somebody_changed_are_damage(days, shop, damage):
    lose(z_reports={shop.till_id: 45})
    days.do("close")
    assert books.verify().damages == ()
    tamper(damage, "lost_numbers")
    assert books.verify().damages != ()


def test_nothing_is_lost_where_the_highest_is_the_one_of_the_books(days, shop):
    lose(z_reports={shop.till_id: 1})
    assert db.session.scalars(select(LostNumbers)).all() == []
    assert db.session.get_one(Till, shop.till_id).last_link == 2


@pytest.mark.parametrize(("number", "why"), [(0, "is not highest"), (100_002, "typed right")])
def test_a_wrong_number_is_refused(days, shop, number, why):
    with pytest.raises(BackupFailed, match=why):
        lose(z_reports={shop.till_id: number})
    assert db.session.scalars(select(Restore)).all() == []
