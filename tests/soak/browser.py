"""A cashier's browser: cookies, a connection that is kept, and a hand that presses again."""

import time

import httpx

from tests.soak.pages import csrf_of
from tests.soak.witness import Witness

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.3
BUSY = 503
"""The till's own "nothing was saved, try again"."""
NO_ANSWER = (502, 504)
"""A proxy before the till says that it got no answer: the line was lost further on."""


class Browser:
    """Sends a form again, as it was, when the line was lost: whoever stands there would."""

    def __init__(self, url: str, witness: Witness) -> None:
        self._http = httpx.Client(base_url=url, timeout=10, verify=False, trust_env=False)
        self._witness = witness

    def get(self, path: str, *, is_poll: bool = False) -> httpx.Response:
        """Return what an address answers; redirects are followed."""
        return self._ask("GET", path, headers={"HX-Request": "true"} if is_poll else {})

    def post(self, path: str, form: dict[str, str], csrf: str = "") -> httpx.Response:
        """Send a form; the token is that of a page which is open, else of the form's own page."""
        token = csrf or csrf_of(self.get(path).text)
        return self._ask("POST", path, data={"csrf_token": token, **form})

    def once(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        """Send once and return whatever is answered; httpx.TransportError where nothing is."""
        return self._http.request(method, path, data=form, follow_redirects=True)

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def _ask(self, method: str, path: str, **more: object) -> httpx.Response:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self._once(method, path, more)
            if answer is not None:
                return answer
            if time.monotonic() > end:
                raise TimeoutError(f"{method} {path} was never answered")
            time.sleep(PAUSE_SECONDS)

    def _once(self, method: str, path: str, more: dict[str, object]) -> httpx.Response | None:
        try:
            answer = self._http.request(method, path, follow_redirects=True, **more)  # type: ignore[arg-type]
        except httpx.TransportError as problem:
            self._witness.count(f"lines lost, {type(problem).__name__}")
            return None
        if answer.status_code == BUSY:
            self._witness.count("answers 'busy'")
            return None
        if answer.status_code in NO_ANSWER:
            self._witness.count("answers of a proxy that had none")
            return None
        if answer.status_code >= 400 and answer.status_code not in (422, 429):
            self._witness.complain(f"{method} {path} was answered {answer.status_code}")
        return answer
