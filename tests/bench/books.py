"""What reports cost in books that are full: a Z over 2,000 payments, a day beside a million."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

import psutil
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import literal, text, update

from pos import clock, create_app
from pos.config import Settings
from pos.database import writing
from pos.extensions import db
from pos.models import Shift
from tests import databases, factories, said
from tests.bench import history

PAYMENTS = 1_000_000
OF_A_SHIFT = 1_000
OF_A_Z = 2_000
CLOSINGS = 3
ROUNDS = 15
NEAR = 60
"""Shifts of the past that lie within 30 days: two each day."""

_BARE_Z = "SELECT count(*), sum(amount_minor) FROM payment WHERE paid_shift_id = :shift"
_BARE_DAY = """SELECT money.currency, count(*), sum(money.amount_minor) FROM shift
    JOIN payment ON paid_shift_id = shift.id
    JOIN gateway_transaction AS money ON money.payment_id = payment.id
    WHERE business_date = (SELECT business_date FROM shift WHERE id = :shift)
    GROUP BY money.currency"""


@dataclass(frozen=True)
class Cost:
    """What something cost: milliseconds of CPU, the database's included, and of waiting."""

    cpu: float
    wall: float


class Books:
    """A shop with so many payments behind it, a cashier and a manager who look at reports."""

    def __init__(self, app: Flask, payments: int) -> None:
        self.app = app
        with app.app_context():
            upgrade()
            self.shop = factories.create_shop("http://127.0.0.1:9", "")
            self._fill(payments // OF_A_SHIFT)
        self.cashier = factories.log_in(app.test_client(), self.shop.cashier)
        self.manager = factories.log_in(app.test_client(), self.shop.manager)
        self.closing: list[Cost] = []

    def _fill(self, count: int) -> None:
        """Copy a shift with one payment, over and over: days of two tills, long past."""
        sample, shift = self._open()
        shift_id, many = shift.id, history.numbers(count)
        factories.close_shift(shift, self.shop.cashier)
        last, long_ago = history.newest(Shift), shift.business_date - timedelta(days=700)
        with writing(db.session):
            past = {"till_id": 1 + many.c.i % 2, "business_date": literal(long_ago)}
            history.copy(Shift, shift_id, many, {"id": last + many.c.i, **past})
        each = history.Place(
            shift_of=lambda i: last + 1 + (i - 1) // OF_A_SHIFT,
            till_of=lambda i: 1 + (1 + (i - 1) // OF_A_SHIFT) % 2,
        )
        history.add_sales(sample, count * OF_A_SHIFT, each, "past")
        self._bring_near(min(NEAR, count))

    def _bring_near(self, count: int) -> None:
        """Put the last shifts of the past into last week, for figures over many days."""
        last = history.newest(Shift)
        day = clock.business_date(clock.now()) - timedelta(days=3)
        with writing(db.session):
            near = update(Shift).where(Shift.id > last - count).values(business_date=day)
            db.session.execute(near)

    def _open(self) -> tuple[int, Shift]:
        """Open Till 1 and sell there once; return the payment's number, and the shift."""
        shift = factories.open_shift(self.shop)
        payment = factories.charge(shift)
        said.tell(payment, said.paid(payment))
        return payment.id, db.session.get_one(Shift, shift.id)

    def sell(self, count: int) -> int:
        """Open a shift and let it take what a Z is measured over."""
        with self.app.app_context():
            sample, shift = self._open()
            here = history.Place(
                shift_of=lambda _: literal(shift.id), till_of=lambda _: literal(shift.till_id)
            )
            history.add_sales(sample, count - 1, here, f"shift {shift.id} ")
            return shift.id

    def close(self, shift_id: int) -> None:
        """Let the cashier close it, and keep what the request cost."""
        page = f"/shifts/{shift_id}/close"
        form = {"csrf_token": factories.csrf_token(self.cashier, page)}
        self.closing.append(self.cost(lambda: self.cashier.post(page, data=form), rounds=1))

    def cost(self, deed: Callable[[], object], rounds: int = ROUNDS) -> Cost:
        """Return what one time costs; the first, which warms up, is not counted unless alone.

        Of our own CPU the least counts: on a busy machine others make the rest.
        """
        if rounds > 1:
            deed()
        walls, ours, before = [], [], self._server_cpu()
        for _ in range(rounds):
            begin, spent = time.perf_counter(), time.process_time()
            deed()
            ours.append(time.process_time() - spent)
            walls.append(time.perf_counter() - begin)
        after = self._server_cpu()
        theirs = sum(spent - before.get(pid, 0.0) for pid, spent in after.items()) / rounds
        return Cost((min(ours) + theirs) * 1000, median(walls) * 1000)

    def _server_cpu(self) -> dict[int, float]:
        """Return the CPU seconds of each of the database's own processes, if it has any."""
        with self.app.app_context():
            if db.engine.dialect.name == "sqlite":
                return {}
            pids = db.session.scalars(text("SELECT pid FROM pg_stat_activity")).all()
        return {pid: _cpu_of(pid) for pid in pids}

    def bare(self, query: str, shift_id: int) -> Callable[[], object]:
        """Return the least that the database must do for a report, as something to measure."""

        def ask() -> None:
            with self.app.app_context():
                db.session.execute(text(query), {"shift": shift_id}).all()

        return ask


def _cpu_of(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def look(browser: FlaskClient, address: str) -> Callable[[], object]:
    """Return the asking for a page, as something to measure."""

    def look() -> None:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert answer.data

    return look


@contextmanager
def opened(folder: Path, kind: str, payments: int = PAYMENTS) -> Iterator[Books]:
    """Give full books on a database of this kind, "sqlite" or "postgresql"."""
    server = databases.Postgres() if kind == "postgresql" else None
    keys = {"secret_key": secrets.token_hex(32), "vault_key": Fernet.generate_key().decode()}
    url = server.template_url if server else f"sqlite:///{folder / 'full.db'}"
    app = create_app(Settings(**keys, instance=folder, database_url=url))
    try:
        yield Books(app, payments)
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        if server:
            server.stop()


def costs(
    books: Books, of_a_z: int = OF_A_Z, closings: int = CLOSINGS
) -> dict[str, tuple[Cost, Cost]]:
    """Return what each request over a shift of so many payments costs, beside a bare query."""
    shift_id = 0
    for _ in range(closings):
        shift_id = books.sell(of_a_z)
        x = books.cost(look(books.cashier, f"/shifts/{shift_id}/x"))
        books.close(shift_id)
    bare_z = books.cost(books.bare(_BARE_Z, shift_id))
    bare_day = books.cost(books.bare(_BARE_DAY, shift_id))
    closing = Cost(
        *(median(getattr(one, name) for one in books.closing) for name in ("cpu", "wall"))
    )
    z = books.cost(look(books.cashier, f"/shifts/{shift_id}/report"))
    day = books.cost(look(books.manager, "/days"))
    return {
        "The page of a Z": (z, bare_z),
        "Closing, the Z written": (closing, bare_z),
        "The page of an X": (x, bare_z),
        "The end of a day": (day, bare_day),
        "Figures of a day": (books.cost(look(books.manager, "/figures")), bare_day),
        "Figures of 30 days": (
            books.cost(look(books.manager, "/figures?range=days30"), rounds=3),
            bare_day,
        ),
        "Signs of a day": (books.cost(look(books.manager, "/signs")), bare_day),
        "Signs of 30 days": (books.cost(look(books.manager, "/signs?range=days30")), bare_day),
    }
