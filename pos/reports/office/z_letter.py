"""A Z report in a few lines, for somebody who is not in the shop: what a message can carry."""

from collections.abc import Iterator

from pos import clock
from pos.money import Currency, Money
from pos.reports.closing.z_report import ZView
from pos.words import Words, _


def title(view: ZView) -> Words:
    """Return what the message is called."""
    told = {"number": view.number, "till": view.till_name, "store": view.store_name}
    return _("Z %(number)s, %(till)s, %(store)s", **told)


def lines(view: ZView) -> Iterator[Words]:
    """Yield its sentences: when, by whom, what came in, and what is not as it should be."""
    yield _when(view)
    yield from _came_in(view)
    yield from _drawer(view)
    if view.exceptions:
        yield _("Payments that need a person: %(count)s.", count=len(view.exceptions))
    if view.unverified:
        yield _("QRs whose last word is out: %(count)s.", count=len(view.unverified))


def _when(view: ZView) -> Words:
    at = f"{clock.shop_time(view.closed_at):%Y-%m-%d %H:%M}"
    if view.is_auto_closed:
        return _("Closed %(at)s by the system; the drawer was not counted.", at=at)
    return _("Closed %(at)s by %(name)s.", at=at, name=view.closed_by)


def _came_in(view: ZView) -> Iterator[Words]:
    by_qr = [one for one in view.totals if one.count]
    for currency in Currency:
        here = [one for one in by_qr if one.currency is currency]
        if here:
            minor, count = sum(one.amount.minor for one in here), sum(one.count for one in here)
            yield _total("KHQR", Money(minor, currency), count)
    cash = view.cash.totals if view.cash else ()
    for sold in cash:
        yield _total(_("Cash"), sold.amount, sold.count)
    if not by_qr and not cash:
        yield _("Nothing was sold.")


def _total(tender: str, amount: Money, count: int) -> Words:
    told = {"tender": tender, "amount": amount, "count": count}
    return _("%(tender)s: %(amount)s. Sales: %(count)s.", **told)


def _drawer(view: ZView) -> Iterator[Words]:
    for line in view.cash.lines if view.cash else ():
        if line.over is not None and line.over.minor:
            much = Money(abs(line.over.minor), line.currency)
            if line.over.minor > 0:
                yield _("The drawer has %(amount)s too much.", amount=much)
            else:
                yield _("The drawer lacks %(amount)s.", amount=much)
