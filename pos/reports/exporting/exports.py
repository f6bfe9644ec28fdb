"""The tables that a manager can take along as files."""

from pos.reports.exporting.export_audit import AUDIT
from pos.reports.exporting.export_disputes import DISPUTES
from pos.reports.exporting.export_movements import MOVEMENTS
from pos.reports.exporting.export_payments import PAYMENTS
from pos.reports.exporting.export_qr_log import QR_LOG
from pos.reports.exporting.export_refunds import REFUNDS
from pos.reports.exporting.export_sales import SALES
from pos.reports.exporting.export_shifts import SHIFTS
from pos.reports.exporting.export_table import Export
from pos.reports.exporting.export_tenders import TENDERS

EXPORTS: dict[str, Export] = {
    "payments": PAYMENTS,
    "sales": SALES,
    "tenders": TENDERS,
    "refunds": REFUNDS,
    "disputes": DISPUTES,
    "movements": MOVEMENTS,
    "shifts": SHIFTS,
    "qr_log": QR_LOG,
    "audit": AUDIT,
}
"""Each table under the name that its file and its address have; a new one is one more line."""
