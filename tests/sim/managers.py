"""What needs a manager: decisions about money, receipts put before the bank, marks by hand.

At night the books are held against the bank's. Each is a deed as those of `deeds.py` are.
"""

from random import Random
from typing import Any

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Payment, Till
from pos.reports.closing import exceptions
from pos.services.reconciling import reconcile
from pos.services.settling import attention, claims, marks
from pos.services.settling.attention import Decision
from pos.states import ResolutionKind
from tests.sim.deeds import People

_WAITING = """SELECT id FROM payment WHERE status NOT IN ('creating', 'create_failed')
    ORDER BY trouble = '', id DESC LIMIT 4"""

_CLAIMABLE = """SELECT id FROM payment WHERE status != 'creating'
    ORDER BY status = 'paid', id DESC LIMIT 4"""

_TRANSFERS = """SELECT id, hash FROM transfer WHERE NOT is_failed
    ORDER BY amount_minor != ?, id DESC LIMIT 5"""


class Managers:
    """The manager of the shop, who agrees to whatever the seed asks for."""

    def __init__(self, people: People, random: Random) -> None:
        self.people, self.random, self.shop = people, random, people.world.shop

    def _both(self) -> dict[str, int]:
        return {"asked_by_id": self.shop.cashier.id, "approved_by_id": self.shop.manager.id}

    def decide(self) -> str:
        """Decide about something on the attention list, as the rules allow it or not."""
        tills = select(Till.id).where(Till.store_id == self.shop.store_id)
        items = exceptions.open_items(tills)
        if not items:
            return "nothing to decide"
        item = self.random.choice(items)
        money_id = item.money.id if item.money else None
        last = item.decisions[-1].kind if item.decisions else None
        can = attention.possible(item.remark, last, has_money=money_id is not None)
        # Now and then a form from before, that asks for what is not to be had any more.
        is_stale = self.random.random() < 0.2 or not can
        kind = self.random.choice(tuple(ResolutionKind) if is_stale else can)
        wish = Decision(kind=kind, reason="other", note="by the seed", **self._both())
        payment_id = item.payment.id
        attention.resolve(payment_id, money_id, wish, who="manager")
        if self.random.random() < 0.4:
            # The same form, sent once more.
            attention.resolve(payment_id, money_id, wish, who="manager")
        return f"payment {payment_id}: {kind}"

    def claim(self) -> str:
        """Put a customer's receipt before the bank: of this payment, or of some other."""
        payment = self._some(_CLAIMABLE)
        transfer = self._receipt(payment) if payment is not None else None
        if payment is None or transfer is None:
            return "nothing to claim"
        number, code = transfer
        result = claims.claim(db.session.get_one(Payment, payment), code, who="cashier")
        # The code is another one on each run of the day.
        return f"payment {payment} by transfer {number}: {result.text}"

    def _receipt(self, payment_id: int) -> tuple[int, str] | None:
        """Return a transfer's number and its receipt's code, mostly over this payment's money."""
        query = "SELECT amount_minor FROM payment WHERE id = ?"
        amount = self.people.rows(query, payment_id)[0]["amount_minor"]
        found = self.people.world.ledger.execute(_TRANSFERS, (amount,)).fetchall()
        row = self.random.choice(found) if found else None
        return (row["id"], row["hash"][:8]) if row else None

    def mark(self) -> str:
        """Call a payment paid by hand, mostly one that the bank cannot be asked about."""
        payment = self._some(_WAITING)
        if payment is None:
            return "nothing to mark"
        wish = marks.Wish(reason="receipt_seen", evidence="a receipt", **self._both())
        marks.mark_paid(db.session.get_one(Payment, payment), wish, who="cashier")
        return f"payment {payment}"

    def reconcile(self) -> str:
        """Hold the day against the bank, by the shop's own calendar."""
        day = clock.business_date(self.people.world.shop_now)
        run = reconcile.by_hand(self.shop.store_id, day)
        return f"run {run.id}: {run.asked} asked, {run.left_unasked} left"

    def _some(self, query: str) -> int | None:
        found: list[Any] = self.people.rows(query)
        if not found:
            return None
        row = found[0] if self.random.random() < 0.6 else self.random.choice(found)
        return int(row["id"])
