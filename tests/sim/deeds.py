"""What people and programs may do in a simulated shop, each as one small deed.

A deed is done in an app context of its own, as a request or a timed job is. It returns a few
words for the history. What the shop refuses in words is an ordinary end of a deed.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from pos.cash import Cash
from pos.errors import Refused
from pos.extensions import db
from pos.models import Payment
from pos.money import Currency, Money
from pos.sandbox import orders
from pos.services.asking import questions
from pos.services.bookkeeping import auto_close, shifts
from pos.services.selling import checkout, issuing
from pos.services.settling import answers
from pos.services.shop import lease
from tests.sim.purse import Purse
from tests.sim.world import World

AMOUNTS = (
    Money(350, Currency.USD),
    Money(101, Currency.USD),
    Money(15_000, Currency.KHR),
)
"""Few, so that two tills often ask for the same."""

FLOATS = (Cash(), Cash(), Cash(2_000, 80_000))
"""A drawer that never held cash is closed without a count."""

_PAYABLE = """SELECT id, qr_string, currency FROM payment
    WHERE qr_string != '' AND lookup NOT IN ({}) ORDER BY id DESC LIMIT 4"""

INSTANT = timedelta(milliseconds=1)

Row = Any


class People:
    """Two cashiers at two tills, their customers, and two workers in the back room."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.shifts: dict[int, int] = {}
        self.last_form: dict[int, tuple[int, Money, str]] = {}
        self.forms: dict[str, set[int]] = {}
        self.clock_was_set = False
        self.purse = Purse()
        self.look: Callable[[str], None] = lambda _: None

    def do(self, deed: Callable[[], str]) -> str:
        """Do a deed; return what became of it. No two deeds are of the same millisecond."""
        with self.world.app.app_context():
            self.world.true += INSTANT
            try:
                return deed()
            except Refused as refused:
                return f"refused: {refused.text}"
            finally:
                self.look(getattr(deed, "__name__", "a deed"))
                self.world.true += INSTANT

    def till(self) -> int:
        return self.random.choice((0, 1))

    def rows(self, query: str, *values: Any) -> list[Row]:
        return self.world.eye.execute(query, values).fetchall()

    # The cashiers.

    def open_shift(self) -> str:
        return self.open_till(self.till())

    def open_till(self, till: int) -> str:
        shop = self.world.shop
        cashier = (shop.cashier, shop.manager)[till]
        float_ = self.random.choice(FLOATS)
        shift = shifts.open_shift(shop.till_ids[till], cashier.id, float_.both)
        self.shifts[till], self.purse.floats[shift.id] = shift.id, float_
        return f"shift {shift.id} at till {till} with {float_}"

    def charge(self) -> str:
        till, amount = self.till(), self.random.choice(AMOUNTS)
        form = f"form-{len(self.forms)}"
        self.forms[form] = set()
        self.last_form[till] = (self.shifts.get(till, 0), amount, form)
        return self._send(till)

    def charge_again(self) -> str:
        """Send the last form of a till once more, as a reload or a second tap does."""
        till = self.till()
        if till not in self.last_form:
            return "no form to send again"
        if self.random.random() < 0.2:
            shift, _, form = self.last_form[till]
            self.last_form[till] = (shift, self.random.choice(AMOUNTS), form)
        return self._send(till)

    def _send(self, till: int) -> str:
        shift, amount, form = self.last_form[till]
        payment = checkout.charge(shift, amount, form, who=f"cashier:{till}")
        self.forms[form].add(payment.sale_id)
        return f"payment {payment.id} of {amount} at till {till} by {form}"

    def cancel(self) -> str:
        return self._to_payment(lambda one: checkout.cancel(one, who="cashier"))

    def new_qr(self) -> str:
        return self._to_payment(lambda one: checkout.new_qr(one, who="cashier"))

    def check_now(self) -> str:
        return self._to_payment(lambda one: questions.check_now(one, who="cashier"))

    def _to_payment(self, act: Callable[[Payment], Any]) -> str:
        row = self._some_payment("SELECT id FROM payment ORDER BY id DESC LIMIT 4")
        if row is None:
            return "no payment yet"
        payment = db.session.get_one(Payment, row["id"])
        result = act(payment)
        said = {Payment: "payment", type(None): "done"}.get(type(result))
        return f"payment {row['id']}: {said or result.outcome}"

    def _some_payment(self, query: str) -> Row | None:
        """Mostly the newest, sometimes one that others have forgotten."""
        found = self.rows(query)
        if not found:
            return None
        return found[0] if self.random.random() < 0.6 else self.random.choice(found)

    # The customers.

    def pay(self) -> str:
        """Let a customer do with a QR what customers do."""
        row = self._some_payment(_PAYABLE.format(self._paid_already()))
        if row is None:
            return "no QR to pay"
        wishes = self._wishes(row)
        with self.world.in_bank():
            order = orders.read_order({"qr": row["qr_string"], **wishes})
            orders.pay(self.world.bank.ledger, order)
        return f"payment {row['id']} {wishes or ''}"

    def _paid_already(self) -> str:
        """Name the QRs to leave alone; one in six customers pays a second time all the same."""
        if self.random.random() < 0.15:
            return "''"
        paid = self.world.ledger.execute("SELECT md5 FROM transfer").fetchall()
        return ", ".join(f"'{row['md5']}'" for row in paid) or "''"

    def _wishes(self, row: Row) -> dict[str, Any]:
        chance = self.random.random()
        dollars = row["currency"] == "USD"
        if chance < 0.62:
            return {}
        if chance < 0.70:
            return {"fail": True}
        if chance < 0.77:
            return {"times": 2}
        if chance < 0.85:
            return {"amount": self.random.choice(("3.49", "3.51") if dollars else ("14999", "1"))}
        if chance < 0.90:
            return {"currency": "KHR" if dollars else "USD"}
        if chance < 0.94:
            return {"to_account": "somebody_else@prac"}
        lag = self.random.randint(1, 9_000)
        return {"at": int(self.world.true.timestamp() * 1000) - lag}

    # The back room.

    def tick(self) -> str:
        """One round of the timed jobs, by one of two workers, some of them left out."""
        name = self.random.choice(("worker-a", "worker-b"))
        if not lease.hold(name) and self.random.random() < 0.8:
            return f"{name} has no lease"
        self.hear_of_clock()
        jobs = [self.expire, self.ask_due, issuing.give_up_stuck, auto_close.close_forgotten]
        self.random.shuffle(jobs)
        asked = [job() for job in jobs[: self.random.choice((2, 4, 4))]]
        return f"{name} asked {next((one for one in asked if one is not None), [])}"

    def hear_of_clock(self) -> str:
        """Do what a worker does when it sees that the clock was set."""
        if self.clock_was_set:
            questions.ask_open_again()
            self.clock_was_set = False
        return "every open QR is due"

    def expire(self) -> None:
        answers.expire_due()

    def ask_due(self) -> list[int]:
        """Ask about everything that is due; return whom it was about."""
        asked = []
        for one in questions.due():
            if questions.ask_if_due(one):
                asked.append(one)
            self.look(f"asking about {one}")
            self.world.true += INSTANT
        return asked
