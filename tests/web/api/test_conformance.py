import pytest
from flask import Flask, Response

from pos.services.bookkeeping import shifts
from tests.factories import open_shift
from tests.web.api import fuzzing
from tests.web.api.test_bakong_admin import other_manager, paid, transfer
from tests.web.api.test_refunds import HERE as REFUNDS
from tests.web.api.test_sales import SALES, new
from tests.web.conftest import Counter

__all__ = ["other_manager", "paid"]

COMPLETE = "POST /api/v1/sales/{sale_id}/complete"
HARD_TO_REACH = {
    "POST /api/admin/payments/bakong/{payment_id}/refund",
    "POST /api/payments/bakong/webhook",
    "POST /api/v1/refunds",
    "POST /api/v1/token",
}
"""What no made-up request is answered with success: money, a signature or a secret lacks."""


@pytest.fixture
def known(app, shop, program, paid, other_manager):
    """Names of things that are there."""
    refund = program.post(REFUNDS, {"payment_id": paid, **transfer(other_manager)}).json
    with app.app_context():
        closed = shifts.close_shift(open_shift(shop).id, shop.cashier.id).shift_id
    for booking in ("B-2", "B-3", "B-4"):
        program.post(SALES, new(booking_id=booking, booking_number=booking))
    made = program.post("/api/payments/bakong/create", {"booking_id": "B-2"}).json["data"]
    number = program.post(f"{SALES}/B-4/payments").json["id"]
    names = {"sale_id": "B-2", "order": "B-3", "payment_id": number, "payments": [number]}
    ids = {"md5_hash": made["md5_hash"], "shift_id": closed, "refund_id": refund["id"]}
    return new(booking_id="B-2", booking_number="B-2") | names | ids


@pytest.fixture
def in_parts(app, shop, bank, clock, program, known):
    """The name of a sale whose two instalments are paid."""
    work = Counter(app, shop, bank, clock, app.test_client()).work
    program.post(SALES, new(booking_id="B-5", plan="deposit"))
    for instalment in ("deposit", "balance"):
        made = program.post(f"{SALES}/B-5/payments", {"instalment": instalment}).json
        bank.pay(made["qr_string"])
        work(after=10)
    return "B-5"


def test_every_answer_to_every_request_is_as_described(app, program, known, in_parts):
    token = {"Authorization": f"Bearer {program.access}"}
    found = fuzzing.ask_everything(app, token, known, 6, {COMPLETE: {"sale_id": in_parts}})
    assert {where: one.wrong for where, one in found.items() if one.wrong} == {}
    reached = {where for where, one in found.items() if one.statuses & {200, 201}}
    assert set(found) - reached <= HARD_TO_REACH


def described(status, body, kind):
    """An app that describes one address, and answers it as it is told."""
    app = Flask("odd")
    shape = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    answer = {"description": "", "content": {"application/json": {"schema": shape}}}
    path = {"get": {"responses": {"200": answer}}}
    about = {"openapi": "3.1.0", "info": {"title": "", "version": "1"}, "paths": {"/n": path}}
    app.add_url_rule("/api/openapi.json", "about", lambda: about)
    app.add_url_rule("/n", "n", lambda: Response(body, status=status, content_type=kind))
    return app


JSON = "application/json"


@pytest.mark.parametrize(
    ("answer", "is_wrong"),
    [
        ((200, '{"n": 1}', JSON), False),
        ((200, '{"n": "1"}', JSON), True),
        ((200, "{}", JSON), True),
        ((201, '{"n": 1}', JSON), True),
        ((500, '{"n": 1}', JSON), True),
        ((200, '{"n": 1}', "text/html"), True),
    ],
)
def test_an_answer_outside_its_description_is_told(answer, is_wrong):
    (found,) = fuzzing.ask_everything(described(*answer), {}, {}, 2).values()
    assert bool(found.wrong) is is_wrong
