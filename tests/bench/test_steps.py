from collections import Counter

import pytest
from sqlalchemy import event

from pos.extensions import db
from tests.bench import books

EACH = 100
"""How often SQLite is counted: after so many steps of its machine."""


@pytest.fixture
def full(tmp_path):
    with books.opened(tmp_path, "sqlite", payments=1_000) as full:
        yield full


@pytest.fixture
def steps(full):
    """How much SQLite has done, in steps that are the same on each run."""
    count = Counter()

    def step():
        count["steps"] += EACH

    def watch(connection, _entry, _proxy):
        connection.set_progress_handler(step, EACH)

    with full.app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "checkout", watch)
    return lambda: count["steps"]


def test_a_close_walks_through_nothing_of_the_past(full, steps):
    def close(payments):
        shift_id, before = full.sell(payments), steps()
        full.close(shift_id)
        return steps() - before

    first, _busy, last = close(20), close(4_000), close(20)
    assert 0 < last < 2 * first
