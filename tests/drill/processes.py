"""What happens to the shop's programs: killed, stopped, told to end, out of memory."""

import contextlib
import re
import resource
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.drill.lines import Line, after
from tests.drill.scene import Scene
from tests.drill.till import Rush

STOPPED_SECONDS = 18
"""Longer than a lease lasts, and than a till waits until it says so."""

SENDERS = 12
"""As many at once as take memory in every thread."""

KILLS = (0.02, 0.1, 0.3)
"""Seconds after a form was sent: while it is read, written, and answered."""


def worker_killed(scene: Scene) -> Line:
    """The worker is killed outright, and the customer pays."""
    panel = scene.till.charge()
    scene.shop.kill("worker")
    scene.shop.pay(panel.qr)
    scene.shop.start("worker")
    green = scene.wait_paid(panel.tran_id, 40)
    done = "the worker is killed while a customer pays"
    return Line(done, f"paid {after(green)}", green is not None)


def worker_stopped(scene: Scene) -> Line:
    """The worker stands still for longer than its lease."""
    panel = scene.till.charge()
    scene.shop.signal("worker", signal.SIGSTOP)
    scene.shop.pay(panel.qr)
    time.sleep(STOPPED_SECONDS)
    silent = "The checker is not running" in scene.till.browser.get("/till").text
    scene.shop.signal("worker", signal.SIGCONT)
    green = scene.wait_paid(panel.tran_id, 40)
    seen = f"the till {'said' if silent else 'did not say'} so, paid {after(green)}"
    done = f"the worker stands still for {STOPPED_SECONDS} s while a customer pays"
    return Line(done, seen, silent and green is not None)


def web_killed(scene: Scene) -> Line:
    """The web app is killed while a form is on its way, which the browser sends again."""
    counts, began = [], time.monotonic()
    for pause in KILLS:
        page = scene.till.page()
        form = scene.till.form(page)
        with ThreadPoolExecutor(1) as sender:
            sent = sender.submit(scene.till.browser.post, "/till/charge", form, page.csrf)
            time.sleep(pause)
            scene.shop.kill("web")
            scene.shop.start("web")
            panel = scene.till.charged(form, sent.result(60))
        counts.append(scene.sales_by(form["key"]))
        scene.shop.pay(panel.qr)
        if scene.wait_paid(panel.tran_id, 40) is None:
            counts.append(0)
    seen = f"sales for each form: {counts}, in {time.monotonic() - began:.0f} s"
    return Line("the web app is killed three times over a form", seen, counts == [1] * len(KILLS))


def web_stopped(scene: Scene) -> Line:
    """The web app stands still for five seconds, as a machine that swaps does."""
    page = scene.till.page()
    form = scene.till.form(page)
    scene.shop.signal("web", signal.SIGSTOP)
    with ThreadPoolExecutor(1) as sender:
        sent = sender.submit(scene.till.browser.post, "/till/charge", form, page.csrf)
        time.sleep(5)
        scene.shop.signal("web", signal.SIGCONT)
        panel = scene.till.charged(form, sent.result(60))
    scene.shop.pay(panel.qr)
    green, count = scene.wait_paid(panel.tran_id, 40), scene.sales_by(form["key"])
    seen = f"{count} sale for the form, paid {after(green)}"
    held = count == 1 and green is not None
    return Line("the web app stands still for 5 s over a form", seen, held)


def deploy(scene: Scene) -> Line:
    """Web app and worker are told to end while a till sells, and are started again."""
    rush, began = Rush(scene.second), time.monotonic()
    time.sleep(1)
    for name in ("worker", "web"):
        scene.shop.end(name)
        scene.shop.start(name)
    away = time.monotonic() - began
    time.sleep(1)
    sold = rush.stop()
    ready = scene.shop.wait_ready(20)
    seen = f"{sold} sales went on, back in {away:.0f} s, ready {after(ready)}"
    return Line("both programs are restarted under sales", seen, sold > 0 and ready is not None)


def memory(scene: Scene) -> Line:
    """The web app's processes get no more memory than they have; their parent does."""
    victims = scene.shop.pids("web")[1:]
    for pid in victims:
        resource.prlimit(pid, resource.RLIMIT_DATA, (_data_of(pid), resource.RLIM_INFINITY))
    with ThreadPoolExecutor(SENDERS) as senders:
        statuses = list(senders.map(lambda _: _send_much(scene), range(2 * SENDERS)))
    cash = scene.second.sell_for_cash()
    fresh = set(scene.shop.pids("web")[1:]) - set(victims)
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (resource.RLIM_INFINITY,) * 2)
    seen = f"answers {sorted(set(statuses))}, {len(fresh)} fresh processes, cash took {cash:.1f} s"
    return Line("processes get no more memory", seen, max(statuses) >= 500 and len(fresh) > 0)


def _data_of(pid: int) -> int:
    """Return how many bytes of its own a process can write to now."""
    (line,) = re.findall(r"VmData:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(line) * 1024


def _send_much(scene: Scene) -> int:
    """Send a form that takes memory to read; return the answer's status, 599 where none came."""
    form = {"csrf_token": "x", "amount": "1" * 900_000}
    try:
        return httpx.post(f"{scene.shop.url}/login", data=form, timeout=20).status_code
    except httpx.TransportError:
        return 599
