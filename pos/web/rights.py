"""Which right each address takes, in one table. An address that is not in it is refused.

What an address shows or changes beyond the right, say a shift of another store, the view
itself looks after; that is answered 404, as if it were not there.
"""

from dataclasses import dataclass

from flask_login import current_user

from pos.permissions import Right, Scope

PUBLIC = frozenset(
    {
        *("auth.language", "auth.login", "callbacks.payway", "display.display", "display.screen"),
        *("display.tip", "ereceipts.receipt", "health.alive", "health.ready", "static"),
        "metrics.metrics",
        *("second_step.code", "switch.switch", "welcome.welcome"),
        *("kiosk.till_manifest", "kiosk.display_manifest", "kiosk.offline", "kiosk.service_worker"),
        *("token.refresh", "api_health.health", "openapi.description", "openapi.docs"),
        "bakong.webhook",
    }
)
"""Endpoints that anybody may ask. A display proves itself by its token, a callback by its
signature, a payer by the link to their receipt, a till at which a PIN is enough by its
enrolment, the first owner by a code, who types a code at the login by the password before, a
program by the refresh token that it spends, a relay by its signature or its token."""

PRIVATE = frozenset({"ereceipts.receipt"})
"""Endpoints whose answers are one person's, and that no search engine should know of."""

OWN_CHECK = frozenset({"till.payment"})
"""Endpoints that look at the login and its role themselves, in the one query that answers."""


@dataclass(frozen=True)
class Need:
    """The right it takes to look at an address, and the one to send a form there."""

    look: Right
    send: Right

    def of(self, method: str) -> Right:
        """Return the right that a request by this method takes."""
        return self.look if method in ("GET", "HEAD", "OPTIONS") else self.send

    def __str__(self) -> str:
        return self.look if self.look is self.send else f"{self.look},{self.send}"


def _need(look: Right, send: Right | None = None) -> Need:
    return Need(look, send or look)


_CHARGE = _need(Right.CHARGE)
_SHIFT = _need(Right.OPEN_SHIFT)
_SEE = _need(Right.SEE_SALES)
_PRINT = _need(Right.PRINT)
_FIGURES = _need(Right.SEE_FIGURES)
_SETTINGS = _need(Right.MANAGE_SETTINGS)
_DECIDE = _need(Right.DECIDE)
_OWN = _need(Right.OWN_LOGIN)
_PEOPLE = _need(Right.MANAGE_PEOPLE)

ACCOUNT_PAGES = ("accounts", "account", "new", "test", "key", "use", "same")
"""The pages about the accounts that the shop is paid on."""

PREMISES = (
    *("store", "change_store", "change_merchant", "tills", "add_till", "change_till"),
    *("retire_till", "bring_back_till"),
)
"""The pages about the merchant, its store and the tills."""

WEBHOOKS = ("webhooks", "webhook", "test", "pause", "resume", "renew", "remove", "again")
"""The pages about other systems that are told what happens."""

FIRST_PASSWORD = frozenset({"auth.password", "auth.logout"})
"""All that somebody may ask whose password another person knows, until it is changed."""

SECOND_STEP = FIRST_PASSWORD | {f"second_step.{it}" for it in ("begin", "second_step", "turn_on")}
"""All that somebody may ask who must turn on the second step, until it is on."""

NEEDS: dict[str, Need] = {
    "alerts.acknowledge": _SETTINGS,
    "alerts.alerts": _FIGURES,
    **dict.fromkeys((f"accounts.{it}" for it in ACCOUNT_PAGES), _need(Right.MANAGE_ACCOUNTS)),
    "attention.ask": _DECIDE,
    "attention.attention": _SEE,
    "attention.history": _SEE,
    "attention.item": _need(Right.SEE_SALES, Right.DECIDE),
    "audit.audit": _need(Right.READ_AUDIT),
    "auth.logout": _OWN,
    "auth.password": _OWN,
    "auth.pin": _CHARGE,
    "auth.store": _need(Right.SEE_ALL_STORES),
    **dict.fromkeys(("backups.backups", "backups.ask"), _SETTINGS),
    "cash.change": _CHARGE,
    "cash.take": _CHARGE,
    "claim.claim": _CHARGE,
    "claim.mark": _CHARGE,
    "corrections.correction": _SEE,
    "corrections.recount": _need(Right.RECOUNT),
    "counting.agree": _SHIFT,
    "counting.count": _SHIFT,
    "counting.resume": _SHIFT,
    "days.days": _FIGURES,
    "days.print_it": _need(Right.PRINT_FIGURES),
    "discount_rules.rules": _SETTINGS,
    "discounts.discount": _CHARGE,
    "devices.devices": _need(Right.MANAGE_DEVICES),
    "devices.revoke": _need(Right.MANAGE_DEVICES),
    "display.window": _CHARGE,
    "disputes.dispute": _SEE,
    "disputes.disputes": _SEE,
    "disputes.end": _DECIDE,
    "disputes.evidence": _DECIDE,
    "disputes.new": _DECIDE,
    "drawer.drawer": _CHARGE,
    "drawer.move": _CHARGE,
    "drawer.refund": _CHARGE,
    "exports.exports": _need(Right.EXPORT),
    "exports.file": _need(Right.EXPORT),
    "figures.figures": _FIGURES,
    "gateways.gateways": _FIGURES,
    "instalments.charge": _CHARGE,
    "instalments.complete": _SETTINGS,
    "instalments.instalments": _SEE,
    "instalments.sale": _SEE,
    "limits.limits": _SETTINGS,
    "office.office": _FIGURES,
    "pairing.answer": _CHARGE,
    "pairing.confirm": _CHARGE,
    "logins.end": _OWN,
    "logins.end_others": _OWN,
    "logins.logins": _OWN,
    "pairing.pair": _CHARGE,
    "pairing.pairing": _CHARGE,
    "pairing.rename": _CHARGE,
    "pairing.revoke": _CHARGE,
    "paper.pdf": _SEE,
    "paper.print_it": _PRINT,
    "paper.sheet": _SEE,
    "paper.want_pdf": _PRINT,
    "people.end_logins": _PEOPLE,
    "people.let_in": _PEOPLE,
    "people.new": _PEOPLE,
    "people.password": _PEOPLE,
    "people.people": _PEOPLE,
    "people.person": _PEOPLE,
    "people.reset_second_step": _PEOPLE,
    "people.shut_out": _PEOPLE,
    "payments.payment": _SEE,
    "payments.payments": _SEE,
    "programs.programs": _SETTINGS,
    "programs.revoke": _SETTINGS,
    "qr_log.qr_log": _FIGURES,
    **dict.fromkeys((f"premises.{it}" for it in PREMISES), _SETTINGS),
    "quick_amounts.quick_amounts": _SETTINGS,
    "rates.rates": _SETTINGS,
    "receipt_lines.receipt_lines": _SETTINGS,
    "receipts.issue": _PRINT,
    "receipts.link": _PRINT,
    "receipts.receipt": _SEE,
    "receipts.receipts": _SEE,
    "receipts.show_link": _PRINT,
    "recipients.recipients": _SETTINGS,
    "recipients.remove": _SETTINGS,
    "recipients.test": _SETTINGS,
    "reconcile.reconcile": _FIGURES,
    "reconcile.run": _FIGURES,
    "refunds.look": _need(Right.REFUND),
    "refunds.payment": _need(Right.SEE_SALES, Right.REFUND),
    "refunds.reference": _need(Right.SEE_SALES, Right.REFUND),
    "refunds.refund": _need(Right.SEE_SALES, Right.REFUND),
    "refunds.refunds": _SEE,
    "second_step.begin": _OWN,
    "second_step.second_step": _OWN,
    "second_step.turn_off": _OWN,
    "second_step.turn_on": _OWN,
    "shifts.close_shift": _SHIFT,
    "shifts.open_shift": _SHIFT,
    "shifts.report": _SEE,
    "shifts.shifts": _SEE,
    "signs.rows": _FIGURES,
    "signs.signs": _FIGURES,
    "sound.choose": _CHARGE,
    "sound.sound": _CHARGE,
    "till.cancel": _CHARGE,
    "till.cash": _CHARGE,
    "till.charge": _CHARGE,
    "till.check": _CHARGE,
    "till.discount": _CHARGE,
    "till.give_back": _CHARGE,
    "till.home": _OWN,
    "till.new_qr": _CHARGE,
    "till.payment": _CHARGE,
    "till.till": _CHARGE,
    "tip_rules.rules": _SETTINGS,
    "tips.cancel": _CHARGE,
    "tips.skip": _CHARGE,
    **dict.fromkeys((f"webhooks.{it}" for it in WEBHOOKS), _SETTINGS),
    "x.look": _SEE,
    "x.print_it": _PRINT,
}
"""What it takes to ask each endpoint that is not public."""


BY_TOKEN: dict[str, Scope] = {
    "token.whoami": Scope.READ,
    "v1_sales.register": Scope.CHARGE,
    "v1_sales.sales": Scope.READ,
    "v1_sales.sale": Scope.READ,
    "v1_sales.pay": Scope.CHARGE,
    "v1_sales.complete": Scope.ADMIN,
    "v1_payments.payments": Scope.READ,
    "v1_payments.payment": Scope.READ,
    "v1_payments.qr_png": Scope.READ,
    "v1_payments.qr_svg": Scope.READ,
    "v1_payments.cancel": Scope.CHARGE,
    "v1_payments.check": Scope.READ,
    "v1_refunds.ask": Scope.REFUND,
    "v1_refunds.refunds": Scope.READ,
    "v1_refunds.refund": Scope.READ,
    "v1_displays.displays": Scope.REPORT,
    "bakong.create": Scope.CHARGE,
    "bakong.verify": Scope.READ,
    "bakong.status": Scope.READ,
    "bakong_admin.payments": Scope.ADMIN,
    "bakong_admin.payment": Scope.ADMIN,
    "bakong_admin.refund": Scope.REFUND,
    "v1_shifts.shifts": Scope.REPORT,
    "v1_shifts.report": Scope.REPORT,
    "orders.khqr": Scope.CHARGE,
    "orders.status": Scope.READ,
}
"""What a program's token must have for each endpoint of the API; no login opens one."""


def may_open(endpoint: str, method: str = "GET") -> bool:
    """Return whether the person at this browser may ask an address: a page links to no other."""
    need = NEEDS.get(endpoint)
    is_in = current_user.is_authenticated
    return need is not None and is_in and bool(current_user.may(need.of(method)))


def home() -> str:
    """Return the endpoint at which this person begins: the till; for a reader, the shifts."""
    return "till.till" if may_open("till.till") else "shifts.shifts"
