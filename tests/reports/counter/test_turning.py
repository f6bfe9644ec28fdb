from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from pos.reports.counter import glance, turning
from pos.states import PaymentStatus, Remark, ShiftStatus

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SIGNS = timedelta(days=1)


def at(chance):
    """An instant around noon, to the millisecond, or none."""
    longest = chance.choice([700_000, 70_000, 30_000])
    moment = NOON + timedelta(milliseconds=chance.randint(-longest, 10_000))
    return chance.choice([None, moment, moment])


def any_row(chance):
    """A row of a till and of its display, whatever may stand in it."""
    status = chance.choice([None, *PaymentStatus])
    paid = {"changed_at": at(chance) or NOON, "expires_at": at(chance) or NOON} if status else {}
    return SimpleNamespace(
        **{"changed_at": None, "expires_at": None, "status": status, **paid},
        **{name: at(chance) for name in ("ticked_at", "tip_ends_at", "cash_at", "asked_at")},
        **{name: at(chance) for name in ("receipt_asked_at", "void_asked_at", "last_seen_at")},
        till_id=1,
        shift_id=1,
        screen_version=1,
        display_id=1,
        receipt_sale_id=1,
        pairing_code=None,
        code_expires_at=None,
        login_ends_at=NOON + timedelta(hours=1),
        remark=chance.choice([None, *Remark]),
        is_decided=chance.random() < 0.2,
        shift_status=chance.choice([None, ShiftStatus.OPEN, ShiftStatus.COUNTING]),
    )


def till(row, now):
    look = glance.of_till(row, now)
    return look.mark, look.tip_is_over


def display(row, now):
    row.last_seen_at = row.last_seen_at or now
    look = glance.of_display(row, now, SIGNS, with_receipts=True)
    return look.mark, look.tip_is_over


@pytest.mark.parametrize(("shown", "turns"), [(till, turning.TILL), (display, turning.DISPLAY)])
def test_a_screen_changes_by_time_at_none_but_its_turns(shown, turns):
    chance, turned = Random(7), 0
    for _ in range(1_500):
        row = any_row(chance)
        turn = turning.next_turn(row, turns, NOON) or NOON + timedelta(days=1)
        before, last = shown(row, NOON), turn - timedelta(milliseconds=1)
        for now in (NOON + (last - NOON) / 2, last):
            assert shown(row, now) == before
        turned += shown(row, turn) != before
    assert turned > 20
