"""The shop's own look at its books, as `flask verify-books` takes it, for a proof's verdict."""

from pathlib import Path
from tempfile import TemporaryDirectory

from pos import create_app
from pos.reports.auditing import books
from tests import conftest


def damages() -> list[str]:
    """Return a line for each thing that is wrong with the books of the app at work."""
    return [f"verify-books: {one}" for one in books.verify().damages]


def damages_at(database: str) -> list[str]:
    """Return the same for the books at this address, which nobody else need have open."""
    with TemporaryDirectory(prefix="pos-verify-") as folder:
        app = create_app(conftest.make_settings(Path(folder), database_url=database))
        try:
            with app.app_context():
                return damages()
        finally:
            conftest.close(app)
