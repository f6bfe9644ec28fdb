import gzip
import re

import pytest

from pos.paths import HOME
from pos.web import files

STATIC = HOME / "static"
GZIP = {"Accept-Encoding": "gzip, br"}


def ask(client, name, **headers):
    return client.get(f"/static/{name}", headers=headers, buffered=True)


@pytest.mark.parametrize("name", files.JOINED)
def test_a_joined_file_says_what_its_parts_say_in_their_order(client, name):
    text, at = ask(client, name).text, 0
    for part in files.JOINED[name]:
        whole = re.sub(r"url\(.*?\)", "", (STATIC / part).read_text())
        at = re.sub(r"url\(.*?\)", "", text).index(whole, at)


@pytest.mark.parametrize("name", [*files.JOINED, "css/print.css", "vendor/htmx-2.0.11.min.js"])
def test_text_goes_pressed_to_who_takes_it_and_plain_to_others(client, name):
    plain, pressed = ask(client, name), ask(client, name, **GZIP)
    assert "Content-Encoding" not in plain.headers
    assert pressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(pressed.data) == plain.data
    assert len(pressed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in plain.vary and "Accept-Encoding" in pressed.vary


def test_a_refused_pressing_is_not_forced_on_anybody(client):
    answer = ask(client, "joined/house.css", **{"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers


def test_fonts_and_pictures_go_as_they_are(client):
    for name in ("fonts/kantumruy-pro-latin.woff2", "img/app-192.png"):
        answer = ask(client, name, **GZIP)
        assert "Content-Encoding" not in answer.headers
        assert answer.data == (STATIC / name).read_bytes()


def test_no_page_is_pressed_for_it_holds_a_token_beside_what_was_asked(till):
    for page in ("/till", "/display", "/till?amount=1&currency=USD", "/shifts"):
        answer = till.browser.get(page, headers=GZIP)
        assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, None)


def test_who_has_a_file_already_is_told_so(client):
    tag = ask(client, "joined/house.css", **GZIP).headers["ETag"]
    answer = ask(client, "joined/house.css", **{"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_what_a_sheet_points_at_is_there_and_kept_for_a_year(client):
    found = re.findall(r'url\("\.\./(.*?)"\)', ask(client, "joined/house.css").text)
    assert len(set(found)) == 4
    for name in found:
        answer = ask(client, name)
        assert (answer.status_code, answer.cache_control.max_age) == (200, 31_536_000)
        assert answer.cache_control.immutable


def test_no_name_leads_out_of_the_folder(client):
    for name in ("../pos/app.py", "joined/nothing.css", "joined/../../wsgi.py", "css/nothing.css"):
        assert ask(client, name).status_code == 404, name
