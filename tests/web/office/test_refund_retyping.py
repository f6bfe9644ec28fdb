import pytest

from tests import factories
from tests.factories import PIN
from tests.web.office.test_attention import badge
from tests.web.office.test_refunds import agreed, denied, paid, refunds_of
from tests.web.pages import press, read

__all__ = ["denied", "paid"]


def right_transfer(till):
    sent = {"from_account": factories.ACCOUNT_ID, "to_account": "customer@practice"}
    till.clock.advance(60)
    (booked,) = till.bank.pay(till.payment().qr_string, amount="1.00", currency="USD", **sent)
    return booked["hash"]


def retype(till, browser, reference, **typed):
    form = {"reference": reference, "pin": PIN, **agreed(till), **typed}
    return press(browser, "/refunds/1/reference", "Ask the bank and write it down", **form)


def test_a_transfer_that_was_typed_wrong_is_typed_again(denied, manager):
    was, right = refunds_of(denied)[0].reference, right_transfer(denied)
    assert "typed wrong" in read(manager.get("/refunds/1")).one("main").text
    assert retype(denied, manager, right).status_code == 303
    page = read(manager.get("/refunds/1")).one("main").text
    assert f"Reference {right}" in page and f"Typed before {was}" in page
    assert "typed wrong" not in page and badge(manager, "/attention") == ""
    entry = read(manager.get("/audit")).one("tbody").text
    assert "Transfer of a refund typed again" in entry and was in entry and right in entry
    assert manager.get("/refunds/1/reference").status_code == 303


@pytest.mark.parametrize("typed", [{"pin": "918273"}, {"manager_id": "1"}, {"pin": ""}])
def test_a_transfer_is_not_typed_again_without_the_pin_of_who_may_agree(denied, manager, typed):
    right, asked = right_transfer(denied), denied.questions()
    assert retype(denied, manager, right, **typed).status_code == 422
    assert (refunds_of(denied)[0].proof, denied.questions()) == ("denied", asked)


def test_a_transfer_that_is_not_it_either_stays_in_the_form(denied, manager):
    denied.clock.advance(60)
    answer = retype(denied, manager, "a" * 64)
    page = read(answer)
    assert answer.status_code == 422 and "does not show this transfer" in page.alert
    assert page.one(id="reference").attrs["value"] == "a" * 64
    assert badge(manager, "/attention") == "1"
