"""What a store has printed on its receipts: where it is, its tax number, a text at the foot.

Only what was typed is printed, and no tax is reckoned. A receipt keeps what was so when it was
written.
"""

import re
from dataclasses import astuple, dataclass

from pos.database import writing
from pos.errors import BadInput
from pos.extensions import db
from pos.models import Deed, Store, User
from pos.services.auditing import audit
from pos.services.shop import names
from pos.words import _

MOST_LINE = 64
"""Characters of a line of text: two lines of an 80 mm roll."""

_PHONE = re.compile(r"[\d +()./,-]*")
_TAX_NUMBER = re.compile(r"[A-Za-z0-9 ./-]*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class LinesTyped:
    """The lines as somebody typed them; "" is not printed."""

    address: str = ""
    phone: str = ""
    tax_name: str = ""
    tax_number: str = ""
    first: str = ""
    second: str = ""


def shown(store: Store) -> LinesTyped:
    """Return a store's lines as their form shows them."""
    first, _end, second = store.receipt_text.partition("\n")
    return LinesTyped(
        address=store.receipt_address,
        phone=store.receipt_phone,
        tax_name=store.tax_name,
        tax_number=store.tax_number,
        first=first,
        second=second,
    )


def change(me: User, typed: LinesTyped, *, seen: str) -> None:
    """Have the person's store print other lines, all or none, from the next receipt on.

    BadInput for what cannot be printed; Refused where somebody changed them since `seen`.
    """
    wanted = _read(typed)
    store_id, who = me.store_id, me.who
    with writing(db.session):
        store = db.session.get_one(Store, store_id, with_for_update=True, populate_existing=True)
        was = shown(store)
        names.refuse_stale(seen, was)
        store.receipt_address, store.receipt_phone = wanted.address, wanted.phone
        store.tax_name, store.tax_number = wanted.tax_name, wanted.tax_number
        store.receipt_text = "\n".join(one for one in (wanted.first, wanted.second) if one)
        now = shown(store)
        if was != now:
            told = {"was": _told(was), "now": _told(now)}
            audit.note(Deed.RECEIPT_LINES_SET, who, store.name, store_id, **told)


def _read(typed: LinesTyped) -> LinesTyped:
    wanted = LinesTyped(
        address=names.read_line(typed.address, 120, _("The address")),
        phone=names.read_line(typed.phone, 40, _("The phone")),
        tax_name=names.read_line(typed.tax_name, 64, _("The name for the tax")),
        tax_number=names.read_line(typed.tax_number, 32, _("The tax number")),
        first=names.read_line(typed.first, MOST_LINE, _("The text")),
        second=names.read_line(typed.second, MOST_LINE, _("The text")),
    )
    if _PHONE.fullmatch(wanted.phone) is None:
        raise BadInput(_("A phone number has digits, spaces and + ( ) / - only."))
    if _TAX_NUMBER.fullmatch(wanted.tax_number) is None:
        raise BadInput(_("A tax number has Latin letters, digits and - only."))
    return wanted


def _told(lines: LinesTyped) -> str:
    return "; ".join(one for one in astuple(lines) if one) or "-"
