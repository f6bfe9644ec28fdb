"""The tables that a manager can take along as files."""

from pos.reports.export_movements import MOVEMENTS
from pos.reports.export_payments import PAYMENTS
from pos.reports.export_shifts import SHIFTS
from pos.reports.export_table import Export

EXPORTS: dict[str, Export] = {
    "payments": PAYMENTS,
    "shifts": SHIFTS,
    "movements": MOVEMENTS,
}
"""Each table under the name that its file and its address have; a new one is one more line."""
