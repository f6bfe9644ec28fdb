from dataclasses import dataclass, fields, make_dataclass

import pytest

from pos.money import Currency, Money
from pos.paper.document import Document
from pos.reports.closing import z_report
from pos.reports.closing.z_report import ZView
from pos.reports.paperwork import z_paper
from tests import said
from tests.factories import charge, close_shift, khr, open_shift, usd
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def z(context, shop, clock):
    shift = open_shift(shop, floats=(usd("50"), khr("200000")))
    for amount in (usd("3.50"), khr("15000"), usd("1.25")):
        payment = charge(shift, amount)
        clock.advance(2)
        said.tell(payment, said.paid(payment))
    wrong = charge(shift, usd("4"))
    said.tell(wrong, said.paid(wrong, amount=usd("3.99")))
    return z_report.from_json(close_shift(shift, shop.cashier).body)


def text_of(document: Document) -> str:
    """All that a document says."""
    said = [document.shop, document.title, *(f"{one.label} {one.value}" for one in document.facts)]
    for section in document.sections:
        said += [section.heading, *section.notes]
        said += [f"{one.label}: {one.value}" for one in section.lines]
        rows = section.table.rows if section.table else ()
        said += [" ".join(row) for row in rows]
    return "\n".join(said)


def test_it_says_all_that_the_report_says(z):
    text = text_of(z_paper.document(z))
    for words in ("Z REPORT 1", "Riverside", "Till 1", "Dara", "USD: $50.00", "KHR: ៛200,000"):
        assert words in text
    for line in z.payments:
        assert f"{line.tran_id}" in text and str(line.amount) in text
    assert "2 $4.75" in text and "1 ៛15,000" in text


def test_what_needs_a_manager_stands_first_and_is_framed(z):
    first = z_paper.document(z).sections[0]
    assert (first.heading, first.is_grave) == ("Needs a manager", True)
    assert "$3.99" in text_of(z_paper.document(z))


@dataclass(frozen=True)
class Movement:
    kind: str
    amount: object
    at_till: str


@dataclass(frozen=True)
class CashPart:
    rounding: object
    movements: tuple[Movement, ...]
    over_reason: str = ""


def test_a_field_that_is_added_later_comes_out_by_itself(z):
    later = make_dataclass(
        "Later", [("moved", object), ("note", str)], bases=(ZView,), frozen=True, kw_only=True
    )
    values = {one.name: getattr(z, one.name) for one in fields(z)}
    part = CashPart(Money(-50, Currency.KHR), (Movement("paid out", usd("7"), "ice"),))
    text = text_of(z_paper.document(later(**values, moved=part, note="A word")))
    assert "Moved\nRounding: -៛50\nMoved: movements\npaid out ice $7.00" in text
    assert "Also\nNote: A word" in text


def test_marks_for_the_next_report_are_not_printed(z):
    assert "last" not in text_of(z_paper.document(z)).lower()


def test_a_shift_without_a_payment_says_so(shop):
    row = close_shift(open_shift(shop), shop.cashier)
    document = z_paper.document(z_report.from_json(row.body))
    assert "Nothing was paid in this shift." in text_of(document)


def test_refunds_are_told_in_words_and_the_open_ones_first(shop):
    shift = open_shift(shop)
    payment = charge(shift, usd("10"))
    said.tell(payment, said.paid(payment))
    give_back(money_of(payment).id, shop, "2", reference="FT-0001")
    text = text_of(z_paper.document(z_report.from_json(close_shift(shift, shop.cashier).body)))
    assert "Given back\nManual refund Bakong USD 1 $2.00" in text
    assert f"{payment.tran_id} Manual refund Not proven yet Maly FT-0001 $2.00" in text
    assert "of_sales" not in text and "Of sales" not in text
