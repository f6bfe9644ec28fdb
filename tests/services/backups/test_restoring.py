import pytest
from sqlalchemy import func, select

from pos.extensions import db
from pos.models import ApiToken, AuditEntry, Display, Login, LostNumbers, Payment, Restore, ZReport
from pos.reports.auditing import books
from pos.services.backups import folder, taking
from pos.services.people import users
from pos.services.shop import displays
from tests.books import Days
from tests.tampering import tamper

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def days(context, shop, clock):
    """A till with two reports, of which the second was corrected, and an open shift."""
    return Days(shop, clock).do("khqr", "cash", "close", "khqr", "give_up", "close", "late", "khqr")


def test_books_put_back_elsewhere_are_whole_and_the_same(days, elsewhere):
    before = books.verify()
    numbers = db.session.scalars(select(ZReport.hash).order_by(ZReport.id)).all()
    told = elsewhere.restored(taking.take().path)
    assert "The books are those of 2026-11-22 09:" in told and "lost" not in told
    with elsewhere.app.app_context():
        after = books.verify()
        assert (after.damages, after.records) == ((), before.records) and before.records == 3
        assert db.session.scalars(select(ZReport.hash).order_by(ZReport.id)).all() == numbers
        assert db.session.scalars(select(AuditEntry.deed)).all()[-1] == "books_restored"


def test_reports_go_on_above_the_highest_printed_and_the_gap_is_written_down(days, elsewhere):
    told = elsewhere.restored(
        taking.take().path,
        *("--highest-z", "Till 1=45", "--highest-correction", "Till 1=4"),
        *("--highest-receipt", "Mekong Coffee=120"),
    )
    assert "Mekong Coffee, Till 1: Z 3 to 45 (lost)" in told
    with elsewhere.app.app_context():
        days.shift = db.session.merge(days.shift, load=True)
        days.do("close", "give_up", "close")
        rows = db.session.scalars(select(ZReport.number).order_by(ZReport.id)).all()
        assert rows == [1, 2, 46, 47]
        assert db.session.scalar(select(func.count(LostNumbers.id))) == 3
        assert books.verify().damages == ()
    verified = elsewhere.command("verify-books")
    assert verified.exit_code == 0
    assert "Lost by a restore, and written down: Till 1 (Till 1), Z 3 to 45 (lost)." in (
        verified.output
    )


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE lost_numbers SET last = 44",
        "DELETE FROM lost_numbers WHERE kind = 'z_report'",
        "UPDATE lost_numbers SET hash = previous_hash",
    ],
)
def test_a_gap_that_somebody_changed_is_damage(days, elsewhere, damage):
    elsewhere.restored(taking.take().path, "--highest-z", "Till 1=45")
    with elsewhere.app.app_context():
        assert books.verify().damages == ()
        tamper(damage, "lost_numbers")
        assert books.verify().damages != ()


def test_a_number_below_the_one_in_the_books_is_refused(days, elsewhere):
    done = elsewhere.restore(taking.take().path, "--highest-z", "Till 1=1", typed="\n" * 20)
    assert done.exit_code == 1
    assert "the backup has number 2, so 1 is not highest" in done.output
    assert "Till 1" in elsewhere.restored(*folder.usual().iterdir())


def test_every_login_screen_and_token_of_before_is_over(days, shop, elsewhere):
    token = users.log_in(shop.cashier.username, shop.cashier.password)
    displays.start()
    elsewhere.restored(taking.take().path)
    with elsewhere.app.app_context():
        assert users.of_token(token) is None
        open_ones = select(func.count(Login.id)).where(Login.ended_at.is_(None))
        assert db.session.scalar(open_ones) == 0
        assert db.session.scalar(select(func.count(Display.id))) == 0
        assert not db.session.scalars(select(ApiToken).where(ApiToken.revoked_at.is_(None))).all()


def test_only_open_qrs_of_seven_days_are_asked_about_again(context, shop, clock, elsewhere):
    made = Days(shop, clock).do("khqr", "give_up")
    clock.advance(days=7)
    made.shift = db.session.merge(made.shift)
    made.do("khqr", "give_up")
    told = elsewhere.restored(taking.take().path)
    assert "1 QRs are asked about again" in told
    with elsewhere.app.app_context():
        due = select(Payment.id).where(Payment.next_check_at == clock.time)
        assert len(db.session.scalars(due).all()) == 1
        assert db.session.scalars(select(Restore)).one().done_at is None
