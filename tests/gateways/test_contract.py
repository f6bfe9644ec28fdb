"""What every gateway promises; a new one is tested by being in the register."""

import time
from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest

from pos import clock
from pos.errors import GatewaySilent
from pos.gateways import open_gateway, registered
from pos.gateways.base import Answer, Outcome, PaidFacts, Trouble
from pos.gateways.words import Done
from tests.gateways.requests import NOW, khr, qr_request, usd

pytestmark = pytest.mark.alone("gives each exchange half a second")

LIMIT = 0.6


@pytest.fixture(params=registered())
def bank(request, tmp_path):
    """The practice bank of one gateway: `tests/gateways/<name>/practice.py`."""
    clock.use(lambda: NOW)
    module = import_module(f"tests.gateways.{request.param}.practice")
    with module.practice(tmp_path) as bank:
        yield bank
    clock.use(None)


@pytest.fixture
def gateway(bank):
    return open_gateway(bank.account, seconds=LIMIT)


@pytest.fixture
def qr(gateway):
    return gateway.issue_qr(qr_request())


def test_a_qr_can_be_looked_up_and_says_who_receives(gateway, bank, qr):
    assert qr.qr_string and qr.lookup and qr.receiver == bank.account.account_id


def test_the_name_in_the_register_is_the_gateways_own(gateway, bank):
    assert gateway.name == bank.account.gateway
    assert 60 <= gateway.capabilities.max_qr_seconds <= 30 * 86_400


def test_nothing_paid_is_not_found(gateway, qr):
    assert gateway.check(qr.lookup).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("amount", [usd("3.50"), usd("0.01"), usd("1200"), khr("15000")])
def test_paid_money_comes_with_its_facts(gateway, bank, amount):
    qr = gateway.issue_qr(qr_request(amount=amount))
    bank.pay(qr.qr_string)
    answer = gateway.check(qr.lookup)
    assert answer.outcome is Outcome.PAID and answer.facts.amount == amount
    assert answer.facts.receiver == qr.receiver and answer.facts.reference
    assert abs(answer.facts.paid_at - NOW) < timedelta(seconds=5)


def test_asking_twice_tells_of_the_same_money(gateway, bank, qr):
    bank.pay(qr.qr_string)
    assert gateway.check(qr.lookup).facts == gateway.check(qr.lookup).facts


def test_one_payment_pays_one_qr(gateway, bank, qr):
    other = gateway.issue_qr(qr_request("T1122-000002"))
    bank.pay(qr.qr_string)
    assert other.lookup != qr.lookup
    assert gateway.check(other.lookup).outcome is Outcome.NOT_FOUND


def test_a_failed_transfer_is_failed_until_a_good_one_follows(gateway, bank, qr):
    bank.decline(qr.qr_string)
    assert gateway.check(qr.lookup).outcome is Outcome.FAILED
    bank.pay(qr.qr_string)
    assert gateway.check(qr.lookup).outcome is Outcome.PAID


def test_an_expired_qr_that_nobody_paid_is_not_found(gateway, qr):
    clock.use(lambda: NOW + timedelta(hours=1))
    assert gateway.check(qr.lookup).outcome is Outcome.NOT_FOUND


def test_money_in_the_last_second_is_found_after_the_end(gateway, bank, qr):
    clock.use(lambda: NOW + timedelta(seconds=299))
    bank.pay(qr.qr_string)
    clock.use(lambda: NOW + timedelta(hours=1))
    assert gateway.check(qr.lookup).outcome is Outcome.PAID


def test_the_same_request_twice_is_never_two_qrs(gateway, qr):
    if not gateway.capabilities.needs_call_to_make_qr:
        assert gateway.issue_qr(qr_request()) == qr
        return
    with pytest.raises(GatewaySilent):
        gateway.issue_qr(qr_request())


def test_what_a_check_asks_by_is_known_before_a_qr_that_the_gateway_makes(gateway, qr):
    known = qr.lookup if gateway.capabilities.needs_call_to_make_qr else ""
    assert gateway.lookup_for(qr_request()) == known


def test_a_deed_that_a_gateway_cannot_do_is_refused(gateway, qr):
    can, refused = gateway.capabilities, Done.REFUSED
    assert can.can_close or gateway.close(qr.lookup).done is refused
    assert can.can_refund or gateway.refund(qr.lookup, usd("1")).done is refused
    assert can.can_list or not gateway.list_paid(NOW, NOW).is_whole
    assert can.has_deep_link == bool(gateway.deep_link(qr.qr_string, ""))


def test_money_that_was_not_paid_is_not_given_back(gateway, qr):
    assert gateway.refund(qr.lookup, usd("1")).done is Done.REFUSED


@pytest.mark.parametrize(
    ("trouble", "meant"),
    [
        ("go_silent", Trouble.SILENT),
        ("go_down", Trouble.DOWN),
        ("garble", Trouble.GARBLED),
        ("refuse_key", Trouble.UNAUTHORISED),
    ],
)
@pytest.mark.parametrize("is_paid", [True, False])
def test_trouble_is_an_answer_in_time_and_never_says_paid_or_not(
    gateway, bank, qr, trouble, meant, is_paid
):
    if is_paid:
        bank.pay(qr.qr_string)
    getattr(bank, trouble)()
    started = time.monotonic()
    answer = gateway.check(qr.lookup)
    assert time.monotonic() - started < LIMIT + 0.8
    assert (answer.outcome, answer.trouble, answer.facts) == (Outcome.UNKNOWN, meant, None)


def test_a_bank_that_is_not_there_is_unreachable(bank, qr):
    nowhere = replace(bank.account, base_url="http://127.0.0.1:1")
    answer = open_gateway(nowhere, seconds=LIMIT).check(qr.lookup)
    assert answer.trouble is Trouble.UNREACHABLE


def test_many_are_answered_as_each_would_be(gateway, bank, qr):
    other = gateway.issue_qr(qr_request("T1122-000002"))
    bank.pay(other.qr_string)
    answers = gateway.check_many([qr.lookup, other.lookup, qr.lookup])
    assert {lookup: answer.outcome for lookup, answer in answers.items()} == {
        qr.lookup: Outcome.NOT_FOUND,
        other.lookup: Outcome.PAID,
    }


def test_many_asked_in_trouble_are_all_unknown(gateway, bank, qr):
    other = gateway.issue_qr(qr_request("T1122-000002"))
    bank.go_down()
    answers = gateway.check_many([qr.lookup, other.lookup])
    assert {answer.trouble for answer in answers.values()} == {Trouble.DOWN}


def test_many_cost_at_most_what_was_said(gateway, bank):
    lookups = [gateway.issue_qr(qr_request(f"T{number:06}")).lookup for number in range(7)]
    for _ in range(2):
        before, allowed = len(bank.asked()), gateway.requests_for(len(lookups))
        gateway.check_many(lookups)
        assert len(bank.asked()) - before <= allowed


def test_the_key_shows_neither_in_a_repr_nor_in_an_answer(gateway, bank, qr):
    bank.refuse_key()
    answer = gateway.check(qr.lookup)
    assert bank.account.token and bank.account.token not in repr(bank.account) + repr(answer)


def test_an_answer_cannot_contradict_itself():
    facts = PaidFacts(reference="x", amount=usd("1"), payer="", receiver="y", paid_at=NOW)
    for wrong in (
        {"outcome": Outcome.PAID},
        {"outcome": Outcome.NOT_FOUND, "facts": facts},
        {"outcome": Outcome.UNKNOWN},
        {"outcome": Outcome.PAID, "facts": facts, "trouble": Trouble.BUSY},
    ):
        with pytest.raises(ValueError, match="belong"):
            Answer(**wrong)
