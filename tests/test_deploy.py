import configparser
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine

from docs import settings
from pos.database import READS, engine_options
from pos.launch.commands import web_server
from pos.launch.place import Address
from pos.worker.tellers import TELLERS
from pos.worker.worker import ASKERS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
GUIDE = ROOT / "docs" / "deployment.md"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
SHIPPED = [
    GUIDE,
    ROOT / "Dockerfile",
    *sorted(path for path in DEPLOY.rglob("*") if path.is_file()),
]

SETTING = re.compile(r"\bPOS_[A-Z][A-Z_]*[A-Z]\b")
COMMAND = re.compile(r"\bflask ((?:db )?[a-z][a-z-]+)")
CONFINED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "UMask": "0077",
    "Restart": "always",
}
WATCHES = 1
"""Threads of a web process that look at the books beside those that answer."""

ENDS_IN = 10
"""Seconds within which a request that is under way is answered when the app is told to end."""


def name_of(path):
    return path.name


def unit_of(path):
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str
    unit.read_string(path.read_text())
    return unit


def known_settings():
    rows = re.findall(r"^\| `(POS_\w+)`", settings.table(), re.M)
    return {*rows, *settings.secret_files()}


def known_commands(app):
    found = set()
    for name, command in app.cli.commands.items():
        found |= {name, *(f"{name} {one}" for one in getattr(command, "commands", ()))}
    return found | {"run", "shell", "routes"}


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_every_setting_and_command_that_is_shipped_exists(path, app):
    text = path.read_text()
    assert set(SETTING.findall(text)) - known_settings() == set()
    assert set(COMMAND.findall(text)) - known_commands(app) == set()


def test_a_setting_or_command_that_is_gone_is_found(app):
    assert set(SETTING.findall("POS_GONE=1 POS_HOST=x")) - known_settings() == {"POS_GONE"}
    assert set(COMMAND.findall("`flask db upgrade`, flask gone-away")) - known_commands(app) == {
        "gone-away"
    }


def test_what_is_shipped_is_the_whole_of_the_guide():
    told = GUIDE.read_text()
    assert [
        path.name for path in DEPLOY.rglob("*") if path.is_file() and path.name not in told
    ] == []


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_a_service_is_confined_and_comes_back(path):
    service = unit_of(path)["Service"]
    assert {name: service.get(name) for name in CONFINED} == CONFINED
    assert service["User"] == "khqr" and service["EnvironmentFile"] == "/etc/khqr-pos.env"
    assert service["ReadWritePaths"] == service["WorkingDirectory"].replace("/app", "/data")
    assert "SECRET" not in path.read_text()


def test_the_web_app_is_given_the_time_that_gunicorn_takes():
    gunicorn = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    wait = int(unit_of(DEPLOY / "systemd" / "khqr-web.service")["Service"]["TimeoutStopSec"])
    assert gunicorn["graceful_timeout"] < ENDS_IN < wait


def test_a_shop_is_served_as_make_run_serves_it():
    gunicorn = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    options = dict(part[2:].split("=") for part in web_server(address()) if "=" in part)
    same = ("workers", "threads", "worker-class", "keep-alive", "bind")
    names = {"keep-alive": "keepalive", "worker-class": "worker_class"}
    assert {one: str(gunicorn[names.get(one, one)]) for one in same} == {
        one: options[one] for one in same
    }
    assert gunicorn["control_socket_disable"] and "--no-control-socket" in web_server(address())


def address():
    return Address("127.0.0.1", 5000, "POS_PORT")


def test_a_proxy_keeps_a_line_less_long_than_the_app():
    kept = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))["keepalive"]
    nginx = re.findall(
        r"keepalive_timeout (\d+)s", (DEPLOY / "nginx" / "khqr-pos.conf").read_text()
    )
    caddy = re.findall(r"keepalive (\d+)s", (DEPLOY / "caddy" / "Caddyfile").read_text())
    assert int(nginx[0]) < kept and int(caddy[0]) < kept


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M)
        (tmp_path / unit.name).write_text(text)
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")


def connections_of_a_machine(processes, threads):
    """All that its programs can have open at once: what is lent out, and what is kept for later."""
    pools = [pool_of(side) for side in ("SQLALCHEMY_ENGINE_OPTIONS", READS)]
    worker = processors() + ASKERS + TELLERS
    return processes * most_open(threads + WATCHES, *pools) + most_open(worker, *pools)


def most_open(threads, one, other):
    """Each thread holds one connection at a time, of one side or of the other."""
    (kept, most), (kept_too, most_too) = one, other
    return max(
        min(lent + kept, most) + min(threads - lent + kept_too, most_too)
        for lent in range(threads + 1)
    )


def pool_of(side):
    """How many connections a pool keeps, and how many it may have."""
    options = engine_options("postgresql+psycopg://khqr@localhost/khqr")
    wanted = options["SQLALCHEMY_BINDS"][READS] if side == READS else options[side]
    sizes = {name: wanted[name] for name in ("pool_size", "max_overflow") if name in wanted}
    pool = create_engine("postgresql+psycopg://khqr@localhost/khqr", **sizes).pool
    return pool.size(), pool.size() + pool._max_overflow


def processors():
    """How many timed jobs run at the same time, at most."""
    return BackgroundScheduler()._create_default_executor()._pool._max_workers


def test_the_worst_count_of_connections_is_the_one_that_is_told():
    gunicorn = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    worst = connections_of_a_machine(gunicorn["workers"], gunicorn["threads"])
    guide = " ".join(GUIDE.read_text().split())
    told = re.search(r"\*\*(\d+) connections\*\* for each machine", guide)
    assert told is not None and int(told[1]) == worst
    advised = re.search(r"max_connections = (\d+)", guide)
    assert advised is not None and int(advised[1]) >= 2 * worst + 20
