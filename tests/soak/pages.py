"""What a person reads on a page of the till, taken out of its HTML."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

from pos.cash import Cash

_PHASE = re.compile(r'data-phase="(\w+)"')
_POLL = re.compile(r'hx-get="([^"]+)"')
_SALE = re.compile(r'class="payment-sale">Sale (\d+)<')
_TRAN = re.compile(r'/till/payments/([\w-]+)/|data-tran="([\w-]+)"')
_PHONE = re.compile(r'id="payment-phone" href="([^"]+)"')
_KEY = re.compile(r'name="key" value="([^"]+)"')
_SELLS = re.compile(r'name="shift" value="([^"]+)"')
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
_SHIFT = re.compile(r"/shifts/(\d+)/close")
_ERROR = re.compile(r'role="alert">(?:<svg.*?</svg>)?(?:<span>)?([^<]+)', re.S)
_CHANGE = re.compile(r'class="change-label">Change<.*?class="change-sum">([^<]+)<', re.S)
_DOLLARS, _RIEL = re.compile(r"\$([\d,]+)"), re.compile(r"៛([\d,]+)")
_MANAGER = re.compile(r'<option value="(\d+)"')
_REPORT = re.compile(r'<article class="report".*</article>', re.S)
_CORRECTED = re.compile(r'<p class="report-flag">Corrected by C-[0-9]+(?:, C-[0-9]+)*</p>')


@dataclass(frozen=True)
class Panel:
    """The payment panel: what the cashier sees of the till's newest payment."""

    phase: str
    poll: str
    sale_number: int
    tran_id: str
    qr: str


@dataclass(frozen=True)
class TillPage:
    """The whole till: the panel, and what a form sent from here carries."""

    panel: Panel
    key: str
    shift: str
    csrf: str
    shift_id: int


def read_panel(html: str) -> Panel:
    """Return the panel in a till's page or in the answer to its poll."""
    phone = parse_qs(urlsplit(_first(_PHONE, html)).query)
    return Panel(
        phase=_first(_PHASE, html),
        poll=_first(_POLL, html),
        sale_number=int(_first(_SALE, html) or 0),
        tran_id=_first(_TRAN, html),
        qr=phone.get("qr", [""])[0],
    )


def read_till(html: str) -> TillPage:
    """Return the till's page; ValueError where it is another page."""
    panel = read_panel(html)
    if not panel.poll:
        raise ValueError(f"not a till: {html[:300]}")
    shift_id = int(_first(_SHIFT, html))
    return TillPage(panel, _first(_KEY, html), _first(_SELLS, html), csrf_of(html), shift_id)


def csrf_of(html: str) -> str:
    """Return the token that the forms of a page carry."""
    return _first(_CSRF, html)


def key_of(html: str) -> str:
    """Return the key of a page's form, which makes it count once."""
    return _first(_KEY, html)


def sells_of(html: str) -> str:
    """Return the shift, and its version, that a page's form sells in."""
    return _first(_SELLS, html)


def change_of(html: str) -> Cash | None:
    """Return the change that the till says to give; None where something is missing."""
    told = _first(_CHANGE, html)
    if not told:
        return None
    dollars, riel = (_first(one, told).replace(",", "") or "0" for one in (_DOLLARS, _RIEL))
    return Cash(int(dollars) * 100, int(riel))


def manager_of(html: str) -> str:
    """Return the first manager who can agree."""
    return _first(_MANAGER, html)


def error_of(html: str) -> str:
    """Return the sentence with which a page refuses a form."""
    return _first(_ERROR, html)


def report_of(html: str) -> str:
    """Return the printed sheet on a report's page, without the buttons around it.

    Nor with the line that names its corrections, which may come at any time: they are records
    of their own.
    """
    found = _REPORT.search(html)
    return _CORRECTED.sub("", found[0]) if found else ""


def _first(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    return unescape(next(filter(None, found.groups()), "")) if found else ""
