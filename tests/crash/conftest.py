from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from pos import clock
from pos.config import Settings
from tests import factories
from tests.conftest import Bank
from tests.crash.day import Day
from tests.crash.witness import Witness
from tests.factories import Shop
from tests.quiet import shared, tmp_path

__all__ = ["shared", "tmp_path"]


@pytest.fixture
def shop(app: Flask, bank: Bank) -> Shop:
    """The shop, at a bank without a daily limit, by the clock of this machine."""
    with app.app_context():
        return factories.create_shop(bank.url, bank.token(), daily_quota=0)


@pytest.fixture
def witness(database: str, bank: Bank, tmp_path: Path) -> Iterator[Witness]:
    witness = Witness(database, tmp_path / "bank.db")
    yield witness
    witness.close()


@pytest.fixture
def day(app: Flask, settings: Settings, shop: Shop, bank: Bank, witness: Witness) -> Iterator[Day]:
    yield Day(app, settings, shop, bank, witness)
    clock.use(None)
