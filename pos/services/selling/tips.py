"""A tip: offered on the customer's screen before the QR is made, chosen or passed over once."""

from datetime import timedelta

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotAllowed, NotFound, Refused
from pos.extensions import db, settings
from pos.models import Sale, Shift, Store, Till, TipAsk, User
from pos.models.audit import Deed
from pos.models.tip_ask import IS_ASKING, TipStatus
from pos.money import Currency, Money
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.selling import checkout, keypad, tip_asks
from pos.services.selling.issuing import issue_qr
from pos.services.selling.keypad import PLAIN, Keyed
from pos.services.settling import payments
from pos.services.shop import displays, limits
from pos.services.shop.limits import Limits
from pos.states import ShiftStatus
from pos.words import _

SHARES = {"5": 50, "10": 100}
"""Tips that are offered by their per cent, in thousandths of what is owed."""

UP = "up"
"""The kind of the tip that makes the sum a round one."""

_ROUND = {Currency.USD: 100, Currency.KHR: 1_000}
"""What "round up" goes to: a whole dollar, a note of a thousand riel."""

CANCELLED = _("This was cancelled before its QR was made. Type the amount again.")


def offers(amount: Money, allowed: Limits) -> dict[str, Money]:
    """Return the tips that are offered on an amount by their kind, each sum once.

    Nothing is offered that rounds to nothing, or that leads above the largest charge.
    """
    most = allowed.largest(amount.currency).minor
    found: dict[str, Money] = {}
    tips = {kind: amount.share(permille) for kind, permille in SHARES.items()}
    tips[UP] = Money(-amount.minor % _ROUND[amount.currency], amount.currency)
    for kind, tip in tips.items():
        if tip.minor and amount.minor + tip.minor <= most and tip not in found.values():
            found[kind] = tip
    return found


def charge(
    shift: Shift,
    amount: Money,
    key: str,
    *,
    who: str,
    version: int | None = None,
    keyed: Keyed = PLAIN,
) -> None:
    """Ask the customer for a tip where the store does and a screen is there; else charge at once.

    Until the question is ended there is no sale. Refused as `checkout.charge`, and while another
    customer is asked.
    """
    shift_id = shift.id
    asks = shift.till.store.asks_tips
    if asks and _ask(shift_id, amount, key, who=who, version=version, keyed=keyed):
        return
    checkout.charge(shift_id, amount, key, who=who, version=version, keyed=keyed)


def _ask(
    shift_id: int, amount: Money, key: str, *, who: str, version: int | None, keyed: Keyed
) -> bool:
    """Write a question, once for each key; return whether the customer is asked now."""
    with writing(db.session):
        shift = checkout.selling_shift(shift_id, version)
        allowed = limits.of(shift.till.store)
        keypad.check_limit(amount, allowed)
        known = db.session.scalar(select(TipAsk).where(TipAsk.key == key))
        if known is not None:
            return _is_asked(known, shift, amount)
        tips = offers(amount, allowed) if shift.till.store.asks_tips else {}
        if not tips or not displays.is_there(shift.till_id) or _is_sold(key):
            return False
        checkout.refuse_new_sale(shift, amount, who, keyed)
        db.session.add(_row(shift, amount, key, who, keyed, tips))
        payments.bump_screens(shift.till_id)
        db.session.flush()
    return True


def _is_sold(key: str) -> bool:
    return db.session.scalar(select(Sale.id).where(Sale.key == key)) is not None


def _is_asked(known: TipAsk, shift: Shift, amount: Money) -> bool:
    if known.shift_id != shift.id or known.amount != amount:
        raise Refused(_("This form was used for another sale. Type the amount again."))
    if known.status is TipStatus.DROPPED:
        raise Refused(CANCELLED)
    return known.status is TipStatus.ASKING


def _row(
    shift: Shift, amount: Money, key: str, who: str, keyed: Keyed, tips: dict[str, Money]
) -> TipAsk:
    now = clock.now()
    return TipAsk(
        shift_id=shift.id,
        key=key,
        status=TipStatus.ASKING,
        who=who,
        amount_minor=amount.minor,
        currency=amount.currency,
        note=keyed.note,
        rounding_minor=keyed.rounding,
        discount_id=keyed.discount_id,
        offers={kind: tip.minor for kind, tip in tips.items()},
        asked_at=now,
        ends_at=now + timedelta(seconds=settings().tip_seconds),
    )


def find(ask_id: int, till_id: int) -> TipAsk:
    """Return a question; NotFound, also where it is another till's."""
    ask = db.session.get(TipAsk, ask_id)
    if ask is None or ask.shift.till_id != till_id:
        raise NotFound(_("There is no such question."))
    return ask


def choose(ask: TipAsk, minor: int) -> None:
    """Open the sale with the tip that the customer chose, and make its QR; 0 is no tip.

    BadInput for a tip that was not offered. Where the question is ended, nothing changes.
    """
    if minor and minor not in ask.offers.values():
        raise BadInput(_("Choose one of the tips."))
    _end(ask.id, TipStatus.ANSWERED, Money(minor, ask.currency))


def skip(ask: TipAsk) -> None:
    """Open the sale without a tip and make its QR; where the question is ended, nothing changes."""
    _end(ask.id, TipStatus.SKIPPED, Money(0, ask.currency))


def _end(ask_id: int, status: TipStatus, tip: Money) -> None:
    """End a question once, and open its sale in the same transaction; the QR comes after it."""
    with writing(db.session):
        ask = db.session.get_one(TipAsk, ask_id)
        payments.take_turn(ask.shift.till_id)
        if not tip_asks.end(ask, status):
            return
        who, amount = ask.who, ask.amount + tip
        keyed = Keyed(
            note=ask.note, rounding=ask.rounding_minor, discount_id=ask.discount_id, tip=tip.minor
        )
        shift = checkout.selling_shift(ask.shift_id)
        sale = checkout.open_sale(shift, amount, ask.key, who, keyed)
        payment_id = checkout.add_payment(sale, shift.till, amount).id
    issue_qr(payment_id, who=who)


def cancel(ask: TipAsk) -> None:
    """End a question without a sale; Refused where it is ended and its QR is there."""
    ask_id, till_id = ask.id, ask.shift.till_id
    with writing(db.session):
        payments.take_turn(till_id)
        ask = db.session.get_one(TipAsk, ask_id, populate_existing=True)
        if not tip_asks.end(ask, TipStatus.DROPPED) and ask.status is not TipStatus.DROPPED:
            raise Refused(_("The QR was made meanwhile. Cancel that."))


def end_overdue(shift_id: int) -> None:
    """Go on without a tip where the time to choose is over; a forgotten question is dropped.

    Whichever screen looks first does it: nothing waits for a customer who went away.
    """
    ask = tip_asks.asking(shift_id)
    if ask is None or clock.now() < ask.ends_at:
        return
    if not tip_asks.is_forgotten(ask) and ask.shift.status is ShiftStatus.OPEN:
        return skip(ask)
    till_id = ask.shift.till_id
    with writing(db.session):
        payments.take_turn(till_id)
        tip_asks.drop(shift_id)
    return None


def set_asking(user: User, *, asks: bool) -> None:
    """Let the screens of a store ask for tips, or not; NotAllowed for a cashier.

    Where they no longer do, the questions that are open are dropped.
    """
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers set the tips."))
    store_id, who = user.store_id, user.who
    with writing(db.session):
        db.session.get_one(Store, store_id).asks_tips = asks
        if not asks:
            _drop_all(store_id)
        audit.note(Deed.TIPS_SET, who, "", store_id, asks=asks)


def _drop_all(store_id: int) -> None:
    query = (
        select(Shift.id, Shift.till_id)
        .join(TipAsk, TipAsk.shift_id == Shift.id)
        .join(Till, Till.id == Shift.till_id)
        .where(IS_ASKING, Till.store_id == store_id)
        .order_by(Till.id)
    )
    for shift_id, till_id in db.session.execute(query).all():
        payments.take_turn(till_id)
        tip_asks.drop(shift_id)
