"""What a person sees of a page, in figures: sizes, contrasts, and what is cut off."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

_SEEN = """(selectors) => {
  const shown = (e) => e.checkVisibility({checkVisibilityCSS: true, checkOpacity: true});
  const colour = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return {rgb: [r, g, b], a};
  };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.a === 1) return found.rgb;
    }
    return [255, 255, 255];
  };
  const light = (rgb) => {
    const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const part = rgb.map((c) => linear(c / 255));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const contrast = (e) => {
    const pair = [light(colour(getComputedStyle(e).color).rgb), light(ground(e))];
    const [low, high] = pair.sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const found = {};
  for (const selector of selectors) {
    const box = (e) => e.getBoundingClientRect();
    found[selector] = [...document.querySelectorAll(selector)].filter(shown).map((e) => ({
      text: e.innerText || '', px: parseFloat(getComputedStyle(e).fontSize), contrast: contrast(e),
      left: box(e).left, top: box(e).top, right: box(e).right, bottom: box(e).bottom,
    }));
  }
  return found;
}"""


@dataclass(frozen=True)
class Seen:
    """One visible element: its text, the size of its type, its contrast and its box, in px."""

    text: str
    px: float
    contrast: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left


def look(page: Page, *selectors: str) -> dict[str, list[Seen]]:
    """Return what can be seen of each of these parts of a page."""
    found: dict[str, list[dict[str, Any]]] = page.evaluate(_SEEN, list(selectors))
    return {name: [Seen(**one) for one in seen] for name, seen in found.items()}


def cut_off(page: Page, root: str, *, upright: bool = True) -> list[str]:
    """Return what below `root` reaches out of the window; sideways only if not `upright`."""
    parts = look(page, f"{root} p", f"{root} .words > *", f"{root} svg.qr", f"{root} button")
    size = page.viewport_size or {"width": 0, "height": 0}
    return [
        f"{name} {one.text!r} {one.left, one.top, one.right, one.bottom}"
        for name, seen in parts.items()
        for one in seen
        if one.left < -1
        or one.right > size["width"] + 1
        or (upright and (one.top < -1 or one.bottom > size["height"] + 1))
    ]
