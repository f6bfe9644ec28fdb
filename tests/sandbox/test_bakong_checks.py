import pytest

from pos import clock
from tests.sandbox.conftest import Caller
from tests.sandbox.qrs import NOW, SHOP, make_qr, static_qr

NOT_FOUND = {
    "responseCode": 1,
    "responseMessage": "Transaction could not be found. Please check and try again.",
    "errorCode": 1,
    "data": None,
}
FIELDS = [
    "hash",
    "fromAccountId",
    "toAccountId",
    "currency",
    "amount",
    "description",
    "createdDateMs",
    "acknowledgedDateMs",
    "externalRef",
    "trackingStatus",
    "receiverBank",
    "receiverBankAccount",
    "instructionRef",
]


def test_unpaid_qr_is_not_found_with_http_200(bank: Caller) -> None:
    answer = bank.check(make_qr())
    assert answer.status_code == 200
    assert answer.json() == NOT_FOUND


def test_paid_qr_is_answered_with_the_transfer(bank: Caller) -> None:
    qr = make_qr()
    booked = bank.pay(qr)[0]
    answer = bank.check(qr).json()
    assert (answer["responseCode"], answer["errorCode"]) == (0, None)
    data = answer["data"]
    assert list(data) == FIELDS
    assert (data["amount"], data["currency"], data["toAccountId"]) == (3.5, "USD", SHOP)
    assert data["hash"] == booked["hash"]
    assert len(data["hash"]) == 64
    assert data["createdDateMs"] == clock.epoch_ms(NOW) < data["acknowledgedDateMs"]


def test_riel_are_answered_in_whole_riel(bank: Caller) -> None:
    qr = make_qr("15000", currency="116")
    bank.pay(qr)
    data = bank.check(qr).json()["data"]
    assert (data["amount"], data["currency"]) == (15000, "KHR")


def test_another_qr_of_the_same_sale_is_not_paid(bank: Caller) -> None:
    bank.pay(make_qr(bill_number="INV-1"))
    assert bank.check(make_qr(bill_number="INV-2")).json() == NOT_FOUND


def test_md5_matches_the_exact_text_only(bank: Caller) -> None:
    qr = make_qr()
    bank.pay(qr)
    assert bank.check(qr + "\n").json() == NOT_FOUND


def test_static_qr_is_never_found_by_md5(bank: Caller) -> None:
    qr = static_qr()
    booked = bank.pay(qr, amount="2")[0]
    assert bank.check(qr).json() == NOT_FOUND
    by_hash = bank.ask("check_transaction_by_hash", {"hash": booked["hash"]}).json()
    assert by_hash["data"]["amount"] == 2


def test_failed_transfer_is_error_3_until_a_good_one_follows(bank: Caller) -> None:
    qr = make_qr()
    bank.pay(qr, fail=True)
    failed = bank.check(qr)
    assert (failed.status_code, failed.json()["errorCode"]) == (200, 3)
    assert failed.json()["responseMessage"] == "Transaction failed."
    good = bank.pay(qr)[0]
    assert bank.check(qr).json()["data"]["hash"] == good["hash"]


def test_failure_after_a_good_payment_does_not_hide_it(bank: Caller) -> None:
    qr = make_qr()
    good = bank.pay(qr)[0]
    bank.pay(qr, fail=True)
    assert bank.check(qr).json()["data"]["hash"] == good["hash"]


def test_transfer_is_found_by_every_reference(bank: Caller) -> None:
    booked = bank.pay(make_qr(), instruction_ref="INSTR-7")[0]
    for call, body in [
        ("check_transaction_by_hash", {"hash": booked["hash"]}),
        ("check_transaction_by_external_ref", {"externalRef": booked["external_ref"]}),
        ("check_transaction_by_instruction_ref", {"instructionRef": "INSTR-7"}),
        (
            "check_transaction_by_short_hash",
            {"hash": booked["short_hash"], "amount": 3.5, "currency": "USD"},
        ),
    ]:
        assert bank.ask(call, body).json()["data"]["hash"] == booked["hash"], call


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 3.49}, {"amount": 3.501}, {"currency": "KHR"}, {"hash": "00000000"}, {"amount": 0}],
)
def test_short_hash_wants_amount_and_currency_equal(bank: Caller, wrong: dict[str, object]) -> None:
    booked = bank.pay(make_qr())[0]
    body = {"hash": booked["short_hash"], "amount": 3.5, "currency": "USD"} | wrong
    assert bank.ask("check_transaction_by_short_hash", body).json() == NOT_FOUND


@pytest.mark.parametrize("amount", ["1e999999999", 1e300, -1, "-0.01", "Infinity"])
def test_absurd_amount_beside_a_short_hash_is_not_found(bank: Caller, amount: object) -> None:
    body = {"hash": "0123abcd", "amount": amount, "currency": "USD"}
    assert bank.ask("check_transaction_by_short_hash", body).json() == NOT_FOUND


@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("check_transaction_by_md5", {}),
        ("check_transaction_by_md5", {"md5": ""}),
        ("check_transaction_by_md5", {"md5": "a" * 256}),
        ("check_transaction_by_md5", {"md5": 5}),
        ("check_transaction_by_md5", {"md5": "\ud800"}),
        ("check_transaction_by_md5", "just a text"),
        ("check_transaction_by_hash", ["list"]),
        ("check_transaction_by_short_hash", {"hash": "0123abcd", "amount": 1}),
        ("check_transaction_by_short_hash", {"hash": "0123abcd", "currency": "USD"}),
        ("check_transaction_by_short_hash", {"hash": "ab", "amount": "x", "currency": "USD"}),
        ("check_transaction_by_short_hash", {"hash": "ab", "amount": 1, "currency": "THB"}),
        ("check_transaction_by_external_ref", {"hash": "a"}),
        ("check_transaction_by_instruction_ref", None),
        ("check_transaction_by_hash_list", []),
        ("check_transaction_by_hash_list", ["a"] * 51),
        ("check_transaction_by_hash_list", [1]),
        ("check_transaction_by_hash_list", {"hashList": ["a"]}),
        ("check_bakong_account", {}),
        ("renew_token", {"email": "x" * 31}),
    ],
)
def test_missing_or_odd_fields_are_error_5(bank: Caller, call: str, body: object) -> None:
    answer = bank.ask(call, body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, 5)


def test_body_that_is_no_json_is_error_5(bank: Caller) -> None:
    headers = {"Authorization": f"Bearer {bank.token}"}
    path = "/v1/check_transaction_by_md5"
    for content in (b"", b"md5=1", b"{", b"[" * 30000, b"\xff\xfe"):
        answer = bank.http.post(path, content=content, headers=headers)
        assert (answer.status_code, answer.json()["errorCode"]) == (400, 5), content[:9]


@pytest.mark.parametrize("call", ["request_token", "verify", "nothing", "check_transaction"])
def test_wrong_path_is_the_web_servers_html(bank: Caller, call: str) -> None:
    answer = bank.ask(call, {})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_is_answered(bank: Caller, method: str) -> None:
    answer = bank.http.request(method, "/v1/check_transaction_by_md5")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
