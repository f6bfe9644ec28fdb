from datetime import timedelta
from typing import Any

import pytest

from pos import clock
from tests.sandbox.payway.shop import Shop, open_shop
from tests.sandbox.qrs import NOW

ALL = ["check-transaction-2", "transaction-detail", "transaction-list-2", "close-transaction"]


def later(**time: float) -> None:
    clock.use(lambda: NOW + timedelta(**time))


def rows(shop: Shop, **fields: str) -> list[dict[str, Any]]:
    answer = shop.ask("transaction-list-2", **fields).json()
    assert answer["status"]["code"] == "00"
    found: list[dict[str, Any]] = answer["data"]
    return found


def test_unpaid_bill_is_pending(shop: Shop) -> None:
    made = shop.generate("1.50")
    answer = shop.check(made["tran_id"]).json()
    assert answer["status"] == {"code": "00", "message": "Success!", "tran_id": made["tran_id"]}
    state = answer["data"]
    assert (state["payment_status_code"], state["payment_status"]) == (2, "PENDING")
    assert (state["payment_amount"], state["payment_currency"], state["apv"]) == (0, "", "")
    assert state["original_amount"] == 1.5


def test_paid_bill_is_approved_and_the_ledger_bears_witness(shop: Shop) -> None:
    made = shop.generate("1.50")
    booked = shop.pay(made["qrString"])
    state = shop.state(made["tran_id"])
    assert (state["payment_status_code"], state["payment_status"]) == (0, "APPROVED")
    assert (state["original_amount"], state["payment_amount"]) == (1.5, 1.5)
    assert len(state["apv"]) == 6 and state["transaction_date"] == "2026-11-22 10:00:00"
    assert shop.http.get("/sandbox/ledger").json() == booked


def test_payer_in_riel_pays_a_bill_in_dollars(shop: Shop) -> None:
    made = shop.generate("1.00")
    shop.pay(made["qrString"], currency="KHR")
    state = shop.state(made["tran_id"])
    assert (state["payment_amount"], state["payment_currency"]) == (4000, "KHR")
    assert (state["payment_status"], state["original_amount"]) == ("APPROVED", 1)


def test_money_to_another_account_or_a_failed_one_leaves_it_pending(shop: Shop) -> None:
    assert shop.word(shop.paid(to_account="thief@wing")) == "PENDING"
    assert shop.word(shop.paid(fail=True)) == "PENDING"


def test_held_money_is_pre_auth_with_code_0(shop: Shop) -> None:
    made = shop.generate(purchase_type="pre-auth")
    shop.pay(made["qrString"])
    state = shop.state(made["tran_id"])
    assert (state["payment_status_code"], state["payment_status"]) == (0, "PRE-AUTH")


@pytest.mark.parametrize("call", ["check-transaction-2", "transaction-detail"])
def test_unknown_tran_id_is_6_in_a_200(shop: Shop, call: str) -> None:
    answer = shop.ask(call, tran_id="NOBODY")
    assert (answer.status_code, answer.json()["status"]["code"]) == (200, 6)


def test_new_bill_is_not_seen_at_once_by_switch(shop: Shop) -> None:
    shop.misbehave(lag=5)
    tran_id = shop.paid()
    assert shop.check(tran_id).json()["status"]["code"] == 6
    later(seconds=5)
    assert shop.word(tran_id) == "APPROVED"


def test_check_reaches_seven_days_back_and_detail_further(shop: Shop) -> None:
    tran_id = shop.paid()
    later(days=7, seconds=1)
    assert shop.check(tran_id).json()["status"]["code"] == 6
    assert shop.ask("transaction-detail", tran_id=tran_id).json()["status"]["code"] == "00"


@pytest.mark.parametrize(("call", "code"), [*zip(ALL, [5, 5, 1, 1], strict=True)])
def test_wrong_hash_is_a_403_with_the_calls_own_code(shop: Shop, call: str, code: int) -> None:
    sent = shop.signed(call, tran_id="T-1")
    answer = shop.http.post(shop.path(call), json=sent | {"tran_id": "T-2", "page": "9"})
    assert (answer.status_code, answer.json()["status"]["code"]) == (403, code)
    assert shop.http.get("/sandbox/calls").json()[-1]["token_known"] is False


@pytest.mark.parametrize(("call", "code"), [*zip(ALL, [8, 8, 8, 26], strict=True)])
def test_unknown_merchant_is_refused(shop: Shop, call: str, code: int) -> None:
    shop.merchant_id = "nobody"
    assert shop.ask(call, tran_id="T-1").json()["status"]["code"] == code


def test_merchant_sees_its_own_bills_only(shop: Shop) -> None:
    other = open_shop(shop.http, "shop02")
    tran_id = shop.paid()
    assert other.check(tran_id).json()["status"]["code"] == 6
    assert (rows(other), len(rows(shop))) == ([], 1)


def test_old_check_has_a_bare_number(shop: Shop) -> None:
    paid, unpaid = shop.paid(), shop.generate()["tran_id"]
    answers = [shop.ask("check-transaction", tran_id=one).json() for one in (paid, unpaid, "X")]
    assert [one["status"] for one in answers] == [0, 2, 6]
    assert [one["description"] for one in answers][:2] == ["approved", "pending"]
    assert len(answers[0]["apv"]) == 6


def test_detail_tells_more_ten_times_a_minute(shop: Shop) -> None:
    tran_id = shop.paid(from_account="dara_sok@wing")
    data = shop.ask("transaction-detail", tran_id=tran_id).json()["data"]
    assert (data["original_currency"], data["payer_account"]) == ("USD", "*sok")
    assert [one["amount"] for one in data["transaction_operations"]] == [1.5]
    codes = [shop.ask("transaction-detail", tran_id=tran_id).json() for _ in range(10)]
    assert [one["status"]["code"] for one in codes] == ["00"] * 9 + [429]
    assert shop.ask("transaction-detail", tran_id=tran_id).status_code == 403
    later(minutes=1)
    assert shop.ask("transaction-detail", tran_id=tran_id).json()["status"]["code"] == "00"


def test_list_shows_what_was_paid_today_and_nothing_unpaid(shop: Shop) -> None:
    paid = [shop.paid("1.00"), shop.paid("2.00")]
    shop.generate()
    found = rows(shop)
    assert [one["transaction_id"] for one in found] == paid
    assert {one["payment_status"] for one in found} == {"APPROVED"}
    later(days=1)
    assert rows(shop) == []


def test_list_can_be_narrowed_and_turned_page_by_page(shop: Shop) -> None:
    one, two, three = (shop.paid(amount) for amount in ("1.00", "2.00", "3.00"))
    shop.refund(two, 1)

    def ids(**fields: str) -> list[str]:
        return [row["transaction_id"] for row in rows(shop, **fields)]

    assert ids(from_amount="2", to_amount="2.5") == [two]
    assert ids(status="approved,pending") == [one, three]
    assert (ids(status="0"), ids(page="2", pagination="2")) == ([], [three])
    assert ids(from_date="2026-11-20 00:00:00", to_date="2026-11-22 10:00:00") == [one, two, three]
    assert ids(from_date="2026-11-22 10:00:01") == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"from_date": "2026-11-22"}, 49),
        ({"to_date": "2026-11-31 00:00:00"}, 50),
        ({"from_date": "2026-11-19 00:00:00"}, 52),
        ({"from_date": "2026-11-23 00:00:00"}, 51),
        ({"from_amount": "much"}, 53),
    ],
)
def test_list_that_cannot_be_is_refused(shop: Shop, fields: dict[str, str], code: int) -> None:
    answer = shop.ask("transaction-list-2", **fields)
    assert (answer.status_code, answer.json()["status"]["code"]) == (403, code)


def test_reference_finds_paid_bills(shop: Shop) -> None:
    tran_id = shop.paid()
    answer = shop.ask("get-transactions-by-mc-ref", merchant_ref=tran_id).json()
    assert [one["transaction_id"] for one in answer["data"]] == [tran_id]
    assert answer["status"]["merchant_ref"] == tran_id


def test_exchange_rates_have_no_dollar(shop: Shop) -> None:
    answer = shop.ask("exchange-rate").json()
    assert len(answer["exchange_rates"]) == 12 and "usd" not in answer["exchange_rates"]
    assert answer["exchange_rates"]["aud"] == {"sell": "2719.38", "buy": "2540.49"}
