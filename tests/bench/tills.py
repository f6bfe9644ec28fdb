"""A shop of very many tills, each with a cashier at work and a customer's display."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_migrate import upgrade

from pos import clock, create_app
from pos.config import Settings
from pos.database import writing
from pos.extensions import db
from pos.models import Display, Login, Role, Shift, Till, User
from pos.reports.counter import glance
from pos.services.people import users
from pos.services.shop import displays
from pos.states import ShiftStatus
from tests import factories
from tests.bench.counter import NOBODY


@dataclass
class Asker:
    """One screen of a till, as its browser asks: a path and a cookie, and what it has seen."""

    till_id: int
    path: str
    cookie: str
    seen: str
    wait: int


@contextmanager
def opened(folder: Path, tills: int) -> Iterator[tuple[list[Asker], Settings]]:
    """Give the screens of so many tills, two each, whose books lie in the folder."""
    keys = {"secret_key": secrets.token_hex(32), "vault_key": Fernet.generate_key().decode()}
    settings = Settings(**keys, instance=folder)
    app = create_app(settings)
    with app.app_context():
        upgrade()
        store_id = factories.create_shop(NOBODY, "", daily_quota=0).store_id
        with writing(db.session):
            tokens = [_till(store_id, number) for number in range(tills)]
        yield _askers(app, tokens), settings
        for engine in db.engines.values():
            engine.dispose()


def _till(store_id: int, number: int) -> tuple[int, str, str]:
    """Add a till with all that makes it work; return its id and the tokens of its screens."""
    now, login, display = clock.now(), secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    with writing(db.session):
        till = Till(store_id=store_id, name=f"Bench {number}", label=f"B{number}")
        user = User(home_store_id=store_id, username=f"bench{number}", display_name="Bench")
        user.role, user.password_hash = Role.CASHIER, "none"
        db.session.add_all([till, user])
        db.session.flush()
        shift = Shift(till_id=till.id, cashier_id=user.id, status=ShiftStatus.OPEN, opened_at=now)
        shift.business_date = clock.business_date(now)
        shift.float_usd_minor = shift.float_khr_minor = 0
        ends, proof = now + timedelta(hours=9), users.hash_of(login)
        shown = Display(token_hash=displays.hash_of(display), name="Bench", till_id=till.id)
        shown.created_at = shown.paired_at = shown.last_seen_at = now
        at_work = Login(token_hash=proof, user_id=user.id, made_at=now, expires_at=ends)
        db.session.add_all([shift, shown, at_work])
        return till.id, login, display


def _askers(app: Flask, tokens: list[tuple[int, str, str]]) -> list[Asker]:
    now, signer = clock.now(), SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    logins = [users.hash_of(login) for _, login, _ in tokens]
    shown = [displays.hash_of(display) for _, _, display in tokens]
    tills, screens = glance.till_rows(logins, now), glance.display_rows(shown)
    found = []
    for (till_id, login, display), proof, key in zip(tokens, logins, shown, strict=True):
        cookie = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': login})}"
        seen = glance.of_till(tills[proof], now).mark
        found.append(Asker(till_id, "/till/payment", cookie, seen, wait=4))
        seen = glance.of_display(screens[key], now, displays.SEEN_EVERY).mark
        found.append(Asker(till_id, "/display/screen", f"pos_display={display}", seen, wait=6))
    return found
