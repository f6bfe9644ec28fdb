"""A shop that crashes: its deeds done by fresh processes, some of which are killed."""

from functools import partial
from itertools import count
from typing import Any

from flask import Flask

from pos.config import Settings
from pos.extensions import db
from pos.models import Payment
from tests.conftest import Bank
from tests.crash import deeds, program
from tests.crash.program import Start
from tests.crash.witness import Witness
from tests.factories import Shop

A_WHILE_SECONDS = 40
"""Long enough for a worker to give up a payment whose program stopped before its QR."""


class Day:
    """One day of a shop. What is not to be killed is done here, in this process."""

    def __init__(
        self, app: Flask, settings: Settings, shop: Shop, bank: Bank, witness: Witness
    ) -> None:
        self.app, self.settings, self.shop, self.bank = app, settings, shop, bank
        self.witness = witness
        self._keys = count(1)

    def start(self, deed: Any, *args: Any, kill_at: int = 0, ahead: float = 0) -> Start:
        """Return a start of the program for one deed."""
        return Start(self.settings, partial(deed, *args), kill_at, ahead)

    def run(self, deed: Any, *args: Any, kill_at: int = 0, ahead: float = 0) -> Any:
        """Do a deed in a fresh process; return what came of it, and look at the books."""
        heard = program.run(self.start(deed, *args, kill_at=kill_at, ahead=ahead))
        self.witness.look(f"{deed.__name__} until point {kill_at or 'the end'}")
        return heard

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

    def open_shift(self) -> int:
        """Open the first till for the cashier."""
        return self.do(deeds.open_shift, self.shop.till_id, self.shop.cashier.id)

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

    def pay(self, payment_id: int) -> None:
        """Let a customer pay the QR of a payment."""
        with self.app.app_context():
            qr = db.session.get_one(Payment, payment_id).qr_string
        assert qr is not None
        self.bank.pay(qr)

    def settle(self, payment_id: int) -> None:
        """Let the customer pay, and the shop hear of it."""
        self.pay(payment_id)
        assert self.do(deeds.settle, payment_id) == "paid"

    def end(self) -> list[str]:
        """Close every shift that is open; return what is wrong with the books."""
        for (shift_id,) in self.witness.rows("SELECT id FROM shift WHERE status = 'open'"):
            self.do(deeds.close, shift_id, self.shop.manager.id)
        self.witness.look("the end of the day")
        return self.witness.wrong()
