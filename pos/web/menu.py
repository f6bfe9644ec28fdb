"""The menu of the office: what lies where, each only for who may open it."""

from dataclasses import dataclass

from pos.web.rights import may_open
from pos.words import _


@dataclass(frozen=True)
class Entry:
    """One page of the office, and what is found there in a few words."""

    endpoint: str
    name: str
    hint: str


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        _("Money"),
        (
            Entry("payments.payments", _("Payments"), _("Each QR and what became of it")),
            Entry("qr_log.qr_log", _("QR log"), _("Every QR of a day")),
            Entry("attention.attention", _("Attention"), _("Money that needs a decision")),
            Entry(
                "instalments.instalments",
                _("Sales in parts"),
                _("Deposits, milestones, held money"),
            ),
            Entry("refunds.refunds", _("Refunds"), _("Money given back through the bank")),
            Entry("disputes.disputes", _("Disputes"), _("What customers say otherwise")),
            Entry("receipts.receipts", _("Receipts"), _("Paid sales, to print again")),
        ),
    ),
    (
        _("Figures"),
        (
            Entry("figures.figures", _("Figures"), _("Takings, QRs and tills at a glance")),
            Entry("signs.signs", _("Worth a look"), _("Cancels, refunds and the like, compared")),
            Entry("days.days", _("End of day"), _("The sum of a day's reports")),
            Entry("shifts.shifts", _("Shifts"), _("Each shift with its Z report")),
            Entry("alerts.alerts", _("Alerts"), _("What is not as it should be")),
            Entry("exports.exports", _("Exports"), _("Tables for Excel")),
        ),
    ),
    (
        _("Bank"),
        (
            Entry("accounts.accounts", _("Accounts"), _("Where the money goes")),
            Entry("gateways.gateways", _("Questions to the bank"), _("How the bank answers")),
            Entry("reconcile.reconcile", _("Reconciled"), _("Each night against the bank")),
        ),
    ),
    (
        _("Settings"),
        (
            Entry("premises.store", _("Store"), _("Names, labels and hours")),
            Entry(
                "receipt_lines.receipt_lines", _("On receipts"), _("Address, tax number, a text")
            ),
            Entry("limits.limits", _("Limits"), _("Charges, drawer and count")),
            Entry("premises.tills", _("Tills"), _("Add, rename and retire them")),
            Entry("rates.rates", _("Exchange rate"), _("Riel for a dollar")),
            Entry("discount_rules.rules", _("Discounts"), _("Who may give how much")),
            Entry("tip_rules.rules", _("Tips"), _("On the customer's screen")),
            Entry("quick_amounts.quick_amounts", _("Quick amounts"), _("One tap on the keypad")),
            Entry("programs.programs", _("Programs"), _("Tokens of the JSON API")),
            Entry("webhooks.webhooks", _("Webhooks"), _("Other systems are told what happens")),
            Entry("backups.backups", _("Backups"), _("Copies of the books")),
            Entry("recipients.recipients", _("Recipients"), _("Who is told of alerts")),
        ),
    ),
    (
        _("People"),
        (
            Entry("people.people", _("People"), _("Who works here, and as what")),
            Entry("devices.devices", _("Devices"), _("Tills that take a PIN")),
            Entry("audit.audit", _("Audit log"), _("Who did what")),
        ),
    ),
)
"""The groups of the menu with their pages. A new page of the office is one more line."""


def office_menu() -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Return the groups with the pages that the person at this browser may open."""
    groups = (
        (title, tuple(one for one in pages if may_open(one.endpoint))) for title, pages in MENU
    )
    return tuple((title, pages) for title, pages in groups if pages)
