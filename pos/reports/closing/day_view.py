"""What the end of a store's day tells, as values; `day.py` gathers them."""

from dataclasses import dataclass
from datetime import date, datetime

from pos.money import Currency, Money
from pos.reports.closing.drawer import CashTotal, DrawerLine
from pos.reports.closing.held_money import HeldTotal
from pos.reports.closing.marked import MarkedTotal
from pos.reports.closing.refund_part import RefundTotal
from pos.reports.closing.settled_part import DiscountTotal, TipTotal
from pos.reports.closing.shift_figures import TenderTotal


@dataclass(frozen=True, kw_only=True)
class CashSums:
    """What a Z report says of its drawer, as far as days are summed."""

    lines: tuple[DrawerLine, ...]
    totals: tuple[CashTotal, ...]
    rounding: Money
    no_sales: int


@dataclass(frozen=True, kw_only=True)
class RefundSums:
    """What a Z report says went back by way of the bank."""

    totals: tuple[RefundTotal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HeldSums:
    """What a Z report says of held money."""

    totals: tuple[HeldTotal, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ZSums:
    """A stored Z report without its lines; the names are those of `ZView`."""

    number: int
    till_name: str
    opened_by: str
    opened_at: datetime
    closed_at: datetime
    is_auto_closed: bool
    totals: tuple[TenderTotal, ...]
    marked: tuple[MarkedTotal, ...] = ()
    cash: CashSums | None = None
    refunds: RefundSums | None = None
    keyed_rounding: Money | None = None
    tips: tuple[TipTotal, ...] = ()
    discounts: tuple[DiscountTotal, ...] = ()
    held_money: HeldSums | None = None

    @property
    def is_uncounted(self) -> bool:
        """Whether cash was in its drawer that nobody counted."""
        lines = self.cash.lines if self.cash else ()
        held = any(one.expected.minor or one.given.minor for one in lines)
        return held and all(one.counted is None for one in lines)


@dataclass(frozen=True, kw_only=True)
class CorrectionLine:
    """What was learned about a report after it was written; its money is in no sum by it."""

    name: str
    till_name: str
    z_number: int
    what: str
    told: str


@dataclass(frozen=True, kw_only=True)
class OpenTill:
    """A till whose shift of this day is not closed, so none of it is in the sums."""

    till_name: str
    cashier_name: str
    opened_at: datetime
    is_counting: bool


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One currency of a day: all that was paid, less what went back, and how the cash moved.

    `net` = KHQR + cash - refunds; `kept` = taken - change - cash refunds + in - out; `over` is
    the sum of the drawers that were counted.
    """

    currency: Currency
    khqr: Money
    cash: Money
    refunds: Money
    net: Money
    given: Money
    change: Money
    cash_refunds: Money
    paid_in: Money
    paid_out: Money
    kept: Money
    over: Money


@dataclass(frozen=True, kw_only=True)
class DayView:
    """All that the end of a store's day tells; currencies are never added."""

    merchant_name: str
    store_name: str
    business_day: date
    seen_at: datetime
    version: str
    reports: tuple[ZSums, ...]
    open_tills: tuple[OpenTill, ...]
    lines: tuple[DayLine, ...]
    totals: tuple[TenderTotal, ...]
    cash: tuple[CashTotal, ...]
    refunds: tuple[RefundTotal, ...]
    marked: tuple[MarkedTotal, ...]
    rounding: Money
    no_sales: int
    corrections: tuple[CorrectionLine, ...] = ()
    keyed_rounding: Money | None = None
    tips: tuple[TipTotal, ...] = ()
    discounts: tuple[DiscountTotal, ...] = ()
    held: tuple[HeldTotal, ...] = ()
