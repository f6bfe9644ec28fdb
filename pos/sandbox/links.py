"""Short links: each opens the phone page with one QR filled in."""

import secrets

from pos.sandbox.store import Store


class Links:
    """The links the bank has given out, by their id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, qr: str) -> str:
        """Return the id of a new link to this QR; asking again gives another one."""
        link_id = secrets.token_urlsafe(9)
        with self._store.writing() as db:
            db.execute("INSERT INTO link VALUES (?, ?)", (link_id, qr))
        return link_id

    def qr_of(self, link_id: str) -> str | None:
        """Return the QR a link leads to, or None."""
        with self._store.reading() as db:
            row = db.execute("SELECT qr FROM link WHERE id = ?", (link_id,)).fetchone()
            return None if row is None else str(row["qr"])
