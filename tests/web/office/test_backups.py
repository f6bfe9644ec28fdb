from tests.factories import post


def test_a_manager_sees_that_there_is_no_backup_and_asks_for_one(manager):
    assert "There is no backup yet." in manager.get("/backups").text
    assert post(manager, "/backups", page="/backups").status_code == 303
    page = manager.get("/backups").text
    assert "One is under way" in page and "Waits for the worker" in page
    assert "Back up now" not in page


def test_a_shop_without_a_key_is_told_what_that_means(manager):
    assert "Backups are not encrypted" in manager.get("/backups").text
