"""The tills of a store: added, renamed, retired; never deleted, for their reports stay."""

from sqlalchemy import func, select

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Deed, Shift, Store, Till, User
from pos.services.auditing import audit
from pos.services.settling import payments
from pos.services.shop import names
from pos.services.shop.shops import LABEL_LENGTH, NAME_LENGTH
from pos.states import UNCLOSED
from pos.words import _

MOST_TILLS = 50
"""Tills of one store, the retired ones too."""


def of_store(store_id: int) -> tuple[Till, ...]:
    """Return every till of a store, in the order they were added."""
    query = select(Till).where(Till.store_id == store_id)
    return tuple(db.session.scalars(query.order_by(Till.id)))


def in_use(store_id: int) -> tuple[Till, ...]:
    """Return the tills at which people can open a shift, in the order they were added."""
    known = of_store(store_id)
    return tuple(till for till in known if till.retired_at is None and not till.is_online)


def find(me: User, till_id: int) -> Till:
    """Return a till of the person's store; NotFound for any other."""
    till = db.session.get(Till, till_id)
    if till is None or till.store_id != me.store_id:
        raise NotFound(_("There is no such till."))
    return till


def mark(till: Till) -> str:
    """Return what a form says of the till that it shows."""
    return names.seen(till.name, till.label)


def add(me: User, name: str, label: str) -> int:
    """Add a till to the person's store and return its id; BadInput for a name that is taken."""
    name, label = _read(name, label)
    store_id, who = me.store_id, me.who
    with writing(db.session):
        db.session.get_one(Store, store_id, populate_existing=True, with_for_update=True)
        _refuse_taken(store_id, name)
        if len(of_store(store_id)) >= MOST_TILLS:
            raise Refused(_("A store has %(most)s tills at most.", most=MOST_TILLS))
        till = Till(store_id=store_id, name=name, label=label)
        db.session.add(till)
        db.session.flush()
        audit.note(Deed.TILL_ADDED, who, name, store_id, label=label)
    return till.id


def change(me: User, till_id: int, name: str, label: str, *, seen: str) -> None:
    """Give a till another name and label, which its next QR carries."""
    find(me, till_id)
    name, label = _read(name, label)
    store_id, who = me.store_id, me.who
    with writing(db.session):
        db.session.get_one(Store, store_id, populate_existing=True, with_for_update=True)
        till = find(me, till_id)
        db.session.refresh(till)
        names.refuse_stale(seen, till.name, till.label)
        if (till.name, till.label) == (name, label):
            return
        _refuse_taken(store_id, name, but=till.id)
        was, till.name, till.label = f"{till.name}, {till.label}", name, label
        db.session.flush()
        payments.bump_screens(till.id)
        audit.note(Deed.TILL_CHANGED, who, name, store_id, was=was, now=f"{name}, {label}")


def retire(me: User, till_id: int) -> None:
    """Let no more shifts be opened at a till; Refused while one is, or where it is the last."""
    store_id, who = me.store_id, me.who
    with writing(db.session):
        db.session.get_one(Store, store_id, populate_existing=True, with_for_update=True)
        till = find(me, till_id)
        payments.take_turn(till_id)
        db.session.refresh(till)
        if till.retired_at is not None:
            return
        shift = select(Shift.id).where(Shift.till_id == till_id, Shift.status.in_(UNCLOSED))
        if db.session.scalar(shift.limit(1)) is not None:
            raise Refused(_("A shift is open at this till. Close it first."))
        if len(in_use(store_id)) == 1 and not till.is_online:
            raise Refused(_("This is the store's last till."))
        till.retired_at = clock.now()
        audit.note(Deed.TILL_RETIRED, who, till.name, store_id, now="retired")


def bring_back(me: User, till_id: int) -> None:
    """Let shifts be opened at a retired till again."""
    store_id, who = me.store_id, me.who
    with writing(db.session):
        till = find(me, till_id)
        db.session.refresh(till)
        if till.retired_at is not None:
            till.retired_at = None
            audit.note(Deed.TILL_RETIRED, who, till.name, store_id, now="in use")


def _read(name: str, label: str) -> tuple[str, str]:
    name = names.read(name, NAME_LENGTH, _("The name"))
    return name, names.read(label or name[:LABEL_LENGTH], LABEL_LENGTH, _("The label"))


def _refuse_taken(store_id: int, name: str, but: int = 0) -> None:
    query = select(func.count(Till.id)).where(
        Till.store_id == store_id, Till.name == name, Till.id != but
    )
    if db.session.scalar(query):
        raise BadInput(_("Another till of the store has this name."))
