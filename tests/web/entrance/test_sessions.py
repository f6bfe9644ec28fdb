import time

import pytest

from pos.database import writing
from pos.extensions import db
from pos.models import User
from pos.services.people import users
from tests.factories import PASSWORD, log_in, post
from tests.web.pages import press, read

COOKIE = "pos_login"
NEW = "papaya-temple-99"


def is_in(browser):
    return browser.get("/password").status_code == 200


def copy_of(browser, app):
    """Another browser with a copy of this one's cookie."""
    thief = app.test_client()
    thief.set_cookie(COOKIE, browser.get_cookie(COOKIE).value)
    assert is_in(thief)
    return thief


def refused_everywhere(browser):
    """Pages lead to the login, the poll ends, a post changes nothing."""
    poll = browser.get("/till/payment", headers={"HX-Request": "true"})
    pages = {browser.get(page).headers.get("Location") for page in ("/till", "/shifts")}
    return (poll.status_code, pages) == (401, {"/login?next=/till", "/login?next=/shifts"})


def test_a_login_leads_to_the_till(client, shop):
    answer = post(client, "/login", {"username": " DARA ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/till")
    assert is_in(client)


WRONG = [("dara", "wrong"), ("dara", ""), ("", PASSWORD), ("nobody", PASSWORD), ("dara", NEW * 9)]


def test_a_wrong_name_or_password_is_told_in_the_same_words(client, shop):
    for name, password in WRONG:
        answer = post(client, "/login", {"username": name, "password": password})
        form = read(answer).form("Log in")
        assert (answer.status_code, form.alert) == (422, "User name or password is wrong."), name
        assert (form.fields["username"], form.fields["password"]) == (name, "")
        assert not is_in(client)


def test_after_ten_wrong_passwords_a_name_waits_even_with_the_right_one(client, shop, clock):
    for _ in range(10):
        post(client, "/login", {"username": "dara", "password": "wrong"})
    answer = post(client, "/login", {"username": "dara", "password": PASSWORD})
    assert (answer.status_code, read(answer).alert[:9]) == (422, "Too many ")
    log_in(client, shop.manager)
    clock.advance(minutes=15)
    log_in(client, shop.cashier)


def test_the_cookie_after_a_login_is_another_than_before_it(client, shop):
    client.get("/login")
    before = client.get_cookie(COOKIE).value
    log_in(client, shop.cashier)
    assert client.get_cookie(COOKIE).value != before
    client.set_cookie(COOKIE, before)
    assert not is_in(client)


def test_a_cookie_put_there_by_somebody_else_is_not_the_one_of_the_login(client, shop, app):
    stranger = log_in(app.test_client(), shop.manager)
    client.set_cookie(COOKIE, stranger.get_cookie(COOKIE).value)
    log_in(client, shop.cashier)
    assert "Dara" in client.get("/password").text
    assert client.get_cookie(COOKIE).value != stranger.get_cookie(COOKIE).value


def test_a_login_over_another_ends_the_other(app, shop, cashier):
    copied = copy_of(cashier, app)
    log_in(cashier, shop.manager)
    assert "Maly" in cashier.get("/password").text
    assert refused_everywhere(copied)


def test_logging_out_ends_the_login_and_every_copy_of_its_cookie(app, cashier):
    copied = copy_of(cashier, app)
    answer = press(cashier, "/password", "Log out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert refused_everywhere(cashier)
    assert refused_everywhere(copied)


def test_logging_out_ends_no_other_login_of_the_person(app, shop, cashier):
    elsewhere = log_in(app.test_client(), shop.cashier)
    press(cashier, "/password", "Log out")
    assert is_in(elsewhere)


def test_shutting_a_person_out_ends_their_logins_at_once(app, shop, cashier, manager):
    with app.app_context():
        users.set_active(db.session.get_one(User, shop.cashier.id), False)
    assert refused_everywhere(cashier)
    assert is_in(manager)
    answer = post(app.test_client(), "/login", {"username": "dara", "password": PASSWORD})
    assert (answer.status_code, read(answer).alert) == (422, "User name or password is wrong.")


def test_a_person_marked_as_shut_out_is_out_whatever_their_logins_say(app, shop, cashier):
    with app.app_context(), writing(db.session):
        db.session.get_one(User, shop.cashier.id).is_active = False
    assert refused_everywhere(cashier)


def test_letting_a_person_in_again_revives_no_old_login(app, shop, cashier):
    with app.app_context():
        users.set_active(db.session.get_one(User, shop.cashier.id), False)
        users.set_active(db.session.get_one(User, shop.cashier.id), True)
    assert refused_everywhere(cashier)
    log_in(cashier, shop.cashier)


def change_password(browser, current=PASSWORD, new=NEW, again=NEW):
    return press(
        browser,
        "/password",
        "Change password",
        current_password=current,
        new_password=new,
        again=again,
    )


def test_a_new_password_ends_every_old_cookie_and_keeps_the_person_in(app, shop, cashier):
    copied, elsewhere = copy_of(cashier, app), log_in(app.test_client(), shop.cashier)
    assert change_password(cashier).headers["Location"] == "/till"
    assert refused_everywhere(copied)
    assert refused_everywhere(elsewhere)
    assert "Your password is changed." in cashier.get("/password").text


def test_after_a_change_only_the_new_password_opens(app, shop, cashier):
    change_password(cashier)
    old, new = (
        post(app.test_client(), "/login", {"username": "dara", "password": password})
        for password in (PASSWORD, NEW)
    )
    assert (old.status_code, new.status_code) == (422, 303)


BAD_CHANGES = {
    "The current password is wrong.": {"current": "wrong"},
    "The two new passwords are not the same.": {"again": NEW + "x"},
    "A password has 12 characters or more.": {"new": "short", "again": "short"},
    "Choose a password with more different characters.": {"new": "a" * 12, "again": "a" * 12},
}


@pytest.mark.parametrize("reason", BAD_CHANGES)
def test_a_password_that_cannot_be_changed_so_stays(app, cashier, books, reason):
    # A wrong guess at the current password is counted, as at the login.
    counted = ("login_try",)
    before = books(but=counted)
    copied = copy_of(cashier, app)
    answer = change_password(cashier, **BAD_CHANGES[reason])
    assert (answer.status_code, read(answer).alert) == (422, reason)
    assert PASSWORD not in answer.text and NEW not in answer.text
    assert books(but=counted) == before
    assert is_in(copied)


def test_a_login_ends_by_itself_after_its_hours(cashier, clock):
    clock.advance(hours=12, seconds=-1)
    assert is_in(cashier)
    clock.advance(1)
    assert refused_everywhere(cashier)


def test_a_cookie_that_is_not_ours_is_nobody(client, shop):
    for value in ("", "x", "e30.e30.e30", "\u1780".encode().decode("latin-1")):
        client.set_cookie(COOKIE, value)
        assert refused_everywhere(client), value


def test_a_clock_that_is_set_back_by_an_hour_throws_nobody_out(client, shop, monkeypatch):
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + 3_600)
    log_in(client, shop.cashier)
    monkeypatch.setattr(time, "time", right)
    assert client.get("/shifts/open").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client, shop):
    sent = client.get("/login").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(sent.split("; "))
    assert "Secure" not in sent


OURS = ["/shifts", "/shifts/open", "/shifts?paper=80mm&x=1", "/till", "/password"]
NOT_OURS = [
    "https://evil.example/", "http:evil.example", "https:evil", "//evil.example", "///evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "javascript:alert(1)", "evil.example",
    "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r\n//evil", " //evil.example",
    "/till\r\nSet-Cookie: a=b", "/\0/evil", "/\u200b/evil.example", "data:text/html,x", "",
]  # fmt: skip


@pytest.mark.parametrize("sent_in", ["address", "form"])
def test_a_login_goes_on_to_the_page_that_was_wanted(app, shop, sent_in):
    for wanted in OURS:
        assert go_on(app.test_client(), wanted, sent_in) == wanted


@pytest.mark.parametrize("sent_in", ["address", "form"])
def test_a_login_never_leads_to_another_site(app, shop, sent_in):
    for wanted in NOT_OURS:
        assert go_on(app.test_client(), wanted, sent_in) == "/till", wanted


def go_on(browser, wanted, sent_in):
    """Log in with a `next` and return where that leads."""
    form = read(browser.get("/login")).form("Log in")
    sent = {**form.fields, "username": "dara", "password": PASSWORD}
    query = {}
    if sent_in == "form":
        sent["next"] = wanted
    else:
        query["next"] = wanted
        del sent["next"]
    return browser.post("/login", data=sent, query_string=query).headers["Location"]


def test_the_page_that_was_wanted_stays_in_the_form_until_the_login(client, shop):
    away = client.get("/shifts/open?x=1").headers["Location"]
    assert away == "/login?next=/shifts/open?x%3D1"
    answer = press(client, away, "Log in", username="dara", password="wrong")
    assert read(answer).form("Log in").fields["next"] == "/shifts/open?x=1"
