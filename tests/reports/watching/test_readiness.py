from pos.reports.watching import readiness
from pos.reports.watching.readiness import Check, State


def test_what_the_books_say_of_a_new_shop_without_a_worker(context):
    worker, gateway = Check("worker", State.FAILED), {"gateway": "bakong", "number": 1}
    database, migrations = (Check(it, State.OK) for it in ("database", "migrations"))
    assert readiness.of_books() == (
        database,
        migrations,
        worker,
        Check("gateways", State.OK, gateway),
    )


def test_only_sqlite_has_a_log_of_its_own(context, settings):
    is_sqlite = settings.database.startswith("sqlite")
    assert (readiness.wal_bytes() is not None) == is_sqlite
