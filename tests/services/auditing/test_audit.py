import hashlib
import json
import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from pos.database import writing
from pos.extensions import db
from pos.models import AuditEntry, Deed
from pos.reports.auditing import books
from pos.services.auditing import audit
from tests.tampering import unguarded

pytestmark = pytest.mark.usefixtures("context", "shop")


@pytest.fixture
def log(context, shop):
    for rate in ("4100", "4080", "4090"):
        audit.note(Deed.RATE_SET, "manager:maly", "", shop.store_id, now=rate)
    return found


def found():
    db.session.rollback()
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.link)).all()


def damages():
    db.session.rollback()
    return {(one.record, one.field) for one in books.verify().damages}


def test_a_deed_is_kept_with_who_and_what(log):
    entry = log()[-1]
    assert (entry.who, entry.deed, entry.details) == ("manager:maly", "rate_set", {"now": "4090"})
    assert entry.link == len(log())
    assert damages() == set()


def test_the_log_can_be_reckoned_without_this_program(log):
    before = "0" * 64
    for row in db.session.execute(text("SELECT * FROM audit_entry ORDER BY link")).all():
        lines = ["khqr-pos-audit-1", f"link {row.link}", f"at {row.at}"]
        lines += [f"store {row.store_id or '-'}", f"who {json.dumps(row.who)}", f"deed {row.deed}"]
        lines += [f"about {json.dumps(row.about)}", f"previous {before}", row.body]
        assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == row.hash
        before = row.hash


def test_a_deed_that_fails_leaves_no_entry(shop):
    count = len(found())
    with pytest.raises(ZeroDivisionError), writing(db.session):
        audit.note(Deed.RATE_SET, "manager:maly", "", shop.store_id)
        raise ZeroDivisionError
    assert len(found()) == count


@pytest.mark.scratch
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("UPDATE audit_entry SET who = 'manager:other' WHERE link = 2", "hash"),
        ("UPDATE audit_entry SET body = '{}' WHERE link = 2", "hash"),
        ("UPDATE audit_entry SET at = at + 1 WHERE link = 2", "hash"),
        ("DELETE FROM audit_entry WHERE link = 2", "number"),
        ("UPDATE audit_entry SET store_id = NULL WHERE link = 2", "hash"),
    ],
)
def test_every_change_of_an_entry_is_found(log, change, field):
    with unguarded("audit_entry") as connection:
        assert connection.execute(text(change)).rowcount == 1
    assert ("entry 2", field) in damages()


@pytest.mark.scratch
def test_the_newest_entry_cannot_vanish(log):
    last = len(log())
    with unguarded("audit_entry") as connection:
        connection.execute(text(f"DELETE FROM audit_entry WHERE link = {last}"))
    assert damages() == {(f"entry {last}", "number")}


@pytest.mark.scratch
def test_an_entry_that_was_put_beside_the_log_is_found(log):
    last = log()[-1]
    with writing(db.session):
        again = {name: getattr(last, name) for name in ("at", "who", "deed", "about", "body")}
        link, before = last.link + 1, last.hash
        db.session.add(AuditEntry(**again, link=link, previous_hash=before, hash="0" * 64))
    assert (f"entry {link}", "number") in damages()


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET who = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_a_change(log, change):
    with pytest.raises(IntegrityError, match="written once"), writing(db.session):
        db.session.execute(text(change))


def test_eight_at_once_make_one_chain(app, shop):
    def work(number):
        with app.app_context():
            for _ in range(4):
                audit.note(Deed.RATE_SET, f"manager:{number}", "", shop.store_id)

    before = len(found())
    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    links = [entry.link for entry in found()]
    assert links == list(range(1, before + 33))
    assert damages() == set()


def test_a_flood_of_refusals_does_not_fill_the_log(shop, clock):
    for _ in range(audit.MOST_REFUSALS + 5):
        audit.refused("cashier:dara", "GET /rates", shop.store_id, status=403)
    refused = select(func.count(AuditEntry.id)).where(AuditEntry.deed == str(Deed.REFUSED))
    assert db.session.scalar(refused) == audit.MOST_REFUSALS
    clock.advance(seconds=61)
    audit.refused("cashier:dara", "GET /rates", shop.store_id, status=403)
    assert db.session.scalar(refused) == audit.MOST_REFUSALS + 1


def test_hostile_text_is_kept_as_it_can_be(shop):
    audit.note(Deed.REFUSED, "x" * 300, "a\0b" + "ខ" * 300, None, why='"; DROP TABLE <b>')
    entry = found()[-1]
    assert (len(entry.who), len(entry.about)) == (80, 128)
    assert entry.about[1] == "\N{REPLACEMENT CHARACTER}"
    assert damages() == set()
