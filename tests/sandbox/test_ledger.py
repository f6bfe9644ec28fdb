import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pos.sandbox.ledger import Ledger
from pos.sandbox.orders import pay, read_order
from pos.sandbox.store import Store
from tests.sandbox.qrs import make_qr


def test_many_threads_book_without_losing_a_transfer(tmp_path: Path) -> None:
    ledger = Ledger(Store(tmp_path / "ledger.db"))
    order = read_order({"qr": make_qr(), "times": 2})
    with ThreadPoolExecutor(8) as pool:
        booked = list(pool.map(lambda _: pay(ledger, order), range(24)))
    hashes = {transfer.hash for pair in booked for transfer in pair}
    assert {transfer.hash for transfer in ledger.transfers()} == hashes
    assert len(hashes) == 48


def test_order_is_booked_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(Store(tmp_path / "ledger.db"))
    booked = pay(ledger, read_order({"qr": make_qr()}))
    new = replace(booked[0], hash="f" * 64, external_ref="new")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.book([new, *booked])
    assert ledger.transfers() == booked
