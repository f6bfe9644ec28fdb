"""The payments of a shift, read at once: what settled a sale, how the QRs went, what sales had.

A shift may have thousands, and finding each is the dear part of a report. So they are read once,
as the database keeps them and not as rows of the models, and every figure is made of these.
"""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Integer, Select, String, and_, bindparam, case, func, select
from sqlalchemy import type_coerce as read_as

from pos.extensions import db
from pos.models import Discount, GatewayTransaction, Payment, Sale
from pos.money import Currency
from pos.states import MARKS

CURRENCIES = {str(one): one for one in Currency}
"""Each currency by its word, as the rows have it."""


class Row(NamedTuple):
    """One payment with its sale, and with the money that settled it where there is any."""

    status: str
    remark: str | None
    taken: int | None
    """Milliseconds from shown to sent; None where nothing was sent, or nobody knows when."""
    is_counted: bool | None
    tran_id: str
    sale_number: int
    sale_currency: str
    rounding: int
    tip: int
    off: int | None
    """What its discount took off; None without one."""
    money_id: int
    gateway: str
    minor: int
    currency: str
    at: datetime
    payer: str
    bank_reference: str
    short_hash: str


_SHIFT = bindparam("shift_id", type_=Integer)
_PAYMENT, _SALE, _MONEY, _DISCOUNT = (
    one.__table__ for one in (Payment, Sale, GatewayTransaction, Discount)
)
_P, _S, _M = _PAYMENT.c, _SALE.c, _MONEY.c
_SHOWN, _SENT = read_as(_P.shown_at, BigInteger), read_as(_P.paid_at, BigInteger)
_COLUMNS = select(
    read_as(_P.status, String),
    read_as(_P.remark, String),
    case((_P.remark.in_(MARKS), None), else_=_SENT - _SHOWN),
    _P.paid_shift_id == _SHIFT,
    _P.tran_id,
    _S.number,
    read_as(_S.currency, String),
    _S.rounding_minor,
    _S.tip_minor,
    _DISCOUNT.c.minor,
    _M.id,
    _M.gateway,
    _M.amount_minor,
    read_as(_M.currency, String),
    _M.paid_at,
    _M.payer,
    _M.bank_reference,
    func.substr(_M.reference, 1, 8),
)
"""The fields of a `Row`, in its order."""

_SETTLING = and_(_M.payment_id == _P.id, _M.settles_sale_id == _P.sale_id)
_OF_SALES = _SALE.join(_PAYMENT, _P.sale_id == _S.id).outerjoin(_MONEY, _SETTLING)
_WITH_DISCOUNT = _DISCOUNT, _DISCOUNT.c.id == _S.discount_id
_MADE = _COLUMNS.select_from(_OF_SALES.outerjoin(*_WITH_DISCOUNT)).where(_S.shift_id == _SHIFT)
_BROUGHT = _COLUMNS.select_from(
    _PAYMENT.join(_SALE, _P.sale_id == _S.id).join(_MONEY, _SETTLING).outerjoin(*_WITH_DISCOUNT)
).where(
    _P.paid_shift_id == _SHIFT,
    # Not by the sale of each payment: they are thousands, and nearly all are of this shift.
    _P.sale_id.not_in(select(_S.id).where(_S.shift_id == _SHIFT)),
)


@dataclass(frozen=True)
class ShiftPayments:
    """`made`: for the shift's own sales; `settled`: whose money settled a sale in it, oldest first.

    The second has late money for sales of earlier shifts too.
    """

    made: list[Row]
    settled: list[Row]


def of_shift(shift_id: int) -> ShiftPayments:
    """Return the payments of a shift, as the books say now."""
    made, brought = _read(_MADE, shift_id), _read(_BROUGHT, shift_id)
    settled = [row for row in made if row.is_counted and row.money_id is not None]
    return ShiftPayments(made, sorted(settled + brought, key=attrgetter("money_id")))


def _read(query: Select[*tuple[Any, ...]], shift_id: int) -> list[Row]:
    return list(map(Row._make, db.session.execute(query, {"shift_id": shift_id}).all()))
