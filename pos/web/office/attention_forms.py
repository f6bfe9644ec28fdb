"""The forms of the attention queue: what is looked for, and what is decided."""

from dataclasses import dataclass, field

from flask import request
from sqlalchemy import select

from pos.errors import BadInput
from pos.extensions import db
from pos.models import Till, User
from pos.reports.closing import exceptions
from pos.reports.office.attention import AttentionItem
from pos.reports.office.attention_wanted import AGES, ALL, Place, Wanted
from pos.reports.wording import NEEDS_A_PERSON, REMARK
from pos.services.settling import attention
from pos.states import Remark, ResolutionKind
from pos.web import places
from pos.web.ids import row_id
from pos.words import _


@dataclass(frozen=True)
class Asked:
    """What a list is asked for, as its form draws it, and what there is to choose from."""

    kinds: dict[str, str]
    tills: dict[str, str]
    ages: dict[str, str]
    chosen: dict[str, str] = field(default_factory=dict)
    wanted: Wanted = ALL
    error: str = ""
    status: int = 200


@dataclass(frozen=True)
class DecideForm:
    """The form as it is drawn; a PIN is never drawn again."""

    kind: str = ""
    reason: str = ""
    note: str = ""
    manager_id: int | None = None
    error: str = ""


@dataclass(frozen=True)
class Choice:
    """One decision that may be taken, with the reasons that go with it."""

    kind: str
    label: str
    hint: str
    reasons: tuple[tuple[str, str], ...]


_LABELS = {
    ResolutionKind.REFUND_REQUESTED: (
        _("Send it back"),
        _("The refund is made in the bank's own app."),
    ),
    ResolutionKind.REFUNDED: (
        _("It was sent back"),
        _("Write the reference of the transfer below."),
    ),
    ResolutionKind.WRITTEN_OFF: (_("Write it off"), _("Nothing more is done about it.")),
}


def read_asked(user: User) -> Asked:
    """Return what the address asks for; all of it, with an error, where that cannot be."""
    query = select(Till).where(Till.id.in_(exceptions.tills_of(user))).order_by(Till.name)
    kinds = {str(one): REMARK[one] for one in Remark if one in NEEDS_A_PERSON}
    tills = {str(till.id): till.name for till in db.session.scalars(query)}
    ages = {word: text for word, (text, _least) in AGES.items()}
    offered = {"kind": kinds, "till": tills, "age": ages}
    chosen = {name: request.args.get(name, "")[:40] for name in offered}
    chosen = {name: value for name, value in chosen.items() if value}
    try:
        if any(chosen[name] not in offered[name] for name in chosen):
            raise BadInput(_("Choose from the lists."))
        wanted = Wanted(
            kind=chosen.get("kind", ""),
            till_id=int(chosen.get("till", 0)),
            age=chosen.get("age", ""),
            after=_after(request.args.get("after")),
        )
    except BadInput as problem:
        return Asked(kinds, tills, ages, error=problem.text, status=problem.status)
    return Asked(kinds, tills, ages, chosen, wanted)


def _after(typed: str | None) -> Place | None:
    if not typed:
        return None
    try:
        at, (payment_id, money_id) = places.read(typed, ids=2)
    except ValueError:
        raise BadInput(_("Begin at the oldest item.")) from None
    return at, payment_id, money_id


def read_form() -> DecideForm:
    """Return what was typed into the form that decides, but for the PIN."""
    form = request.form
    return DecideForm(
        kind=form.get("kind", ""),
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        manager_id=form.get("manager_id", type=row_id),
    )


def choices(found: AttentionItem) -> tuple[Choice, ...]:
    """Return what may be decided about an item, in the order of the form."""
    kinds = attention.possible(found.remark, found.last, has_money=found.money_id > 0)
    return tuple(_choice(kind, found) for kind in kinds)


def _choice(kind: ResolutionKind, found: AttentionItem) -> Choice:
    if kind is ResolutionKind.ACCEPTED:
        label, hint = _accept_label(found)
    else:
        label, hint = _LABELS[kind]
    reasons = attention.REASONS.items()
    fitting = tuple((word, text) for word, (text, kinds) in reasons if kind in kinds)
    return Choice(str(kind), label, hint, fitting)


def _accept_label(found: AttentionItem) -> tuple[str, str]:
    if not found.money_id:
        return _("It is paid all the same"), _("The sale stays paid by a manager's word.")
    if found.is_sale_open:
        return _("Accept it for this sale"), _("The sale is then paid by this money.")
    return _("Keep it"), _("The sale stays as it is; the shop keeps the money.")
