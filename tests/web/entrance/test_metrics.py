"""What Prometheus reads: true figures, of nobody in particular, for who has the token."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount
from pos.services.shop import lease
from pos.web.request_counts import BOUNDS, Counts
from tests.factories import ACCOUNT_ID, EMAIL
from tests.web.conftest import read_books

TOKEN = "a-token-of-22-letters!"
RULES = Path(__file__).parents[3] / "docs" / "metrics" / "khqr-pos-rules.yml"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"metrics_token": type(settings.secret_key)(TOKEN)})


@pytest.fixture
def scrape(client):
    """The figures of now: each sample's value by its name and labels."""

    def scrape():
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        families = text_string_to_metric_families(answer.text)
        return {
            (one.name.removeprefix("khqr_pos_"), *one.labels.values()): one.value
            for family in families
            for one in family.samples
        }

    return scrape


@pytest.mark.parametrize(
    "given", ["", TOKEN, f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN[:-1]}", "Bearer é"]
)
def test_without_the_token_nothing_is_told(client, given):
    answer = client.get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "khqr" not in answer.text


def test_where_no_token_is_set_there_is_nothing(app, client, settings):
    empty = {"metrics_token": type(settings.secret_key)("")}
    app.extensions["pos_settings"] = settings.model_copy(update=empty)
    for given in ("Bearer ", f"Bearer {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_a_paid_qr_is_counted_with_the_seconds_it_took(till, scrape):
    till.charge()
    till.clock.advance(4)
    till.pay()
    till.work(2)
    told = scrape()
    assert (told["qrs", "bakong", "paid"], told["qr_success_ratio",]) == (1, 1.0)
    assert told["seconds_to_pay", "bakong", "0.95"] == pytest.approx(5, abs=2)
    assert told["gateway_answers", "bakong", "paid", ""] == 1
    assert ("gateway_answer_seconds", "bakong", "0.5") in told


def test_what_is_older_than_the_window_is_not_counted(waiting, scrape):
    assert scrape()["qrs", "bakong", "awaiting"] == 1
    waiting.clock.advance(3_601)
    assert not [name for name in scrape() if name[0] in ("qrs", "qr_success_ratio")]


def test_a_qr_that_nobody_paid_lowers_the_part_that_was(waiting, bank, scrape):
    waiting.work(400)
    waiting.work(20)
    told = scrape()
    assert (told["qrs", "bakong", "expired"], told["qr_success_ratio",]) == (1, 0.0)


def test_the_worker_the_token_and_the_questions_of_the_day_are_told(waiting, bank, scrape):
    with waiting.app.app_context():
        lease.hold("a worker")
        with writing(db.session):
            row = db.session.get_one(GatewayAccount, 1)
            row.daily_quota = 100
            row.token_expires_at = waiting.clock.time + timedelta(days=2.5)
    before = waiting.questions()
    waiting.work(7)
    told, asked = scrape(), waiting.questions() - before
    assert asked > 0
    assert told["worker_heartbeat_age_seconds",] == 7
    assert told["gateway_token_days", "1", "bakong"] == pytest.approx(2.5, abs=0.01)
    assert told["gateway_questions_left", "1", "bakong"] == 100 - asked
    assert (told["gateway_paused", "1", "bakong"], told["attention_open",]) == (0, 0)


def test_no_figure_names_anybody_and_none_is_kept_of_a_single_payment(waiting, client):
    first = waiting.payment().tran_id
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    names = ("Mekong", "Till 1", "Riverside", ACCOUNT_ID, EMAIL, first, TOKEN)
    assert [one for one in names if one in answer] == []
    labels = set(re.findall(r'(\w+)="', answer))
    assert {"gateway", "account"} <= labels
    assert labels <= {"version", "gateway", "status", "quantile", "account", "outcome", "trouble",
                      "kind", "severity", "state", "verdict", "le"}  # fmt: skip


def test_a_scrape_changes_nothing_and_costs_so_many_queries_however_much_there_is(
    waiting, scrape, queries
):
    scrape()
    before = read_books(waiting.app)
    with queries() as few:
        scrape()
    assert read_books(waiting.app) == before
    waiting.press("Cancel")
    waiting.charge("7.25")
    with queries() as more:
        scrape()
    assert len(few) == len(more) == 12


@pytest.mark.scratch
def test_requests_are_counted_by_class_and_time(client, scrape):
    before = scrape()
    for page in ("/healthz", "/healthz", "/nothing"):
        client.get(page)
    more = {name: value - before[name] for name, value in scrape().items()}
    assert (more["http_requests_total", "2xx"], more["http_requests_total", "4xx"]) == (3, 1)
    assert more["http_request_seconds_bucket", "+Inf", "2xx"] == 3  # The first scrape, too.
    assert more["http_request_seconds_sum", "2xx"] > 0


@pytest.mark.scratch
def test_a_poll_that_waits_for_news_on_purpose_is_not_counted_as_slow(client, scrape):
    before = scrape()
    client.get("/healthz", headers={"Prefer": "wait=4"})
    more = scrape()["http_requests_total", "2xx"] - before["http_requests_total", "2xx"]
    assert more == 1  # The first scrape alone.


def test_several_processes_count_together(tmp_path):
    one, other = Counts.of(tmp_path), Counts.of(tmp_path)
    for counts, status, seconds in (
        (one, 200, 0.01),
        (other, 204, 3),
        (one, 503, 99),
        (other, 101, 0),
    ):
        counts.note(status, seconds)
    ok, moved, refused, failed = one.read()
    assert (ok.up_to[0], ok.up_to[-2], ok.up_to[-1], ok.seconds) == (2, 3, 3, pytest.approx(3.01))
    assert (moved.up_to[-1], refused.up_to[-1], failed.up_to[-2:]) == (0, 0, (0, 1))
    assert len(ok.up_to) == len(BOUNDS) + 1


def test_a_request_that_cannot_be_counted_is_answered_all_the_same(tmp_path):
    (tmp_path / "requests.counts").mkdir()
    Counts.of(tmp_path).note(200, 0.1)


def test_the_example_rules_name_figures_that_there_are(waiting, client):
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    told = set(re.findall(r"^# TYPE (khqr_pos_\w+)", answer, re.MULTILINE))
    told |= {"khqr_pos_http_requests_total"}
    named = set(re.findall(r"khqr_pos_\w+", RULES.read_text()))
    assert named - told == set() and len(named) > 10
