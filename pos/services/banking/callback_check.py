"""Looking over where a gateway posts to: is it public, and does this shop answer there?

One empty, unsigned post is sent there, as anybody could. It asks about no payment, so it can
settle nothing; the right answer to it is a refusal.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import func, select, update

from pos.database import rows_changed, writing
from pos.errors import GatewayError, GatewayGarbled, GatewaySilent
from pos.extensions import db, settings
from pos.gateways import http
from pos.gateways.reply import Reply
from pos.gateways.sockets import is_loopback
from pos.models import CallbackVerdict, GatewayAccount, GatewayCallback
from pos.models.callback import OUR_PROBE
from pos.services.banking import public_address
from pos.services.banking.callbacks import NOT_SIGNED, UNSIGNED
from pos.services.banking.check_lines import Line, State
from pos.words import _

_PASS_ON = _("Have the proxy in front pass this path on to this program, as it is.")


def look(account: GatewayAccount, url: str, *, probes_loopback: bool) -> Iterator[Line]:
    """Tell of the address that an account's gateway posts to, `url` where it is only on file.

    `probes_loopback` is for tests: an address of this machine is posted to as well.
    """
    url = url or account.callback_url
    if not url:
        address = f"https://YOUR-SHOP{public_address.PATHS[account.gateway]}"
        to_do = _("Tell ABA %(address)s, if not done. Try it: --callback-url", address=address)
        yield Line(State.NOTE, _("It posts to the address that it has on file."), to_do)
    else:
        yield from _address(url, account.gateway, probes_loopback)
    if account.takes_raw_callbacks:
        text = _("X-PayWay-Signature is taken, too, which no guide of ABA knows.")
        yield Line(State.NOTE, text)


def _address(url: str, gateway: str, probes_loopback: bool) -> Iterator[Line]:
    problem = public_address.problem_of(url, gateway)
    if problem:
        text = _("%(address)s cannot be posted to: %(why)s", address=url, why=problem)
        yield Line(State.WRONG, text, _("Give one that the whole world reaches, or none."))
    else:
        yield Line(State.OK, _("%(address)s is a public address.", address=url))
    if not problem or (probes_loopback and _is_here(url)):
        yield probe(url, gateway)


def _is_here(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def probe(url: str, gateway: str) -> Line:
    """Post nothing, unsigned, to an address of ours, and tell what came back.

    Ends within `gateway_seconds`. The line that the shop writes of it is marked as our own.
    """
    before = db.session.scalar(select(func.max(GatewayCallback.id))) or 0
    db.session.rollback()
    try:
        reply = http.exchange(url, b"{}", seconds=settings().gateway_seconds)
    except GatewayError as problem:
        return _unanswered(url, problem)
    if not _is_our_refusal(reply):
        return _other(url, reply)
    if _is_written_here(before, gateway):
        text = _(
            "%(address)s is answered by this shop, which refuses what is not signed.", address=url
        )
        return Line(State.OK, text)
    text = _(
        "%(address)s refuses what is not signed, but these books have no line of it.", address=url
    )
    return Line(State.NOTE, text, _("Is it another shop's? Else try again in a minute."))


def _unanswered(url: str, problem: GatewayError) -> Line:
    if problem.code == "certificate":
        to_do = _("Renew the certificate there: no gateway posts without a good one.")
        return Line(State.WRONG, _("%(address)s has no good certificate.", address=url), to_do)
    if isinstance(problem, GatewaySilent):
        seconds = f"{settings().gateway_seconds:g}"
        told = {"address": url, "seconds": seconds}
        text = _("%(address)s did not answer within %(seconds)s seconds.", **told)
        return Line(State.WRONG, text, _("See whether this program serves, and what is before it."))
    to_do = _(
        "Open it with a phone outside the shop's network: some routers do not lead back inside."
    )
    return Line(State.WRONG, _("%(address)s cannot be reached from here.", address=url), to_do)


def _is_our_refusal(reply: Reply) -> bool:
    try:
        told = reply.document()
    except GatewayGarbled:
        return False
    return reply.status == 403 and isinstance(told, dict) and told.get("message") == UNSIGNED


def _other(url: str, reply: Reply) -> Line:
    status = reply.status
    told = {"address": url, "code": status}
    if 300 <= status < 400:
        text = _("%(address)s leads somewhere else (HTTP %(code)s), and nobody follows.", **told)
        return Line(State.WRONG, text, _("Give the address at its end, without any redirect."))
    if status == 429:
        text = _("%(address)s has too much to do (HTTP %(code)s).", **told)
        return Line(State.NOTE, text, _("Try again in a minute."))
    if status in (502, 503, 504):
        text = _("At %(address)s a proxy answers, and nothing behind it (HTTP %(code)s).", **told)
        to_do = _("Start this program, and see where the proxy looks for it.")
        return Line(State.WRONG, text, to_do)
    if status == 403:
        text = _("%(address)s is refused by something before this shop (HTTP %(code)s).", **told)
        to_do = _("Have the firewall or proxy there let ABA's posts through.")
        return Line(State.WRONG, text, to_do)
    text = _("At %(address)s another server answers (HTTP %(code)s).", **told)
    return Line(State.WRONG, text, _PASS_ON)


def _is_written_here(before: int, gateway: str) -> bool:
    """Find the one line that our post made, and mark it: nobody needs to look into it."""
    query = select(GatewayCallback.id).where(
        GatewayCallback.id > before,
        GatewayCallback.gateway == gateway,
        GatewayCallback.verdict == CallbackVerdict.REFUSED,
        GatewayCallback.said == NOT_SIGNED,
    )
    found = list(db.session.scalars(query))
    if len(found) != 1:
        return bool(found)
    mine = update(GatewayCallback).where(GatewayCallback.id == found[0])
    with writing(db.session):
        return rows_changed(db.session, mine.values(said=OUR_PROBE)) == 1
