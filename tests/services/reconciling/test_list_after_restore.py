import pytest

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.models import Restore
from tests.refunding import payway_shop, shop
from tests.services.reconciling.test_list_accounts import at_second_desk, second
from tests.services.reconciling.test_list_pass import listed, lists_read, run

__all__ = ["payway_shop", "second", "shop"]

pytestmark = pytest.mark.usefixtures("context")


def test_a_day_that_a_restore_lost_is_read_from_the_banks_list(shop, bank, clock, second):
    at_second_desk(bank, "after-the-backup")
    assert lists_read(run(shop, clock)) == []
    with writing(db.session):
        at, taken_at = pos_clock.now(), pos_clock.now().replace(hour=0)
        db.session.add(Restore(at=at, taken_at=taken_at, name="backup", revision="0042"))
    assert listed(run(shop, clock)) == [("theirs_only", "", "$4.00")]
