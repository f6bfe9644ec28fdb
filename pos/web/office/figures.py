"""The figures of a store on one page: takings, QRs, tills and the bank, with charts."""

from babel.dates import get_day_names
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from pos.extensions import settings
from pos.models import User
from pos.money import Currency, Money
from pos.reports.office import figures as report
from pos.reports.office import gateways, tills_now
from pos.reports.office.figures import Chart
from pos.services.asking import quota
from pos.services.shop import displays
from pos.web import languages
from pos.web.office import charts, spans
from pos.words import _

bp = Blueprint("figures", __name__, url_prefix="/figures")


@bp.get("", endpoint="figures")
def figures() -> ResponseReturnValue:
    """Show the figures of some days, today's if none are asked; with 422 today's, too.

    `?range=week` asks for days at one tap, `?first=2026-11-01&last=2026-11-22` for one's own.
    """
    user: User = current_user.user
    asked = spans.read(request.args)
    percent = settings().quota_reserve_percent
    return render_template(
        "figures/figures.html",
        store_name=user.store.name,
        asked=asked,
        choices=spans.CHOICES,
        figures=report.of_store(user, asked.span),
        draw_hours=_draw_hours,
        draw_weekdays=_draw_weekdays,
        weekday=_weekday,
        tills_now=tills_now.of_user(user, displays.ONLINE_WITHIN),
        accounts=gateways.of_merchant(
            user.store.merchant_id, lambda limit: quota.reserve_of(limit, percent)
        ),
    ), asked.status


def _draw_hours(chart: Chart) -> Markup:
    return _draw(_("Takings by hour"), chart, [f"{bar.at}" for bar in chart.bars])


def _draw_weekdays(chart: Chart) -> Markup:
    names = get_day_names("abbreviated", locale=languages.language())
    return _draw(_("Takings by weekday"), chart, [names[bar.at] for bar in chart.bars])


def _weekday(at: int) -> str:
    return str(get_day_names("wide", locale=languages.language())[at])


def _draw(title: str, chart: Chart, labels: list[str]) -> Markup:
    of = chart.currency
    series = (
        charts.Series("now", [bar.taken.minor for bar in chart.bars]),
        charts.Series("before", [bar.before.minor for bar in chart.bars]),
    )
    return charts.bars(
        f"{languages.said(title)}, {of}", labels, series, lambda minor: _write(minor, of)
    )


def _write(minor: int, currency: Currency) -> str:
    """Write an amount as short as it goes on an axis: no cents where there are none."""
    return str(Money(minor, currency)).removesuffix(".00")
