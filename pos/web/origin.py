"""Whether a form was sent from a page of this shop; beside the token, which is the first proof.

Source: W3C Fetch Metadata, section 2.3, and Fetch, "append a request Origin header". Browsers
send `Sec-Fetch-Site` over TLS and to this machine, but not over plain HTTP on a network; and our
own pages, which tell no referrer, send `Origin: null`. So what is not said is not held against
anybody.
"""

from urllib.parse import urlsplit

from flask import abort, request

SAFE = ("GET", "HEAD", "OPTIONS")

_OURS = ("same-origin", "none")


def refuse_other_sites() -> None:
    """Answer 403 to what changes something and was sent from a page of another site."""
    if request.method not in SAFE and not _is_ours():
        abort(403)


def _is_ours() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OURS
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.host
