"""A browser that goes to one machine past the proxy, as if the proxy had sent it there."""

import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from random import Random
from typing import Self

import httpx

from tests import factories
from tests.rehearse.hosts import Host
from tests.soak.browser import Browser
from tests.soak.drawer import Drawer
from tests.soak.pages import TillPage, csrf_of, read_till, report_of
from tests.soak.witness import Witness

PAST_THE_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
QR_SECONDS = 10.0
WAITING = ("creating", "waiting", "checking", "cancelling", "failed")


def wait(holds: Callable[[], bool], seconds: float) -> float | None:
    """Wait until something holds; return the seconds it took, None where it never did."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            return None
        time.sleep(0.05)
    return time.monotonic() - began


class Screen(Browser):
    """Cookies of HTTPS go over this plain line too: the proxy's own line is as plain."""

    def __init__(self, host: Host, witness: Witness) -> None:
        super().__init__(host.url, witness)
        self._http.headers.update(PAST_THE_PROXY)
        self._cookies: dict[str, str] = {}
        self._http.event_hooks = {"request": [self._send], "response": [self._keep]}

    def at(self, host: Host) -> None:
        """Have the proxy send what comes next to this machine."""
        self._http.base_url = httpx.URL(host.url)

    def log_in(self, name: str, password: str) -> httpx.Response:
        """Send the login's form."""
        return self.post("/login", {"username": name, "password": password})

    def token(self) -> str:
        """Return the token that forms carry."""
        return csrf_of(self.get("/password").text)

    def cookies(self) -> dict[str, str]:
        """Return the cookies as they are, as a thief would copy them."""
        return dict(self._cookies)

    def use(self, cookies: dict[str, str]) -> None:
        """Have these cookies and no others."""
        self._cookies = dict(cookies)

    def _send(self, request: httpx.Request) -> None:
        request.headers["Cookie"] = "; ".join(
            f"{one}={text}" for one, text in self._cookies.items()
        )

    def _keep(self, answer: httpx.Response) -> None:
        for told in answer.headers.get_list("set-cookie"):
            self._cookies |= {one: kept.value for one, kept in SimpleCookie(told).items()}

    def send_once(self, path: str, csrf: str) -> int | str:
        """Send a form once; return the status, or what happened to the line."""
        try:
            return self._http.post(path, data={"csrf_token": csrf}, timeout=20).status_code
        except httpx.TransportError as problem:
            return repr(problem)


class AtTheTill:
    """A cashier with an open shift, who came in at this machine."""

    def __init__(self, host: Host, cashier: str, till_id: int, witness: Witness) -> None:
        self._cashier, self._till_id, self._witness = cashier, till_id, witness
        self.screen = Screen(host, witness)
        self._drawer = Drawer(self.screen, witness, Random(cashier))

    def __enter__(self) -> Self:
        self.screen.log_in(self._cashier, factories.PASSWORD)
        self.screen.post("/shifts/open", {"till_id": str(self._till_id), **self._drawer.fill()})
        return self

    def __exit__(self, *_: object) -> None:
        page = self.page()
        self.screen.post(f"/shifts/{page.shift_id}/close", {}, page.csrf)
        self._drawer.count(page.shift_id)
        sheet = self.screen.get(f"/shifts/{page.shift_id}/report").text
        self._witness.saw_report(page.shift_id, report_of(sheet))
        self.screen.close()

    def page(self) -> TillPage:
        """Return the till as it is."""
        return read_till(self.screen.get("/till").text)

    def charge(self, amount: str) -> TillPage:
        """Charge some dollars, and wait until the QR is there."""
        page = self.page()
        form = {"amount": amount, "currency": "USD", "sure": f"USD {amount}"}
        form |= {"key": page.key, "shift": page.shift}
        self.screen.post("/till/charge", form, page.csrf)
        wait(lambda: bool(self.page().panel.qr), QR_SECONDS)
        charged = self.page()
        self._witness.saw_answer(page.key, page.shift_id, charged.panel.sale_number)
        return charged

    def tidy_up(self) -> None:
        """Take a QR that waits off the screen, and wait until the bank's last word is heard."""
        page = self.page()
        self.screen.post(f"/till/payments/{page.panel.tran_id}/cancel", {}, page.csrf)
        wait(lambda: self.page().panel.phase not in WAITING, 3 * QR_SECONDS)
