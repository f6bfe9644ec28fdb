"""Text that somebody typed to do harm, and what it may never become on a page."""

from collections.abc import Iterator

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.pages import Element, read

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "'><svg/onload=alert(1)>",
    "</title></section></main></form></p><b>",
    '" autofocus onfocus="alert(1)',
    "' hx-get='//x' hx-trigger='load",
    " hx-get=//x hx-trigger=load x=",
    "javascript:alert(1)//<a href=javascript:alert(1)>",
    "{{7*191}}${7*191}#{7*191}<%= 7*191 %>",
    "<!-- &lt;b&gt; ]]> -->",
    "<style>*{display:none}</style>",
    "\u202e\u200bសួស្តី\U0001f600",
]

NAMES = [" ".join(PAYLOADS[start::3]) for start in range(3)]
"""The same, a few at once."""

SHORT = ["<b>x</b>", '"><svg/onload=a>', "=1+1", "@SUM(A1)", "</textarea><img src=x>"]
"""What fits where there is room for a few letters only, formulas of a spreadsheet among it."""

OURS = {f"hx-{it}" for it in ("get", "trigger", "swap", "target", "include", "params")}
FOREIGN = {"img", "iframe", "object", "embed", "textarea", "style", "b", "marquee", "base"}

TYPED_INTO = {"", "text", "search", "tel", "email", "url", "password"}
"""Kinds of inputs that take any text from who sends the form, whatever a browser would check."""


def assert_tame(html: str) -> Element:
    """Everything on it is ours; return the page as it was read."""
    document = read(html)
    assert "1337" not in html
    for element in document.all():
        is_ours = element.attrs.get("class") == "field-input"
        assert element.tag not in FOREIGN or is_ours, element
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            assert not name.startswith("hx-") or name in OURS, element
            if name in ("href", "src", "action", "formaction"):
                assert value.startswith(("/", "#", "?", "http://1")), value
    assert all(script.attrs["src"][:8] == "/static/" for script in document.all("script"))
    return document


def assert_inert(html: str, payload: str) -> None:
    """Everything on it is ours, and the text, where it is shown, is only text."""
    assert payload in " ".join([*texts(assert_tame(html))])


def texts(element: Element) -> Iterator[str]:
    """Each text and each value of an attribute, just as it was written."""
    yield from element.attrs.values()
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield from texts(child)


def text_fields(form: Element) -> list[str]:
    """Return the names of the fields of a form that take text."""
    boxes = [one for one in form.all("input") if one.attrs.get("type", "") in TYPED_INTO]
    return [one.attrs["name"] for one in (*boxes, *form.all("textarea")) if "name" in one.attrs]


def sent_as_drawn(form: Element) -> dict[str, str]:
    """Return what a browser sends of a form, with something chosen wherever there is a choice."""
    found = {one.attrs["name"]: one.text for one in form.all("textarea")}
    for box in form.all("input"):
        if box.attrs.get("type") == "radio":
            found.setdefault(box.attrs["name"], box.attrs["value"])
    found |= {name: value for name, value in form.fields.items() if name}
    for select in form.all("select"):
        options = [one.attrs.get("value", "") for one in select.all("option")]
        found[select.attrs["name"]] = next((one for one in options if one), "")
    for button in form.all("button"):
        if "name" in button.attrs:
            found.setdefault(button.attrs["name"], button.attrs.get("value", ""))
    return found


def send(browser: FlaskClient, form: Element, typed: dict[str, str]) -> TestResponse:
    """Send a form as it is drawn, but for what is typed."""
    data = {**sent_as_drawn(form), **typed}
    method = form.attrs.get("method", "get").upper()
    if method == "GET":
        return browser.get(form.attrs["action"], query_string=data)
    return browser.open(form.attrs["action"], method=method, data=data, buffered=True)
