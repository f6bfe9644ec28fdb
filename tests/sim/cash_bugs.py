"""Bugs of tills in the field, planted in what our own does with cash. See `bugs.py`."""

from typing import Any

import pytest

from pos.models import Payment, Tender
from pos.money import Money
from pos.reports.closing import drawer
from pos.services.selling import checkout, tenders
from pos.states import MovementKind
from tests.sim.world import World

Plant = pytest.MonkeyPatch


def change_stays_in_the_drawer(plant: Plant, _: World) -> None:
    """The drawer should hold all that customers gave, as if they got nothing back."""
    taken = drawer._taken

    def forgetful(shift_id: int) -> tuple[int, int, int, int]:
        usd, _, khr, _ = taken(shift_id)
        return usd, 0, khr, 0

    plant.setattr(drawer, "_taken", forgetful)


def cash_refund_counts_twice(plant: Plant, _: World) -> None:
    moved = drawer._moved

    def double(shift_id: int) -> Any:
        sums = moved(shift_id)
        usd, khr = sums.get(MovementKind.REFUND, (0, 0))
        return {**sums, MovementKind.REFUND: (2 * usd, 2 * khr)}

    plant.setattr(drawer, "_moved", double)


def rest_is_asked_in_full(plant: Plant, _: World) -> None:
    """The QR for the rest of a sale asks for all of it, whatever cash was taken before."""
    add_payment = checkout.add_payment

    def whole(sale: Any, till: Any, amount: Money) -> Payment:
        return add_payment(sale, till, sale.amount)

    plant.setattr(checkout, "add_payment", whole)


def cash_is_taken_for_each_tap(plant: Plant, _: World) -> None:
    take, taps = tenders.take_for_new_sale, iter(range(10**9))

    def forgetful(shift_id: int, amount: Money, offer: Any, key: str, **more: Any) -> Tender:
        return take(shift_id, amount, offer, key if next(taps) == 0 else f"{key}-again", **more)

    plant.setattr(tenders, "take_for_new_sale", forgetful)


BUGS = (
    change_stays_in_the_drawer,
    cash_refund_counts_twice,
    rest_is_asked_in_full,
    cash_is_taken_for_each_tap,
)
