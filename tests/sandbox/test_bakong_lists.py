from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.khqr import md5_of
from pos.sandbox import create_sandbox
from tests.sandbox.conftest import Caller, in_process, new_token
from tests.sandbox.qrs import make_qr, static_qr


@pytest.fixture
def sit_bank(tmp_path: Path) -> Iterator[Caller]:
    with in_process(create_sandbox(ledger_path=tmp_path / "sit.db", mode="SIT")) as http:
        yield Caller(http, new_token(http))


def test_hash_list_answers_each_item_under_its_key(bank: Caller) -> None:
    paid = bank.pay(make_qr())[0]["hash"]
    failed = bank.pay(make_qr("1"), fail=True)[0]["hash"]
    by_static = bank.pay(static_qr(), amount=1)[0]["hash"]
    asked = [paid, "f" * 64, failed, by_static]
    answer = bank.ask("check_transaction_by_hash_list", asked).json()
    assert [item["hash"] for item in answer["data"]] == asked
    statuses = [item["status"] for item in answer["data"]]
    assert statuses == ["SUCCESS", "NOT_FOUND", "FAILED", "SUCCESS"]
    assert answer["data"][0]["data"]["hash"] == paid
    assert answer["data"][1]["data"] is None


def test_md5_list_is_refused_by_production(bank: Caller) -> None:
    answer = bank.ask("check_transaction_by_md5_list", [md5_of(make_qr())])
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")


def test_md5_list_works_on_sit(sit_bank: Caller) -> None:
    qrs = [make_qr(), make_qr("1"), static_qr()]
    sit_bank.pay(qrs[0])
    sit_bank.pay(qrs[2], amount=4)
    asked = [md5_of(qr) for qr in qrs]
    answer = sit_bank.ask("check_transaction_by_md5_list", asked).json()
    assert answer["responseMessage"] == "Getting transaction data successfully."
    assert [item["md5"] for item in answer["data"]] == asked
    assert [item["status"] for item in answer["data"]] == ["SUCCESS", "NOT_FOUND", "STATIC_QR"]


def test_md5_list_can_be_allowed_in_production_until_all_is_cleared(bank: Caller) -> None:
    bank.misbehave(md5_list_403=False)
    assert bank.ask("check_transaction_by_md5_list", ["a"]).status_code == 200
    bank.http.delete("/sandbox/faults")
    assert bank.ask("check_transaction_by_md5_list", ["a"]).status_code == 403


def test_list_of_fifty_is_answered_and_fifty_one_refused(bank: Caller) -> None:
    fifty = [f"{number:064x}" for number in range(50)]
    assert len(bank.ask("check_transaction_by_hash_list", fifty).json()["data"]) == 50
    assert bank.ask("check_transaction_by_hash_list", [*fifty, "a"]).json()["errorCode"] == 5
