"""Cash at the counter: sold for, split with a QR, moved, given back, counted at the end.

Each is a deed as those of `deeds.py` are. The purse is told of all that changes hands.
"""

from random import Random

from pos.cash import Cash, Rate
from pos.extensions import db
from pos.models import Payment, Shift, User
from pos.money import Currency, Money
from pos.reports.closing.drawer import is_untouched
from pos.services.bookkeeping import counting, drawer, shifts
from pos.services.selling import rates, tenders
from pos.states import MovementKind
from tests.factories import NO_FLOAT
from tests.sim.deeds import AMOUNTS, People, Row
from tests.sim.drawers import held_in
from tests.sim.purse import Form

RATES = (Rate(buy=4_000, sell=4_000), Rate(buy=4_100, sell=4_100), Rate(buy=4_000, sell=4_100))

NOTES = (
    *(Cash(usd, khr) for usd in (0, 100, 200, 500, 2_000) for khr in (0, 2_000, 10_000)),
    *(Cash(0, 15_000), Cash(0, 50_000), Cash(300, 2_100), Cash(100, 100)),
)

OFF = (Cash(), Cash(), Cash(), Cash(100, 0), Cash(-100, 500), Cash(-2_000, 0), Cash(0, 90_000))
"""How far a count is from the notes that lie there: mostly not at all, a little, too much."""

_OPEN = """SELECT id FROM payment WHERE till_id = ? ORDER BY id DESC LIMIT 3"""

_IN_PART = """SELECT max(p.id) AS id FROM payment p JOIN sale s ON s.id = p.sale_id
    JOIN tender t ON t.sale_id = s.id WHERE s.status = 'open' GROUP BY s.id"""

_OPEN_TILLS = "(SELECT till_id FROM shift WHERE status = 'open')"

_REFUNDABLE = """SELECT s.id, s.currency, s.amount_minor FROM sale s WHERE s.till_id = ?
    AND s.status = 'paid' AND s.id IN (SELECT sale_id FROM tender) ORDER BY s.id DESC LIMIT 3"""


class Counter:
    """The cash side of both tills; what is refused in words moves no note."""

    def __init__(self, people: People, random: Random) -> None:
        self.people, self.random, self.shop = people, random, people.world.shop
        self.purse = people.purse
        self.last: dict[int, tuple[str, Money | int, tenders.Offer]] = {}

    def set_rate(self) -> str:
        rate = self.random.choice(RATES)
        rates.set_rate(db.session.get_one(User, self.shop.manager.id), rate, is_sure=True)
        return f"{rate.buy} and {rate.sell} riel"

    def take_cash(self) -> str:
        """Sell for cash: enough of it, too little, or a part with a QR for the rest."""
        till, amount = self.people.till(), self.random.choice(AMOUNTS)
        offer = tenders.Offer(
            given=self.random.choice(NOTES),
            all_riel=self.random.random() < 0.2,
            rest_by_qr=self.random.random() < 0.7,
        )
        key = f"form-{len(self.people.forms)}"
        self.people.forms[key] = set()
        return self._take(till, key, amount, offer)

    def take_the_rest(self) -> str:
        """Take cash for a sale whose QR the customer did not pay, or will not."""
        till = self.people.till()
        found = self.people.rows(_OPEN, self.shop.till_ids[till])
        if not found:
            return "no sale to pay in cash"
        key, payment_id = f"rest-{len(self.purse.forms)}", int(self.random.choice(found)["id"])
        offer = tenders.Offer(given=self.random.choice(NOTES))
        return self._take(till, key, payment_id, offer)

    def take_again(self) -> str:
        """Send the last cash form of a till once more: a second tap, or after a crash."""
        till = self.people.till()
        if till not in self.last:
            return "no cash form to send again"
        return self._take(till, *self.last[till])

    def _take(self, till: int, key: str, what: Money | int, offer: tenders.Offer) -> str:
        self.last[till] = (key, what, offer)
        shift_id, who = self.people.shifts.get(till, 0), f"cashier:{till}"
        form = self.purse.fill_in(key, Form("sale", offer.given, shift_id))
        if isinstance(what, int):
            payment = db.session.get_one(Payment, what)
            tender = tenders.take_for(payment, shift_id, offer, key, who=who)
        else:
            tender = tenders.take_for_new_sale(shift_id, what, offer, key, who=who)
            self.people.forms[key].add(tender.sale_id)
        form.tell(tender.change)
        return f"{offer.given} for sale {tender.sale_id}, {tender.change} back"

    def give_back(self) -> str:
        """Give up a sale that was paid in part: its cash goes back."""
        found = self.people.rows(_IN_PART)
        return self._give_back(self.random.choice(found)) if found else "nothing paid in part"

    def _give_back(self, row: Row) -> str:
        payment = db.session.get_one(Payment, row["id"])
        form = self.purse.fill_in(f"back-{payment.sale_id}", Form("refund", Cash(), 0))
        held = tenders.held_for(payment.sale_id)
        tenders.give_back(payment, asked_by_id=self.shop.cashier.id, who="cashier")
        form.tell(held)
        return f"sale {payment.sale_id}: {held}"

    def move_cash(self) -> str:
        """Put cash in, take some out, or only open the drawer."""
        kind = self.random.choice(("paid_in", "paid_in", "paid_out", "no_sale"))
        notes = Cash() if kind == "no_sale" else self.random.choice(NOTES[1:8])
        shift_id, key = self.people.shifts.get(self.people.till(), 0), self._key()
        form = self.purse.fill_in(key, Form(kind, notes, shift_id))
        for _ in range(self.random.choice((1, 1, 2))):
            drawer.move(shift_id, self._wish(MovementKind(kind), notes), key)
            form.tell(notes)
        return f"{kind} {notes} in shift {shift_id}"

    def refund(self) -> str:
        """Give cash of a paid sale back, whole or in part, and some forms twice."""
        till = self.people.till()
        found = self.people.rows(_REFUNDABLE, self.shop.till_ids[till])
        if not found:
            return "no cash to give back"
        sale = self.random.choice(found)
        part = self.random.choice((1, 1, 2))
        amount = Money(sale["amount_minor"] // part, Currency(sale["currency"]))
        shift_id, key = self.people.shifts.get(till, 0), self._key()
        form = self.purse.fill_in(key, Form("refund", Cash(), shift_id, amount))
        wish = self._wish(MovementKind.REFUND, Cash())
        for _ in range(self.random.choice((1, 1, 2))):
            form.tell(drawer.refund(shift_id, sale["id"], amount, wish, key).cash)
        return f"{amount} of sale {sale['id']}: {form.back}"

    def _key(self) -> str:
        return f"cash-{len(self.purse.forms)}"

    def _wish(self, kind: MovementKind, notes: Cash) -> drawer.Wish:
        by = {"asked_by_id": self.shop.cashier.id, "approved_by_id": self.shop.manager.id}
        return drawer.Wish(kind=kind, cash=notes, reason="other", note="by the seed", **by)

    def close_shift(self) -> str:
        """Count the drawer of a till and close its shift; now and then sell on after all."""
        till = self.people.till()
        if till not in self.people.shifts:
            return "nothing to close"
        if self.random.random() < 0.1:
            counting.begin(self.people.shifts[till])
            counting.resume(self.people.shifts[till])
            return "counted nothing, and sells on"
        return f"Z {self.close(self.people.shifts[till])} of till {till}"

    def close(self, shift_id: int) -> int:
        """Close a shift as its drawer needs it; return the number of its report."""
        if is_untouched(db.session.get_one(Shift, shift_id)):
            return shifts.close_shift(shift_id, self.shop.manager.id).number
        counting.begin(shift_id)
        by = self.shop.cashier.id
        counts = "SELECT id FROM cash_count WHERE shift_id = ?"
        while len(self.people.rows(counts, shift_id)) < counting.MOST_COUNTS:
            key = self._key()
            found = self.purse.fill_in(key, Form("count", self._count(shift_id), shift_id))
            counted = counting.Counted(pieces={}, other=found.notes)
            report = counting.submit(shift_id, counted, key, counted_by_id=by)
            if report is not None:
                return report.number
        off = counting.Off(reason="unknown", note="", approved_by_id=self.shop.manager.id)
        return counting.close_off(shift_id, off, closed_by_id=by).number

    def _count(self, shift_id: int) -> Cash:
        there = held_in(self.people.world.eye, self.purse, shift_id)
        found = there + self.random.choice(OFF)
        return Cash(max(0, found.usd), max(0, found.khr))

    def close_all(self) -> str:
        """Give back what is paid in part, and close every shift, whoever opened it."""
        for row in self.people.rows(_IN_PART + " HAVING max(p.till_id) IN " + _OPEN_TILLS):
            self._give_back(row)
        found = self.people.rows("SELECT id FROM shift WHERE closed_at IS NULL")
        return ", ".join(f"Z {self.close(row['id'])}" for row in found)

    def one_more_shift(self, till: int) -> str:
        """Open and close a till for money that came while it was closed."""
        cashier = (self.shop.cashier, self.shop.manager)[till]
        shift = shifts.open_shift(self.shop.till_ids[till], cashier.id, NO_FLOAT)
        self.purse.floats[shift.id] = Cash()
        return f"Z {self.close(shift.id)}"
