"""A small shop's web site that is paid by KHQR: server.py BASE TOKEN_FILE PORT.

The token stays here. A page says what is bought, and this server what it costs.
"""

import json
import secrets
import sys
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from shop import Refused, Shop  # noqa: E402

GOODS = {"coffee": ("Iced coffee", "2.50", "USD"), "beans": ("Beans, 250 g", "30000", "KHR")}
FILES = {"/pay.js": "text/javascript", "/site.css": "text/css"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " + (
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Site:
    """The orders of this site, and the shop that takes their money."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.orders: dict[str, dict[str, str]] = {}
        """By a name that nobody can guess; a real site keeps them in its database."""

    def order(self, good: str) -> str:
        """Register a sale of something, make its QR, and return the order's name."""
        title, amount, currency = GOODS[good]
        name = secrets.token_urlsafe(16)
        sale = {"booking_id": name, "amount": amount, "currency": currency}
        self._shop.post("/api/v1/sales", sale, key=name)
        payment = self._shop.post(f"/api/v1/sales/{name}/payments", {}, key=f"{name}-qr")
        link = payment["deep_link"] or self._link_of(name)
        told = {"title": title, "amount": amount, "currency": currency, "link": link}
        self.orders[name] = {**told, "payment": payment["id"]}
        return name

    def _link_of(self, name: str) -> str:
        """Ask for Bakong's link; an order can be paid without one."""
        try:
            answer = self._shop.post("/api/payments/bakong/create", {"booking_id": name})
        except Refused:
            return ""
        return str(answer["data"]["deep_link"])

    def status(self, name: str) -> str:
        """Return how the shop says that an order's payment stands."""
        return str(self._shop.get(f"/api/v1/payments/{self.orders[name]['payment']}")["status"])

    def picture(self, name: str) -> bytes:
        """Return the picture of an order's QR; Refused where it can be paid no more."""
        return self._shop.picture(f"/api/v1/payments/{self.orders[name]['payment']}/qr.svg")


class Handler(BaseHTTPRequestHandler):
    """Answers the pages of the site."""

    site: Site

    def do_GET(self) -> None:
        """Answer a page, a file, or how an order stands."""
        where, _, rest = self.path.strip("/").partition("/")
        name, _, what = rest.partition("/")
        if self.path in FILES:
            self._give(200, (HERE / self.path[1:]).read_bytes(), FILES[self.path])
        elif self.path == "/":
            self._give_page("goods.html", {})
        elif where in ("pay", "phone") and name in self.site.orders and not what:
            self._give_page(f"{where}.html", {"name": name, **self.site.orders[name]})
        elif where == "orders" and name in self.site.orders and what in ("status", "qr.svg"):
            self._give_of(name, what)
        else:
            self.send_error(404)

    def _give_of(self, name: str, what: str) -> None:
        try:
            if what == "status":
                body = json.dumps({"status": self.site.status(name)}).encode()
                self._give(200, body, "application/json")
            else:
                self._give(200, self.site.picture(name), "image/svg+xml")
        except Refused as problem:
            self.send_error(problem.status)

    def do_POST(self) -> None:
        """Take an order, and lead to the page where it is paid."""
        length = min(int(self.headers.get("Content-Length", "0")), 1_000)
        form = parse_qs(self.rfile.read(length).decode())
        good, page = form.get("good", [""])[0], form.get("page", [""])[0]
        if self.path != "/orders" or good not in GOODS or page not in ("pay", "phone"):
            self.send_error(404)
            return
        self.send_response(303)
        self.send_header("Location", f"/{page}/{self.site.order(good)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _give_page(self, file: str, told: dict[str, str]) -> None:
        page = (HERE / file).read_text()
        for name, text in told.items():
            page = page.replace(f"[{name}]", escape(text))
        self._give(200, page.encode(), "text/html; charset=utf-8")

    def _give(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Write no names of orders into a log."""


def main(base: str, token_file: str, port: str) -> None:
    """Serve the site until it is ended."""
    Handler.site = Site(Shop(base, Path(token_file)))
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:4])
