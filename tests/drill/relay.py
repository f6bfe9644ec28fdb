"""A line between a browser and the shop that can be cut, as a pulled cable does."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Relay:
    """Passes bytes on between a port of its own and the shop, until it is cut."""

    def __init__(self, url: str) -> None:
        at = urlsplit(url)
        self._shop = (at.hostname or "", at.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._is_cut = False
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through any more; what is asked hangs, as in a dead network."""
        self._is_cut = True

    def mend(self) -> None:
        """Let all through again, over fresh lines."""
        for line in self._open:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._open.clear()
        self._is_cut = False

    def close(self) -> None:
        """Take the port away, and all lines."""
        self.mend()
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                browser, _ = self._door.accept()
            except OSError:
                return
            shop = socket.create_connection(self._shop)
            self._open += [browser, shop]
            for one, other in ((browser, shop), (shop, browser)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while told := one.recv(65_536):
                if not self._is_cut:
                    other.sendall(told)
        for line in (one, other):
            line.close()
