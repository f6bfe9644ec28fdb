import pytest

from tests.factories import log_in, post
from tests.web.pages import read

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


def next_poll(browser):
    return read(browser.get("/till")).one(id="payment").attrs["hx-get"]


ANSWERS = {
    "a page": (200, lambda b: b.get("/till")),
    "a page without a login": (200, lambda b: b.get("/login")),
    "the customer's screen": (200, lambda b: b.get("/display")),
    "a fragment": (200, lambda b: b.get("/till/payment")),
    "an unchanged poll": (204, lambda b: b.get(next_poll(b))),
    "a way to another page": (303, lambda b: b.get("/")),
    "a form without its token": (400, lambda b: b.post("/till/charge")),
    "nothing there": (404, lambda b: b.get("/nothing")),
    "no such shift": (404, lambda b: b.get("/shifts/77/report")),
    "no such method": (405, lambda b: b.put("/till")),
    "too much": (413, lambda b: b.post("/till/charge", data=b"x" * 1_000_001)),
    "a form with a mistake": (422, lambda b: post(b, "/till/charge", page="/till")),
    "a sign of life": (200, lambda b: b.get("/healthz")),
    "readiness": (503, lambda b: b.get("/readyz")),
    "no such file": (404, lambda b: b.get("/static/nothing.css")),
}  # fmt: skip


def test_every_kind_of_answer_is_guarded_and_never_kept(till):
    for kind, (status, ask) in ANSWERS.items():
        answer = ask(till.browser)
        assert answer.status_code == status, kind
        assert_guarded(answer)
        assert answer.headers.get("Cache-Control") == "no-store", kind


def assert_guarded(answer):
    headers = answer.headers
    policy = [part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")]
    assert dict(policy) == POLICY
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_an_ended_poll_is_guarded_and_never_kept(client, shop):
    answer = client.get("/till/payment", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert_guarded(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_asked_for_by_its_mark_is_kept_for_a_year(client, shop):
    sheets = [link.attrs["href"] for link in read(client.get("/login")).all("link")]
    assert len(sheets) == 4  # the icon; what all pages have, the login alone, and paper
    for sheet in sheets:
        answer = client.get(sheet, buffered=True)
        assert (answer.status_code, answer.cache_control.max_age) == (200, 31_536_000), sheet
        assert "immutable" in answer.headers["Cache-Control"]
        assert_guarded(answer)


def test_a_file_asked_for_without_its_mark_is_kept_for_an_hour(client, shop):
    answer = client.get("/static/css/tokens.css", buffered=True)
    assert (answer.status_code, answer.cache_control.max_age) == (200, 3_600)


@pytest.mark.parametrize("page", ["/login", "/display", "/till", "/pairing", "/nothing"])
def test_no_page_has_anything_that_the_policy_would_stop(till, page):
    document = read(till.browser.get(page))
    for element in document.all():
        assert not [name for name in element.attrs if name.startswith(("on", "style", "hx-on"))]
        assert element.tag != "style"
        assert element.attrs.get("href", "/").startswith(("/", "http://localhost/", "http://127"))
    for script in document.all("script"):
        assert (script.attrs["src"][:8], script.text) == ("/static/", "")


FILES = [
    "/static/../pos/app.py", "/static/%2e%2e/wsgi.py", "/static//etc/passwd", "/static/%5cetc",
    "/.git/config", "/.env", "/console", "/instance/pos.db", "/static/css", "/admin",
]  # fmt: skip


def test_nothing_of_the_program_can_be_fetched(client, shop):
    for path in FILES:
        assert client.get(path, follow_redirects=True).status_code == 404, path


def test_the_debugger_is_not_there(client, shop):
    answer = client.get("/login?__debugger__=yes&cmd=resource&f=debugger.js")
    assert (answer.status_code, "text/html" in answer.content_type) == (200, True)


def test_a_default_password_opens_nothing(app, client, shop):
    for name, password in (("admin", "admin"), ("dara", "dara"), ("maly", "letmein!")):
        assert post(client, "/login", {"username": name, "password": password}).status_code == 422
    log_in(client, shop.cashier)
