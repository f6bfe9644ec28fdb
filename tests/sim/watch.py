"""Looks at the books after each deed: what only the moment itself can prove."""

import json
from collections import Counter
from typing import Any

from pos import clock
from tests.eyes import mark_of
from tests.sim.world import Call, World

GRACE_MS = 10_000

ASKED_WITHIN_MS = 75_000
OPEN = "('awaiting', 'expiring', 'cancel_requested')"

ENDS = ("expired", "cancelled")


class Watch:
    """Collects what was wrong, and counts what was seen, so that nothing goes untried."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.wrong: list[str] = []
        self.seen: Counter[str] = Counter()
        self._events = self._reports = 0
        self._version: int | None = 0
        self._copies: dict[int, str] = {}
        self._asked_at_cancel: dict[int, int] = {}

    def look(self, line: str) -> None:
        """Look at everything that is new since the last look, if anything was written at all."""
        version = mark_of(self.world.eye)
        if version is not None and version == self._version:
            return
        self._version = version
        for event in self._new("payment_event", self._events):
            self._events = event["id"]
            self._see(event, line)
        for report in self._new("z_report", self._reports):
            self._reports = report["id"]
            self._copies[report["id"]] = report["body"]
        live = self.world.eye.execute(
            "SELECT till_id FROM payment WHERE status IN ('creating', 'awaiting')"
            " GROUP BY till_id HAVING count(*) > 1"
        ).fetchall()
        if live:
            self.wrong.append(f"I4 two QRs at one till after {line}")

    def see_that_all_is_asked_soon(self) -> None:
        """Note QRs whose last word is out and that nobody will ask about within a minute.

        But for those whose bank has told when it answers again, and for keys with a daily limit.
        """
        if self.world.daily_quota:
            return
        soon = clock.epoch_ms(self.world.shop_now) + ASKED_WITHIN_MS
        query = (
            "SELECT id, status FROM payment WHERE next_check_at > ?"
            " AND trouble NOT IN ('quota', 'busy') AND status IN" + OPEN
        )
        for row in self.world.eye.execute(query, (soon,)).fetchall():
            self.wrong.append(f"I1 payment {row['id']} ({row['status']}) is asked about too late")

    def changed_reports(self) -> list[int]:
        """Return the reports that do not say any more what they said when they were new."""
        now = {row["id"]: row["body"] for row in self._new("z_report", 0)}
        return [one for one, body in self._copies.items() if now.get(one) != body]

    def _new(self, table: str, after: int) -> list[Any]:
        query = f"SELECT * FROM {table} WHERE id > ? ORDER BY id"
        return self.world.eye.execute(query, (after,)).fetchall()

    def _see(self, event: Any, line: str) -> None:
        self.seen[f"{event['old']}>{event['new']}"] += 1
        if event["new"] == "cancel_requested":
            self._asked_at_cancel[event["payment_id"]] = len(self.world.calls)
        if event["new"] in ENDS and event["old"] != event["new"]:
            self._see_end(event, line)

    def _see_end(self, event: Any, line: str) -> None:
        """A QR is given up only on a "not found" that was asked late enough, or on late money."""
        payment = self.world.eye.execute(
            "SELECT lookup, expires_at FROM payment WHERE id = ?", (event["payment_id"],)
        ).fetchone()
        since, late_enough = 0, payment["expires_at"] + GRACE_MS
        if event["new"] == "cancelled":
            since, late_enough = self._asked_at_cancel[event["payment_id"]], 0
        if not self._has_money(event["payment_id"]) and not any(
            payment["lookup"] in call.asked and call.shop_ms >= late_enough and says_not_found(call)
            for call in self.world.calls[since:]
        ):
            self.wrong.append(f"I7 payment {event['payment_id']} {event['new']} by {line}")

    def _has_money(self, payment_id: int) -> bool:
        query = "SELECT 1 FROM gateway_transaction WHERE payment_id = ?"
        return self.world.eye.execute(query, (payment_id,)).fetchone() is not None


def says_not_found(call: Call) -> bool:
    """Return whether the bank said, in so many words, that there is no such transfer."""
    try:
        return call.status == 200 and json.loads(call.said)["errorCode"] == 1
    except (ValueError, TypeError, KeyError):
        return False
