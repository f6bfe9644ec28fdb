"""The brake that all processes share: the books themselves count what they keep. W12, P16."""

import pytest
from sqlalchemy import insert, select, update

from pos.database import writing
from pos.extensions import db
from pos.models import CallbackVerdict, GatewayCallback
from pos.services.banking.callback_keeping import MOST_COPIES, TAKEN_A_MINUTE
from tests.signing import DONE, PATH, body_of, signed
from tests.web.doors import door, shop

__all__ = ["door", "shop"]

SENDER = "127.0.0.1"


@pytest.fixture
def kept_by_others(waiting, app):
    """Writes down that other processes kept so many of a sender, just now."""

    def keep(count, sender=SENDER, verdict=CallbackVerdict.UNKNOWN):
        usual = {"gateway": "payway", "sender": sender, "verdict": verdict, "copies": 1}
        usual |= {"tran_id": "", "said": "", "body": "", "tells_of_money": False, "tries": 0}
        usual |= {"received_at": waiting.clock.time}
        with app.app_context(), writing(db.session):
            rows = [{**usual, "digest": f"{verdict}{number}"} for number in range(count)]
            db.session.execute(insert(GatewayCallback), rows)

    return keep


def test_what_other_processes_kept_counts_too(waiting, door, kept_by_others):
    kept_by_others(TAKEN_A_MINUTE - 1)
    assert door.knock(apv="1").json == DONE
    answer = door.knock(apv="2")
    assert (answer.status_code, answer.json["success"]) == (429, False)
    waiting.clock.advance(61)
    assert door.knock(apv="2").json == DONE


def test_a_flood_of_one_sender_keeps_no_other_away(waiting, door, kept_by_others):
    kept_by_others(TAKEN_A_MINUTE, sender="203.0.113.9")
    assert door.knock().json == DONE


def test_forgeries_use_up_nothing_of_it(waiting, door, kept_by_others):
    kept_by_others(TAKEN_A_MINUTE, verdict=CallbackVerdict.REFUSED)
    assert door.knock().json == DONE


def test_a_payment_whose_callback_was_turned_away_is_found_by_asking(waiting, door, kept_by_others):
    kept_by_others(TAKEN_A_MINUTE)
    waiting.pay()
    assert door.knock().status_code == 429
    waiting.work(after=3)
    assert str(waiting.payment().status) == "paid"


def test_a_body_replayed_without_end_is_acknowledged_and_no_more_counted(waiting, door, app):
    raw, headers = signed(body_of(waiting.payment().tran_id))
    door.post(raw, **headers)
    with app.app_context(), writing(db.session):
        most = update(GatewayCallback).values(copies=MOST_COPIES - 1)
        db.session.execute(most)
    for _ in range(3):
        assert waiting.app.test_client().post(PATH, data=raw, headers=headers).json == DONE
    with app.app_context():
        assert db.session.scalar(select(GatewayCallback.copies)) == MOST_COPIES
