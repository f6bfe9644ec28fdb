from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from pos.reports.counter import phases
from pos.states import PaymentStatus, Remark

CHANGED = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SOON = CHANGED + timedelta(seconds=1)

TILL = {
    "creating": "creating",
    "awaiting": "waiting",
    "failed": "failed",
    "expiring": "checking",
    "cancel_requested": "cancelling",
    "paid": "paid",
    "mismatch": "mismatch",
    "expired": "expired",
    "cancelled": "cancelled",
    "create_failed": "create_failed",
}
OVER = TILL | {"awaiting": "checking", "failed": "expired"}
WRONG = (Remark.UNDERPAID, Remark.OVERPAID, Remark.WRONG_CURRENCY, Remark.WRONG_RECEIVER)
LATE = (Remark.PAID_LATE, Remark.PAID_AFTER_CANCEL, Remark.DUPLICATE)


def at_till(
    status,
    now=SOON,
    *,
    remark=None,
    ends=SOON + timedelta(seconds=1),
    given_up=False,
    decided=False,
):
    told = {"is_given_up": given_up, "is_decided": decided, "now": now}
    return phases.at_till(PaymentStatus(status), remark, CHANGED, ends, **told)


@pytest.mark.parametrize(("status", "phase"), TILL.items())
def test_each_state_has_its_phase_while_the_qr_lives(status, phase):
    assert at_till(status) == phase


@pytest.mark.parametrize(("status", "phase"), OVER.items())
def test_no_phase_shows_a_qr_once_its_time_is_up(status, phase):
    assert at_till(status, ends=SOON) == phase


@pytest.mark.parametrize(("status", "remark"), list(product(("paid", "expired", "failed"), LATE)))
def test_money_that_came_late_or_twice_is_told_before_all_else(status, remark):
    assert at_till(status, remark=remark) == "late"


@pytest.mark.parametrize(("status", "remark"), list(product(("mismatch", "expired"), WRONG)))
def test_wrong_money_is_told_whenever_it_comes(status, remark):
    assert at_till(status, remark=remark) == "mismatch"


@pytest.mark.parametrize("remark", [Remark.LEARNED_LATE, Remark.ACCEPTED])
def test_money_learned_of_late_or_accepted_is_simply_paid(remark):
    assert at_till("paid", remark=remark, decided=remark is Remark.ACCEPTED) == "paid"


@pytest.mark.parametrize("remark", [*WRONG, *LATE, Remark.MARK_DENIED])
def test_what_a_manager_has_decided_calls_for_nobody_any_more(remark):
    assert at_till("expired", remark=remark, decided=True) == "idle"


def test_a_payment_called_paid_by_hand_never_looks_like_one_the_bank_has_seen():
    assert at_till("paid", remark=Remark.MARKED) == "marked"
    assert at_till("paid", remark=Remark.MARK_DENIED) == "denied"


def test_a_failed_transfer_of_a_sale_given_up_is_a_cancel():
    assert at_till("failed", given_up=True) == "cancelled"


def test_a_till_without_payments_is_idle():
    assert phases.at_till(None, None, CHANGED, SOON, is_given_up=False, now=SOON) == "idle"


@pytest.mark.parametrize(
    ("status", "seconds"),
    [("paid", 8), ("cancelled", 5), ("expired", 600), ("create_failed", 600), ("mismatch", 600)],
)
def test_a_result_clears_itself_after_its_time(status, seconds):
    end = CHANGED + timedelta(seconds=seconds)
    assert at_till(status, end - timedelta(milliseconds=1)) == TILL[status]
    assert at_till(status, end) == "idle"


@pytest.mark.parametrize("status", ["awaiting", "expiring", "cancel_requested", "creating"])
def test_what_is_not_over_never_clears_itself(status):
    assert at_till(status, CHANGED + timedelta(days=2)) != "idle"


DISPLAY = [
    ("idle", "idle", None),
    ("creating", "creating", None),
    ("waiting", "waiting", None),
    ("failed", "failed", None),
    ("checking", "checking", None),
    ("paid", "paid", None),
    ("cancelling", "checking", 5),
    ("expired", "expired", 30),
    ("mismatch", "ask", 60),
    ("late", "ask", 60),
    ("cancelled", "idle", None),
    ("create_failed", "idle", None),
    ("marked", "idle", None),
    ("denied", "idle", None),
]


@pytest.mark.parametrize(("till", "display", "seconds"), DISPLAY)
def test_the_customer_sees_less_and_for_a_shorter_time(till, display, seconds):
    assert phases.at_display(till, CHANGED, SOON) == display
    end = CHANGED + timedelta(seconds=seconds or 10**6)
    assert phases.at_display(till, CHANGED, end - timedelta(milliseconds=1)) == display
    assert phases.at_display(till, CHANGED, end) == ("idle" if seconds else display)


def test_the_table_above_knows_every_phase_of_a_till():
    known = set(TILL.values()) | set(OVER.values()) | {"idle", "late", "marked", "denied"}
    assert {till for till, *_ in DISPLAY} == known


LONG_AGO = CHANGED - timedelta(hours=1)


def test_cash_is_told_for_eight_seconds_and_then_no_older_result_returns():
    end = CHANGED + timedelta(seconds=8)
    for phase in ("idle", "expired", "waiting", "ask"):
        assert (
            phases.after_cash(phase, LONG_AGO, CHANGED, end - timedelta(milliseconds=1)) == "cash"
        )
        assert phases.after_cash(phase, LONG_AGO, CHANGED, end) == "idle"


@pytest.mark.parametrize("cash_at", [None, LONG_AGO])
def test_what_a_payment_tells_is_newer_than_older_cash(cash_at):
    assert phases.after_cash("waiting", CHANGED, cash_at, SOON) == "waiting"


REST = [("open", "idle"), ("counting", "paused"), (None, "closed")]


@pytest.mark.parametrize(("shift", "shown"), REST)
def test_between_sales_the_customer_sees_whether_the_till_sells(shift, shown):
    assert phases.at_rest("idle", shift) == shown
    assert phases.at_rest("paid", shift) == "paid"
