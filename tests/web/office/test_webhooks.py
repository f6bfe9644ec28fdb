import pytest

from pos.models import Topic
from tests import hooking
from tests.canary import CANARY
from tests.factories import create_other_shop, log_in, post
from tests.gateways import wire
from tests.web.pages import read

HERE = "/settings/webhooks"
ADDRESS = "https://hook.example/pos?key=1"


def add(browser, **changes):
    form = {"name": "Web shop", "url": ADDRESS, "topic": "payment.paid", **changes}
    return post(browser, HERE, form)


def secret_of(answer):
    secret = read(answer).one(class_="webhook-secret").text.strip()
    CANARY.know("secret of a webhook", secret)
    return secret


def press(browser, what, webhook_id=1):
    return post(browser, f"{HERE}/{webhook_id}/{what}", page=HERE)


def test_a_manager_adds_a_webhook_and_its_secret_is_shown_once(manager, caplog):
    secret = secret_of(add(manager))
    assert secret.startswith("whsec_") and len(secret) > 40
    listed, page = manager.get(HERE), manager.get(f"{HERE}/1")
    assert "Web shop" in listed.text and "Told nothing yet" in listed.text
    assert "A payment settled its sale" in page.text and "Send a test." in page.text
    for text in (listed.text, page.text, manager.get("/audit").text, caplog.text):
        assert secret not in text


def test_nobody_is_told_yet_and_the_page_says_so(manager):
    assert "No other system is told yet." in manager.get(HERE).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "A name has"),
        ({"topic": "webhook.test"}, "Choose what it is told of."),
        ({"topic": "everything"}, "Choose what it is told of."),
        ({"url": "https://169.254.169.254/"}, "network"),
        ({"url": "http://hook.example/"}, "https://"),
        ({"url": "https://hook.example:22/"}, "443 or 8443"),
        ({"url": "x" * 5_000}, "web address"),
    ],
)
def test_what_cannot_be_told_is_said_and_what_was_typed_stays(manager, books, changes, said):
    before = books()
    answer = add(manager, **changes)
    assert answer.status_code == 422 and said in read(answer).one(role="alert").text
    assert books() == before
    if "url" in changes and len(changes["url"]) < 100:
        assert changes["url"] in answer.text


def test_a_test_that_arrives_is_delivered_on_the_page(app, manager):
    with hooking.system(app) as server:
        secret = secret_of(add(manager, url=f"{server.url}/hook"))
        assert press(manager, "test").status_code == 303
        assert "On its way" in manager.get(f"{HERE}/1").text
        hooking.tell()
    ((headers, body),) = hooking.told(server)
    assert hooking.signed(secret, headers, body) == [True]
    page = manager.get(f"{HERE}/1").text
    assert "Delivered" in page and headers["X-Pos-Event"] in page and "200" in page


def test_what_failed_says_why_and_goes_out_again_by_hand(app, manager, clock):
    with hooking.system(app, wire.send(wire.message(status=410))) as server:
        add(manager, url=server.url)
        press(manager, "test")
        hooking.tell()
        page = manager.get(f"{HERE}/1").text
        assert "Given up" in page and "410" in page and "does not take it" in page
        assert "Given up: 1" in manager.get(HERE).text
        answer = post(manager, f"{HERE}/events/1/again", page=HERE)
        hooking.tell()
    assert answer.status_code == 303 and len(server.heard) == 2


def test_a_pause_an_end_of_it_a_new_secret_and_a_removal_are_in_the_audit_log(manager):
    old = secret_of(add(manager))
    press(manager, "pause")
    assert "Paused since" in manager.get(f"{HERE}/1").text
    press(manager, "resume")
    new = secret_of(press(manager, "secret"))
    assert press(manager, "remove").headers["Location"] == HERE
    log = manager.get("/audit").text
    for said in ("added", "paused", "told again", "New secret of a webhook", "removed"):
        assert said in log
    assert old not in log and new not in log and ADDRESS not in log
    assert manager.get(f"{HERE}/1").status_code == 404


def test_the_log_goes_on_to_older_events(app, manager, clock):
    with hooking.system(app) as server:
        add(manager, url=server.url)
        for _ in range(31):
            press(manager, "test")
            clock.advance(seconds=11)
    page = read(manager.get(f"{HERE}/1"))
    (older,) = (one.attrs["href"] for one in page.all("a") if "before=" in one.attrs["href"])
    rest = read(manager.get(older))
    assert [len(list(one.all("tr"))) for one in (page, rest)] == [31, 2]
    assert manager.get(f"{HERE}/1?before=x").status_code == 404


def test_another_stores_webhook_is_not_there(app, bank, manager):
    with hooking.system(app) as server:
        add(manager, url=server.url)
        press(manager, "test")
        other = create_other_shop(bank.url, bank.token())
    stranger = log_in(app.test_client(), other.manager)
    assert server.url not in stranger.get(HERE).text
    assert stranger.get(f"{HERE}/1").status_code == 404
    for what in ("test", "pause", "resume", "secret", "remove"):
        assert press(stranger, what).status_code == 404
    assert post(stranger, f"{HERE}/events/1/again", page=HERE).status_code == 404
    assert "On its way" in manager.get(f"{HERE}/1").text


def test_a_cashier_sees_no_webhooks(cashier):
    assert cashier.get(HERE).status_code == 403
    assert Topic.PAID not in cashier.get("/till").text
