"""The drawer of a shift, reckoned from its bare rows: float, every note given, back, in or out."""

from collections.abc import Iterator
from typing import Any


def drawer_of(books: Any, shift_id: int, body: Any) -> Iterator[str]:
    """Reckon the drawer of a shift from its bare rows, and hold the report against it."""
    for side, told in zip(("usd", "khr"), body["cash"]["lines"], strict=True):
        shift = next(one for one in books.shifts if one["id"] == shift_id)
        held = shift[f"float_{side}_minor"]
        for one in books.tenders:
            if one["shift_id"] == shift_id:
                held += one[f"given_{side}_minor"] - one[f"change_{side}_minor"]
        for one in books.movements:
            if one["shift_id"] == shift_id:
                way = 1 if one["kind"] == "paid_in" else -1
                held += way * one[f"{side}_minor"]
        if told["expected"]["minor"] != held:
            yield f"I5 the drawer of shift {shift_id}: {told['expected']['minor']}, not {held}"
