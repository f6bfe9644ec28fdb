import pytest
from sqlalchemy import select

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import Display, Payment, Till
from pos.reports.counter import glance, screens
from pos.services.people import users
from pos.services.selling import checkout, tenders
from pos.services.settling import answers
from pos.services.shop import displays, lease
from tests import said
from tests.factories import charge, khr, new_key, open_shift, pair_screen, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def till(shift, shop):
    """The till's panel as it would be drawn now."""
    login = users.hash_of(users.log_in(shop.cashier.username, shop.cashier.password))
    return lambda: screens.till_screen(shift, glance.at_till(login))


@pytest.fixture
def display(shift, shop):
    """The customer's screen as it would be drawn now."""
    token = displays.start().token
    pair_screen(displays.of_token(token).pairing_code, db.session.get_one(Till, shop.till_id))
    key = displays.hash_of(token)
    row = db.session.scalars(select(Display)).one()
    return lambda: screens.display_screen(row, glance.at_display(key, displays.SEEN_EVERY))


def test_both_screens_show_one_amount_and_one_qr(shift, till, display):
    payment = charge(shift, usd("3.50"))
    for shown in (till().payment, display().payment):
        assert (shown.amount, shown.qr_string) == (usd("3.50"), payment.qr_string)
        assert (shown.merchant_name, shown.remaining_ms) == ("Mekong Coffee", 300_000)
    assert till().payment.tran_id == payment.tran_id


def test_the_screens_follow_to_the_next_sale(shift, till, display):
    first = charge(shift, usd("3.50"))
    said.tell(first, said.paid(first))
    second = charge(shift, khr("15000"))
    assert till().payment.qr_string == display().payment.qr_string == second.qr_string


def test_an_idle_screen_holds_no_payment(till, display, shift, clock):
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    assert display().payment.paid_at == clock.time
    clock.advance(8)
    assert (till().payment, display().payment) == (None, None)


def test_a_screen_that_asks_for_the_cashier_tells_the_customer_nothing_else(shift, till, display):
    payment = charge(shift)
    said.tell(payment, said.paid(payment, amount=usd("0.01")))
    assert (display().phase, display().payment) == ("ask", None)
    assert till().payment.received == usd("0.01")
    assert till().payment.remark == "Too little was paid"


def test_the_customer_sees_the_other_currency_at_the_rate_of_the_sale(shift, shop, display):
    said.tell(charge(shift), said.FAILED)
    assert display().other is None
    checkout.cancel(db.session.scalars(select(Payment)).one(), who=WHO)
    set_rate(shop, buy=4_000, sell=4_100)
    charge(shift, usd("3.50"))
    set_rate(shop, buy=4_900, sell=5_000)
    assert (display().other.amount, display().other.rate) == (khr("14300"), khr("4100"))


def test_the_customer_sees_the_change_of_a_cash_sale_and_no_payment(shift, shop, display):
    set_rate(shop)
    paid = charge(shift)
    said.tell(paid, said.paid(paid))
    offer = tenders.Offer(given=Cash(500, 0))
    tenders.take_for_new_sale(shift.id, usd("3.50"), offer, new_key(), who=WHO)
    shown = display()
    assert (shown.phase, shown.payment, shown.other) == ("cash", None, None)
    assert (shown.cash.amount, shown.cash.change) == (usd("3.50"), Cash(100, 2_000))


BUTTONS = [
    (lambda payment: None, (True, True, True)),
    (lambda payment: said.tell(payment, said.FAILED), (True, True, True)),
    (lambda payment: checkout.cancel(payment, who=WHO), (False, True, False)),
    (lambda payment: said.tell(payment, said.paid(payment)), (False, False, False)),
]


@pytest.mark.parametrize(("before", "buttons"), BUTTONS)
def test_only_buttons_that_can_do_something_are_offered(shift, till, before, buttons):
    payment = charge(shift)
    before(payment)
    shown = till().payment
    assert (shown.can_cancel, shown.can_check, shown.can_new_qr) == buttons


def test_after_the_end_a_new_qr_is_offered_and_cancel_is_not(shift, till, clock):
    payment = charge(shift)
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(10)
    said.tell(payment, said.NOT_FOUND)
    shown = till().payment
    assert (shown.can_cancel, shown.can_check, shown.can_new_qr) == (False, True, True)


def test_trouble_with_the_bank_is_told_in_words_and_goes_away(shift, till):
    payment = charge(shift)
    said.tell(payment, said.unknown(Trouble.DOWN))
    assert (till().bank_trouble, till().phase) == (True, "waiting")
    assert till().payment.trouble_text == "The bank's service is down."
    assert till().announce == "Waiting for $3.50. The bank cannot be reached"
    said.tell(payment, said.NOT_FOUND)
    assert (till().bank_trouble, till().payment.trouble_text) == (False, "")


def test_what_is_announced_names_the_amount(shift, till):
    assert till().announce == "Ready"
    payment = charge(shift, khr("15000"))
    assert till().announce == "Waiting for ៛15,000"
    said.tell(payment, said.paid(payment))
    assert till().announce == "Paid ៛15,000"


def test_a_qr_whose_last_word_is_out_is_counted_once_another_is_shown(shift, till):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    assert till().unverified == 0
    charge(shift)
    assert till().unverified == 1
    said.tell(payment, said.NOT_FOUND)
    assert till().unverified == 0


def test_the_last_five_payments_are_listed_newest_first(shift, till, clock):
    for cents in range(1, 7):
        clock.advance(1)
        payment = charge(shift, usd(f"0.0{cents}"))
        said.tell(payment, said.paid(payment))
    listed = till().recent
    assert [str(one.amount) for one in listed] == ["$0.06", "$0.05", "$0.04", "$0.03", "$0.02"]
    assert {(one.status_text, one.tone) for one in listed} == {("Paid", "paid")}
    assert [one.sale_number for one in listed] == [6, 5, 4, 3, 2]


def test_money_for_a_person_is_on_the_till_until_the_shift_ends(shift, till, clock):
    payment = charge(shift)
    said.tell(payment, said.paid(payment, amount=usd("9")))
    clock.advance(hours=1)
    (line,) = till().attention
    assert (line.tran_id, line.received) == (payment.tran_id, usd("9"))
    assert line.remark_text == "Too much was paid"
    assert till().recent[0].tone == "problem"


def test_the_till_knows_whether_a_screen_follows_it(shift, till, display, shop):
    assert till().display_paired
    displays.revoke(db.session.scalars(select(Display.id)).one(), shop.store_id)
    assert not till().display_paired


def test_a_silent_worker_is_told(till):
    assert till().worker_silent
    lease.hold("a-worker")
    assert not till().worker_silent


def test_the_practice_phone_is_offered_for_practice_accounts_only(shift, till):
    payment = charge(shift)
    assert till().payment.phone_url.startswith(f"{payment.account.base_url}/phone?qr=0002")
    assert "%40" in till().payment.phone_url
    with writing(db.session):
        payment.account.is_practice = False
    assert till().payment.phone_url == ""


def test_an_unpaired_screen_shows_its_code_and_how_long_it_holds(context, clock):
    token = displays.start().token
    row = displays.of_token(token)
    look = glance.at_display(displays.hash_of(token), displays.SEEN_EVERY)
    clock.advance(60)
    shown = screens.display_screen(row, look)
    assert (shown.pairing_code, shown.code_remaining_ms) == (row.pairing_code, 240_000)
    assert (shown.store_name, shown.till_name, shown.payment) == ("", "", None)
