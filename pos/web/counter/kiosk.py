"""What makes a tablet's browser an app: two manifests, the service worker, the offline page.

All of it is public and says nothing of any shop. The worker keeps what is listed here and
nothing else: no page with a payment or an amount is ever kept on a device.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, current_app, url_for
from flask.typing import ResponseReturnValue

from pos.web import files

bp = Blueprint("kiosk", __name__)

BRAND, PAPER = "#12352b", "#f2f3ef"
"""Colours of `tokens.css`, which a manifest cannot read."""

ICONS = (("app-192.png", "192x192", "any"), ("app-512.png", "512x512", "any"))
MASKABLE = ("app-maskable.png", "512x512", "maskable")

SHELL = ("css/**/*.css", "js/*.js", "vendor/*.js", "img/mark.svg", "fonts/*.woff2")
NOT_SHELL = ("sandbox", "service-worker")
"""What the practice bank alone needs, and the worker itself, which a browser keeps by itself."""


@bp.get("/till.webmanifest")
def till_manifest() -> ResponseReturnValue:
    """Tell a browser how to install the till."""
    return _manifest("KHQR till", url_for("till.till"), "standalone")


@bp.get("/display.webmanifest")
def display_manifest() -> ResponseReturnValue:
    """Tell a browser how to install the customer's display: it fills the screen."""
    return _manifest("KHQR customer screen", url_for("display.display"), "fullscreen")


def _manifest(name: str, start: str, display: str) -> ResponseReturnValue:
    icons = [
        {
            "src": files.address(f"img/{file}"),
            "sizes": size,
            "type": "image/png",
            "purpose": purpose,
        }
        for file, size, purpose in (*ICONS, MASKABLE)
    ]
    said = {
        "id": start,
        "name": name,
        "short_name": name,
        "start_url": start,
        "scope": url_for("till.home"),
        "display": display,
        "theme_color": BRAND,
        "background_color": PAPER,
        "icons": icons,
    }
    return json.dumps(said), {"Content-Type": "application/manifest+json"}


@bp.get("/offline")
def offline() -> ResponseReturnValue:
    """Say that the shop cannot be reached: the page that a device keeps, the same for all."""
    return _offline()


def _offline() -> str:
    """Draw it as bare as can be: without a login, a shop, or the books."""
    return current_app.jinja_env.get_template("kiosk/offline.html").render()


@bp.get("/service-worker.js")
def service_worker() -> ResponseReturnValue:
    """Return the worker with the addresses it may keep; it differs when any of them does."""
    root = Path(current_app.static_folder or "")
    shell = [url_for(".offline"), *_shell(root)]
    told = {"version": _version(shell, _offline()), "shell": shell, "offline": shell[0]}
    script = (root / "js" / "service-worker.js").read_text()
    return f"const KEPT = {json.dumps(told)};\n{script}", {"Content-Type": "text/javascript"}


def _shell(root: Path) -> list[str]:
    """Name each file as the pages and the style sheets ask for it."""
    return [files.address(name) for name in (*files.JOINED, *_files(root))]


@lru_cache
def _files(root: Path) -> list[str]:
    found = {path for glob in SHELL for path in root.glob(glob) if path.stem not in NOT_SHELL}
    named = {path.relative_to(root).as_posix() for path in found}
    return sorted(named - {part for parts in files.JOINED.values() for part in parts})


def _version(shell: list[str], page: str) -> str:
    """Return what changes with anything that is kept: each address has the mark of its file."""
    return hashlib.sha256("\n".join([page, *shell]).encode()).hexdigest()[:12]
