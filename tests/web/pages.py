"""Reading an answer as a browser would: its elements, its forms, the QR drawn on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

_VOID = {"meta", "link", "input", "br", "img", "hr", "circle", "rect", "path"}


@dataclass
class Element:
    """One element with what stands in it, in order."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees, with single spaces."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())

    def all(self, tag: str = "", **attrs: str) -> Iterator["Element"]:
        """Every element inside with this tag and these attributes (`class_` is `class`)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        for child in self.children:
            if isinstance(child, Element):
                if tag in ("", child.tag) and wanted.items() <= child.attrs.items():
                    yield child
                yield from child.all(tag, **attrs)

    def one(self, tag: str = "", **attrs: str) -> "Element":
        """The only such element."""
        (found,) = self.all(tag, **attrs)
        return found

    @property
    def alert(self) -> str:
        """What went wrong, as a screen reader says it at once."""
        return " ".join(e.text for e in self.all(role="alert") if "hidden" not in e.attrs)

    def form(self, button: str) -> "Element":
        """The form that the button with this name sends, or that leads to `/...`."""
        (found,) = (f for f in self.all("form") if button in f._answers_to())
        return found

    def _answers_to(self) -> set[str]:
        last = "/" + self.attrs["action"].rpartition("/")[2]
        return {last, *(_name(button) for button in self.all("button"))}

    @property
    def fields(self) -> dict[str, str]:
        """What a browser sends of a form if nobody types anything."""
        return {
            box.attrs["name"]: box.attrs.get("value", "")
            for box in self.all("input")
            if box.attrs.get("type") not in ("radio", "checkbox") or "checked" in box.attrs
        }


def _name(button: Element) -> str:
    return button.attrs.get("aria-label") or button.text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop().tag == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(answer: TestResponse | str) -> Element:
    """Return the page or fragment as a tree; an element left open is an error."""
    reader = _Reader()
    reader.feed(answer if isinstance(answer, str) else answer.text)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> stays open"
    return reader.open[0]


def press(client: FlaskClient, page: str, button: str, **typed: str) -> TestResponse:
    """Open a page, type into the form that has this button, and press it."""
    form = read(client.get(page)).form(button)
    sent = {**form.fields, **_own_value(form, button), **typed}
    return client.open(form.attrs["action"], method=form.attrs["method"], data=sent)


def pair(client: FlaskClient, code: str) -> TestResponse:
    """Type the code of a screen at a till, and say that it is the right one."""
    asked = press(client, "/pairing", "Next", code=code)
    return press(client, asked.headers["Location"], "Pair")


def _own_value(form: Element, button: str) -> dict[str, str]:
    """What the pressed button itself sends, where it has a name."""
    pressed = (one.attrs for one in form.all("button") if _name(one) == button)
    return {one["name"]: one["value"] for one in pressed if "name" in one}


def without_tokens(html: str) -> str:
    """Return the HTML with its CSRF tokens blotted out: they differ by the second."""
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", html)


def scan(part: Element) -> str:
    """Return what a phone's camera reads from the one QR drawn in this part of a page."""
    svg = part.one("svg", class_="qr")
    size = int(svg.attrs["viewbox"].split()[2])
    ground, modules = svg.all("path")
    assert ground.attrs == {"fill": "#fff", "d": f"M0 0h{size}v{size}h-{size}z"}
    assert modules.attrs["stroke"] == "#000"
    picture = Image.new("L", (size, size), 255)
    for x, y, length in _strokes(modules.attrs["d"]):
        picture.paste(0, (x, y, x + length, y + 1))
    return zxingcpp.read_barcode(picture.resize((size * 8, size * 8), 0)).text


def _strokes(path: str) -> Iterator[tuple[int, int, int]]:
    """Follow the drawing: each `h` draws modules to the right of where the pen is."""
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        steps = [float(number) for number in numbers.split()]
        if letter == "h":
            yield round(x), int(y), round(steps[0])
            x += steps[0]
        else:
            x, y = steps if letter == "M" else (x + steps[0], y + steps[1])
