"""Every page of the shop, one after the other in a browser, and what stands in somebody's way."""

from collections.abc import Iterator
from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.web.visitors import DOORS, VISITORS
from tests.web.world import World

WALKERS = ("manager", "cashier")
"""A page is looked at as the first of these who may see it; a till has its cashier alone."""

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
"""WCAG 2.0 to 2.2, levels A and AA, and what axe holds to be good practice beside them."""

_LOST = """() => {
  const lost = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) lost.push(`the page is ${wide} wide in ${innerWidth}`);
  const hides = (e) => !e.checkVisibility() || e.closest('.visually-hidden') || e.offsetWidth === 1;
  const scrolls = (e) => /auto|scroll/.test(getComputedStyle(e).overflowX);
  for (const e of document.querySelectorAll('body *')) {
    const hasWords = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const isTool = e.matches('button, input, select, textarea, a, svg.qr');
    if (!(hasWords || isTool) || hides(e)) continue;
    let box = e;
    while (box && !scrolls(box)) box = box.parentElement;
    const at = e.getBoundingClientRect();
    const isOut = at.width && (at.right > innerWidth + 1 || at.left < -1);
    const cuts = /hidden|clip/.test(getComputedStyle(e).overflowX);
    const isCut = cuts && e.scrollWidth > e.clientWidth + 1;
    const name = `${e.tagName}.${e.className.baseVal ?? e.className}`;
    if ((isOut && !box) || isCut) lost.push(`${name} ${(e.innerText || '').slice(0, 30)}`);
  }
  return lost;
}"""


@dataclass(frozen=True)
class Room:
    """A page of the shop: its endpoint, its address there, and who is looking."""

    name: str
    address: str
    who: str


def rooms(world: World) -> Iterator[Room]:
    """Give every address that answers a whole page, as somebody who may see it."""
    for (endpoint, method), told in DOORS.items():
        seen_by = [who for who in WALKERS if told[VISITORS.index(who)] == "200"]
        if method != "GET" or not seen_by:
            continue
        address = world.address(endpoint)
        answer = world.browsers[seen_by[0]].get(address, buffered=True)
        if answer.mimetype == "text/html" and "<!doctype html>" in answer.text:
            assert answer.status_code == 200, address
            yield Room(endpoint, address, seen_by[0])
    yield Room("an error", "/nothing", "manager")


def broken_rules(page: Page) -> list[str]:
    """Return what axe finds against a page as it is now: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(rules)", RULES)["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def lost_by_size(page: Page, width: int, height: int) -> list[str]:
    """Return what cannot be read or reached at this size without scrolling sideways.

    What lies in a box that scrolls by itself is not lost: axe wants such a box to take the focus.
    """
    page.set_viewport_size({"width": width, "height": height})
    found: list[str] = page.evaluate(_LOST)
    return found
