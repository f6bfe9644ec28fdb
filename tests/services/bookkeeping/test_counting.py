import pytest
from sqlalchemy import select

from pos.cash import Cash
from pos.errors import BadAmount, BadInput, NotAllowed, QrWaiting, Refused, ShiftClosed
from pos.extensions import db
from pos.models import CashCount, User, ZReport
from pos.money import Currency, Money
from pos.reports.closing import z_report
from pos.services.bookkeeping import auto_close, counting, shifts
from pos.services.bookkeeping.counting import Off
from pos.services.bookkeeping.pieces import Counted, read_pieces
from pos.services.selling import checkout, rates, tenders
from pos.services.selling.tenders import Offer
from pos.services.settling import answers
from pos.states import ShiftStatus
from tests import racing
from tests.factories import NO_FLOAT, charge, close_shift, khr, new_key, open_shift, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

FLOAT = Counted(pieces={Currency.USD: {20: 2, 10: 1}, Currency.KHR: {50_000: 4}})
SHORT = Counted(pieces={Currency.USD: {20: 2}, Currency.KHR: {50_000: 4}})


@pytest.fixture
def shift(context, shop):
    set_rate(shop)
    return open_shift(shop, floats=(usd("50"), khr("200000")))


def submit(shift, shop, counted, key=""):
    return counting.submit(shift.id, counted, key or new_key(), counted_by_id=shop.cashier.id)


def close_off(shift, shop, reason="unknown", note=""):
    off = Off(reason=reason, note=note, approved_by_id=shop.manager.id)
    return counting.close_off(shift.id, off, closed_by_id=shop.cashier.id)


def told(report):
    return z_report.from_json(report.body)


def test_a_right_count_closes_the_shift(shift, shop):
    counting.begin(shift.id)
    z = told(submit(shift, shop, FLOAT))
    assert shift.status is ShiftStatus.CLOSED
    assert [line.over.minor for line in z.cash.lines] == [0, 0]
    assert z.cash.counts[0].notes == {"USD": {"20": 2, "10": 1}, "KHR": {"50000": 4}}


def test_a_small_difference_closes_too_and_stands_on_the_report(shift, shop):
    counting.begin(shift.id)
    short = Counted(pieces={Currency.USD: {50: 1}, Currency.KHR: {1_000: 196}})
    dollars, riel = told(submit(shift, shop, short)).cash.lines
    assert (dollars.over.minor, riel.counted, riel.over.minor) == (0, khr("196000"), -4_000)


@pytest.mark.parametrize(
    "off", [{Currency.USD: {20: 2}, Currency.KHR: {50_000: 4}},
            {Currency.USD: {50: 1}, Currency.KHR: {100: 1_959}}],
)  # fmt: skip
def test_a_count_that_is_off_is_made_once_more_and_both_are_kept(shift, shop, off):
    counting.begin(shift.id)
    assert submit(shift, shop, Counted(pieces=off)) is None
    assert shift.status is ShiftStatus.COUNTING
    z = told(submit(shift, shop, FLOAT))
    assert [one.number for one in z.cash.counts] == [1, 2]
    assert z.cash.over_reason == ""


def test_two_counts_that_are_off_take_a_reason_and_a_manager(shift, shop):
    counting.begin(shift.id)
    for _ in range(2):
        assert submit(shift, shop, SHORT) is None
    with pytest.raises(Refused, match="counted twice"):
        submit(shift, shop, FLOAT)
    z = told(close_off(shift, shop, "wrong_change"))
    assert (z.cash.over_reason, z.cash.over_approved_by) == ("Wrong change was given", "Maly")
    assert z.cash.lines[0].over == Money(-1_000, Currency.USD)


def test_a_manager_decides_only_after_the_second_count(shift, shop):
    counting.begin(shift.id)
    submit(shift, shop, SHORT)
    with pytest.raises(Refused, match="once more"):
        close_off(shift, shop)
    submit(shift, shop, SHORT)
    for reason, note in (("", ""), ("other", " "), ("unknown", "x" * 201)):
        with pytest.raises(BadInput):
            close_off(shift, shop, reason, note)
    assert db.session.scalars(select(ZReport)).all() == []


def test_a_count_sent_twice_is_one_count(shift, shop):
    counting.begin(shift.id)
    for _ in range(2):
        assert submit(shift, shop, SHORT, "the-very-same-key") is None
    assert len(db.session.scalars(select(CashCount)).all()) == 1


def test_a_right_count_sent_eight_times_at_once_writes_one_report(app, shift, shop):
    counting.begin(shift.id)
    shift_id, key, by = shift.id, new_key(), shop.cashier.id
    racing.race(app, *[lambda: counting.submit(shift_id, FLOAT, key, counted_by_id=by)] * 8)
    assert [one.number for one in db.session.scalars(select(ZReport))] == [1]
    assert len(db.session.scalars(select(CashCount)).all()) == 1


def test_nothing_is_counted_while_selling_goes_on(shift, shop):
    with pytest.raises(Refused, match="Stop it first"):
        submit(shift, shop, FLOAT)
    with pytest.raises(Refused, match="Count the drawer"):
        shifts.close_shift(shift.id, shop.cashier.id)
    assert db.session.scalars(select(CashCount)).all() == []


def test_while_it_is_counted_nothing_is_sold_and_the_till_stays_taken(shift, shop):
    counting.begin(shift.id)
    counting.begin(shift.id)
    with pytest.raises(ShiftClosed, match="being counted"):
        charge(shift)
    with pytest.raises(Refused, match="already has an open shift"):
        shifts.open_shift(shop.till_id, shop.manager.id, NO_FLOAT)
    assert shifts.open_shift_of(shop.cashier.id) is None


def test_selling_goes_on_again_until_something_was_counted(shift, shop):
    counting.begin(shift.id)
    counting.resume(shift.id)
    assert checkout.charge(shift.id, usd("1"), new_key(), who="dara").sale.number == 1
    checkout.cancel(checkout.live_payment(shift.till_id), who="dara")
    counting.begin(shift.id)
    submit(shift, shop, SHORT)
    with pytest.raises(Refused, match="was counted"):
        counting.resume(shift.id)


def test_a_waiting_qr_keeps_the_drawer_from_being_counted(shift):
    charge(shift)
    with pytest.raises(QrWaiting):
        counting.begin(shift.id)
    assert shift.status is ShiftStatus.OPEN


def test_a_part_that_nothing_ended_keeps_the_drawer_from_being_counted(shift, shop, clock):
    offer = Offer(given=Cash(100, 0), rest_by_qr=True)
    tenders.take_for_new_sale(shift.id, usd("3"), offer, new_key(), who="dara")
    payment = checkout.live_payment(shift.till_id)
    clock.time = payment.expires_at
    answers.expire_due()
    with pytest.raises(Refused, match="paid in part"):
        counting.begin(shift.id)
    tenders.give_back(payment, asked_by_id=shop.cashier.id, who="dara")
    counting.begin(shift.id)


def test_a_closed_shift_is_neither_counted_nor_opened_again(shift, shop):
    close_shift(shift, shop.cashier)
    deeds = (
        lambda: counting.begin(shift.id),
        lambda: counting.resume(shift.id),
        lambda: submit(shift, shop, FLOAT),
        lambda: close_off(shift, shop),
    )
    for deed in deeds:
        with pytest.raises(ShiftClosed):
            deed()


def test_a_drawer_that_never_held_cash_is_not_counted(shop):
    shift = open_shift(shop)
    assert told(shifts.close_shift(shift.id, shop.cashier.id)).cash.counts == ()


def test_a_shift_forgotten_while_it_is_counted_is_closed_and_keeps_its_count(shift, shop, clock):
    counting.begin(shift.id)
    submit(shift, shop, SHORT)
    clock.advance(hours=16)
    auto_close.close_forgotten()
    z = told(db.session.scalars(select(ZReport)).one())
    assert (z.is_auto_closed, len(z.cash.counts), z.cash.over_approved_by) == (True, 1, "")


@pytest.mark.parametrize("typed", ["-1", "1.5", "abc", "1e3", "១", "100001", "9" * 30])
def test_pieces_are_plain_whole_numbers(typed):
    with pytest.raises(BadInput):
        read_pieces(typed)
    assert (read_pieces(" 12 "), read_pieces("")) == (12, 0)


def test_more_than_any_drawer_holds_is_not_counted(shift, shop):
    counting.begin(shift.id)
    with pytest.raises(BadAmount):
        submit(shift, shop, Counted(pieces={Currency.USD: {100: 100_000}}))


def test_the_next_float_is_suggested_from_the_last_count(shift, shop):
    assert counting.last_counted(shop.till_id) is None
    close_shift(shift, shop.cashier)
    assert counting.last_counted(shop.till_id) == (usd("50"), khr("200000"))
    assert counting.last_counted(shop.till_ids[1]) is None


def test_only_a_manager_sets_a_rate_and_a_jump_is_meant(shop, clock):
    cashier, manager = (db.session.get(User, one.id) for one in (shop.cashier, shop.manager))
    with pytest.raises(NotAllowed):
        rates.set_rate(cashier, rates.read("4000", "4100"))
    first = rates.set_rate(manager, rates.read("4000", "4100"))
    with pytest.raises(BadInput, match="2 %"):
        rates.set_rate(manager, rates.read("4000", "4200"))
    rates.set_rate(manager, rates.read("4000", "4200"), is_sure=True)
    assert rates.current(shop.store_id).sell == 4_200
    clock.advance(days=7, seconds=1)
    assert rates.is_old(first) and rates.days_old(first) == 7


@pytest.mark.parametrize(
    ("buy", "sell"), [("", "4100"), ("4100", "4000"), ("-1", "4000"), ("40", "41"), ("4e3", "4e3")]
)
def test_a_rate_that_is_none_is_refused(buy, sell):
    with pytest.raises(BadInput):
        rates.read(buy, sell)


def test_two_closes_at_once_write_one_report(app, shift, shop):
    counting.begin(shift.id)
    shift_id, people = shift.id, (shop.cashier.id, shop.manager.id)
    results = racing.race(
        app,
        *[
            lambda by=by: counting.submit(shift_id, FLOAT, new_key(), counted_by_id=by).number
            for by in people
        ],
    )
    assert (len(racing.errors(results)), results.count(1)) == (1, 1)
