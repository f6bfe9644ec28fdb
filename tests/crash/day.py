"""A shop that crashes: its deeds done by fresh processes, some of which are killed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from flask import Flask

from pos import clock
from pos.config import Settings
from pos.extensions import db
from pos.models import Payment
from pos.money import Money
from tests.conftest import Bank
from tests.crash import deeds, program
from tests.crash.program import KILLED, Start
from tests.crash.witness import Witness
from tests.factories import NO_FLOAT, Shop

A_WHILE_SECONDS = 40
"""Long enough for a worker to give up a payment whose program stopped before its QR."""


@dataclass(frozen=True)
class Killed:
    """A deed that was killed at a point, what it was done to, and what was heard of it."""

    point: int
    args: tuple[Any, ...]
    heard: Any
    again: Callable[[], Any]
    """Does the same deed again, as whoever sends the form again does."""


class Day:
    """One day of a shop. What is not to be killed is done here, in this process."""

    def __init__(
        self, app: Flask, settings: Settings, shop: Shop, bank: Bank, witness: Witness
    ) -> None:
        self.app, self.settings, self.shop, self.bank = app, settings, shop, bank
        self.witness = witness
        self._keys = count(1)
        self._ahead = 0.0

    def start(self, deed: Any, *args: Any, kill_at: int = 0, ahead: float = 0) -> Start:
        """Return a start of the program for one deed."""
        return Start(self.settings, partial(deed, *args), kill_at, self._ahead + ahead)

    def run(self, deed: Any, *args: Any, kill_at: int = 0, ahead: float = 0) -> Any:
        """Do a deed in a fresh process; return what came of it, and look at the books."""
        return self._run(self.start(deed, *args, kill_at=kill_at, ahead=ahead), deed.__name__)

    def _run(self, start: Start, name: str) -> Any:
        heard = program.run(start)
        self.witness.look(f"{name} until point {start.kill_at or 'the end'}")
        return heard

    def sweep(
        self, deed: Any, prepare: Callable[[], tuple[Any, ...]], *, only_writes: bool = True
    ) -> Iterator["Killed"]:
        """Do a deed again and again, killed at its first write or commit, at its second, and on.

        At its reads, too, where it is not `only_writes`. `prepare` makes what each is done to,
        as its arguments. The last one lived to its end.
        """
        for point in count(1):
            args = prepare()
            start = self.start(deed, *args, kill_at=point)
            heard = self._run(replace(start, only_writes=only_writes), deed.__name__)
            yield Killed(point, args, heard, partial(self.take_over, point, deed, *args))
            if heard is not KILLED:
                return

    def let_pass(self, seconds: float) -> None:
        """Set the clock of this process, and of those that it starts, ahead by so much more."""
        self._ahead += seconds
        ahead = timedelta(seconds=self._ahead)
        clock.use(lambda: datetime.now(UTC) + ahead)

    def do(self, deed: Any, *args: Any) -> Any:
        """Do a deed here; it must succeed."""
        with self.app.app_context():
            return deed(*args)

    def take_over(self, turn: int, deed: Any, *args: Any) -> Any:
        """Do what a dead process leaves undone: here, where one lived on, or in a fresh one.

        Every fourth turn is a fresh one's, which takes longer.
        """
        if turn % 4 == 0:
            return self.run(deed, *args)
        with self.app.app_context():
            heard = program.done(partial(deed, *args))
        self.witness.look(f"{deed.__name__} by another process")
        return heard

    def open_shift(self, floats: tuple[Money, Money] = NO_FLOAT) -> int:
        """Open the first till for the cashier."""
        return self.do(deeds.open_shift, self.shop.till_id, self.shop.cashier.id, floats)

    def new_key(self) -> str:
        """Return the key of a form that was just drawn."""
        key = f"form-{next(self._keys)}-of-this-day"
        self.witness.forms[key] = set()
        return key

    def sell(self, shift_id: int) -> int:
        """Charge; return the payment, whose QR waits."""
        key = self.new_key()
        told = self.do(deeds.charge, shift_id, key)
        self.witness.forms[key].add(told["sale"])
        return told["payment"]

    def pay(self, payment_id: int, **wishes: Any) -> str:
        """Let a customer pay the QR of a payment; return the characters of the receipt."""
        with self.app.app_context():
            qr = db.session.get_one(Payment, payment_id).qr_string
        assert qr is not None
        return str(self.bank.pay(qr, **wishes)[0]["hash"][:8])

    def settle(self, payment_id: int) -> None:
        """Let the customer pay, and the shop hear of it."""
        self.pay(payment_id)
        assert self.do(deeds.settle, payment_id) == "paid"

    def end(self) -> list[str]:
        """Close every shift, counted where there is cash; return what is wrong with the books."""
        for (shift_id,) in self.witness.rows("SELECT id FROM shift WHERE closed_at IS NULL"):
            self.do(deeds.close_right, shift_id, self.shop.manager)
        self.witness.look("the end of the day")
        return self.witness.wrong()
