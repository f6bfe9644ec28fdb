import re
import sqlite3
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.exc import DBAPIError

from pos import clock, create_app, database
from pos.database import READS, is_writing, rows_changed, writing
from pos.errors import ConfigError
from pos.extensions import db
from pos.models import Merchant, Till
from pos.paths import HOME
from tests import racing
from tests.conftest import make_settings

pytestmark = pytest.mark.usefixtures("context")


def merchant(name="Angkor Books"):
    return Merchant(name=name, city="Siem Reap", created_at=clock.now())


def names():
    db.session.expire_all()
    return list(db.session.scalars(select(Merchant.name).order_by(Merchant.id)))


def test_a_write_outside_writing_raises_and_writes_nothing():
    db.session.add(merchant())
    with pytest.raises(DBAPIError, match="(?i)read-?only"):
        db.session.flush()
    db.session.rollback()
    assert names() == ["Mekong Coffee"]


def test_the_reading_side_cannot_even_change_a_row_by_sql():
    with pytest.raises(DBAPIError, match="(?i)read-?only"):
        db.session.execute(text("UPDATE till SET name = 'mine'"))
    db.session.rollback()


def test_writing_ends_in_one_commit_and_reads_again():
    with writing(db.session):
        assert is_writing(db.session)
        db.session.add(merchant())
    assert not is_writing(db.session)
    assert names() == ["Mekong Coffee", "Angkor Books"]


def test_an_error_undoes_all_of_it():
    with pytest.raises(ZeroDivisionError), writing(db.session):
        db.session.add(merchant())
        db.session.flush()
        raise ZeroDivisionError
    assert names() == ["Mekong Coffee"]
    assert not is_writing(db.session)


def test_writing_inside_writing_joins_it():
    with pytest.raises(ZeroDivisionError), writing(db.session):
        with writing(db.session):
            db.session.add(merchant())
        assert is_writing(db.session)
        raise ZeroDivisionError
    assert names() == ["Mekong Coffee"]


def test_what_was_read_before_is_read_again_inside(app):
    till = db.session.scalars(select(Till).limit(1)).one()
    assert till.screen_version == 1
    racing.race(app, lambda: bump(till.id))
    with writing(db.session):
        assert till.screen_version == 2


def bump(till_id):
    grow = update(Till).where(Till.id == till_id).values(screen_version=Till.screen_version + 1)
    with writing(db.session):
        return rows_changed(db.session, grow)


def test_nobodys_write_is_lost_or_refused_when_eight_come_at_once(app, shop):
    results = racing.race(app, *[lambda: [bump(shop.till_id) for _ in range(5)]] * 8)
    assert results == [[1] * 5] * 8
    assert db.session.get_one(Till, shop.till_id).screen_version == 41


def test_a_reader_holds_no_transaction(app, settings):
    db.session.scalars(select(func.count(Till.id))).one()
    if settings.database.startswith("sqlite"):
        path = urlsplit(settings.database).path
        other = sqlite3.connect(path, timeout=0)
        other.execute("BEGIN EXCLUSIVE")
        other.close()
    else:
        idle = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
        assert db.session.scalar(text(idle)) == 0


def test_a_safe_database_may_be_used():
    database.refuse_unsafe(db.engines)


def test_one_that_may_forget_a_paid_sale_is_refused(app, settings, tmp_path):
    if settings.database.startswith("sqlite"):
        unsafe = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    else:
        options = {"options": "-c synchronous_commit=off"}
        unsafe = create_engine(settings.database, connect_args=options)
    with pytest.raises(ConfigError):
        database.refuse_unsafe({None: unsafe, READS: unsafe})
    unsafe.dispose()


def test_a_shop_does_not_open_on_a_database_that_may_forget(tmp_path):
    with pytest.raises(ConfigError, match="journal_mode"):
        create_app(make_settings(tmp_path, database_url="sqlite://"))


def test_only_the_two_known_databases_are_taken():
    with pytest.raises(ConfigError, match="only sqlite and postgresql"):
        database.engine_options("mysql://shop@db/pos")


WITHIN = r"(?:[^()]|\([^()]*\))*?"
LOCKED = re.compile(rf"\.get(?:_one)?\({WITHIN}with_for_update=True{WITHIN}\)")


def test_a_row_that_is_locked_is_read_anew():
    # What the session read of it before its turn came may be what another has changed since.
    sources = [path.read_text() for path in (HOME / "pos").rglob("*.py")]
    found = [one for source in sources for one in LOCKED.findall(source)]
    assert len(found) > 20
    assert [one for one in found if "populate_existing=True" not in one] == []
