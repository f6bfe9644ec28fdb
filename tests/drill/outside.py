"""What goes wrong outside of the shop's programs: the bank, and the time."""

import time

from tests.drill.lines import Line, after
from tests.drill.scene import Scene

CASH_SECONDS = 2.0
HOUR = 3_600


def gateway_outage(scene: Scene) -> Line:
    """The bank answers 503 while a customer pays."""
    shop, till = scene.shop, scene.till
    panel = till.charge()
    shop.misbehave(status=503)
    shop.pay(panel.qr)
    time.sleep(3)
    during = till.page().panel.phase
    cash = _quickest_cash(scene)
    shop.behave()
    green = scene.wait_paid(panel.tran_id, 60)
    seen = f"the till said {during!r}, cash took {cash:.1f} s, paid {after(green)}"
    held = during not in ("paid", "expired") and cash <= CASH_SECONDS and green is not None
    return Line("the bank is out while a customer pays", seen, held)


def _quickest_cash(scene: Scene) -> float:
    """Return how long cash takes with a QR open beside it: of three sales, the quickest."""
    other = scene.second
    return min(other.sell_for_cash() for _ in range(3))


def clock_ahead(scene: Scene) -> Line:
    """The clock is set an hour ahead while a paid QR is open."""
    return _clock(scene, HOUR, "the clock is set an hour ahead with a paid QR open")


def clock_back(scene: Scene) -> Line:
    """The clock is set five minutes back: timers that go by it would sleep for so long."""
    return _clock(scene, -300, "the clock is set five minutes back with a paid QR open")


def _clock(scene: Scene, seconds: int, done: str) -> Line:
    panel = scene.till.charge()
    scene.shop.pay(panel.qr)
    scene.clock.set(seconds)
    green = scene.wait_paid(panel.tran_id, 40)
    cash = scene.second.sell_for_cash()
    ready = scene.shop.wait_ready(20)
    scene.clock.set(0)
    is_back = scene.shop.wait_ready(20)
    seen = f"paid {after(green)}, cash took {cash:.1f} s, ready {after(ready)}"
    return Line(done, seen, None not in (green, ready, is_back))


def clock_far_back(scene: Scene) -> Line:
    """The clock is an hour behind: the bank's word then comes from the future, and is waited for.

    Nothing is given up meanwhile, and all is right once the clock is.
    """
    panel = scene.till.charge()
    scene.clock.set(-HOUR)
    scene.shop.pay(panel.qr)
    cash = scene.second.sell_for_cash()
    time.sleep(6)
    during = scene.till.page().panel.phase
    scene.clock.set(0)
    green, ready = scene.wait_paid(panel.tran_id, 40), scene.shop.wait_ready(20)
    seen = f"the till said {during!r}, cash took {cash:.1f} s, once it is right paid {after(green)}"
    held = during in ("waiting", "paid") and None not in (green, ready)
    return Line("the clock is an hour behind while a customer pays", seen, held)
