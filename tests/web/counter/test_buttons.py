import pytest

from pos.khqr import decode
from tests.factories import csrf_token, usd
from tests.web.pages import read, scan
from tests.web.stories import STORIES

TROUBLE = "Cannot reach the bank. Do not hand over goods yet."

BUTTONS = {
    "idle": set(),
    "creating": set(),
    "waiting": {"New QR", "Check now", "Cancel"},
    "failed": {"New QR", "Check now", "Cancel"},
    "checking": {"New QR", "Check now"},
    "cancelling": {"Check now"},
    "paid": {"Receipt"},
    "expired": {"New QR", "Check now"},
    "cancelled": {"Check now"},
    "create_failed": {"New QR"},
    "mismatch": set(),
    "late": set(),
    "marked": {"Receipt"},
    "denied": set(),
}


@pytest.mark.parametrize("phase", STORIES)
def test_each_phase_offers_its_buttons_and_a_qr_only_while_it_may_be_paid(till, phase):
    STORIES[phase](till)
    panel = till.panel()
    assert {button.text for button in panel.all("button")} == BUTTONS[phase]
    shown = [scan(panel)] if any(panel.all("svg", class_="qr")) else []
    assert shown == ([till.payment().qr_string] if phase in ("waiting", "failed") else [])


def told(answer, till):
    """What the till says after a deed, in the line that goes away."""
    assert (answer.status_code, answer.headers["Location"]) == (303, "/till")
    return read(till.browser.get("/till")).one(class_="flash-text").text


def send(till, deed, tran_id=""):
    form = {"csrf_token": csrf_token(till.browser, "/till")}
    address = f"/till/payments/{tran_id or till.payment().tran_id}/{deed}"
    return till.browser.post(address, data=form)


def test_check_now_asks_the_bank_once_and_says_that_it_has_nothing(waiting):
    answer = waiting.press("Check now")
    assert told(answer, waiting) == "At 09:00:00 the bank had no payment for this QR."
    assert waiting.questions() == 1
    assert waiting.panel().attrs["data-phase"] == "waiting"
    assert "Bank last said not paid at 09:00:00" in waiting.panel().text


def test_check_now_finds_the_money(waiting):
    waiting.pay()
    answer = waiting.press("Check now")
    assert told(answer, waiting) == "At 09:00:00 the bank reported the money."
    assert waiting.panel().attrs["data-phase"] == "paid"


def test_check_now_tells_of_a_transfer_that_failed(waiting):
    waiting.pay(fail=True)
    answer = waiting.press("Check now")
    assert told(answer, waiting) == "At 09:00:00 the bank said that the transfer had failed."
    assert waiting.panel().attrs["data-phase"] == "failed"


def test_a_second_press_within_two_seconds_does_not_ask_again(waiting):
    waiting.press("Check now")
    waiting.browser.get("/till")
    waiting.clock.advance(1.9)
    answer = waiting.press("Check now")
    assert told(answer, waiting) == "The bank was asked a moment ago. Wait two seconds."
    assert waiting.questions() == 1
    waiting.clock.advance(0.1)
    waiting.press("Check now")
    assert waiting.questions() == 2


@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 503}, {"geo_403": True}])
def test_check_now_with_the_bank_down_says_so_and_ends_nothing(waiting, fault):
    waiting.bank.misbehave(**fault)
    answer = waiting.press("Check now")
    assert "could not be asked. That does not mean unpaid." in told(answer, waiting)
    assert waiting.payment().status == "awaiting"
    assert TROUBLE in waiting.panel().one(class_="notice payment-trouble").text


def test_with_the_bank_down_nothing_expires_and_the_till_stays_amber(waiting):
    waiting.bank.misbehave(drop=True)
    for seconds in (300, 10, 60, 3_600):
        waiting.work(after=seconds)
    assert waiting.payment().status == "expiring"
    trouble = waiting.panel().one(class_="notice payment-trouble")
    assert (TROUBLE in trouble.text, trouble.attrs["data-tone"]) == (True, "unknown")


def test_the_amber_goes_when_the_bank_answers_again(waiting):
    waiting.bank.misbehave(drop=True)
    waiting.press("Check now")
    waiting.bank.behave()
    waiting.clock.advance(2)
    waiting.press("Check now")
    assert TROUBLE not in waiting.panel().text


def test_money_that_came_while_the_bank_was_down_is_found_afterwards(waiting):
    waiting.bank.misbehave(drop=True)
    waiting.pay()
    waiting.work(after=300)
    waiting.work(after=10)
    waiting.bank.behave()
    waiting.work(after=60)
    assert waiting.payment().status == "paid"
    assert "Paid $3.50" in waiting.panel().attrs["data-announce"]


def test_cancel_takes_the_qr_away_and_lets_the_bank_decide(waiting):
    assert waiting.press("Cancel").headers["Location"] == "/till"
    assert waiting.payment().status == "cancel_requested"
    assert waiting.panel().attrs["data-phase"] == "cancelling"
    waiting.work()
    assert waiting.payment().status == "cancelled"
    assert waiting.panel().attrs["data-phase"] == "cancelled"


def test_a_sale_cancelled_in_the_second_it_was_paid_is_paid(waiting):
    waiting.pay()
    waiting.press("Cancel")
    waiting.work()
    assert waiting.payment().status == "paid"


def test_a_cancel_does_not_undo_a_payment(till):
    STORIES["paid"](till)
    answer = send(till, "cancel")
    assert told(answer, till) == "The customer has already paid."
    assert till.payment().status == "paid"


def test_cancelling_twice_is_cancelling_once(waiting, books):
    waiting.press("Cancel")
    before = books()
    assert send(waiting, "cancel").status_code == 303
    assert books() == before


def test_with_the_bank_down_a_cancel_is_not_believed(waiting):
    waiting.bank.misbehave(drop=True)
    waiting.press("Cancel")
    for _ in range(5):
        waiting.work(after=60)
    assert waiting.payment().status == "cancel_requested"
    assert TROUBLE in waiting.panel().text


def test_a_new_qr_is_another_one_for_the_same_sale(waiting, books):
    old = waiting.payment()
    waiting.press("New QR")
    new = waiting.payment()
    assert (new.sale_id, new.tran_id == old.tran_id) == (old.sale_id, False)
    assert len(books()["sale"]) == 1
    assert decode(new.qr_string).amount == usd("3.50")
    assert {row.status for row in books()["payment"]} == {"cancel_requested", "awaiting"}


def test_money_on_the_old_qr_settles_the_sale_and_the_new_qr_goes(waiting, books):
    waiting.pay()
    waiting.press("New QR")
    waiting.work(after=3)
    waiting.work()
    assert [row.status for row in books()["sale"]] == ["paid"]
    assert [row.status for row in books()["payment"]] == ["paid", "cancelled"]


@pytest.mark.parametrize("phase", ["paid", "cancelled", "cancelling", "mismatch"])
def test_a_sale_that_is_over_gets_no_new_qr(till, books, phase):
    STORIES[phase](till)
    before = books()
    assert told(send(till, "new-qr"), till)
    assert books() == before


def test_two_windows_that_ask_for_a_new_qr_get_one(waiting, books):
    old = waiting.payment().tran_id
    assert send(waiting, "new-qr", old).status_code == 303
    assert told(send(waiting, "new-qr", old), waiting) == "A QR is still waiting. Cancel it first."
    assert len(books()["payment"]) == 2


def test_wrong_money_shows_what_came_of_what_was_asked(till):
    STORIES["mismatch"](till)
    facts = till.panel().one(class_="payment-facts")
    strip = till.panel().one(class_="notice", data_tone="problem")
    for part in (facts, strip):
        assert "Too little was paid" in part.text
        assert "Received $3.00 of $3.50" in part.text


def test_money_in_the_other_currency_is_told_as_such(waiting):
    waiting.pay(currency="KHR")
    waiting.work(after=3)
    assert "Received ៛14,000 of $3.50." in waiting.panel().text


def test_late_money_stands_in_the_strip_until_the_shift_ends(till):
    STORIES["late"](till)
    till.clock.advance(minutes=30)
    strip = till.panel().one(class_="notice", data_tone="problem").text
    assert strip.startswith("Call a manager")
    for words in ("Sale 1", "Paid after the QR had ended", "$3.50 of $3.50", "09:06"):
        assert words in strip


def test_a_qr_given_up_whose_last_word_is_out_is_counted(waiting):
    waiting.bank.misbehave(drop=True)
    waiting.press("Cancel")
    waiting.charge("2")
    assert "1 given up, the bank's last word still awaited" in waiting.panel().text


def test_a_sale_without_a_qr_says_so_and_can_try_again(till):
    STORIES["create_failed"](till)
    assert "Nothing was charged." in till.panel().text
    assert [button.text for button in till.panel().all("button")] == ["New QR"]
