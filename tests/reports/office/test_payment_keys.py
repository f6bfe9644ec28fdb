"""Whatever is known of a payment finds it: every key of every payment, with filters or without."""

from dataclasses import dataclass
from unicodedata import normalize

import pytest
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Sale
from pos.models.payment import plain
from pos.reports.office import payment_search
from pos.reports.office.payment_search import Wanted
from pos.services.selling import checkout
from pos.services.selling.keypad import LONGEST_NOTE, Keyed
from tests import said
from tests.factories import create_other_shop, khr, new_key, open_shift, usd

SOLD = (
    ("3.50", "USD", "Table 4, Sok 100%", "sok_12345@abaa", "ab12cd34" + "0" * 56, "FT-77AB"),
    ("15000", "KHR", "តុ\u200bលេខ៤ កាហ្វេ", "dara@wing", "1" * 64, "100FT9"),
    ("15000", "USD", "15000", "al@aclb", "15000123" + "f" * 56, "15000"),
    ("0.01", "USD", "ÉCLAIR café", "00012345@x", "d" * 64, "ft-0"),
    ("1234567", "KHR", "n" * LONGEST_NOTE, "12345678", "c" * 64, ""),
    ("4", "USD", "", "", "e" * 64, "x"),
)


@dataclass(frozen=True)
class Known:
    """A payment, its sale and its money, as somebody may ask for them."""

    payment: Payment
    sale: Sale
    money: GatewayTransaction

    def keys(self):
        """All that may be typed to find it, in every way of writing it."""
        payment, note, money = self.payment, self.sale.note, self.money
        yield from (str(payment.amount), payment.amount.plain, f"#{self.sale.number}")
        for code in (payment.tran_id, payment.lookup, money.reference, money.reference[:8]):
            yield from (code, code.upper(), code.lower())
        bank = money.bank_reference
        typed = (bank, bank.upper(), bank.lower(), money.payer, money.payer.upper())
        yield from filter(None, typed)
        account = money.payer.partition("@")[0]
        if len(account) >= 4:
            yield from (account[-4:], account)
        words = [
            note,
            plain(note),
            normalize("NFD", note),
            note.upper(),
            *note.split(),
            note[1:-1],
            note[-3:],
        ]
        yield from (word for word in words if word.strip())

    def filters(self):
        """None, and all that it fits at once."""
        mine = self.payment
        day = clock.business_date(mine.made_at)
        return {}, {
            "state": mine.status,
            "currency": mine.currency,
            "gateway": "bakong",
            "till_id": mine.till_id,
            "cashier_id": self.sale.cashier_id,
            "first": day,
            "last": day,
        }


@pytest.fixture
def known(shop, context, clock):
    shift, rows = open_shift(shop), []
    for amount, currency, note, payer, reference, bank in SOLD:
        price = {"USD": usd, "KHR": khr}[currency](amount)
        keyed = Keyed(note=note)
        payment = checkout.charge(shift.id, price, new_key(), who="dara", keyed=keyed)
        money = {"payer": payer, "reference": reference, "bank_reference": bank}
        said.tell(payment, said.paid(payment, **money))
        clock.advance(7)
        rows.append(payment.id)
    query = select(Payment, Sale, GatewayTransaction).where(Payment.id.in_(rows))
    query = query.select_from(Payment).join(Sale, Sale.id == Payment.sale_id)
    query = query.join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
    return [Known(*row) for row in db.session.execute(query)]


def found(store_id, **wanted):
    today = clock.business_date(clock.now())
    pairs = payment_search.newest(Wanted(store_id=store_id, **wanted), today)
    return {payment_id for _at, payment_id in pairs}


def test_every_key_of_every_payment_finds_it_whatever_else_is_chosen(shop, known):
    asked = [(one, key, more) for one in known for key in one.keys() for more in one.filters()]
    missed = [
        (one.payment.id, key, more)
        for one, key, more in asked
        if one.payment.id not in found(shop.store_id, text=key, **more)
    ]
    assert missed == [] and len(asked) > 200


def test_no_key_finds_a_payment_of_another_store(bank, known):
    other = create_other_shop(bank.url, bank.token())
    for one in known:
        for key in one.keys():
            assert found(other.store_id, text=key) == set(), key


def test_a_filter_that_does_not_fit_hides_it_whatever_was_typed(shop, known):
    for one in known:
        other = {"USD": "KHR", "KHR": "USD"}[one.payment.currency]
        wrong = ({"currency": other}, {"state": "expired"}, {"cashier_id": 99}, {"till_id": 99})
        for at, key in enumerate(one.keys()):
            more = wrong[at % len(wrong)]
            assert one.payment.id not in found(shop.store_id, text=key, **more), (key, more)
