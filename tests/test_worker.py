import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers import base as scheduling
from sqlalchemy import select, text, update

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, GatewayQuestion, Lease, Payment
from pos.services.selling import checkout
from pos.services.shop import lease
from pos.states import PaymentStatus
from pos.worker import Worker, jobs
from tests import factories, payway
from tests.conftest import VAULT_KEY
from tests.factories import charge, open_shift

pytestmark = pytest.mark.alone("counts what is asked in a second")

P = PaymentStatus


@pytest.fixture
def settings(settings):
    """A start holds up no end."""
    return settings.model_copy(update={"start_asks_seconds": 0})


@pytest.fixture
def live(app, bank):
    """A shop under the real clock."""
    with app.app_context():
        yield factories.create_shop(bank.url, bank.token())


@pytest.fixture
def payment(live):
    return charge(open_shift(live))


class Crew:
    """Workers by name."""

    def __init__(self, app):
        self.app, self.at_work = app, {}

    def start(self, name):
        self.at_work[name] = Worker(self.app)
        self.at_work[name].name = name
        self.at_work[name].start()

    def stop(self, name):
        self.at_work.pop(name).stop()


@pytest.fixture
def crew(app):
    crew = Crew(app)
    yield crew
    for name in list(crew.at_work):
        crew.stop(name)


def wait_for(condition, seconds=6):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)
        db.session.rollback()


def holder():
    db.session.rollback()
    return db.session.scalars(select(Lease.holder)).one()


def checks(bank):
    return [call for call in bank.calls() if "md5" in call["path"]]


def test_it_asks_until_the_money_is_there_and_then_no_more(payment, bank, crew):
    crew.start("one")
    wait_for(lambda: len(checks(bank)) >= 2)
    assert payment.status is P.AWAITING
    bank.pay(payment.qr_string)
    wait_for(lambda: payment.status is P.PAID)
    asked = len(checks(bank))
    time.sleep(1.1)
    assert len(checks(bank)) == asked


def test_it_asks_payway_and_closes_there_what_was_cancelled(app, bank, crew):
    with app.app_context():
        shift = open_shift(payway.open_shop(app, bank))
        first = charge(shift)
        crew.start("one")
        bank.pay(first.qr_string)
        wait_for(lambda: first.status is P.PAID)
        second = charge(shift)
        checkout.cancel(second, who="cashier:dara")
        wait_for(lambda: payway.bills(bank) == {first.tran_id: False, second.tran_id: True})


def test_a_worker_without_the_lease_asks_nobody_until_it_gets_it(payment, bank, crew):
    lease.hold("somebody else")
    crew.start("second")
    time.sleep(1.5)
    assert (checks(bank), holder()) == ([], "somebody else")
    lease.release("somebody else")
    wait_for(lambda: holder() == "second")
    wait_for(lambda: checks(bank))


def test_of_two_workers_one_works_and_the_other_takes_over(payment, bank, crew):
    crew.start("first")
    crew.start("second")
    wait_for(lambda: checks(bank))
    assert holder() == "first"
    crew.stop("first")
    bank.pay(payment.qr_string)
    wait_for(lambda: payment.status is P.PAID)
    assert holder() == "second"


def test_when_stopped_it_gives_the_lease_back_and_does_nothing_more(payment, bank, crew):
    crew.start("one")
    wait_for(lambda: checks(bank))
    began = time.monotonic()
    crew.stop("one")
    assert time.monotonic() - began < 2
    asked = len(checks(bank))
    assert lease.hold("another")
    time.sleep(1.1)
    assert len(checks(bank)) == asked


def test_a_slow_bank_holds_up_no_other_job(payment, bank, crew):
    bank.misbehave(delay=1.8)
    crew.start("one")
    wait_for(lambda: payment.next_check_at > pos_clock.now() + timedelta(seconds=2))
    past = update(Payment).values(expires_at=pos_clock.now() - timedelta(seconds=1))
    with writing(db.session):
        db.session.execute(past)
    wait_for(lambda: payment.status is P.EXPIRING, seconds=1.5)
    assert db.session.scalars(select(GatewayQuestion)).all() == []


def test_a_job_that_fails_is_logged_and_the_next_run_comes(payment, bank, crew, caplog):
    with writing(db.session):
        db.session.execute(update(GatewayAccount).values(token_sealed="broken"))
    crew.start("one")
    failed = f"asking about payments [{payment.id}] failed"
    wait_for(lambda: failed in caplog.messages)
    with writing(db.session):
        db.session.execute(text("ALTER TABLE payment RENAME COLUMN expires_at TO gone"))
    wait_for(lambda: caplog.messages.count("job expire_due failed") >= 2)
    with writing(db.session):
        db.session.execute(text("ALTER TABLE payment RENAME COLUMN gone TO expires_at"))
        db.session.execute(update(Payment).values(expires_at=pos_clock.now()))
    wait_for(lambda: payment.status is P.EXPIRING)


class Stepped(datetime):
    """The system's clock after somebody set it."""

    back = timedelta(0)

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - cls.back


@pytest.fixture
def set_back(monkeypatch):
    """Set the clock back for all who read the time of day: us, the scheduler, the standard one."""
    seconds_now = time.time
    monkeypatch.setattr(scheduling, "datetime", Stepped)
    monkeypatch.setattr(time, "time", lambda: seconds_now() - Stepped.back.total_seconds())
    pos_clock.use(lambda: Stepped.now(UTC))

    def set_back(**by):
        Stepped.back = timedelta(**by)

    yield set_back
    Stepped.back = timedelta(0)
    pos_clock.use(None)


def test_a_clock_set_back_an_hour_does_not_put_it_to_sleep(set_back, live, crew, caplog):
    crew.start("one")
    time.sleep(0.7)
    set_back(hours=1)
    an_hour_ago = pos_clock.now()
    wait_for(lambda: ticked_at() >= an_hour_ago - timedelta(seconds=1) and is_back(an_hour_ago))
    assert any("the system clock was set by -3600" in line for line in caplog.messages)


def ticked_at():
    return db.session.scalars(select(Lease.ticked_at)).one()


def is_back(instant):
    return ticked_at() < instant + timedelta(minutes=1)


def test_its_jobs_have_names_of_their_own_and_the_lease_is_renewed_in_time():
    names = [job.name for job in (jobs.HOLD_LEASE, *jobs.JOBS)]
    assert len(set(names)) == len(names)
    assert jobs.HOLD_LEASE.seconds * 3 < lease.LASTS.total_seconds()


def test_the_command_runs_until_it_is_told_to_end(payment, bank, settings, tmp_path):
    environment = os.environ | {
        "POS_SECRET_KEY": "0123456789abcdef" * 2,
        "POS_VAULT_KEY": VAULT_KEY,
        "POS_DATABASE_URL": settings.database,
        "POS_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "flask", "--app", "pos", "worker"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        wait_for(lambda: checks(bank), seconds=20)
        process.send_signal(signal.SIGTERM)
        assert (process.wait(5), process.stderr.read()) == (0, b"")
    assert lease.hold("the next one")
