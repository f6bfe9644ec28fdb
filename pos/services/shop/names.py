"""What a shop, a store or a till may be called, and whether a form still shows what is so. Pure."""

import re
from hashlib import sha256

from pos.errors import BadInput, Refused
from pos.khqr import units
from pos.words import Words, _

_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs that nobody sees, or that turn the rest of a line around."""


def read(typed: str, most: int, what: Words) -> str:
    """Return a name as a person reads it; BadInput where it is none, or too long for a QR."""
    name = _plain(typed, what)
    if not 1 <= units(name) <= most:
        raise BadInput(_("%(what)s: 1 to %(most)s characters.", what=what, most=most))
    return name


def read_line(typed: str, most: int, what: Words) -> str:
    """Return a line as it is printed, "" for none; BadInput where it is too long."""
    line = _plain(typed, what)
    if len(line) > most:
        raise BadInput(_("%(what)s: at most %(most)s characters.", what=what, most=most))
    return line


def _plain(typed: str, what: Words) -> str:
    line = " ".join(typed.split())
    if _HIDDEN.search(line):
        raise BadInput(_("%(what)s has a sign in it that nobody can see.", what=what))
    return line


def seen(*values: object) -> str:
    """Return a mark of what a form shows, to be sent back with it."""
    return sha256(repr(values).encode(errors="surrogatepass")).hexdigest()[:16]


def refuse_stale(mark: str, *values: object) -> None:
    """Refuse a form that was drawn for other values than there are now."""
    if mark != seen(*values):
        raise Refused(_("Somebody else has changed this meanwhile. Look at it again."))
