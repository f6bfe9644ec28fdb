import re
import time
from pathlib import Path

import pytest

from pos import clock
from pos.extensions import db
from pos.models import Topic, User
from pos.services.webhooks import webhooks
from pos.services.webhooks.delivering import BACK_OFF_SECONDS
from pos.services.webhooks.signing import header
from tests import hooking

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text()
UNITS = {"second": 1, "minute": 60, "hour": 3_600}


@pytest.fixture(scope="module")
def is_ours():
    """The example of the page, as somebody would copy it."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.split("## Webhooks")[1], re.S)
    there: dict = {}
    exec(code, there)  # noqa: S102 - it is our own page
    return there["is_ours"]


def test_the_example_knows_what_the_shop_sent_and_nothing_else(app, shop, is_ours):
    with hooking.system(app) as server:
        webhook_id, secret = hooking.add(shop, server.url)
        webhooks.test(db.session.get_one(User, shop.manager.id), webhook_id)
        clock.use(None)
        hooking.tell()
    ((headers, body),) = hooking.told(server)
    signature = headers["X-Pos-Signature"]
    assert is_ours(secret, signature, body)
    assert not is_ours(secret, signature, body + b" ")
    assert not is_ours("whsec_another", signature, body)
    assert not is_ours(secret, signature.replace("t=", "t=1"), body)


def test_the_example_refuses_what_is_old(is_ours):
    now = int(time.time())
    assert is_ours("secret", header(["another", "secret"], now, b"{}"), b"{}")
    assert not is_ours("secret", header(["secret"], now - 301, b"{}"), b"{}")


def test_the_schedule_of_the_page_is_the_one_that_is_kept():
    rows = re.findall(r"^\| (\d) \| (\d+) (second|minute|hour)s? \|$", PAGE, re.M)
    assert [int(number) for number, _count, _unit in rows] == list(range(2, len(rows) + 2))
    assert tuple(int(count) * UNITS[unit] for _try, count, unit in rows) == BACK_OFF_SECONDS


def test_every_topic_is_explained_and_no_other():
    assert re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", PAGE, re.M) == [str(one) for one in Topic]
