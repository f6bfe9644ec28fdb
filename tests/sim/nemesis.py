"""What goes wrong in a simulated shop: the bank, the clocks, the program, and the timing."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from tests.sim.deeds import People
from tests.sim.world import Killed, World

FAULTS: tuple[dict[str, Any], ...] = (
    {"token_expired": True},
    {"unauthorised_200": True},
    {"geo_403": True},
    {"status": 429, "retry_after": 7},
    {"status": 503},
    {"status": 500, "body": '{"responseCode":0}'},
    {"body": "[]"},
    {"body": ""},
    {"body": '{"responseCode":0,"errorCode":null,"data":{"hash":"x"}}'},
    {"redirect": "http://127.0.0.1:9/"},
    {"daily_limit": 0},
    {"error_code": 5},
    {"error_code": 9},
    {"error_code": 99},
    {"status_body": 500},
    {"status_body": 403},
    {"null_data": True},
    {"no_hash": True},
    {"without": ["amount"]},
    {"without": ["createdDateMs"]},
    {"older_time": 86_400},
    {"tracking_status": "REFUNDED"},
    {"nan_amount": True},
    {"big_amount": True},
    {"duplicate_keys": True},
    {"charset": "utf-16"},
    {"truncated": True},
    {"drop": True},
    {"cut": True},
    # These are good answers, only told in another form.
    {"no_error_code": True},
    {"amount_text": True},
    {"ms_float": True},
    {"extra_fields": True},
)
"""Never a lie about whether money is there: that no till could see through."""

SHORT, MEDIUM, LONG = (1, 12), (30, 320), (600, 3_600)


class Nemesis:
    """Spoils what people do, by chances drawn from the seed."""

    def __init__(self, world: World, people: People, random: Random) -> None:
        self.world, self.people, self.random = world, people, random

    def misbehave(self) -> str:
        fault = dict(self.random.choice(FAULTS))
        if self.random.random() < 0.3:
            fault["calls"] = self.random.randint(1, 3)
        self.world.bank.faults.set(fault)
        return str(fault)

    def behave(self) -> str:
        self.world.bank.faults.clear()
        return "the bank behaves"

    def end_tokens(self) -> str:
        return f"{self.world.bank.tokens.end_all()} keys ended"

    def wait(self, span: tuple[int, int]) -> str:
        seconds = self.random.randint(*span) + self.random.choice((0, 0, 0.001, 0.5))
        self.world.true += timedelta(seconds=seconds)
        return f"{seconds} s"

    def wait_short(self) -> str:
        return self.wait(SHORT)

    def wait_medium(self) -> str:
        return self.wait(MEDIUM)

    def wait_long(self) -> str:
        return self.wait(LONG)

    def wait_to_an_end(self) -> str:
        """Wait until about the end of a QR's life, where the grace decides."""
        ends = self.people.rows("SELECT expires_at FROM payment WHERE status = 'awaiting'")
        if not ends:
            return "no QR lives"
        left = self.random.choice(ends)["expires_at"] / 1000 - self.world.shop_now.timestamp()
        seconds = max(0, round(left) + self.random.randint(-2, 12))
        self.world.true += timedelta(seconds=seconds)
        return f"{seconds} s"

    def set_clock(self) -> str:
        """Set the shop's clock an hour wrong, a little wrong, or right again."""
        return self.set_skew(self.random.choice((3_600, -3_600, 90, -90, 0, 0)))

    def set_skew(self, seconds: int) -> str:
        """Set the shop's clock so much wrong; its workers hear of it within a second or so."""
        skew = timedelta(seconds=seconds)
        self.people.clock_was_set |= skew != self.world.skew
        self.world.skew = skew
        return f"the shop's clock is {seconds:+} s off"

    def interrupted(self, deed: Callable[[], str]) -> str:
        """Kill the program after some statements of a deed, as a power cut would."""
        left = self.world.statements_left = self.random.randint(0, 25)
        try:
            return f"{self.people.do(deed)} (not killed)"
        except Killed:
            return f"killed after {left} statements"
        finally:
            self.world.statements_left = None
            self.world.meanwhile.clear()

    def interleaved(self, deed: Callable[[], str], other: Callable[[], str]) -> str:
        """Do another deed while the bank is being asked by the first."""
        said: list[str] = []
        when = self.random.choice(("before", "after"))
        self.world.meanwhile[when] = lambda: said.append(self.people.do(other))
        result = self.people.do(deed)
        self.world.meanwhile.clear()
        return f"{result}; {when} the answer: {said[0] if said else 'nothing'}"
