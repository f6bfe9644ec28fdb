"""What a manager sees of callbacks without looking for it: the badge, Attention, Reconciled."""

import pytest

from tests import factories
from tests.factories import create_other_shop
from tests.signing import body_of, signed
from tests.web.doors import door, shop
from tests.web.pages import read

__all__ = ["door", "shop"]


@pytest.fixture
def boss(waiting, app):
    return factories.log_in(app.test_client(), waiting.shop.manager)


def badge(browser):
    return browser.get("/attention").text.split("<span data-count>")[1].split("<")[0]


def text(browser, page="/attention"):
    return " ".join(read(browser.get(page)).one("main").text.split())


def forge(door, times, pause=60):
    for number in range(times):
        assert door.knock(key="forged", apv=str(number)).status_code == 403
        door.till.clock.advance(pause)


def test_without_trouble_nothing_is_said(waiting, door, boss):
    door.knock()
    assert badge(boss) == "0" and "Nothing needs a decision" in text(boss)
    assert "about no payment of these books" not in text(boss, "/reconcile")


def test_w09_wrong_signatures_about_our_payments_call_a_manager(waiting, door, boss):
    forge(door, 2)
    assert badge(boss) == "0"
    forge(door, 1)
    assert badge(boss) == "1"
    page = text(boss)
    assert "carry a wrong signature" in page and "Nothing needs a decision" not in page


def test_w09_refusals_far_apart_are_no_alarm(waiting, door, boss):
    forge(door, 3, pause=400)
    assert badge(boss) == "0"


def test_w09_what_anybody_posts_unsigned_is_no_alarm(waiting, door, boss):
    raw, _ = signed(body_of(waiting.payment().tran_id))
    for _ in range(5):
        door.post(raw)
    assert badge(boss) == "0"


def test_w08_money_that_the_bank_does_not_have_calls_a_manager_for_a_day(waiting, door, boss):
    for number in range(3):
        door.knock(apv=str(number))
    for _ in range(12):
        door.work(after=5)
    assert badge(boss) == "1" and "Somebody may hold the key" in text(boss)
    waiting.clock.advance(days=1)
    boss = factories.log_in(waiting.app.test_client(), waiting.shop.manager)
    assert badge(boss) == "0"


def test_a_cashier_and_another_merchants_manager_see_no_alarm(waiting, door, app, bank):
    forge(door, 3)
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    rath = factories.log_in(app.test_client(), other.manager)
    assert (badge(waiting.browser), badge(rath)) == ("0", "0")
    assert "signature" not in text(waiting.browser) + text(rath)


def test_w07_an_unknown_number_is_shown_in_reconcile_for_a_week(waiting, door, boss):
    door.knock("261122-NOBODYS")
    door.knock("261122-NOBODYS")
    page = text(boss, "/reconcile")
    assert "about no payment of these books" in page
    assert "261122-NOBODYS ec000262 Sun 22 Nov 2026, 09:00 2" in page


def test_w13_callbacks_that_stay_away_are_told_without_a_badge(waiting, door, boss):
    door.configure(callback_url="https://shop.example/api/payway/v2/webhook")
    for number in range(3):
        if number:
            waiting.charge("1.00")
        assert "no callback came" not in text(boss)
        waiting.pay()
        waiting.work(after=3)
    assert "ec000262: no callback came in 24 hours" in text(boss)
    assert badge(boss) == "0"
    door.knock()
    assert "no callback came" not in text(boss)


def test_a_shop_that_expects_no_callbacks_is_told_nothing(waiting, door, boss):
    for number in range(3):
        if number:
            waiting.charge("1.00")
        waiting.pay()
        waiting.work(after=3)
    assert "no callback came" not in text(boss)
