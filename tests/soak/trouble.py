"""What goes wrong during a soak: the bank's answers, its keys, the processes."""

import math
import time
from random import Random
from typing import Any

from pos.launch.children import Stop
from tests.sim.nemesis import FAULTS as ANSWERS
from tests.soak.shop import SoakShop
from tests.soak.witness import Witness

WIRE: tuple[dict[str, Any], ...] = (
    {"delay": 1.0},
    {"hang": 5.0},
    {"trickle": 0.1},
    {"huge_body": 2_000_000},
    {"gzip_bomb": 20_000_000},
    {"agent_403": True},
    {"status": 504},
    {"error_code": 1},
)
"""Beside the simulation's: what takes time or room, and money that is not to be seen yet."""

RETRY_AFTER = 2
"""Seconds that a busy bank asks for: it must be heard again within the soak."""

LASTS, CALM = (0.5, 5.0), (4.0, 20.0)
"""Seconds of a fault, and of the pause before the next: a bank that was dead is left alone
for a while, and a soak should see it alive as well.
"""

WORKER_KILL_EVERY, WEB_KILL_EVERY, KEYS_END_EVERY = 45, 120, 300

OPERATOR_COMES_AFTER = 20
"""Seconds after the bank ended its keys until a person pastes a new one. The shop renews its key
by itself, but not twice in five minutes; so long nobody waits.
"""


class Trouble:
    """Spoils a soak from one thread, by a plan drawn from the seed."""

    def __init__(self, shop: SoakShop, witness: Witness, random: Random, seconds: float) -> None:
        self._shop, self._witness, self._random = shop, witness, random
        self._began = time.monotonic()
        self._end = self._began + seconds
        self._on: dict[str, Any] = {}
        self._change_at = self._began + min(seconds, 20) * random.uniform(0.4, 0.7)
        self._kills = sorted(
            [(at, shop.kill_acting_worker) for at in self._times(seconds, WORKER_KILL_EVERY)]
            + [(at, shop.kill_web) for at in self._times(seconds, WEB_KILL_EVERY)]
            + [(at, self._end_keys) for at in self._times(seconds, KEYS_END_EVERY)],
            key=lambda one: one[0],
        )
        self._paste_at = math.inf
        if random.random() < 0.5:
            self._set({"md5_list_403": False})

    def run(self, stop: Stop) -> None:
        """Make trouble until the time is over, then peace; Stopped when an end is asked for."""
        while time.monotonic() < self._end:
            if self._kills and time.monotonic() > self._kills[0][0]:
                self._kills.pop(0)[1]()
            if time.monotonic() > self._change_at:
                self._change()
            if time.monotonic() > self._paste_at:
                self._paste()
            stop.pause()
        # On a busy machine one kill may last until the time of the next is over.
        for _, deed in self._kills:
            deed()
        if self._on:
            self._behave()
        if self._paste_at < math.inf:
            self._paste()

    def _times(self, seconds: float, every: float) -> list[float]:
        """Return instants, one in each stretch of so many seconds, one at least."""
        count = max(1, int(seconds // every))
        stretch = seconds / count
        spread = (stretch * (index + self._random.uniform(0.4, 0.8)) for index in range(count))
        return [self._began + at for at in spread]

    def _change(self) -> None:
        if self._on:
            self._behave()
            span = CALM
        else:
            self._misbehave()
            span = LASTS
        self._change_at = time.monotonic() + self._random.uniform(*span)

    def _misbehave(self) -> None:
        self._on = dict(self._random.choice(ANSWERS + WIRE))
        if "retry_after" in self._on:
            self._on["retry_after"] = RETRY_AFTER
        self._set(self._on)
        self._witness.count("faults thrown")

    def _behave(self) -> None:
        self._set(dict.fromkeys(self._on, False))
        used_up, self._on = "daily_limit" in self._on, {}
        if used_up:
            self._paste()

    def _paste(self) -> None:
        self._shop.paste_new_token()
        self._paste_at = math.inf

    def _end_keys(self) -> None:
        self._shop.bank.delete("/sandbox/tokens").raise_for_status()
        self._paste_at = time.monotonic() + OPERATOR_COMES_AFTER
        self._witness.count("keys ended by the bank")

    def _set(self, switches: dict[str, Any]) -> None:
        self._shop.bank.post("/sandbox/faults", json=switches).raise_for_status()
