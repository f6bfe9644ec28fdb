import pytest
from sqlalchemy import update

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount
from pos.services.banking import callbacks
from tests import payway
from tests.refunding import give_keys
from tests.signing import PATH, body_of, signed
from tests.web.api.test_bakong_admin import other_manager, transfer
from tests.web.api.test_sales import SALES, new
from tests.web.conftest import Counter

__all__ = ["other_manager"]

shop = payway.shop


@pytest.fixture
def made(program, shop):
    program.post(SALES, new())
    answer = program.post(f"{SALES}/B-1/payments")
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def paid(app, shop, bank, clock, made, client):
    """A payment that the bank has told of, which was then asked."""
    bank.pay(made["qr_string"])
    raw, headers = signed(body_of(made["id"]))
    assert client.post(PATH, data=raw, headers=headers).status_code == 200
    clock.advance(0.1)
    with app.app_context():
        callbacks.follow()
    Counter(app, shop, bank, clock, client).work()
    return made["id"]


def status_of(program, name):
    return program.get(f"/api/v1/payments/{name}").json["status"]


def test_a_sale_gets_payways_qr_and_link(program, made):
    assert made["qr_string"].startswith("000201")
    assert made["deep_link"].startswith("abamobilebank://")
    assert (made["md5_hash"], made["status"]) == (None, "processing")
    picture = program.get(f"/api/v1/payments/{made['id']}/qr.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")


def test_a_callback_makes_the_bank_be_asked_and_the_status_follows(program, paid, bank):
    assert status_of(program, paid) == "completed"
    assert payway.asked(bank).count("check-transaction-2") == 1
    assert program.get(f"{SALES}/B-1").json["status"] == "paid"


def test_a_callback_alone_is_not_believed(program, made, client, app, shop, bank, clock):
    raw, headers = signed(body_of(made["id"]))
    client.post(PATH, data=raw, headers=headers)
    with app.app_context():
        callbacks.follow()
    Counter(app, shop, bank, clock, client).work()
    assert status_of(program, made["id"]) == "processing"


def test_the_bank_gives_back_once_what_is_asked_for(app, program, paid, bank, other_manager):
    give_keys(app)
    asked = {"payment_id": paid, **transfer(other_manager, amount="20.00", reference="R-0001")}
    first = program.post("/api/v1/refunds", asked)
    assert first.status_code == 200, first.text
    told = first.json
    assert (told["status"], told["made_by"], told["amount"]) == ("done", "gateway", "20.00")
    assert told["reference"] is None
    assert program.post("/api/v1/refunds", asked).json == told
    assert payway.asked(bank).count("refund") == 1


def test_without_its_key_nothing_is_sent_back(program, paid, bank, other_manager, books, app):
    with app.app_context(), writing(db.session):
        db.session.execute(update(GatewayAccount).values(refund_key_sealed=""))
    asked = {"payment_id": paid, **transfer(other_manager)}
    answer = program.post("/api/v1/refunds", asked)
    assert (answer.status_code, answer.json["status"]) == (200, "refused"), answer.text
    assert payway.asked(bank).count("refund") == 0
