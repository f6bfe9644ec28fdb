import pytest

from tests import said
from tests.factories import charge, open_shift


@pytest.fixture
def reconcile(app, shop, clock):
    runner = app.test_cli_runner()

    def run(*arguments):
        result = runner.invoke(args=["reconcile", *arguments])
        return result.exit_code, result.output

    return run


def test_a_day_without_payments_agrees(reconcile):
    line = "Riverside, 2026-11-22: 0 held against the bank with 0 questions, 0 differences,"
    assert reconcile() == (0, f"{line} 0 left unasked.\n")


def test_a_difference_is_listed_and_is_an_error_for_scripts(app, shop, reconcile):
    with app.app_context():
        payment = charge(open_shift(shop))
        said.tell(payment, said.paid(payment))
        tran_id = payment.tran_id
    code, told = reconcile("--day", "2026-11-22", "--store", str(shop.store_id))
    assert (code, told.count("\n")) == (1, 2)
    assert f"sale 1 at Till 1, $3.50, {tran_id}; the bank says: not found" in told


def test_another_day_is_another_run(app, shop, reconcile):
    with app.app_context():
        charge(open_shift(shop))
    assert "2026-11-21: 0 held" in reconcile("--day", "2026-11-21")[1]


def test_a_bank_that_cannot_be_asked_leaves_all_for_another_night(app, shop, bank, reconcile):
    with app.app_context():
        payment = charge(open_shift(shop))
        said.tell(payment, said.paid(payment))
    bank.misbehave(status=503)
    code, told = reconcile()
    assert (code, "1 left unasked." in told) == (0, True)
    assert "The bank's service is down. The rest is asked about at night." in told


def test_a_store_that_is_not_there_is_said_to(reconcile):
    assert reconcile("--store", "99") == (1, "Error: There is no store 99.\n")
