import json
from dataclasses import replace

import pytest

from pos.errors import (
    BadInput,
)
from pos.gateways import open_gateway
from pos.gateways.base import Outcome
from tests.gateways import wire
from tests.gateways.bakong.bodies import paid, transfer
from tests.gateways.requests import khr, qr_request, said, usd


def test_production_refuses_md5_lists_and_is_asked_for_one_only_once(gateway, bank):
    lookups = [gateway.issue_qr(qr_request(f"T{number}")).lookup for number in range(3)]
    for _ in range(2):
        assert {said(one) for one in gateway.check_many(lookups).values()} == {"not_found"}
    assert bank.asked().count("check_transaction_by_md5_list") == 1
    assert bank.asked().count("check_transaction_by_md5") == 6


def test_where_lists_are_taken_fifty_cost_one_question(test_bank):
    gateway = open_gateway(test_bank.account)
    qrs = [gateway.issue_qr(qr_request(f"T{number}")) for number in range(51)]
    test_bank.pay(qrs[0].qr_string)
    test_bank.decline(qrs[50].qr_string)
    answers = gateway.check_many([qr.lookup for qr in qrs])
    outcomes = [said(answers[qr.lookup]) for qr in qrs]
    assert outcomes == ["paid"] + ["not_found"] * 49 + ["failed"]
    assert test_bank.asked() == ["check_transaction_by_md5_list"] * 2
    assert gateway.requests_for(51) == 2


def test_a_list_that_got_no_answer_is_not_asked_one_by_one(test_bank):
    gateway = open_gateway(test_bank.account)
    lookups = [gateway.issue_qr(qr_request(f"T{number}")).lookup for number in range(60)]
    test_bank.misbehave(status=503)
    assert {said(one) for one in gateway.check_many(lookups).values()} == {"down"}
    assert test_bank.asked() == ["check_transaction_by_md5_list"]


def test_one_by_one_stops_where_the_next_would_meet_the_same(gateway, bank):
    lookups = [gateway.issue_qr(qr_request(f"T{number}")).lookup for number in range(5)]
    bank.misbehave(daily_limit=3)
    answers = gateway.check_many(lookups)
    assert [said(answers[one]) for one in lookups] == ["not_found"] * 3 + ["quota"] * 2
    assert bank.asked().count("check_transaction_by_md5") == 4


def test_from_abroad_nothing_is_asked_fifty_times(gateway, bank):
    lookups = [gateway.issue_qr(qr_request(f"T{number}")).lookup for number in range(50)]
    bank.misbehave(geo_403=True)
    assert {said(one) for one in gateway.check_many(lookups).values()} == {"forbidden"}
    assert len(bank.asked()) == 2


def test_money_is_found_by_its_hash_and_by_a_list_of_hashes(gateway, bank, qr):
    booked = bank.pay(qr.qr_string)["hash"]
    assert gateway.check_reference(booked).facts.reference == booked
    answers = gateway.check_references([booked, "f" * 64])
    assert (said(answers[booked]), said(answers["f" * 64])) == ("paid", "not_found")


@pytest.mark.parametrize("amount", [usd("3.50"), usd("0.10"), usd("12"), khr("15000")])
def test_money_is_found_by_the_code_on_the_receipt(gateway, bank, amount):
    qr = gateway.issue_qr(qr_request(amount=amount))
    booked = bank.pay(qr.qr_string)
    typed = f" {booked['short_hash'].upper()} "
    assert gateway.find_by_receipt(typed, amount).facts.reference == booked["hash"]


def test_a_receipt_for_another_amount_is_not_found(gateway, bank, qr):
    short = bank.pay(qr.qr_string)["short_hash"]
    assert said(gateway.find_by_receipt(short, usd("3.51"))) == "not_found"
    assert said(gateway.find_by_receipt(short, khr("350"))) == "not_found"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567!", '1"2345678', "១២៣៤៥៦៧៨"])
def test_what_no_receipt_carries_is_bad_input(gateway, bank, typed):
    with pytest.raises(BadInput, match="eight"):
        gateway.find_by_receipt(typed, usd("1"))
    assert bank.asked() == []


def test_money_is_found_by_the_banks_reference_and_by_the_instructions(gateway, bank, qr):
    booked = bank.pay(qr.qr_string, instruction_ref="INS-1")
    found = gateway.find_by_bank_reference(booked["external_ref"]).facts
    assert found.reference == booked["hash"] and found.bank_reference == booked["external_ref"]
    assert gateway.find_by_instruction("INS-1").facts.reference == booked["hash"]
    assert said(gateway.find_by_instruction("INS-2")) == "not_found"


@pytest.mark.parametrize(
    "ask",
    [
        lambda gateway: gateway.check_reference("f" * 64),
        lambda gateway: gateway.find_by_receipt("ffffffff", usd("3.50")),
        lambda gateway: gateway.find_by_receipt("8465d722", usd("3.51")),
        lambda gateway: gateway.find_by_bank_reference("another"),
    ],
)
def test_an_answer_about_other_money_than_was_asked_for_is_garbled(bank, ask):
    answer = wire.message(json.dumps(paid(data=transfer())).encode())
    with wire.bank(wire.send(answer)) as liar:
        gateway = open_gateway(replace(bank.account, base_url=liar.url))
        assert said(ask(gateway)) == "garbled"
        assert gateway.find_by_receipt("8465d722", usd("3.50")).outcome is Outcome.PAID
