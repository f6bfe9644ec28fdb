import pytest

from pos.gateways.base import Outcome, Trouble
from pos.gateways.payway import making_codes, refund_codes
from pos.gateways.payway.codes import TABLES, said_of
from pos.gateways.payway.said import Reader
from pos.gateways.payway.signing import ORDERS

LISTED = [str(code) for code in (*range(1, 9), *range(10, 89), 200, 201, 401, 403, 429, 503)]
"""The numbers in ABA's guide of `purchase`; it has neither 9 nor 88."""
LISTED.remove("88")

OF_REFUND = [f"PTL{code}" for code in ("02", "04", "05", "06", 36, 37, 57, 58, 62, 63)]
OF_REFUND += [f"PTL{code}" for code in (168, 169, 171, 175, 181, 186, 187)]
OF_QR = ["1", "6", "8", "12", "16", "17", "18", "19", "21", "23", "32", "35", "44", "47", "48"]
OF_QR += ["96", "102", "403", "429", "04", "4", "500"]


@pytest.mark.parametrize(
    ("call", "codes"),
    [("purchase", LISTED), ("generate-qr", OF_QR), ("refund", OF_REFUND)]
    + [("check-transaction-2", ["5", "6", "8", "11", "429"])]
    + [("transaction-detail", ["5", "6", "8", "11", "429"])]
    + [("transaction-list-2", ["1", "8", "11", "49", "50", "52", "429"])]
    + [("close-transaction", ["1", "2", "5", "26"]), ("exchange-rate", ["1", "26"])],
)
def test_every_listed_code_has_a_meaning(call, codes):
    assert set(codes) <= TABLES[call].keys()


@pytest.mark.parametrize("call", ORDERS)
def test_every_meaning_has_a_class_and_a_sentence_for_somebody(call):
    for said in TABLES[call].values():
        assert isinstance(said.means, Outcome | Trouble) and isinstance(said.reader, Reader)
        assert said.text[0].isupper() and said.text.endswith(".")


@pytest.mark.parametrize("call", ORDERS)
@pytest.mark.parametrize("code", ["", "4711", "CDA99", "PTL999", "-1"])
def test_an_unknown_code_is_other_and_stops_nothing(call, code):
    assert said_of(call, code).means is Trouble.OTHER


def test_no_code_means_paid_but_that_a_close_came_too_late():
    paid = [
        (call, code)
        for call, table in TABLES.items()
        for code, said in table.items()
        if said.means is Outcome.PAID
    ]
    assert paid == [("close-transaction", "2")]


def test_only_the_missing_number_is_a_plain_no():
    for call in ("check-transaction-2", "check-transaction", "transaction-detail"):
        table = TABLES[call]
        assert [code for code in table if isinstance(table[code].means, Outcome)] == ["6"]


def test_what_leaves_doubt_is_among_the_codes():
    assert making_codes.UNSURE <= making_codes.MAKING.keys()
    assert refund_codes.UNSURE <= refund_codes.REFUNDING.keys()
