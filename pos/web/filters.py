"""How values are written in templates: amounts, times, pictures, addresses of files."""

from datetime import date, datetime

from babel.dates import format_date
from flask import Flask
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from pos import clock
from pos.extensions import db
from pos.models import GatewayAccount, Store
from pos.money import Money
from pos.paper.document import Table
from pos.permissions import Right
from pos.reports.closing.shift_figures import PaymentLine
from pos.reports.office import alerts, attention
from pos.reports.remembered import again
from pos.services.paperwork import receipt_links
from pos.services.people import logins
from pos.web import files, languages, menu, rights
from pos.web.counter.qr import qr_svg

_BETWEEN = "\x1f"
"""Unicode's own mark between units of text."""


def init_app(app: Flask) -> None:
    """Give an app's templates the house's filters and globals."""
    app.jinja_env.filters.update(
        money=write_money,
        clock=clock_time,
        clock_seconds=clock_seconds,
        day=day,
        rows=rows,
        payment_rows=payment_rows,
        again=stored,
    )
    app.jinja_env.globals.update(
        asset=files.address,
        qr_svg=qr_svg,
        practice=LocalProxy(is_practice),
        open_attention=open_attention,
        open_alerts=open_alerts,
        worker_is_silent=alerts.is_worker_silent,
        may_open=rights.may_open,
        office_menu=menu.office_menu,
        gives_links=receipt_links.are_given,
        stores_to_choose=stores_to_choose,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def write_money(amount: Money) -> str:
    """Return "$3.50" or "៛15,000"."""
    return str(amount)


def clock_time(instant: datetime) -> str:
    """Return the shop's wall clock, "14:05"."""
    return clock.shop_time(instant).strftime("%H:%M")


def clock_seconds(instant: datetime) -> str:
    """Return the shop's wall clock with seconds, "14:05:09"."""
    return clock.shop_time(instant).strftime("%H:%M:%S")


def day(when: datetime | date) -> str:
    """Return a day as people write it in the page's language, "Sun 22 Nov 2026"."""
    local = clock.shop_time(when).date() if isinstance(when, datetime) else when
    return format_date(local, "EEE d MMM y", locale=languages.language())


def stored(text: str) -> str:
    """Return a sentence as a record keeps it, in the page's language."""
    return str(languages.said(again(text)))


def rows(table: Table) -> Markup:
    """Return the rows of a sheet's table: there may be thousands, too many for a template's loop.

    Each cell names its column, for paper that has no room for the head.
    """
    columns = [
        _cells(table, at, [row[at] for row in table.rows]) for at in range(len(table.columns))
    ]
    return Markup("".join([f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True)]))


def _cells(table: Table, at: int, texts: list[str]) -> list[str]:
    begin = f'<td data-label="{escape(table.columns[at])}"'
    end = ' class="report-figure">' if at in table.figures else ">"
    safe = _escaped(texts)
    if at == 0:
        named = [" data-named" if text.isdigit() else "" for text in texts]
        return [f"{begin}{name}{end}{text}</td>" for name, text in zip(named, safe, strict=True)]
    return [f"{begin}{end}{text}</td>" for text in safe]


def _escaped(texts: list[str]) -> list[str]:
    """Escape many texts in one go; one by one where a text has the mark between them in it."""
    safe = str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
    return safe if len(safe) == len(texts) else [str(escape(text)) for text in texts]


def payment_rows(payments: tuple[PaymentLine, ...]) -> Markup:
    """Return the rows of a report's payments, as `rows` does and for the same reason."""
    return Markup("".join([_payment_row(one) for one in payments]))


def _payment_row(one: PaymentLine) -> str:
    told = escape(stored(one.status_text))
    short = f' <span class="report-by">{escape(one.short_hash)}</span>' if one.short_hash else ""
    return (
        f"<tr><td>{clock_time(one.at)}</td><td>{one.sale_number}</td>"
        f"<td>{escape(one.tran_id)}</td><td>{escape(one.payer or '')}</td>"
        f"<td>{escape(one.bank_reference or '')}{short}</td><td>{told}</td>"
        f'<td class="report-figure">{one.amount}</td></tr>'
    )


def is_practice() -> bool:
    """Return whether this shop has an account at the practice bank: no real money then.

    False where the books cannot be read: the page that says so must not fail by it.
    """
    query = select(GatewayAccount.id).where(GatewayAccount.is_practice).limit(1)
    try:
        return db.session.scalar(query) is not None
    except SQLAlchemyError:
        return False


def open_attention() -> int:
    """Return how much waits for a decision or a look, for the badge in the header.

    0 where the books cannot be read: the page that says so must not fail by it.
    """
    try:
        return attention.count(current_user.user)
    except SQLAlchemyError:
        return 0


def stores_to_choose() -> tuple[Store, ...]:
    """Return the stores between which this person may go, for the header; none for most.

    None either where the books cannot be read: the page that says so must not fail by it.
    """
    if not current_user.may(Right.SEE_ALL_STORES):
        return ()
    try:
        return logins.stores_of(current_user.user)
    except SQLAlchemyError:
        return ()


def open_alerts() -> int:
    """Return how many alerts nobody has taken up, for the badge in the office's menu."""
    return alerts.count_open(current_user.user.store_id)
