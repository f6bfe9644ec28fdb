"""Who may do what: the roles, the rights, and the one table that joins them. Pure.

A service, a report, a door or a page asks `user.may(Right.X)`; none of them asks for a role.
Which right an address takes stands in `pos/web/rights.py`.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the shop."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    OWNER = "owner"
    AUDITOR = "auditor"


class Right(StrEnum):
    """One thing that a person may do, or see."""

    OWN_LOGIN = "own_login"
    """Change one's own password, and end one's own logins."""
    CHARGE = "charge"
    """Take payments at the till of one's open shift."""
    OPEN_SHIFT = "open_shift"
    """Open a shift, count its drawer and close it."""
    SEE_SALES = "see_sales"
    """Read what one's own tills took."""
    PRINT = "print"
    """Issue receipts, and print what is on paper."""
    DECIDE = "decide"
    """Ask for a decision about money that needs a person; who may approve agrees."""
    REFUND = "refund"
    """Ask for money to be given back; who may approve agrees."""
    REFUND_ALONE = "refund_alone"
    """Record a refund by hand without a second person, where the shop has none."""
    APPROVE = "approve"
    """Agree with a PIN to what another may not do alone."""
    SEE_ALL_TILLS = "see_all_tills"
    """Read what every till of the store took."""
    CLOSE_OTHERS = "close_others"
    """Count and close a shift of somebody else."""
    RECOUNT = "recount"
    """Count the drawer of a closed shift, which corrects its report."""
    SEE_FIGURES = "see_figures"
    """Read the store's days, its questions to the bank and what the bank's lists say."""
    PRINT_FIGURES = "print_figures"
    """Have a till's printer give the sheet of a day."""
    EXPORT = "export"
    """Take the store's tables away as files."""
    MANAGE_SETTINGS = "manage_settings"
    """Set the exchange rate, the quick amounts and the like."""
    MANAGE_PEOPLE = "manage_people"
    """Add people, change them and shut them out."""
    MANAGE_DEVICES = "manage_devices"
    """Say which browsers are tills of the store."""
    MANAGE_ACCOUNTS = "manage_accounts"
    """Change the accounts that the shop is paid on."""
    READ_AUDIT = "read_audit"
    """Read who did what."""
    SEE_ALL_STORES = "see_all_stores"
    """Go from store to store of the merchant."""


class Scope(StrEnum):
    """One thing that a program's token may do; never more than the person it belongs to."""

    READ = "read"
    """See sales and payments of the store that came through the API."""
    CHARGE = "charge"
    """Register sales, make their QRs, ask for them and cancel them."""
    REFUND = "refund"
    """Ask for money to be given back."""
    REPORT = "report"
    """Read shifts and their reports."""
    ADMIN = "admin"
    """See every payment of the API with its details, and release what is held of a sale."""


SCOPE_RIGHTS: dict[Scope, Right] = {
    Scope.READ: Right.SEE_SALES,
    Scope.CHARGE: Right.CHARGE,
    Scope.REFUND: Right.REFUND,
    Scope.REPORT: Right.SEE_FIGURES,
    Scope.ADMIN: Right.MANAGE_SETTINGS,
}
"""The right that a person must have for their token to have a scope, at each call anew."""


_READS = frozenset({Right.OWN_LOGIN, Right.SEE_SALES})
_CASHIER = _READS | {Right.CHARGE, Right.OPEN_SHIFT, Right.PRINT, Right.DECIDE, Right.REFUND}
_SUPERVISOR = _CASHIER | {Right.APPROVE, Right.SEE_ALL_TILLS, Right.CLOSE_OTHERS}
_MANAGER = _SUPERVISOR | {
    *(Right.RECOUNT, Right.SEE_FIGURES, Right.PRINT_FIGURES, Right.EXPORT, Right.READ_AUDIT),
    *(Right.MANAGE_SETTINGS, Right.MANAGE_PEOPLE, Right.MANAGE_DEVICES, Right.MANAGE_ACCOUNTS),
}
_AUDITOR = _READS | {Right.SEE_ALL_TILLS, Right.SEE_FIGURES, Right.EXPORT, Right.READ_AUDIT}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CASHIER: _CASHIER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.MANAGER: _MANAGER,
    Role.OWNER: _MANAGER | {Right.SEE_ALL_STORES, Right.REFUND_ALONE},
    Role.AUDITOR: _AUDITOR,
}
"""What each role may do. An auditor's rights are reading, but for the own login."""

BY_PIN = _SUPERVISOR | {Right.RECOUNT}
"""What a login by PIN reaches: a till's work. The rest takes the password, whatever the role."""

_RANKS = {Role.CASHIER: 0, Role.SUPERVISOR: 1, Role.AUDITOR: 1, Role.MANAGER: 2, Role.OWNER: 3}


def may(role: Role, right: Right) -> bool:
    """Return whether a role has a right."""
    return right in RIGHTS[role]


def roles_with(right: Right) -> tuple[Role, ...]:
    """Return the roles that have a right."""
    return tuple(role for role in Role if may(role, right))


def may_appoint(by: Role, role: Role) -> bool:
    """Return whether somebody of one role may give another: none above their own."""
    return may(by, Right.MANAGE_PEOPLE) and _RANKS[role] <= _RANKS[by]


def governs(by: Role, other: Role) -> bool:
    """Return whether a person of one role may change a person of another, or shut them out.

    Only who stands higher, and an owner everybody: a manager who could give another manager a
    new password could also agree in their name.
    """
    return may(by, Right.MANAGE_PEOPLE) and (_RANKS[other] < _RANKS[by] or by is Role.OWNER)
