import sqlite3
from contextlib import closing

import pytest

from pos.cash import Cash
from pos.launch.children import Stop
from tests.soak.pages import report_of
from tests.soak.sides import Sides
from tests.soak.soak import Plan, scratch, soak
from tests.soak.verdict import judge
from tests.soak.witness import CashTaken, Witness
from tests.tampering import unguard_file

pytestmark = pytest.mark.alone("must get its sales done in eight seconds")

SHORT = Plan(seconds=8, seed=3, rate=1.6, is_hurried=True)

BOOKS, LEDGER = "pos.db", "sandbox.db"
OTHER = {BOOKS: LEDGER, LEDGER: BOOKS}

_PAID = "(SELECT min(id) FROM gateway_transaction WHERE settles_sale_id IS NOT NULL)"
_SALE = f"(SELECT settles_sale_id FROM gateway_transaction WHERE id = {_PAID})"

_TOLD = "(SELECT min(hash) FROM transfer WHERE hash IN (SELECT reference FROM gateway_transaction))"

BANK_LIES = {
    "a transfer hidden": f"DELETE FROM transfer WHERE hash = {_TOLD}",
    "another amount": "UPDATE transfer SET amount_minor = amount_minor + 1",
    "another receiver": "UPDATE transfer SET to_account = 'thief@prac'",
}
BOOKS_LIE = {
    "I1 money lost": f"DELETE FROM gateway_transaction WHERE id = {_PAID}",
    "I1 money booked wrong": f"""UPDATE gateway_transaction SET amount_minor = amount_minor - 1
        WHERE id = {_PAID}""",
    "I2 money that settles nothing": f"""UPDATE gateway_transaction SET settles_sale_id = NULL
        WHERE id = {_PAID}""",
    "I2 a sale not paid after all": f"UPDATE sale SET status = 'open' WHERE id = {_SALE}",
    "I2 a sale of another amount": f"""UPDATE sale SET amount_minor = amount_minor + 100
        WHERE id = {_SALE}""",
    "I4 a sale gone": f"DELETE FROM sale WHERE id = {_SALE}",
    "I5 a report that says more": """UPDATE z_report SET body =
        replace(replace(body, '"minor":', '"minor":1'), '"minor":1-', '"minor":-1')
        WHERE body LIKE '%"tender"%'""",
    "I5 change that was not told": "UPDATE tender SET change_khr_minor = change_khr_minor + 100",
    "I5 cash that nobody gave": "UPDATE tender SET given_usd_minor = given_usd_minor + 100",
    "I5 a float that was not put in": "UPDATE shift SET float_usd_minor = float_usd_minor + 100",
    "I5 a drawer written otherwise": """UPDATE z_report SET body =
        replace(body, '"expected":{"minor":', '"expected":{"minor":1')""",
    "I6 a report gone": "DELETE FROM z_report WHERE id = (SELECT min(id) FROM z_report)",
}


@pytest.fixture(scope="module")
def soaked():
    """One short soak: its verdict, its witness, and a folder with both sides' books."""
    witness = Witness()
    with scratch() as folder:
        yield soak(SHORT, folder, Stop(), witness), witness, folder


@pytest.fixture
def spoilt(soaked, tmp_path):
    """A copy of both sides' books, to be spoilt and judged anew."""
    for name in (BOOKS, LEDGER):
        with (
            closing(sqlite3.connect(soaked[2] / name)) as side,
            closing(sqlite3.connect(tmp_path / name)) as copy,
        ):
            side.backup(copy)
    return Spoilt(tmp_path, soaked[1])


class Spoilt:
    def __init__(self, folder, witness):
        self.folder, self.witness = folder, witness

    def do(self, name, command, *values):
        with closing(sqlite3.connect(self.folder / name, isolation_level=None)) as side:
            for table in ("z_report", "tender"):
                unguard_file(side, table)
            side.execute("ATTACH ? AS other", (str(self.folder / OTHER[name]),))
            assert side.execute(command, values).rowcount > 0, "nothing was spoilt"

    def add(self, name, table, **changes):
        """Add a row like the first one, but for these columns."""
        with closing(sqlite3.connect(self.folder / name, isolation_level=None)) as side:
            side.row_factory = sqlite3.Row
            row = {**side.execute(f"SELECT * FROM {table} LIMIT 1").fetchone(), **changes}
        marks = ", ".join("?" * len(row))
        self.do(name, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    def has_seen_cash_only(self):
        """Let the people have seen nothing but what went through the drawers."""
        seen, self.witness = self.witness, Witness()
        self.witness.cash, self.witness.drawers = {**seen.cash}, seen.drawers

    def wrong(self):
        with Sides.opened(f"sqlite:///{self.folder / BOOKS}", self.folder / LEDGER) as sides:
            return judge(sides, self.witness).wrong


def has(wrong, beginning):
    return any(one.startswith(beginning) for one in wrong)


def test_a_short_soak_loses_no_money_and_invents_none(soaked):
    assert soaked[0].wrong == [], str(soaked[0])


def test_the_soak_did_what_it_should(soaked):
    verdict, witness, _ = soaked
    for part in ("acting worker", "web app"):
        assert verdict.counts[f"{part} killed and started again"] >= 1, part
    assert verdict.counts["faults thrown"] >= 1
    assert verdict.counts["sales charged"] + verdict.counts["sales split"] >= 6
    assert witness.greens and witness.cash and witness.drawers


@pytest.mark.parametrize("lie", BANK_LIES)
def test_a_ledger_that_is_changed_turns_it_red(lie, spoilt):
    spoilt.do(LEDGER, BANK_LIES[lie])
    assert has(spoilt.wrong(), "I")


@pytest.mark.parametrize("lie", BOOKS_LIE)
def test_a_book_that_is_changed_turns_it_red(lie, spoilt):
    spoilt.do(BOOKS, BOOKS_LIE[lie])
    assert has(spoilt.wrong(), lie[:2])


def test_a_damaged_record_turns_it_red_by_its_name(spoilt):
    spoilt.do(BOOKS, "UPDATE z_report SET hash = previous_hash WHERE number = 1")
    assert any(", Z 1, hash: " in one for one in spoilt.wrong())


def test_a_transfer_that_no_till_ever_heard_of_turns_it_red(spoilt):
    spoilt.add(BOOKS, "payment", id=9_999, tran_id="unheard", lookup="of", status="expired")
    spoilt.add(LEDGER, "transfer", id=9_999, hash="new", external_ref="new", md5="of", is_failed=0)
    wrong = spoilt.wrong()
    assert has(wrong, "I1 payment 9999")
    assert has(wrong, "I1 ledger difference")


def test_money_that_no_bank_ever_had_turns_it_red(spoilt):
    spoilt.add(BOOKS, "gateway_transaction", id=9_999, reference="made up", settles_sale_id=None)
    wrong = spoilt.wrong()
    assert has(wrong, "I3 transfer made up")
    assert has(wrong, "I1 ledger difference")


def test_a_payment_paid_without_money_turns_it_red(spoilt):
    spoilt.add(BOOKS, "payment", id=9_999, tran_id="unpaid", lookup="unpaid", status="paid")
    assert has(spoilt.wrong(), "I2 payment 9999")


def test_a_green_till_without_money_turns_it_red(spoilt):
    spoilt.has_seen_cash_only()
    spoilt.witness.saw_green(1, 10_000, 0.0)
    assert spoilt.wrong() == ["I2 a till showed sale 10000 of shift 1 as paid"]


def test_a_form_that_was_taken_and_forgotten_turns_it_red(spoilt):
    spoilt.has_seen_cash_only()
    spoilt.witness.saw_answer("a-form-of-nobody", 1, 10_000)
    assert [one[:2] for one in spoilt.wrong()] == ["I4"]


def test_of_a_report_only_the_names_of_its_corrections_may_come_later():
    sheet = '<article class="report" lang="en">{}$3.50</article>'
    named = '<p class="report-flag">Corrected by C-1, C-12</p>'
    assert report_of(sheet.format(named)) == report_of(sheet.format(""))
    for more in ("$1", named.replace("C-1,", "C-1: $3.51,"), named.replace("C-", "Z-")):
        assert report_of(sheet.format(more)) != report_of(sheet.format(""))


def test_a_report_that_reads_otherwise_later_is_noted():
    witness = Witness()
    for sheet in ("Z 1: $3.50", "Z 1: $3.50", "Z 1: $3.51"):
        witness.saw_report(1, sheet)
    assert witness.wrong == ["I6 the report of shift 1 was changed"]


def test_cash_that_the_books_never_heard_of_turns_it_red(spoilt):
    spoilt.has_seen_cash_only()
    spoilt.witness.saw_cash("a-form-of-nobody", CashTaken(1, Cash(500, 0), Cash()))
    assert has(spoilt.wrong(), "I5 cash of a-form-of-nobody")
