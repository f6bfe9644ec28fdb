import pytest
from sqlalchemy import update

from pos.database import writing
from pos.extensions import db
from pos.gateways.base import Answer, Outcome, Trouble
from pos.models import GatewayAccount
from pos.services.asking import budget, circuit, planning
from pos.services.asking.quota import Purpose


@pytest.fixture
def account(app, shop):
    with app.app_context(), writing(db.session):
        db.session.execute(update(GatewayAccount).values(daily_quota=40))
    return lambda: db.session.get_one(GatewayAccount, shop.account_id)


def words(page):
    return " ".join(page.text.split())


def test_the_manager_sees_what_is_left_of_the_day(app, account, manager):
    with app.app_context():
        planning.plan(account())
        assert budget.spend(account(), 7, Purpose.PERSON) is None
    page = words(manager.get("/gateways"))
    assert '7 <span class="gateway-of">of 40</span>' in page
    assert "<dd>33</dd>" in page and "<dd>4</dd>" in page
    assert "May be asked" in page and "A QR is asked about" in page and "in 90 days" in page


@pytest.mark.parametrize(
    ("spent", "said"), [(36, "Only Check now and last looks"), (40, "Used up until midnight")]
)
def test_a_day_that_runs_out_says_so(app, account, manager, spent, said):
    with app.app_context():
        assert budget.spend(account(), spent, Purpose.PERSON) is None
    assert said in words(manager.get("/gateways"))


def test_a_closed_circuit_is_told_with_its_end(app, shop, account, manager):
    used_up = Answer(outcome=Outcome.UNKNOWN, trouble=Trouble.QUOTA)
    with app.app_context():
        circuit.hear(shop.account_id, used_up, is_metered=True)
    page = words(manager.get("/gateways"))
    assert "Not asked until 00:01" in page
    assert "Today&#39;s questions to the bank are used up." in page


def test_without_a_limit_there_is_nothing_to_count(manager):
    assert "No daily limit" in manager.get("/gateways").text


def test_only_a_manager_is_led_there(cashier, manager):
    assert "Questions to the bank" in manager.get("/office").text
    assert "/office" in manager.get("/shifts").text
    assert "/office" not in cashier.get("/shifts").text
    assert cashier.get("/gateways").status_code == 403
