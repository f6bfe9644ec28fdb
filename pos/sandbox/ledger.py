"""The bank's own books: accounts and transfers.

Nothing of the shop's is imported or asked, so what stands here can bear witness against it.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from pos.money import Currency, Money
from pos.sandbox.store import Store

_ACCOUNT = re.compile(r"[^@\s]{1,30}@[^@\s]{1,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One transfer of money, or one that failed; instants are epoch milliseconds.

    `created_ms` is the payer's time, `booked_ms` is when this bank really wrote it down.
    """

    hash: str
    md5: str
    qr: str
    is_static: bool
    is_failed: bool
    from_account: str
    to_account: str
    currency: Currency
    amount_minor: int
    description: str | None
    created_ms: int
    acknowledged_ms: int
    booked_ms: int
    external_ref: str
    instruction_ref: str | None

    @property
    def money(self) -> Money:
        """The amount that moved."""
        return Money(self.amount_minor, self.currency)

    @property
    def short_hash(self) -> str:
        """The eight letters that a bank app prints on its receipt."""
        return self.hash[:8]


def is_account_id(text: str) -> bool:
    """Tell whether the text has the form of a Bakong account, `name@bank`, 32 characters at most.

    Source: NBC `bakong-khqr` 1.0.20, which wants exactly one @.
    """
    return len(text) <= 32 and _ACCOUNT.fullmatch(text) is not None


class Ledger:
    """Transfers, oldest first, and the accounts that exist.

    An account exists when it was opened (`open_accounts`) or was ever paid: whoever has a
    well-formed account can be paid, so that any Bakong client works here without preparation,
    while a mistyped account that nobody paid is "not found".
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: list[Callable[[list[Transfer]], None]] = []

    def tell(self, listener: Callable[[list[Transfer]], None]) -> None:
        """Let the listener know of everything that is booked from now on."""
        self._told.append(listener)

    def open_accounts(self, account_ids: Iterable[str]) -> None:
        """Make the accounts known; they are compared without regard to case."""
        with self._store.writing() as db:
            rows = [(account_id.lower(),) for account_id in account_ids]
            db.executemany("INSERT OR IGNORE INTO account VALUES (?)", rows)

    def has_account(self, account_id: str) -> bool:
        """Tell whether the account was opened or was ever paid."""
        with self._store.reading() as db:
            query = "SELECT 1 FROM account WHERE id = ?"
            return db.execute(query, (account_id.lower(),)).fetchone() is not None

    def book(self, transfers: Iterable[Transfer]) -> None:
        """Write the transfers down, all or none, and open the accounts they went to."""
        transfers = list(transfers)
        with self._store.writing() as db:
            for transfer in transfers:
                row = asdict(transfer)
                marks = ", ".join(f":{name}" for name in row)
                db.execute(f"INSERT INTO transfer ({', '.join(row)}) VALUES ({marks})", row)
                account = (transfer.to_account.lower(),)
                db.execute("INSERT OR IGNORE INTO account VALUES (?)", account)
        for listener in self._told:
            listener(transfers)

    def with_md5(self, md5: str) -> list[Transfer]:
        """Return every transfer that paid the QR with this MD5, oldest first."""
        return self._select("WHERE md5 = ? ORDER BY id", md5)

    def by_md5(self, md5: str) -> Transfer | None:
        """Return what a lookup by MD5 shows: the first good transfer, else the last failed one."""
        return self._shown("md5 = ?", md5)

    def by_hash(self, full_hash: str) -> Transfer | None:
        """Return the transfer with this 64-letter hash."""
        return self._shown("hash = ?", full_hash)

    def by_short_hash(self, short_hash: str, money: Money) -> Transfer | None:
        """Return the transfer whose hash begins so, if it moved exactly this money."""
        where = "substr(hash, 1, 8) = ? AND amount_minor = ? AND currency = ?"
        return self._shown(where, short_hash, money.minor, money.currency)

    def by_external_ref(self, reference: str) -> Transfer | None:
        """Return the transfer with the payer's bank's reference."""
        return self._shown("external_ref = ?", reference)

    def by_instruction_ref(self, reference: str) -> Transfer | None:
        """Return the transfer with this instruction reference, which few transfers have."""
        return self._shown("instruction_ref = ?", reference)

    def transfers(self) -> list[Transfer]:
        """Return everything that was ever booked, oldest first."""
        return self._select("ORDER BY id")

    def latest(self, count: int) -> list[Transfer]:
        """Return the last `count` transfers, newest first."""
        return self._select("ORDER BY id DESC LIMIT ?", count)

    def _shown(self, where: str, *values: object) -> Transfer | None:
        order = "ORDER BY is_failed, CASE WHEN is_failed THEN -id ELSE id END LIMIT 1"
        found = self._select(f"WHERE {where} {order}", *values)
        return found[0] if found else None

    def _select(self, rest: str, *values: Any) -> list[Transfer]:
        with self._store.reading() as db:
            return [_transfer(row) for row in db.execute(f"SELECT * FROM transfer {rest}", values)]


def _transfer(row: sqlite3.Row) -> Transfer:
    fields = {name: row[name] for name in row.keys() if name != "id"}
    fields["currency"] = Currency(fields["currency"])
    fields["is_static"] = bool(fields["is_static"])
    fields["is_failed"] = bool(fields["is_failed"])
    return Transfer(**fields)
