import json
import re

import pytest

from pos.paths import HOME
from pos.web.counter import kiosk
from tests.web.pages import read

MONEY = re.compile(r"[$៛]\s?\d|\d+\.\d\d")


def told(client):
    """What the worker is told to keep."""
    first = client.get("/service-worker.js").text.splitlines()[0]
    return json.loads(first.removeprefix("const KEPT = ").removesuffix(";"))


@pytest.mark.parametrize(
    ("app_name", "start", "display"),
    [("till", "/till", "standalone"), ("display", "/display", "fullscreen")],
)
def test_each_app_can_be_installed_without_a_login(client, app_name, start, display):
    answer = client.get(f"/{app_name}.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    said = json.loads(answer.text)
    assert (said["start_url"], said["display"], said["scope"]) == (start, display, "/")
    for icon in said["icons"]:
        picture = client.get(icon["src"], buffered=True)
        assert (picture.status_code, picture.mimetype) == (200, "image/png")


@pytest.mark.parametrize(("page", "app_name"), [("/till", "till"), ("/display", "display")])
def test_each_screen_names_its_own_app_and_the_worker(till, page, app_name):
    (link,) = read(till.browser.get(page)).all("link", rel="manifest")
    assert link.attrs["href"] == f"/{app_name}.webmanifest"
    assert till.browser.get(link.attrs["data-worker"]).mimetype == "text/javascript"


def test_a_manifest_has_the_colours_of_the_house():
    tokens = (HOME / "static" / "css" / "tokens.css").read_text()
    assert f"--brand: {kiosk.BRAND};" in tokens
    assert f"--paper: {kiosk.PAPER};" in tokens


def test_the_worker_keeps_files_and_the_offline_page_and_nothing_else(client, waiting):
    kept = told(client)["shell"]
    assert kept[0] == "/offline"
    assert len(kept) > 30
    assert all(path.startswith("/static/") for path in kept[1:])
    for path in kept:
        assert client.get(path, buffered=True).status_code == 200, path


def test_the_offline_page_is_the_same_for_a_cashier_with_money_and_a_stranger(client, waiting):
    mine, theirs = waiting.browser.get("/offline"), client.get("/offline")
    assert mine.text == theirs.text
    assert "Set-Cookie" not in theirs.headers
    assert not MONEY.search(mine.text)
    for word in (waiting.payment().tran_id, "Mekong", "dara", "csrf"):
        assert word not in mine.text


def test_what_looks_for_money_would_find_it(waiting):
    assert MONEY.search(waiting.browser.get("/till").text)


def test_every_file_that_the_offline_page_needs_is_kept(client):
    page, kept = read(client.get("/offline")), told(client)["shell"]
    needed = [one.attrs["href"] for one in page.all("link")]
    needed += [one.attrs["src"] for one in page.all("script")]
    assert len(needed) == 3
    assert set(needed) <= set(kept)


def test_the_offline_page_speaks_both_languages(client):
    title = read(client.get("/offline")).one("h1").text
    assert re.search(r"[\u1780-\u17ff]", title)
    assert "The shop cannot be reached" in title
