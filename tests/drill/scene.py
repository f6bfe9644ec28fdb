"""What all faults of a drill share: the shop, its tills, and the clock of its programs."""

import mmap
import struct
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.drill.shop import DrillShop
from tests.drill.till import Till
from tests.eyes import look_into
from tests.soak.witness import Witness


class WallClock:
    """How far the shop's programs are ahead of the time, in a file that they look into."""

    def __init__(self, file: Path) -> None:
        file.write_bytes(struct.pack("q", 0))
        self.file = file

    def set(self, seconds: int) -> None:
        """Set them ahead by so many seconds, from now on; 0 is the right time."""
        with self.file.open("r+b") as file, mmap.mmap(file.fileno(), 8) as seen:
            seen[:] = struct.pack("q", seconds)


@dataclass(frozen=True)
class Scene:
    """One shop at work."""

    shop: DrillShop
    till: Till
    second: Till
    """Another till: cash is taken there while a QR waits at the first."""
    witness: Witness
    clock: WallClock
    folder: Path

    def wait_paid(self, tran_id: str, seconds: float) -> float | None:
        """Return after how long the books say that a payment is paid; None where they never do."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self._status(tran_id) == "paid":
                self.till.wait("paid", 3)
                return time.monotonic() - began
            time.sleep(0.3)
        return None

    def _status(self, tran_id: str) -> str:
        query = "SELECT status FROM payment WHERE tran_id = ?"
        with closing(look_into(self.shop.books)) as eye:
            return str(eye.execute(query, (tran_id,)).fetchone()["status"])

    def sales_by(self, key: str) -> int:
        """Return how many sales the books have of one form."""
        with closing(look_into(self.shop.books)) as eye:
            found = eye.execute("SELECT count(*) AS many FROM sale WHERE key = ?", (key,))
            return int(found.fetchone()["many"])
