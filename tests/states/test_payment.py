from itertools import product

import pytest

from pos.states import (
    CORRECTIONS,
    LIVE,
    MARKS,
    MOVES,
    RESOLUTION_STEPS,
    SALE_MOVES,
    SHIFT_MOVES,
    UNVERIFIED,
    WATCHED,
    EventName,
    PaymentStatus,
    Remark,
    ResolutionKind,
    SaleStatus,
    ShiftStatus,
    event_of,
    is_final,
)

# Written out from the design, not from the code: a change of the code must show here.
LEGAL = {
    "creating": {"awaiting": "qr_shown", "create_failed": "qr_refused"},
    "awaiting": {
        "paid": "paid",
        "mismatch": "wrong_money",
        "failed": "transfer_failed",
        "expiring": "time_up",
        "cancel_requested": "cancel_asked",
    },
    "expiring": {
        "paid": "paid",
        "mismatch": "wrong_money",
        "failed": "transfer_failed",
        "expired": "expired",
    },
    "cancel_requested": {
        "paid": "paid",
        "mismatch": "wrong_money",
        "failed": "transfer_failed",
        "cancelled": "cancelled",
    },
    "failed": {"paid": "paid", "mismatch": "wrong_money", "cancel_requested": "cancel_asked"},
    "expired": {"paid": "paid"},
    "cancelled": {"paid": "paid"},
    "paid": {},
    "mismatch": {},
    "create_failed": {},
}

CELLS = list(product(LEGAL, LEGAL))


def test_the_table_below_knows_every_state():
    assert set(LEGAL) == {str(status) for status in PaymentStatus}
    assert len(CELLS) == 100


@pytest.mark.parametrize(("old", "new"), CELLS, ids=lambda word: word)
def test_each_cell_is_legal_or_not_as_written_here(old, new):
    event = event_of(PaymentStatus(old), PaymentStatus(new))
    assert (str(event) if event else None) == LEGAL[old].get(new)


# What a manager alone does, with a reason and a PIN.
CORRECTED = {
    "marked": {"awaiting", "failed", "expiring", "cancel_requested"},
    "accepted": {"mismatch", "failed", "expired", "cancelled", "create_failed"},
}


@pytest.mark.parametrize(("by", "old", "new"), list(product(CORRECTED, LEGAL, LEGAL)))
def test_each_correction_leads_to_paid_from_where_it_is_written_here(by, old, new):
    legal = new == "paid" and old in CORRECTED[by]
    found = event_of(PaymentStatus(old), PaymentStatus(new), EventName(by))
    assert found == (by if legal else None)


def test_there_is_no_other_correction():
    assert set(CORRECTIONS) == {EventName(word) for word in CORRECTED}


DECIDED = {
    None: {"accepted", "refund_requested", "written_off"},
    "accepted": set(),
    "refund_requested": {"refunded", "written_off"},
    "refunded": set(),
    "written_off": set(),
}


@pytest.mark.parametrize(("last", "then"), list(product(DECIDED, [w for w in DECIDED if w])))
def test_each_decision_follows_another_or_not_as_written_here(last, then):
    steps = RESOLUTION_STEPS[ResolutionKind(last) if last else None]
    assert (ResolutionKind(then) in steps) is (then in DECIDED[last])
    assert is_final(ResolutionKind(then)) is (not DECIDED[then])


def test_a_mark_is_told_by_two_remarks():
    assert {Remark.MARKED, Remark.MARK_DENIED} == MARKS


def test_paid_is_sticky():
    assert not [move for move in MOVES if move[0] is PaymentStatus.PAID]


def test_only_the_last_check_ends_a_payment_without_money():
    ends = {move for move in MOVES if str(move[1]) in ("expired", "cancelled")}
    assert {(str(old), str(new)) for old, new in ends} == {
        ("expiring", "expired"),
        ("cancel_requested", "cancelled"),
    }


def test_money_finds_its_way_from_wherever_a_qr_was_shown():
    shown = set(PaymentStatus) - {
        *(PaymentStatus.CREATING, PaymentStatus.CREATE_FAILED),
        *(PaymentStatus.PAID, PaymentStatus.MISMATCH),
    }
    assert {old for old, new in MOVES if new is PaymentStatus.PAID} == shown


def test_the_groups_hold_what_their_names_say():
    assert {str(one) for one in LIVE} == {"creating", "awaiting", "failed"}
    assert {str(one) for one in UNVERIFIED} == {"expiring", "cancel_requested"}
    assert {str(one) for one in WATCHED} == {"expired", "cancelled", "failed"}


@pytest.mark.parametrize(("old", "new"), list(product(SaleStatus, SaleStatus)))
def test_a_sale_is_paid_or_voided_once(old, new):
    legal = {("open", "paid"), ("open", "voided")}
    assert ((old, new) in SALE_MOVES) is ((str(old), str(new)) in legal)


@pytest.mark.parametrize(("old", "new"), list(product(ShiftStatus, ShiftStatus)))
def test_a_shift_is_closed_once_and_counted_before(old, new):
    legal = {
        *(("open", "counting"), ("open", "closed"), ("open", "auto_closed")),
        *(("counting", "open"), ("counting", "closed"), ("counting", "auto_closed")),
    }
    assert ((old, new) in SHIFT_MOVES) is ((str(old), str(new)) in legal)
