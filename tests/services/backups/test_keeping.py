from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pos.database import writing
from pos.errors import BackupFailed, NotAllowed
from pos.extensions import db, settings
from pos.models import AlertKind, AuditEntry, Backup, User
from pos.reports.office import backups as report
from pos.reports.office.backups import State
from pos.services.backups import folder, keeping
from tests.alerting import changed_settings, told

pytestmark = pytest.mark.usefixtures("context", "clock", "shop")


def rows():
    db.session.rollback()
    return db.session.scalars(select(Backup).order_by(Backup.id)).all()


def spoil():
    """Let the folder of the backups be a file, in which nothing can be written."""
    settings().instance.joinpath("backups").write_text("in the way")


def mend():
    settings().instance.joinpath("backups").unlink()


def test_one_backup_is_taken_each_night_and_no_more(clock):
    nights = []
    for _ in range(30):
        keeping.take_due()
        nights.append(len(rows()))
        clock.advance(hours=1)
    # Begun at nine in the morning; the next is due at three at night, in Phnom Penh.
    assert (nights[0], nights[17], nights[18], nights[-1]) == (1, 1, 2, 2)
    assert len(list(folder.usual().iterdir())) == 2


def test_the_night_waits_until_the_business_day_is_over(app, clock):
    clock.time = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
    with changed_settings(app, day_starts_hour=6):
        keeping.take_due()
        assert str(rows()[0].on) == "2026-11-22"


def test_a_nightly_backup_that_failed_is_told_and_tried_again(clock):
    spoil()
    keeping.take_due()
    (row,) = rows()
    assert row.problem and report.page().lines[0].state is State.FAILED
    assert told(AlertKind.BACKUP_OLD)[0].step == 1
    mend()
    keeping.take_due()
    assert rows()[0].problem
    clock.advance(hours=1)
    keeping.take_due()
    assert report.page().lines[0].state is State.GOOD


def test_an_alarm_is_raised_when_the_last_good_backup_is_older_than_26_hours(clock):
    keeping.take_due()
    clock.advance(hours=26, minutes=59)
    assert told(AlertKind.BACKUP_OLD) == []
    clock.advance(minutes=1)
    (alert,) = told(AlertKind.BACKUP_OLD)
    assert (alert.step, alert.facts) == (2, {"hours": 27})
    keeping.take_due()
    clock.advance(minutes=16)
    assert told(AlertKind.BACKUP_OLD)[0].cleared_at is not None


def test_a_manager_asks_once_and_the_worker_takes_it(shop):
    manager = db.session.get_one(User, shop.manager.id)
    keeping.ask(manager)
    keeping.ask(manager)
    assert [one.state for one in report.page().lines] == [State.WAITING]
    keeping.take_due()
    (asked,) = rows()
    assert (asked.asked_by, asked.on, bool(asked.name)) == (manager.who, None, True)
    deeds = [one.deed for one in db.session.scalars(select(AuditEntry))]
    assert deeds.count("backup_asked") == 1


def test_a_backup_that_is_refused_for_want_of_a_key_is_no_failed_one(app, tmp_path_factory):
    with changed_settings(app, backup_recipient=""), pytest.raises(BackupFailed, match="no key"):
        keeping.by_hand(tmp_path_factory.mktemp("stick"))
    assert (rows(), report.has_failed()) == ([], False)


def test_a_cashier_does_not_ask_for_backups(shop):
    with pytest.raises(NotAllowed):
        keeping.ask(db.session.get_one(User, shop.cashier.id))
    assert rows() == []
    assert "backup_asked" not in [one.deed for one in db.session.scalars(select(AuditEntry))]


def test_a_backup_whose_program_died_is_taken_again(clock):
    keeping.take_due()
    db.session.rollback()
    with writing(db.session):
        row = db.session.scalars(select(Backup)).one()
        row.ended_at, row.name = None, ""
    clock.advance(minutes=59)
    keeping.take_due()
    assert rows()[0].ended_at is None
    clock.advance(minutes=1)
    keeping.take_due()
    assert rows()[0].name and timedelta(0) == clock.time - rows()[0].ended_at
