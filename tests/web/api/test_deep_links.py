from datetime import timedelta

import pytest

from pos import clock as shop_clock
from pos.database import writing
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayCircuit
from tests import budgeting
from tests.web.api.test_sales import SALES, new

CREATE = "/api/payments/bakong/create"


def create(program):
    program.post(SALES, new())
    answer = program.post(CREATE, {"booking_id": "B-1"})
    assert answer.status_code == 200, answer.text
    assert answer.json["data"]["qr_code"].startswith("000201")
    return answer.json["data"]


def close_line(context, shop, trouble, seconds):
    until = shop_clock.now() + timedelta(seconds=seconds)
    row = GatewayCircuit(
        account_id=shop.account_id, failures=5, paused_for=trouble, paused_until=until
    )
    with writing(db.session):
        db.session.add(row)


@pytest.mark.parametrize("trouble", [Trouble.DOWN, Trouble.QUOTA, Trouble.BUSY])
@pytest.mark.parametrize("seconds", [10, -1])
def test_while_the_bank_is_let_alone_a_qr_comes_without_its_link(
    program, context, shop, bank, trouble, seconds
):
    close_line(context, shop, trouble, seconds)
    assert create(program)["deep_link"] == ""
    assert bank.calls() == []


@pytest.mark.parametrize("limit", [0, 100])
def test_a_link_costs_one_question_of_a_day_that_has_a_limit(program, context, shop, bank, limit):
    budgeting.allow(shop, limit)
    assert "/sandbox/link/" in create(program)["deep_link"]
    create(program)
    assert len(bank.calls()) == 1
    assert budgeting.asked(shop) == ([1] if limit else [])


def test_a_link_leaves_the_reserve_of_the_day_alone(program, context, shop, bank):
    budgeting.allow(shop, 1)
    assert create(program)["deep_link"] == ""
    assert (bank.calls(), sum(budgeting.asked(shop))) == ([], 0)


@pytest.mark.parametrize(
    ("switches", "closes"),
    [({"status": 429}, "busy"), ({"status": 503}, ""), ({"status": 401}, "")],
)
def test_the_line_learns_from_a_bank_that_gives_no_link(
    program, context, shop, bank, switches, closes
):
    bank.misbehave(**switches)
    assert create(program)["deep_link"] == ""
    row = db.session.get(GatewayCircuit, shop.account_id)
    failed = switches["status"] == 503
    assert (row.paused_for, row.failures) == (closes, int(failed)) if row else not failed
    assert len(bank.calls()) == 1
