from datetime import timedelta

import pytest

from pos import clock
from pos.extensions import db
from pos.models import Alert, AuditEntry, Deed
from pos.services.alerting import outbox
from pos.services.shop import lease
from tests.alerting import end_key, messages, telegram, told
from tests.conftest import BOT_TOKEN
from tests.factories import create_other_shop, log_in, post
from tests.gateways import wire
from tests.messengers.test_telegram import refusal

FORM = {"name": "Boss", "channel": "telegram", "address": "12345", "least": "note"}
FORM |= {"language": "en", "quiet_from": "", "quiet_until": ""}

HOSTILE = "<script>alert(1)</script>{{7*7}}"


def words(page):
    return " ".join(page.text.split())


def add(browser, **changed):
    return post(browser, "/recipients", {**FORM, **changed})


@pytest.fixture
def ending(app, shop):
    """The shop's key ends in two days, and the worker has seen it."""
    with app.app_context():
        end_key(shop, clock.now() + timedelta(days=2, hours=1))
        return told()[0].id


def test_a_quiet_shop_says_so(manager):
    page = words(manager.get("/alerts"))
    assert "Nothing is wrong that the program knows of." in page and "No alert has ended" in page


def test_a_manager_sees_what_is_wrong_and_takes_it_up(manager, ending, app):
    page = words(manager.get("/alerts"))
    assert "Whole days until the key of mekong_coffee@prac ends: 2." in page and "Warning" in page
    assert 'class="office-count">1<' in page
    assert post(manager, f"/alerts/{ending}/acknowledge", page="/alerts").status_code == 303
    page = words(manager.get("/alerts"))
    assert "Taken up by Maly" in page and "office-count" not in page
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(deed=Deed.ALERT_ACKNOWLEDGED).count() == 1


def test_an_alert_of_another_store_is_not_there(app, bank, ending):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = log_in(app.test_client(), other.manager)
    assert "mekong_coffee" not in words(stranger.get("/alerts"))
    assert post(stranger, f"/alerts/{ending}/acknowledge", page="/alerts").status_code == 404
    with app.app_context():
        assert db.session.get_one(Alert, ending).acknowledged_at is None


def test_a_recipient_is_added_tested_and_what_became_of_it_stands_there(app, manager):
    assert add(manager).status_code == 303
    assert "No message yet" in words(manager.get("/recipients"))
    assert post(manager, "/recipients/1/test", page="/recipients").status_code == 303
    assert "On its way" in words(manager.get("/recipients"))
    with telegram(app):
        outbox.send_due()
    page = words(manager.get("/recipients"))
    assert "Sent" in page and "Test message" in page


def test_what_failed_says_why_and_never_how_we_ask(app, manager):
    add(manager)
    post(manager, "/recipients/1/test", page="/recipients")
    with telegram(app, wire.send(refusal(403, description=f"x {BOT_TOKEN} <b>"))):
        outbox.send_due()
    page = words(manager.get("/recipients"))
    assert "Not sent" in page and "The server knows no such address" in page
    assert BOT_TOKEN not in page and "&lt;b&gt;" not in page


def test_what_was_typed_wrong_is_drawn_again_with_the_reason(manager):
    answer = add(manager, address="nobody", name=HOSTILE)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert "&lt;script&gt;" in answer.text and "<script>alert" not in answer.text


def test_hostile_names_are_text_on_the_page_and_in_the_message(app, manager):
    add(manager, name=HOSTILE)
    assert "<script>alert" not in manager.get("/recipients").text
    assert "49" not in words(manager.get("/recipients")).split("<tbody>")[1].split("</td>")[0]


def test_a_removed_recipient_is_gone_from_the_list(manager):
    add(manager)
    assert post(manager, "/recipients/1/remove", page="/recipients").status_code == 303
    assert "12345" not in words(manager.get("/recipients"))
    assert post(manager, "/recipients/1/test", page="/recipients").status_code == 404


def test_a_second_test_at_once_is_refused_in_words(app, manager):
    add(manager)
    post(manager, "/recipients/1/test", page="/recipients")
    answer = post(manager, "/recipients/1/test", page="/recipients")
    assert answer.status_code == 422 and "Wait a minute" in answer.text
    with app.app_context():
        assert len(messages()) == 1


def test_no_request_sends_a_message_itself(app, manager):
    with telegram(app) as server:
        add(manager)
        post(manager, "/recipients/1/test", page="/recipients")
        assert server.heard == []


def test_the_office_says_when_no_worker_runs(app, manager, clock):
    assert "The timed jobs stand still" in words(manager.get("/office"))
    with app.app_context():
        lease.hold("a worker")
    assert "The timed jobs stand still" not in words(manager.get("/office"))
    clock.advance(seconds=16)
    assert "The timed jobs stand still" in words(manager.get("/office"))


@pytest.mark.parametrize("before", ["x", "9" * 20, "-1"])
def test_a_page_that_cannot_be_is_not_there(manager, before):
    assert manager.get(f"/alerts?before={before}").status_code == 404
