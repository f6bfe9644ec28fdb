"""Charts as SVG that stands in the page: its colours and letters are our style sheets'.

pygal draws; what it would style and script by itself is taken out, for no page may carry that.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

import pygal
from markupsafe import Markup

# On import it hangs a finder for plug-ins of its own into Python, of a kind that Python 3.11 warns
# of at each import that follows, and 3.12 never asks. We have no plug-ins.
sys.meta_path[:] = [it for it in sys.meta_path if type(it).__module__ != pygal.__name__]

# It takes lxml where some other package brought it; what follows is written for Python's own.
pygal.etree.etree.to_etree()

_WIDTH, _HEIGHT = 520, 240
_NOT_OURS = frozenset({"defs", "desc", "title"})
_OVERLAYS = ("tooltip-overlay", "text-overlay", "titles")
_IN_A_PAGE = ("xmlns", "xmlns:xlink", "id", "style")


@dataclass(frozen=True)
class Series:
    """One row of bars, with as many whole numbers as the chart has labels."""

    name: str
    values: Sequence[int]


def bars(
    title: str, labels: Sequence[str], series: Sequence[Series], write: Callable[[int], str]
) -> Markup:
    """Return a bar chart; `write` makes words of a value, on the axis and in each bar's title."""
    chart = pygal.Bar(
        width=_WIDTH,
        height=_HEIGHT,
        margin=4,
        css=[],
        js=[],
        no_prefix=True,
        show_legend=False,
        disable_xml_declaration=True,
        include_x_axis=True,
        min_scale=3,
        max_scale=5,
        range=(0, max(1, *(max(one.values, default=0) for one in series))),
        value_formatter=lambda value: write(int(value)),
    )
    chart.x_labels = labels
    for one in series:
        chart.add(one.name, list(one.values))
    told = [write(value) for one in series for value in one.values]
    chart.add_xml_filter(lambda root: _clean(root, title, told))
    return Markup(chart.render(is_unicode=True))


def _clean(root: Element, title: str, told: Sequence[str]) -> Element:
    """Leave only shapes and letters, and say what each bar stands for."""
    _strip(root)
    root.attrib.update({"class": "chart", "role": "img", "aria-label": title})
    rects = [it for it in root.iter("rect") if "reactive" in it.get("class", "")]
    for rect, text in zip(rects, told, strict=True):
        SubElement(rect, "title").text = text
    return root


def _strip(element: Element) -> None:
    for name in _IN_A_PAGE:
        element.attrib.pop(name, None)
    for child in list(element):
        is_overlay = any(name in child.get("class", "") for name in _OVERLAYS)
        # A comment has a function for a tag.
        if not isinstance(child.tag, str) or child.tag in _NOT_OURS or is_overlay:
            element.remove(child)
        else:
            _strip(child)
