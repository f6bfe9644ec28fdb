import json
import threading
import time
from datetime import timedelta

import pytest

from pos import create_app
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, GatewayCircuit
from pos.services.asking import circuit
from pos.services.shop import lease
from pos.web.entrance import health
from tests.conftest import close
from tests.factories import ACCOUNT_ID, EMAIL
from tests.web.entrance.test_errors import TRACES, no_line_left
from tests.web.entrance.test_trouble import spoil_a_page


def change(app, model, **columns):
    with app.app_context(), writing(db.session):
        row = db.session.query(model).first()
        for name, value in columns.items():
            setattr(row, name, value)


@pytest.fixture
def ready(app, client, clock):
    """Asks whether the shop is ready while its worker ticks: the status, and what is told."""

    def ready(query="", worker=True):
        if worker:
            with app.app_context():
                lease.hold("a worker")
        answer = client.get(f"/readyz{query}")
        return answer.status_code, answer.json

    return ready


def test_the_program_says_that_it_lives(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok", "text/plain")


def test_without_a_worker_the_shop_is_not_ready(client, clock):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (503, "failed")
    assert (answer.json["database"], answer.json["worker"]) == (
        {"status": "ok"},
        {"status": "failed"},
    )


def test_the_shop_is_ready_while_its_worker_ticks(client, clock, ready):
    assert ready()[1]["worker"] == {"status": "ok", "seconds": 0}
    clock.advance(15)
    assert client.get("/readyz").status_code == 200
    clock.advance(1)
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json["worker"] == {"status": "failed", "seconds": 16}


def test_a_load_balancer_may_leave_the_worker_out_and_nothing_else(app, ready):
    status, told = ready("?exclude=worker", worker=False)
    assert (status, told["status"], told["worker"]["status"]) == (200, "warn", "failed")
    assert ready("?exclude=workers", worker=False)[0] == 503


@pytest.mark.sqlite
def test_all_is_well_in_a_new_shop(shop, ready):
    status, told = ready()
    assert (status, told["migrations"]) == (200, {"status": "ok"})
    assert told["gateways"] == [{"status": "ok", "gateway": "bakong", "number": 1}]
    assert {"disk", "wal", "database", "status"} <= told.keys()


@pytest.mark.parametrize(
    ("paused_for", "state"), [("unreachable", "failed"), ("quota", "warn"), ("busy", "warn")]
)
def test_a_gateway_that_is_down_is_told_and_the_shop_stays_ready(
    app, shop, clock, ready, paused_for, state
):
    with app.app_context(), writing(db.session):
        until = clock.time + timedelta(seconds=60)
        row = GatewayCircuit(account_id=1, failures=9, paused_until=until, paused_for=paused_for)
        db.session.add(row)
    status, told = ready()
    assert (status, told["status"]) == (200, "warn")
    assert (told["gateways"][0]["status"], told["gateways"][0]["trouble"]) == (state, paused_for)


def test_a_gateway_that_has_not_answered_lately_is_a_warning(app, shop, clock, ready):
    with app.app_context(), writing(db.session):
        db.session.add(GatewayCircuit(account_id=1, failures=circuit.FAILURES - 1))
    assert ready()[1]["gateways"][0]["status"] == "warn"


@pytest.mark.parametrize(("days", "state"), [(-1, "failed"), (6, "warn"), (8, "ok")])
def test_the_days_of_a_token_are_told(app, shop, clock, ready, days, state):
    change(app, GatewayAccount, token_expires_at=clock.time + timedelta(days=days, minutes=1))
    token = {"status": state, "gateway": "bakong", "number": 1, "days": max(0, days)}
    assert ready()[1]["tokens"] == [token]


@pytest.mark.scratch
@pytest.mark.parametrize("version", ["0001", "9999"])
def test_with_tables_of_another_version_the_shop_is_not_ready(app, ready, version):
    with app.app_context(), db.engines[None].begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    status, told = ready(worker=False)
    assert (status, told["migrations"]) == (503, {"status": "failed"})


def test_a_full_disk_is_told_and_does_not_take_the_shop_away(app, settings, ready):
    for least, state in ((10**9, "failed"), (0, "ok")):
        app.extensions["pos_settings"] = settings.model_copy(update={"alert_disk_mb": least})
        assert (ready()[0], ready()[1]["disk"]["status"]) == (200, state)


def test_readiness_costs_three_queries_and_a_fourth_now_and_then(client, shop, queries):
    client.get("/readyz")
    with queries() as asked:
        client.get("/readyz")
    assert len(asked) in (3, 4)


@pytest.mark.scratch
@pytest.mark.sqlite
def test_books_that_are_not_there_are_told_in_json_without_a_trace(app, client, tmp_path):
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    (tmp_path / "pos.db").rename(tmp_path / "moved.db")
    (tmp_path / "pos.db").mkdir()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, {"status": "failed"})
    assert [trace for trace in TRACES if trace in answer.text] == []


@pytest.mark.scratch
@pytest.mark.sqlite
def test_damaged_books_are_not_ready(settings, tmp_path):
    spoil_a_page(tmp_path / "pos.db")
    app = create_app(settings)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, {"status": "failed"})
    close(app)


@pytest.mark.scratch
def test_without_a_line_to_the_database_the_shop_is_not_ready(app, client, monkeypatch):
    with no_line_left(app, monkeypatch):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, {"status": "failed"})


def test_a_database_that_is_silent_is_not_waited_for_and_not_asked_by_ever_more(app):
    silent, began = threading.Event(), time.monotonic()
    try:
        for _ in range(health.AT_ONCE + 1):
            assert health.within(app, lambda: silent.wait(10) or (), seconds=0.02) is None
        assert time.monotonic() - began < 2
        assert threading.active_count() <= health.AT_ONCE + 8
    finally:
        silent.set()


def test_health_tells_nothing_of_the_shop(client, shop, ready):
    ready()
    names = ("Mekong", "Riverside", "Till", "Phnom", ACCOUNT_ID, EMAIL)
    for page in ("/healthz", "/readyz"):
        answer = client.get(page)
        assert not [one for one in names if one in answer.text]
        assert "Set-Cookie" not in answer.headers
    assert set(json.loads(answer.text)) <= {"status", *health.STOPS, "gateways", "tokens", "disk",
                                            "wal"}  # fmt: skip
