"""Whatever code, word or body PayWay answers with, it is an answer, and never money by accident."""

import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.errors import GatewayError
from pos.gateways.base import Account, Outcome, QrIssued
from pos.gateways.deeds import CloseResult, Listing, Rates, RefundResult
from pos.gateways.http import Wire, use
from pos.gateways.payway.answers import read_answer
from pos.gateways.payway.client import PayWayGateway
from pos.gateways.payway.codes import TABLES
from pos.gateways.payway.frame import hear
from pos.gateways.payway.signing import ORDERS
from pos.gateways.reply import Reply
from pos.gateways.words import Done
from tests.gateways.payway.bodies import TRAN_ID, USD, state
from tests.gateways.payway.practice import merchant
from tests.gateways.requests import qr_request, usd

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)
CODES = (
    st.text("0123456789ACDLPT", max_size=17) | st.text(max_size=17) | st.integers(-9, 9999) | JSON
)
OTHERS = [201, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503]
STATUSES = st.just(200) | st.sampled_from(OTHERS)
NUMBERS = st.sampled_from([0, "0", "", 2, 4, "4", 7]) | CODES
BODIES = (
    st.builds(lambda code, message: {"status": {"code": code, "message": message}}, CODES, JSON)
    | st.builds(lambda code, data: {"status": {"code": code}, "data": data}, CODES, JSON)
    | st.builds(lambda code: {"status": code, "description": "approved"}, CODES)
    | JSON
)
quickly = settings(max_examples=60, deadline=None)


class Bank:
    """Answers each request with what was set last, below our own client."""

    def __init__(self):
        self.status, self.body, self.asked, self.is_idle = 200, b"", 0, True

    def answer(self, _request):
        self.asked += 1
        return httpx.Response(self.status, stream=httpx.ByteStream(self.body))


BANK = Bank()
WIRE = Wire(httpx.MockTransport(BANK.answer))


@pytest.fixture(autouse=True)
def wire_as_before():
    BANK.asked, BANK.is_idle = 0, True
    yield
    use(None)
    assert BANK.asked or BANK.is_idle


def reply_of(status, body):
    return Reply.of(status, {}, json.dumps(body).encode(), "canary-key-0001")


def payway(status, body):
    use(WIRE)
    BANK.status, BANK.body, BANK.is_idle = status, json.dumps(body).encode(), False
    account = Account(
        gateway="payway",
        base_url="http://127.0.0.1:9",
        account_id="ec000262",
        token="canary-key-0001",
        refund_key=merchant().public_key,
    )
    return PayWayGateway(account, seconds=1)


@quickly
@given(st.sampled_from(sorted(ORDERS)), STATUSES, BODIES)
def test_any_answer_to_any_call_is_heard(call, status, body):
    heard = hear(call, reply_of(status, body))
    assert heard.said is None or heard.said.text


@quickly
@given(st.text("0123456789ACDLPT", max_size=16) | st.text(max_size=16), STATUSES)
def test_a_code_in_no_table_is_trouble_beside_a_body_that_says_paid(code, status):
    if code in TABLES["check-transaction-2"] or code in ("0", "00"):
        return
    body = {"data": state(), "status": {"code": code, "message": "Success!", "tran_id": TRAN_ID}}
    answer = read_answer(hear("check-transaction-2", reply_of(status, body)), USD)
    assert answer.outcome is Outcome.UNKNOWN and answer.trouble is not None


@quickly
@given(STATUSES, NUMBERS, st.text("ABDEPRUVO-", min_size=1, max_size=12) | JSON)
def test_a_word_in_no_table_is_never_money(status, number, word):
    if str(word).upper() in ("APPROVED", "REFUNDED"):
        return
    data = state(payment_status=word, payment_status_code=number)
    body = {"data": data, "status": {"code": "00", "message": "Success!", "tran_id": TRAN_ID}}
    assert payway(status, body).check(f"{TRAN_ID}:USD").outcome is not Outcome.PAID


@quickly
@given(STATUSES, BODIES)
def test_every_deed_ends_in_an_answer_or_an_error_of_ours(status, body):
    gateway = payway(status, body)
    lookup = f"{TRAN_ID}:USD"
    assert isinstance(gateway.close(lookup), CloseResult)
    assert isinstance(gateway.detail(lookup), Listing)
    assert isinstance(gateway.exchange_rates(), Rates)
    refunded = gateway.refund(lookup, usd("1"))
    assert isinstance(refunded, RefundResult)
    assert refunded.done is not Done.DONE or refunded.total is not None
    try:
        assert isinstance(gateway.issue_qr(qr_request()), QrIssued)
    except GatewayError as problem:
        assert "canary" not in str(problem)
