import pytest

from tests.books import Days
from tests.tampering import tamper


@pytest.fixture
def verify(app, shop, clock):
    with app.app_context():
        Days(shop, clock).do("khqr", "close", "khqr", "close")

    def run():
        result = app.test_cli_runner().invoke(args=["verify-books"])
        return result.exit_code, result.output

    return run


def test_books_that_hold_are_told_in_one_line(verify):
    assert verify() == (0, "All 2 records hold, and the 1 of the audit log.\n")


def test_a_damaged_record_is_named_and_is_an_error_for_scripts(app, verify):
    with app.app_context():
        tamper(
            "UPDATE z_report SET body = replace(body, '350', '351') WHERE number = 2", "z_report"
        )
    code, told = verify()
    assert (code, told.splitlines()[-1]) == (1, "1 damaged of 2 records.")
    assert "Till 1 (Till 1), Z 2, total bakong USD: it says 1 $3.51, the rows say 1 $3.50" in told


def test_a_store_gets_its_closing_time(app, shop):
    runner = app.test_cli_runner()
    told = [
        runner.invoke(args=["set-closing", *words]).output
        for words in (["1", "21:30"], ["1"], ["9", "21:30"])
    ]
    assert told[:2] == ["Store 1 closes at 21:30.\n", "Store 1 has no closing time.\n"]
    assert "There is no store 9." in told[2]
