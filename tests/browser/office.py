"""The office as a manager uses it, and what is read there: pages, files and paper."""

import csv
import io
import re
import zlib
from base64 import a85decode
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect


class OfficePage:
    """A browser in which somebody fills in the forms of the office."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def fill(self, typed: dict[str, str], within: Locator | None = None) -> None:
        for label, text in typed.items():
            (within or self.main).get_by_label(label, exact=True).fill(text)

    def choose(self, *names: str) -> None:
        for name in names:
            self.main.get_by_role("radio", name=re.compile(f"^{re.escape(name)}")).check()

    def press(self, name: str) -> None:
        self.main.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.main.get_by_role("link", name=name).first.click()

    def says(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    def fact(self, name: str, within: str = "main") -> str:
        """Return what stands under a name in a list of facts."""
        row = self.page.locator(f"{within} dl > div").filter(
            has=self.page.locator("dt", has_text=re.compile(f"^{re.escape(name)}$"))
        )
        return row.first.locator("dd").first.inner_text()

    def take(self, address: str) -> bytes:
        """Return a file that a page links to, as this browser is given it."""
        answer = self.page.context.request.get(f"{self.url}{address}")
        assert answer.status == 200, address
        return answer.body()

    @property
    def main(self) -> Locator:
        return self.page.locator("main")


def table(file: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file by the names of their columns."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def total(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


def pdf_text(body: bytes) -> str:
    """Return what a PDF of the archive says in Latin letters and digits, a line for each text."""
    assert body.startswith(b"%PDF-")
    streams = re.findall(rb"ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)endstream", body, re.S)
    drawn = b"".join(zlib.decompress(a85decode(one.strip().removesuffix(b"~>"))) for one in streams)
    lines = re.findall(rb"BT.*?ET", drawn, re.S)
    return "\n".join(b"".join(re.findall(rb"\(([^)]*)\)", one)).decode("latin-1") for one in lines)
