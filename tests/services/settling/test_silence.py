import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.gateways.base import Outcome, Trouble
from pos.models import GatewayAccount, GatewayQuestion
from pos.services.asking import questions
from pos.services.banking import vault
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import PaymentStatus, SaleStatus
from tests import said
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus

FAULTS = [
    ({"token_expired": True}, "unauthorised"),
    ({"unauthorised_200": True}, "unauthorised"),
    ({"geo_403": True}, "forbidden"),
    ({"status": 429, "retry_after": 7}, "busy"),
    ({"daily_limit": 0}, "quota"),
    ({"status_body": 500}, "down"),
    ({"body": '{"responseCode":0}', "status": 500}, "down"),
    ({"status": 503}, "down"),
    ({"error_code": 9}, "down"),
    ({"error_code": 5}, "other"),
    ({"error_code": 99}, "other"),
    ({"truncated": True}, "garbled"),
    ({"body": "[]"}, "garbled"),
    ({"body": ""}, "garbled"),
    ({"redirect": "http://127.0.0.1:9/"}, "garbled"),
    ({"cut": True}, "silent"),
    ({"drop": True}, "silent"),
    ({"hang": 3}, "silent"),
]


@pytest.fixture
def settings(settings):
    """A bank that hangs is given up sooner than usual."""
    return settings.model_copy(update={"gateway_seconds": 0.3})


@pytest.fixture
def payment(context, shop):
    return charge(open_shift(shop))


def end_of_time(payment, clock):
    """Let the QR's time pass, and the grace after it."""
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(10)


@pytest.mark.parametrize(("fault", "trouble"), FAULTS, ids=str)
def test_a_bank_that_cannot_be_asked_ends_nothing_and_pays_nothing(
    payment, bank, clock, fault, trouble
):
    end_of_time(payment, clock)
    bank.misbehave(**fault)
    assert questions.ask_if_due(payment.id)
    assert (payment.status, payment.trouble) == (P.EXPIRING, trouble)
    bank.pay(payment.qr_string, at=payment.made_at.isoformat())
    assert questions.ask(payment.id, who="worker").outcome is Outcome.UNKNOWN
    assert payment.status is P.EXPIRING
    bank.behave()
    clock.advance(days=1)  # so every pause that the bank asked for is over
    questions.ask(payment.id, who="worker")
    assert (payment.status, payment.trouble) == (P.PAID, "")


ALL = [said.unknown(trouble) for trouble in Trouble]


@pytest.mark.parametrize("answer", ALL, ids=lambda answer: str(answer.trouble))
def test_no_kind_of_trouble_moves_a_payment_from_any_state(shop, clock, answer):
    shift = open_shift(shop)
    waiting = charge(shift)
    said.tell(waiting, answer)
    assert (waiting.status, waiting.trouble) == (P.AWAITING, str(answer.trouble))
    checkout.cancel(waiting, who="cashier:dara")
    said.tell(waiting, answer)
    assert waiting.status is P.CANCEL_REQUESTED
    ending = charge(shift)
    end_of_time(ending, clock)
    said.tell(ending, answer)
    assert ending.status is P.EXPIRING
    assert {one.sale.status for one in (waiting, ending)} == {SaleStatus.OPEN}


def test_a_bank_that_is_gone_altogether_is_unreachable(payment, clock):
    with_nobody = payment  # the quiet shop's bank does not listen
    clock.advance(3)
    assert questions.ask_if_due(with_nobody.id)
    assert (payment.status, payment.trouble) == (P.AWAITING, "unreachable")


def test_a_silence_of_twenty_minutes_resolves_by_itself(payment, bank, clock):
    bank.misbehave(status=504)
    clock.time = payment.expires_at
    answers.expire_due()
    for _ in range(120):
        clock.advance(10)
        for due in questions.due():
            questions.ask_if_due(due)
    assert payment.status is P.EXPIRING
    bank.behave()
    clock.advance(60)
    assert questions.ask_if_due(payment.id)
    assert payment.status is P.EXPIRED
    asked = [call for call in bank.calls() if "md5" in call["path"]]
    assert len(asked) < 30


def test_not_found_asked_before_the_grace_is_over_ends_nothing(payment, clock):
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(9.999)
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.EXPIRING
    clock.advance(0.001)
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.EXPIRED


def test_what_counts_is_when_the_question_started(payment, clock):
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(60)
    said.tell(payment, said.NOT_FOUND, asked_at=payment.expires_at)
    assert payment.status is P.EXPIRING


def test_not_found_asked_before_a_cancel_does_not_end_it(payment, clock):
    asked_at = clock.time
    clock.advance(1)
    checkout.cancel(payment, who="cashier:dara")
    said.tell(payment, said.NOT_FOUND, asked_at=asked_at)
    assert payment.status is P.CANCEL_REQUESTED
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.CANCELLED


def test_not_found_while_the_qr_lives_ends_nothing(payment, clock):
    clock.advance(299)
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is P.AWAITING


def test_a_qr_is_ended_by_asking_even_when_no_worker_runs(payment, bank, clock):
    clock.time = payment.expires_at
    questions.check_now(payment, who="cashier:dara")
    assert payment.status is P.EXPIRING
    clock.advance(10)
    questions.check_now(payment, who="cashier:dara")
    assert payment.status is P.EXPIRED
    assert checkout.live_payment(payment.till_id) is None


def test_a_transfer_that_failed_at_the_bank_leaves_the_qr_to_be_paid(payment, bank, clock):
    bank.pay(payment.qr_string, fail=True)
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert (payment.status, payment.trouble) == (P.FAILED, "")
    bank.pay(payment.qr_string)
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert payment.status is P.PAID


def test_paid_stays_paid_when_the_answer_flips(payment):
    said.tell(payment, said.paid(payment))
    for flip in (said.NOT_FOUND, said.FAILED, said.unknown(Trouble.DOWN), said.paid(payment)):
        said.tell(payment, flip)
        assert payment.status is P.PAID
    assert db.session.query(GatewayQuestion).count() == 5


def test_a_key_that_ended_is_renewed_once_and_the_bank_asked_again(payment, bank, clock):
    before = db.session.scalars(select(GatewayAccount.token_sealed)).one()
    assert bank.http.delete("/sandbox/tokens").json()["ended"] == 1
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert (payment.status, payment.trouble) == (P.AWAITING, "")
    paths = [call["path"].rpartition("/")[2] for call in bank.calls()]
    assert paths == ["check_transaction_by_md5", "renew_token", "check_transaction_by_md5"]
    assert db.session.scalars(select(GatewayAccount.token_sealed)).one() != before


def test_a_key_that_stays_refused_is_not_renewed_again_and_again(payment, bank, clock):
    bank.misbehave(token_expired=True)
    for _ in range(5):
        clock.advance(20)
        questions.ask(payment.id, who="worker")
    paths = [call["path"].rpartition("/")[2] for call in bank.calls()]
    assert paths.count("renew_token") == 1
    assert payment.trouble == "unauthorised"


def test_what_the_bank_said_is_kept_without_any_key(payment, bank, app):
    questions.ask(payment.id, who="cashier:dara")
    kept = db.session.scalars(select(GatewayQuestion)).one()
    account = db.session.scalars(select(GatewayAccount)).one()
    token = vault.unseal(app.extensions["pos_settings"], account.token_sealed)
    assert (kept.outcome, kept.who, kept.http_status) == ("not_found", "cashier:dara", 200)
    assert "could not be found" in kept.raw
    assert token not in kept.raw
