from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from pos.database import writing
from pos.errors import NotAllowed, NotFound
from pos.extensions import db
from pos.models import Alert, AlertKind, MessageKind, Severity, User
from pos.services.alerting import alerts
from tests.alerting import add_recipient, end_key, messages, told

pytestmark = pytest.mark.usefixtures("context", "clock", "shop")

KEY = AlertKind.KEY_ENDING


@pytest.fixture
def ending(shop, clock):
    """The shop's key ends in five days, and one person is told."""
    add_recipient(shop)
    end_key(shop, clock.time + timedelta(days=5))
    return shop


def kinds():
    return [one.kind for one in messages() if one.alert.kind is KEY]


def test_what_is_wrong_is_raised_once_and_told_once(ending, clock):
    for _ in range(3):
        (alert,) = told(KEY)
        clock.advance(minutes=2)
    assert alert.cleared_at is None and alert.severity is Severity.WARNING
    assert kinds() == [MessageKind.RAISED]


def test_what_gets_worse_is_told_again(ending, clock):
    told()
    clock.advance(days=3)
    (alert,) = told(KEY)
    clock.advance(days=2)
    told()
    assert (alert.step, kinds()) == (3, [MessageKind.RAISED, MessageKind.WORSE, MessageKind.WORSE])


def test_it_is_good_again_only_after_a_calm_time(ending, clock):
    told()
    end_key(ending, clock.time + timedelta(days=90))
    clock.advance(minutes=14)
    assert told(KEY)[0].cleared_at is None and kinds() == [MessageKind.RAISED]
    clock.advance(minutes=2)
    assert told(KEY)[0].cleared_at == clock.time
    assert kinds() == [MessageKind.RAISED, MessageKind.CLEARED]


def test_what_comes_and_goes_is_one_alert(ending, clock):
    for days in (5, 90, 5, 90, 5):
        end_key(ending, clock.time + timedelta(days=days))
        told()
        clock.advance(minutes=5)
    assert len(told(KEY)) == 1 and kinds() == [MessageKind.RAISED]


def test_what_comes_back_later_is_a_new_alert(ending, clock):
    told()
    for days in (90, 5):
        end_key(ending, clock.time + timedelta(days=days))
        clock.advance(minutes=20)
        told()
    assert len(told(KEY)) == 2


def test_the_database_keeps_one_open_alert_of_a_kind(ending, clock):
    (alert,) = told(KEY)
    same = {name: getattr(alert, name) for name in ("store_id", "kind", "subject", "severity")}
    with pytest.raises(IntegrityError), writing(db.session):
        db.session.add(Alert(**same, step=1, facts={}, raised_at=clock.time, seen_at=clock.time))


def test_a_silence_is_told_of_when_the_worker_is_back(shop, clock):
    add_recipient(shop)
    told()
    clock.advance(minutes=30)
    (alert,) = told(AlertKind.WORKER_SILENT)
    assert alert.facts == {"since": "2026-11-22 09:00", "until": "2026-11-22 09:30"}
    clock.advance(seconds=20)
    assert len(told(AlertKind.WORKER_SILENT)) == 1 and len(messages()) == 1


def test_a_clock_set_back_is_no_silence(shop, clock):
    told()
    clock.advance(hours=-3)
    assert told(AlertKind.WORKER_SILENT) == []


def test_an_acknowledgement_ends_when_it_gets_worse(ending, clock):
    (alert,) = told(KEY)
    alerts.acknowledge(db.session.get_one(User, ending.manager.id), alert.id)
    assert told(KEY)[0].acknowledged_by.username == "maly"
    clock.advance(days=3)
    assert told(KEY)[0].acknowledged_at is None


def test_only_a_manager_of_the_store_takes_an_alert_up(ending):
    (alert,) = told(KEY)
    with pytest.raises(NotAllowed):
        alerts.acknowledge(db.session.get_one(User, ending.cashier.id), alert.id)
    with pytest.raises(NotFound):
        alerts.acknowledge(db.session.get_one(User, ending.manager.id), alert.id + 1)


def test_a_message_speaks_the_language_of_its_reader(shop, clock):
    add_recipient(shop, language="km")
    end_key(shop, datetime(2026, 11, 25, tzinfo=UTC))
    told()
    (message,) = messages()
    assert "mekong_coffee@prac" in message.body and "Without one" not in message.body
    assert any("ក" <= one <= "៹" for one in message.title)


def test_who_wants_alarms_only_hears_of_no_warning(shop, clock):
    add_recipient(shop, least="alarm")
    end_key(shop, clock.time + timedelta(days=5))
    assert told(KEY) and messages() == []
