from pos.extensions import db
from pos.models import Till
from pos.services.shop import displays
from tests.factories import create_other_shop
from tests.web.api import programs

HERE = "/api/v1/displays"


def test_a_stores_screens_are_listed_with_whether_they_are_there(app, bank, shop, clock, program):
    assert program.get(HERE).json == {"data": [], "next_cursor": None}
    with app.app_context():
        displays.open_window(db.session.get_one(Till, shop.till_id))
        other = create_other_shop(bank.url, bank.token())
    (told,) = program.get(HERE).json["data"]
    assert (told["till"], told["state"]) == ("Till 1", "online")
    assert set(told) == {"id", "name", "till", "state", "paired_at", "last_seen_at"}
    clock.advance(displays.ONLINE_WITHIN.seconds + 1)
    program.renew()
    assert program.get(HERE).json["data"][0]["state"] == "offline"
    assert programs.start(app, other.manager).get(HERE).json["data"] == []
