"""A person with a keyboard and no pointer: on to the next thing, and is it seen where they are?"""

from playwright.sync_api import Page

FARTHEST = 60
"""No page has more stops than this."""

_HERE = """() => {
  const at = document.activeElement;
  const box = [at, at.closest('label'), at.closest('.field-box'), at.closest('.charge-readout'),
    at.closest('.choice')];
  const ring = (e) => {
    const style = getComputedStyle(e);
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return outline || (e !== at && style.boxShadow !== 'none');
  };
  const seen = at.getBoundingClientRect();
  return {
    name: at.id || (at.matches('a, button') && at.innerText.trim()) || at.name || at.tagName,
    ring: box.some((e) => e && ring(e)),
    inside: seen.bottom > 0 && seen.top < innerHeight && seen.right > 0 && seen.left < innerWidth,
  };
}"""


def here(page: Page) -> str:
    """Return what has the focus: its id, its name or its words. It must be seen to have it."""
    found = page.evaluate(_HERE)
    assert found["ring"] and found["inside"], f"the focus is not seen at {found['name']!r}"
    return str(found["name"])


def tab_to(page: Page, name: str) -> list[str]:
    """Press Tab until this has the focus; return every stop on the way, each of them seen."""
    stops: list[str] = []
    while name not in stops:
        assert len(stops) < FARTHEST, f"no way to {name!r} by Tab: {stops}"
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement !== document.body"):
            stops.append(here(page))
    return stops


def go(page: Page, name: str = "") -> None:
    """Go to this by Tab, or stay, and press Enter: another page is drawn."""
    if name:
        tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
