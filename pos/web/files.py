"""Static files as they are sent: joined where a page needs many, pressed, marked by their content.

Only files go through here. A page is never pressed: it holds the token of its forms beside words
of whoever asked, and the length of the two pressed together would tell of the token.
Source: breachattack.com, "BREACH", 2013.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

HOUSE = (
    *("tokens", "base", "components/header", "components/language", "components/button"),
    *("components/field", "components/choice", "components/panel", "components/notice"),
    *("components/icon", "components/amount", "components/table"),
)
"""The sheets of every page, in their order."""

DISPLAY = (
    *("display", "message", "khqr", "khqr-wide", "khqr-failed", "khqr-phone", "sound"),
    *("receipt-offer", "tip"),
)

TILL_SCRIPTS = (
    *("poll-watch", "countdown", "amount-text", "wedge", "keypad", "result-lock", "till", "kiosk"),
    *("sound", "sound-till", "sound-results"),
)
DISPLAY_SCRIPTS = (
    *("poll-watch", "countdown", "display", "kiosk"),
    *("sound", "start-display", "sound-results"),
)

JOINED: dict[str, tuple[str, ...]] = {
    "joined/house.css": tuple(f"css/{name}.css" for name in HOUSE),
    "joined/till.css": tuple(f"css/screens/{it}.css" for it in ("till", "payment", "sound")),
    "joined/display.css": tuple(f"css/screens/{name}.css" for name in DISPLAY),
    "joined/till.js": tuple(f"js/{name}.js" for name in TILL_SCRIPTS),
    "joined/display.js": tuple(f"js/{name}.js" for name in DISPLAY_SCRIPTS),
}
"""Files that lie nowhere: each is what these say, one after the other."""

PRESSED = (".css", ".js", ".svg")
"""What gets smaller; fonts and pictures are pressed already."""

_URL = re.compile(r'url\("(\.\.?/[^"]+)"\)')


@dataclass(frozen=True)
class Text:
    """A file of text as it goes out: plain, pressed, and the mark of what it says."""

    plain: bytes
    pressed: bytes
    mark: str


def init_app(app: Flask) -> None:
    """Let an app send its static files this way."""
    app.view_functions["static"] = send


def address(filename: str) -> str:
    """Return the address of a static file with a mark of its content, so it can be kept."""
    root = _root()
    known = _is_text(root, filename)
    mark = _text(root, filename).mark if known else _mark(root / filename)
    return url_for("static", filename=filename, v=mark)


def send(filename: str) -> Response:
    """Answer with a static file; 404 where there is none of that name."""
    root = _root()
    if _is_text(root, filename):
        answer = _send_text(filename, _text(root, filename))
    else:
        answer = current_app.send_static_file(filename)
    if "v" in request.args and answer.status_code == 200:
        answer.cache_control.immutable = True
    return answer


def _send_text(filename: str, text: Text) -> Response:
    takes = request.accept_encodings["gzip"] > 0
    kind = mimetypes.guess_type(filename)[0]
    answer = Response(text.pressed if takes else text.plain, mimetype=kind)
    if takes:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.cache_control.public = True
    answer.cache_control.max_age = current_app.get_send_file_max_age(filename)
    # Weak: the same words, pressed or not.
    answer.set_etag(text.mark, weak=True)
    answer.make_conditional(request)
    return answer


def _root() -> Path:
    return Path(current_app.static_folder or "")


def _is_text(root: Path, filename: str) -> bool:
    return filename in JOINED or filename in _texts(root)


@lru_cache
def _texts(root: Path) -> frozenset[str]:
    """Name every file that may be pressed: what is not among these is looked for on the disk."""
    found = (path for path in root.rglob("*") if path.suffix in PRESSED)
    return frozenset(path.relative_to(root).as_posix() for path in found)


@lru_cache
def _text(root: Path, filename: str) -> Text:
    parts = [_read(root, name) for name in JOINED.get(filename, (filename,))]
    plain = "\n".join(parts).encode()
    mark = hashlib.sha256(plain).hexdigest()[:12]
    return Text(plain, gzip.compress(plain, mtime=0), mark)


def _read(root: Path, name: str) -> str:
    """Read a file; what a sheet points at gets its mark. (`joined/` is as deep as `css/`.)"""
    path = root / name
    if path.suffix != ".css":
        return path.read_text()
    return _URL.sub(lambda at: f'url("{at[1]}?v={_mark(path.parent / at[1])}")', path.read_text())


@lru_cache
def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
