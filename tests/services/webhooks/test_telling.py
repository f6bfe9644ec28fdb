from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pos.database import writing
from pos.extensions import db
from pos.models import Payment, Topic, User, WebhookEvent
from pos.money import Currency, Money
from pos.services.bookkeeping import auto_close, shifts
from pos.services.selling import checkout
from pos.services.settling import attention, payments
from pos.services.webhooks import webhooks
from pos.states import PaymentStatus, ResolutionKind
from tests import hooking, said
from tests.factories import charge, create_other_shop, mark, open_shift, usd
from tests.racing import errors, race
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context", "clock")

WHO = "cashier:dara"


@pytest.fixture
def hook(app, shop):
    """A webhook that wants everything and is told nothing in these tests."""
    with hooking.system(app) as server:
        return hooking.add(shop, server.url)[0]


@pytest.fixture
def payment(hook, shop):
    return charge(open_shift(shop), usd("3.50"))


def end(payment, clock, answer=said.NOT_FOUND):
    clock.time = payment.expires_at + timedelta(seconds=60)
    checkout.end_overdue(payment.till_id, who="worker")
    said.tell(payment, answer)


def test_a_paid_payment_is_told_with_the_fields_of_the_api(payment):
    said.tell(payment, said.paid(payment))
    (event,) = hooking.put_out()
    told = event["data"]["payment"]
    assert (event["type"], told["id"], told["status"]) == (
        *("payment.paid", payment.tran_id, "completed"),
    )
    assert (told["amount"], told["currency"], told["till"]) == ("3.50", "USD", "Till 1")
    assert (told["remark"], told["booking_id"]) == (None, None)
    assert event["data"]["received"] == {"amount": "3.50", "currency": "USD"}
    assert event["id"].startswith("evt_") and event["at"] == "2026-11-22T02:00:00.000Z"


def test_no_event_has_the_payer_s_account_or_the_receiver_s(payment):
    said.tell(payment, said.paid(payment, payer="sopheap_8812345@aclb"))
    (row,) = hooking.deliveries()
    for secret in ("sopheap", "8812345", "aclb", payment.receiver, payment.qr_string):
        assert secret not in row.event.body


def test_the_same_money_told_twice_is_one_event(payment):
    said.tell(payment, said.paid(payment))
    said.tell(payment, said.paid(payment))
    assert hooking.types() == ["payment.paid"]


def test_a_payment_that_is_undone_half_way_is_told_to_nobody(payment):
    with pytest.raises(ZeroDivisionError), writing(db.session):
        payments.move(payment, PaymentStatus.PAID, who=WHO, paid_at=payment.made_at)
        raise ZeroDivisionError
    assert hooking.put_out() == []


def test_of_two_who_hear_of_the_money_at_once_one_tells_it(app, payment):
    answer, payment_id = said.paid(payment), payment.id

    def hear():
        said.tell(db.session.get_one(Payment, payment_id), answer)

    assert not errors(race(app, hear, hear))
    assert hooking.types() == ["payment.paid"]


def test_wrong_money_needs_a_person_and_is_no_paid_sale(payment):
    said.tell(payment, said.paid(payment, amount=usd("1")))
    (event,) = hooking.put_out()
    assert event["type"] == "payment.attention"
    assert event["data"]["payment"]["remark"] == "underpaid"
    assert event["data"]["received"]["amount"] == "1.00"


def test_wrong_money_that_a_manager_accepts_is_paid(payment, shop):
    said.tell(payment, said.paid(payment, amount=usd("1")))
    decision = attention.Decision(
        kind=ResolutionKind.ACCEPTED,
        reason="goods_given",
        note="",
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    attention.resolve(payment.id, money_of(payment).id, decision, who=WHO)
    assert hooking.types() == ["payment.attention", "payment.paid"]


def test_a_qr_that_ran_out_is_told_and_its_late_money_as_well(payment, clock):
    end(payment, clock)
    said.tell(payment, said.paid(payment))
    assert hooking.types() == ["payment.expired", "payment.attention"]
    assert hooking.put_out()[1]["data"]["payment"]["remark"] == "paid_late"


def test_a_qr_that_was_taken_back_is_told_once_the_bank_has_said_so(payment, clock):
    checkout.cancel(payment, who=WHO)
    assert hooking.put_out() == []
    clock.advance(60)
    said.tell(payment, said.NOT_FOUND)
    (event,) = hooking.put_out()
    assert (event["type"], event["data"]["payment"]["reason"]) == (
        *("payment.cancelled", "cancelled"),
    )


def test_money_that_comes_twice_needs_a_person_and_is_paid_once(payment):
    said.tell(payment, said.paid(payment))
    said.tell(payment, said.paid(payment, reference="again"))
    assert hooking.types() == ["payment.paid", "payment.attention"]
    assert hooking.put_out()[1]["data"]["payment"]["remark"] == "duplicate"


def test_a_second_qr_of_a_sale_that_is_paid_is_not_paid_too(payment):
    second = checkout.new_qr(payment, who=WHO)
    for one in (second, payment):
        said.tell(one, said.paid(one))
    told = [(one["type"], one["data"]["payment"]["id"]) for one in hooking.put_out()]
    assert told == [("payment.paid", second.tran_id), ("payment.attention", payment.tran_id)]


def test_a_mark_by_hand_is_paid_with_its_remark_and_once_more_when_the_bank_confirms(payment, shop):
    said.tell(payment, said.unknown(said.Trouble.UNREACHABLE))
    mark(payment.id, shop)
    said.tell(payment, said.paid(payment))
    remarks = [one["data"]["payment"]["remark"] for one in hooking.put_out()]
    assert (hooking.types(), remarks) == (["payment.paid"] * 2, ["marked", None])


def test_a_refund_is_told_with_what_went_back(payment, shop):
    said.tell(payment, said.paid(payment))
    give_back(money_of(payment).id, shop, "1", reference="FT-0001")
    event = hooking.put_out()[-1]
    assert event["type"] == "payment.refunded"
    assert event["data"]["refund"] == {"id": 1, "amount": "1.00", "currency": "USD"}


def test_a_closed_shift_is_told_with_its_totals_and_no_name_of_staff(payment, shop):
    said.tell(payment, said.paid(payment))
    report = shifts.close_shift(payment.sale.shift_id, shop.cashier.id)
    shift = hooking.put_out()[-1]["data"]["shift"]
    assert (shift["report_number"], shift["report_hash"]) == (1, report.hash)
    assert (shift["is_auto_closed"], shift["business_date"]) == (False, "2026-11-22")
    assert [(one["currency"], one["amount"]) for one in shift["totals"]] == [("USD", "3.50")]
    assert "Dara" not in hooking.deliveries()[-1].event.body


def test_a_shift_that_the_system_closes_is_told_too(hook, shop, clock):
    open_shift(shop, floats=(Money(100, Currency.USD), Money(0, Currency.KHR)))
    clock.advance(hours=40)
    auto_close.close_forgotten()
    (event,) = hooking.put_out()
    assert event["type"] == "shift.closed" and event["data"]["shift"]["is_auto_closed"]


def test_one_event_goes_to_each_webhook_that_wants_it_under_one_id(app, shop, payment):
    with hooking.system(app) as server:
        hooking.add(shop, server.url, Topic.PAID)
        hooking.add(shop, server.url, Topic.REFUNDED)
    said.tell(payment, said.paid(payment))
    first, second = hooking.deliveries()
    assert first.event_id == second.event_id and first.webhook_id != second.webhook_id


def test_without_a_webhook_nothing_is_written(shop, payment):
    user = db.session.get_one(User, shop.manager.id)
    webhooks.remove(user, 1)
    said.tell(payment, said.paid(payment))
    assert db.session.scalar(select(func.count(WebhookEvent.id))) == 0


def test_another_store_s_webhook_is_told_nothing_of_this_one(app, shop, bank):
    other = create_other_shop(bank.url, bank.token())
    with hooking.system(app) as server:
        theirs = hooking.add(other, server.url)[0]
        mine = hooking.add(shop, server.url)[0]
        for place in (shop, other):
            payment = charge(open_shift(place), usd("2"))
            said.tell(payment, said.paid(payment))
    told = [(one.webhook_id, one.event.store_id) for one in hooking.deliveries()]
    assert told == [(mine, shop.store_id), (theirs, other.store_id)]
