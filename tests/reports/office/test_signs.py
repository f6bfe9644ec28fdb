from datetime import date, timedelta
from fractions import Fraction

import pytest

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import Device, Kind, Store, User
from pos.paper.document import Paper
from pos.reports.office import signs
from pos.reports.office.sign_rows import Sign
from pos.reports.office.signs import Limits, is_worth_a_look
from pos.reports.office.spans import Span
from pos.services.bookkeeping import drawer, shifts
from pos.services.bookkeeping.drawer import Wish
from pos.services.paperwork import printing, receipts
from pos.services.selling import checkout, discounts, tenders
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from pos.services.settling import claims
from pos.states import MovementKind
from tests import said
from tests.factories import (
    NO_FLOAT,
    charge,
    create_other_shop,
    create_user,
    mark,
    new_key,
    open_shift,
    usd,
)
from tests.plans import walks_a_till
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")

TODAY = date(2026, 11, 22)
WHO = "cashier:dara"


def of(shop, on=TODAY, least=3, times=2):
    user = db.session.get_one(User, shop.manager.id)
    return signs.of_store(user, Span(on, on), Limits(least, times))


def count(shop, sign, whose="Dara"):
    grid = of(shop).cashiers
    (line,) = [line for line in grid.lines if line.sign is sign]
    return line.cells[grid.names.index(whose)].count


def rows(shop, sign, **whose):
    user = db.session.get_one(User, shop.manager.id)
    return signs.rows(user, Span(TODAY, TODAY), sign, **{"till_id": 0, "cashier_id": 0, **whose})


@pytest.fixture
def shift(shop):
    return open_shift(shop)


@pytest.fixture
def paid(shift):
    """A sale that was paid, by which no sign is to be counted."""
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    return payment


def cancel(payment):
    checkout.cancel(payment, who=WHO)


def ended(payment, clock):
    cancel(payment)
    clock.advance(60)
    said.tell(payment, said.NOT_FOUND)


def test_a_sale_that_went_well_is_no_sign_at_all(shop, paid):
    receipts.issue(paid.sale_id)
    told = of(shop)
    assert [cell.count for line in told.cashiers.lines for cell in line.cells] == [0] * len(Sign)
    assert [rows(shop, sign) for sign in Sign] == [[]] * len(Sign)


def test_a_qr_cancelled_after_it_was_shown_is_counted_and_listed(shop, paid, shift, clock):
    ended(charge(shift, usd("7")), clock)
    assert count(shop, Sign.CANCELLED) == 1 and count(shop, Sign.VOIDED) == 1
    (row,) = rows(shop, Sign.CANCELLED)
    assert (row.amount, row.cashier_name, row.sale_number, row.is_paid) == (
        usd("7"),
        "Dara",
        2,
        False,
    )


def test_a_qr_that_only_ran_out_is_not_called_cancelled(shop, paid, shift, clock):
    payment = charge(shift)
    clock.advance(hours=1)
    checkout.end_overdue(shop.till_id, who="worker")
    said.tell(payment, said.NOT_FOUND)
    assert count(shop, Sign.CANCELLED) == 0


def test_money_given_back_is_counted_by_bank_and_by_cash(shop, paid, shift):
    give_back(money_of(paid).id, shop, "1", reference="FT-0001")
    sale = tenders.take_for_new_sale(
        shift.id, usd("3"), Offer(given=Cash(300)), new_key(), who="dara"
    )
    back = Wish(kind=MovementKind.REFUND, cash=Cash(100), reason="goods_back",
                asked_by_id=shop.cashier.id, approved_by_id=shop.manager.id)  # fmt: skip
    drawer.refund(shift.id, sale.sale_id, usd("1"), back, new_key())
    assert count(shop, Sign.REFUNDED) == 2
    assert {row.why for row in rows(shop, Sign.REFUNDED)} == {"The goods came back"}


def test_a_drawer_opened_for_nothing_is_counted_and_cash_paid_in_is_not(shop, paid, shift):
    for kind, cash, reason in ((MovementKind.NO_SALE, Cash(), "looked"),
                               (MovementKind.PAID_IN, Cash(500), "change_brought")):  # fmt: skip
        wish = Wish(kind=kind, cash=cash, reason=reason, asked_by_id=shop.cashier.id,
                    approved_by_id=shop.manager.id)  # fmt: skip
        drawer.move(shift.id, wish, new_key())
    assert count(shop, Sign.NO_SALE) == 1
    assert rows(shop, Sign.NO_SALE)[0].why == "To look into the drawer"


def marked(shop, shift, evidence, clock):
    payment = charge(shift)
    said.tell(payment, said.unknown(said.Trouble.DOWN))
    mark(payment.id, shop, evidence)
    clock.advance(60)


def test_a_payment_marked_by_hand_is_counted_with_its_evidence(shop, paid, shift, clock):
    marked(shop, shift, "receipt 1a2b3c4d", clock)
    assert count(shop, Sign.MARKED) == 1 and count(shop, Sign.RECEIPT_MISFIT) == 0
    assert rows(shop, Sign.MARKED)[0].why == "receipt 1a2b3c4d"


def test_the_same_evidence_for_two_marks_is_counted_once_for_the_second(shop, shift, clock):
    for evidence in ("receipt 1a2b3c4d", "other 9f9f9f9f", "Receipt 1A2B3C4D"):
        marked(shop, shift, evidence, clock)
    assert count(shop, Sign.RECEIPT_MISFIT) == 1


def test_a_receipt_that_paid_another_sale_is_counted_where_it_was_shown_again(
    shop, shift, bank, clock
):
    first = charge(shift)
    (transfer,) = bank.pay(first.qr_string)
    for payment in (first, None):
        claims.claim(payment or charge(shift), transfer["hash"][:8], who=WHO)
        clock.advance(60)
    (row,) = rows(shop, Sign.RECEIPT_MISFIT)
    assert (row.sale_number, count(shop, Sign.RECEIPT_MISFIT)) == (2, 1)


def test_only_a_second_print_of_a_receipt_is_counted(shop, paid):
    receipt = receipts.issue(paid.sale_id)
    for times in (0, 1):
        printing.ask(Kind.RECEIPT, receipt.id, device=Device.BROWSER, paper=Paper.ROLL, who=WHO)
        assert count(shop, Sign.REPRINTED) == times


def test_a_discount_that_was_charged_is_counted(shop, paid, shift):
    with writing(db.session):
        db.session.get_one(Store, shop.store_id).discount_limit = 50
    wish = discounts.Wish(before=usd("10"), off=usd("1"), permille=100, reason="staff", note="",
                          given_by_id=shop.cashier.id)  # fmt: skip
    row = discounts.give(shift.id, wish, new_key())
    assert count(shop, Sign.DISCOUNTED) == 0
    keyed = Keyed(discount_id=row.id, discount=row.minor)
    checkout.charge(shift.id, usd("9"), new_key(), who=WHO, keyed=keyed)
    assert count(shop, Sign.DISCOUNTED) == 1
    assert rows(shop, Sign.DISCOUNTED)[0].amount == usd("1")


def test_no_sign_is_looked_for_among_all_payments(shop, paid, plans):
    plans.clear()
    of(shop)
    assert plans
    assert [(plan, asked) for plan, asked in plans if walks_a_till(plan)] == []


def test_other_days_and_other_stores_are_not_counted(shop, paid, shift, clock):
    ended(charge(shift), clock)
    other = create_other_shop("http://127.0.0.1:9", "no-key")
    assert of(shop, TODAY - timedelta(days=1)).is_empty
    assert of(other).is_empty and count(shop, Sign.CANCELLED) == 1


def test_rows_are_asked_for_by_till_and_by_cashier(shop, shift, clock):
    ended(charge(shift), clock)
    assert len(rows(shop, Sign.CANCELLED, till_id=shop.till_id)) == 1
    assert len(rows(shop, Sign.CANCELLED, cashier_id=shop.cashier.id)) == 1
    assert rows(shop, Sign.CANCELLED, till_id=shop.till_ids[1]) == []
    assert rows(shop, Sign.CANCELLED, cashier_id=shop.manager.id) == []


def test_who_has_far_more_than_the_median_is_worth_a_look(shop, shift, clock):
    for _ in range(3):
        ended(charge(shift), clock)
    for till, name in ((1, "sokha"),):
        colleague = create_user(shop.store_id, name)
        quiet = shifts.open_shift(shop.till_ids[till], colleague.id, NO_FLOAT)
        for _ in range(3):
            said.tell(payment := charge(quiet), said.paid(payment))
    line = of(shop, times=2).cashiers.lines[0]
    assert line.median == Fraction(50) and [cell.rate_text for cell in line.cells] == [
        "100.0",
        "0.0",
    ]
    assert [cell.worth_a_look for cell in line.cells] == [True, False]


@pytest.mark.parametrize(
    ("count", "rate", "usual", "expected"),
    [(2, 50, 1, False), (3, 50, 1, True), (3, 2, 1, True), (3, 1, 1, False), (3, 0, 0, False),
     (3, 1, 0, True), (3, None, 1, True), (2, None, 1, False)],
)  # fmt: skip
def test_a_number_stands_out_when_it_is_not_few_and_far_above_the_median(
    count, rate, usual, expected
):
    of_hundred = None if rate is None else Fraction(rate)
    assert is_worth_a_look(count, of_hundred, Fraction(usual), Limits(3, 2)) is expected
