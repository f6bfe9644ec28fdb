"""A cashier's own drawer: filled, sold from, and counted, by the cashier's own reckoning."""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from httpx import Response

from pos.cash import Cash
from pos.money import Currency, Money
from tests import factories
from tests.soak.browser import Browser
from tests.soak.pages import TillPage, change_of, csrf_of, error_of, key_of, manager_of, read_till
from tests.soak.pages import sells_of as shift_of
from tests.soak.witness import CashTaken, Counted, Witness

BUY, SELL = 4_000, 4_100
"""The shop's rate, in riel for a dollar."""

KINDS = ("dollars", "riel", "both")
COUNTS = {"right": 76, "right at the second try": 8, "short": 16}
MISSING = Cash(500, 10_000)
"""More than a count may be off unasked."""

FLOATS = range(40, 81)
"""Dollars; enough that whatever goes out in a shift, what is MISSING is still there to be so."""

RESEND = 0.1


@dataclass(frozen=True)
class Part:
    """A sale that cash was taken for, the till that shows the QR, and what that is over."""

    till: TillPage
    rest: Money
    given: Cash


def _half(money: Money) -> Cash:
    """Return about half of an amount, in notes of its own currency."""
    if money.currency is Currency.USD:
        return Cash(money.minor // 200 * 100, 0)
    return Cash(0, money.minor // 2_000 * 1_000)


class Drawer:
    """What lies in one drawer, as its cashier knows it; the shop is told, and never asked."""

    def __init__(self, browser: Browser, witness: Witness, random: Random) -> None:
        self._browser, self._witness, self._random = browser, witness, random
        self._held = Cash()

    def fill(self) -> dict[str, str]:
        """Put a float in; return it as the form that opens a shift takes it."""
        dollars, thousands = self._random.choice(FLOATS), self._random.randint(200, 400)
        self._held = Cash(dollars * 100, thousands * 1_000)
        return {"float_usd": str(dollars), "float_khr": str(thousands * 1_000)}

    def sell(self, till: TillPage, money: Money) -> None:
        """Take cash for a sale, and give the change that the till says."""
        asked = {"amount": str(money.decimal), "currency": str(money.currency)}
        page = self._browser.get(f"/till/cash/take?{urlencode(asked)}").text
        kind, given = self._draw(money)
        notes = {**asked, "usd": str(given.usd // 100), "khr": str(given.khr)}
        told = self._browser.get(f"/till/cash/change?{urlencode(notes)}").text
        form, change = {**notes, "key": key_of(page), "shift": shift_of(page)}, change_of(told)
        answer = self._send_form("/till/cash/take", form, csrf_of(page))
        if answer.status_code != 200 or change is None:
            self._witness.complain(f"cash for {money} was refused: {error_of(answer.text)}")
            return
        self._held = self._held + given - change
        self._witness.count(f"cash taken: {kind}")
        self._witness.saw_cash(form["key"], CashTaken(till.shift_id, given, change))
        panel = read_till(answer.text).panel
        if panel.phase == "cash":
            self._witness.saw_answer(form["key"], till.shift_id, panel.sale_number)

    def take_part(self, till: TillPage, money: Money) -> "Part | None":
        """Take about half of a sale in cash, the rest by QR; None for a sale too small for that."""
        given = _half(money)
        if not given:
            return None
        asked = {"amount": str(money.decimal), "currency": str(money.currency)}
        page = self._browser.get(f"/till/cash/take?{urlencode(asked)}").text
        notes = {"usd": str(given.usd // 100), "khr": str(given.khr), "rest": "qr"}
        form = {**asked, **notes, "key": key_of(page), "shift": shift_of(page)}
        answer = self._send_form("/till/cash/take", form, csrf_of(page))
        begun = read_till(answer.text)
        if answer.status_code != 200 or not begun.panel.sale_number:
            self._witness.complain(f"a part of {money} was refused: {error_of(answer.text)}")
            return None
        self._held = self._held + given
        self._witness.count("sales split")
        self._witness.saw_cash(form["key"], CashTaken(till.shift_id, given, Cash()))
        self._witness.saw_answer(form["key"], till.shift_id, begun.panel.sale_number)
        paid = given.usd if money.currency is Currency.USD else given.khr
        return Part(begun, Money(money.minor - paid, money.currency), given)

    def give_back(self, part: "Part", html: str) -> bool:
        """Give the cash of a part back, if the till says so on this page; return whether it did."""
        if "Give back" not in html or "The sale is cancelled." not in html:
            return False
        self._held = self._held - part.given
        self._witness.count("sales split, given back")
        return True

    def move(self) -> None:
        """Put cash in, or take some out, as no more than the cashier's own word allows."""
        word = self._random.choice(("paid-in", "paid-out"))
        cash = Cash(self._random.randint(1, 3) * 100, self._random.choice((0, 5_000, 10_000)))
        page = self._browser.get(f"/till/drawer/{word}").text
        why = {"reason": "other", "note": "by the soak", "key": key_of(page)}
        form = {"usd": str(cash.usd // 100), "khr": str(cash.khr), **why}
        answer = self._send_form(f"/till/drawer/{word}", form, csrf_of(page))
        if answer.status_code != 200:
            self._witness.complain(f"{word} of {cash} was refused: {error_of(answer.text)}")
            return
        self._held = self._held + cash if word == "paid-in" else self._held - cash
        self._witness.count(f"cash moved: {word}")

    def _send_form(self, path: str, form: dict[str, str], csrf: str) -> Response:
        """Send a form, sometimes twice."""
        answer = self._browser.post(path, form, csrf)
        if self._random.random() < RESEND:
            self._witness.count("forms sent twice")
            answer = self._browser.post(path, form, csrf)
        return answer

    def _draw(self, money: Money) -> tuple[str, Cash]:
        """Return what the customer lays down; it is enough, and often more."""
        kind, more = self._random.choice(KINDS), self._random.choice((0, 0, 1, 4))
        cents = money.minor if money.currency is Currency.USD else -(-money.minor * 100 // BUY)
        riel = money.minor if money.currency is Currency.KHR else -(-money.minor * SELL // 100)
        if kind == "dollars":
            return kind, Cash((-(-cents // 100) + more) * 100, 0)
        if kind == "riel":
            return kind, Cash(0, (-(-riel // 1_000) + more) * 1_000)
        dollars = cents // 200
        return kind, Cash(dollars * 100, (-(-riel // 1_000) - dollars * 4 + more) * 1_000)

    def count(self, shift_id: int) -> None:
        """Count the drawer on the page that the close has led to, until the shift is closed."""
        how = self._random.choices(list(COUNTS), list(COUNTS.values()))[0]
        short = self._held - MISSING
        tries = {"right": [self._held], "short": [short, short]}.get(how, [short, self._held])
        self._witness.count(f"drawers counted: {how}")
        self._witness.saw_count(shift_id, Counted(self._held, tries[-1], how == "short"))
        for _ in range(len(tries) + 1):
            page = self._browser.get(f"/shifts/{shift_id}/count").text
            if f"/shifts/{shift_id}/agree" in page:
                self._agree(shift_id, page)
            elif 'id="count"' in page and tries:
                self._send(shift_id, page, tries.pop(0))

    def _send(self, shift_id: int, page: str, cash: Cash) -> None:
        pieces = {"USD-1": str(cash.usd // 100), "KHR-100": str(cash.khr // 100)}
        form = {**pieces, "key": key_of(page)}
        self._post(f"/shifts/{shift_id}/count", form, csrf_of(page))

    def _agree(self, shift_id: int, page: str) -> None:
        """Let the manager say why, with a PIN."""
        agreed = {"reason": "unknown", "manager_id": manager_of(page), "pin": factories.PIN}
        self._post(f"/shifts/{shift_id}/agree", agreed, csrf_of(page))

    def _post(self, path: str, form: dict[str, str], csrf: str) -> None:
        answer = self._browser.post(path, form, csrf)
        if answer.status_code >= 400:
            told = error_of(answer.text)
            self._witness.complain(f"{path} was refused: {answer.status_code} {told}")
