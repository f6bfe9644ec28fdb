"""What the people of a soak saw and were told, to be held against the books afterwards."""

from collections import Counter
from dataclasses import dataclass
from threading import Lock

from pos.cash import Cash


@dataclass(frozen=True)
class CashTaken:
    """Cash for one sale, as it went over the counter."""

    shift_id: int
    given: Cash
    change: Cash


@dataclass(frozen=True)
class Counted:
    """A drawer at its close: what its cashier knew to be in it, and what the last count said."""

    held: Cash
    counted: Cash
    by_manager: bool


class Witness:
    """One for all threads. `wrong` is what nobody should ever have seen."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.answered: dict[str, tuple[int, int]] = {}
        """Forms that the till took: the shift, and the number of the sale it showed."""
        self.greens: dict[tuple[int, int], float] = {}
        """When a till first showed a sale, by shift and number, as paid; epoch seconds."""
        self.cash: dict[str, CashTaken] = {}
        """What was taken in cash, by the form it was typed into."""
        self.drawers: dict[int, Counted] = {}
        """How each shift's drawer was counted."""
        self.reports: dict[int, str] = {}
        """Each shift's printed report as it was when it was new."""

    def count(self, what: str, times: int = 1) -> None:
        """Count something that happened."""
        with self._lock:
            self.counts[what] += times

    def longest(self, what: str, seconds: float) -> None:
        """Keep the longest time that something took."""
        with self._lock:
            self.counts[what] = max(self.counts[what], round(seconds))

    def complain(self, text: str) -> None:
        """Note what must not be."""
        with self._lock:
            self.wrong.append(text)

    def saw_answer(self, form: str, shift_id: int, sale_number: int) -> None:
        """Note which sale a cashier was shown for a form."""
        with self._lock:
            self.answered[form] = (shift_id, sale_number)

    def saw_green(self, shift_id: int, sale_number: int, at: float) -> None:
        """Note that a till showed a sale as paid."""
        with self._lock:
            self.greens.setdefault((shift_id, sale_number), at)

    def saw_cash(self, form: str, taken: CashTaken) -> None:
        """Note what was given for a sale, and the change that the till said."""
        with self._lock:
            self.cash[form] = taken

    def saw_count(self, shift_id: int, counted: Counted) -> None:
        """Note how a drawer was counted."""
        with self._lock:
            self.drawers[shift_id] = counted

    def saw_report(self, shift_id: int, sheet: str) -> None:
        """Keep a report, or compare it with the copy that was kept."""
        with self._lock:
            if self.reports.setdefault(shift_id, sheet) != sheet or not sheet:
                self.wrong.append(f"I6 the report of shift {shift_id} was changed")
