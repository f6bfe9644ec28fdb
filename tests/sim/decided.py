"""The invariants of what people decide: decisions, claims and marks, read with SQL of its own."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

Found = Iterator[str]

FOLLOWS = {
    None: {"accepted", "refund_requested", "written_off"},
    "refund_requested": {"refunded", "written_off"},
}
"""Which decision may follow which; after any other, nothing may."""

SAME = {"late_money", "resolved", "mark_confirmed", "mark_denied", "unconfirmed"}
"""Events that leave a payment's state as it is; accepting money may."""


class Decided:
    """What was decided, and which money and payments that excuses from the plain rules."""

    def __init__(self, rows: list[Any], marks: list[Any]) -> None:
        self.rows, self.marks = rows, marks
        self.accepted = {row["transaction_id"] for row in rows if row["kind"] == "accepted"}
        self.marked = {row["payment_id"] for row in marks}

    def check(self, payments: list[Any], events: list[Any]) -> Found:
        """Say what is wrong with decisions and marks; nothing if they are right."""
        yield from self._steps()
        told = Counter(
            one["payment_id"] for one in events if one["name"] in ("resolved", "accepted")
        )
        taken = Counter(row["payment_id"] for row in self.rows)
        if told != taken:
            yield f"I9 decisions {dict(taken)} stand in the history as {dict(told)}"
        for row in self.marks:
            if not row["trouble"]:
                yield f"I2 payment {row['payment_id']} was marked while the bank could be asked"
        for payment in payments:
            if payment["remark"] == "marked":
                yield f"I2 payment {payment['id']} was marked, and the bank's word never heard"

    def _steps(self) -> Found:
        taken: dict[Any, list[str]] = defaultdict(list)
        for row in self.rows:
            taken[row["transaction_id"] or f"mark {row['payment_id']}"].append(row["kind"])
        for about, kinds in taken.items():
            pairs = zip([None, *kinds], kinds, strict=False)
            if any(kind not in FOLLOWS.get(last, ()) for last, kind in pairs):
                yield f"I3 money {about} was decided about as {kinds}"


def is_silent(event: Any) -> bool:
    """Return whether an event leaves its payment's state as it was, though it may change it."""
    return event["name"] in SAME or (event["name"] == "accepted" and event["old"] == "paid")
