from pos import clock
from pos.database import writing
from pos.extensions import db
from pos.models import Restore
from pos.services.backups import lost
from pos.services.backups.lost import Highest
from tests.factories import post


def test_a_manager_sees_that_there_is_no_backup_and_asks_for_one(manager):
    assert "There is no backup yet." in manager.get("/backups").text
    assert post(manager, "/backups", page="/backups").status_code == 303
    page = manager.get("/backups").text
    assert "One is under way" in page and "Waits for the worker" in page
    assert "Back up now" not in page


def test_a_shop_without_a_key_is_told_what_that_means(manager):
    assert "Backups are not encrypted" in manager.get("/backups").text


def test_what_a_restore_found_and_lost_is_told(app, shop, manager):
    with app.app_context(), writing(db.session):
        now = clock.now()
        restore = Restore(at=now, taken_at=now, name="backup", revision="0042")
        db.session.add(restore)
        db.session.flush()
        lost.write(restore, Highest(z_reports={shop.till_id: 45}, receipts={shop.store_id: 1}))
    page = manager.get("/backups").text
    assert "Till 1, Z reports: 1–45" in page and "Riverside, Receipts: 1<" in page
    assert "Bakong gives no list" in page
