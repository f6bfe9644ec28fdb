"""Looking a shop's account at a gateway over: what is right, what is not, and what to do.

For the operator, before the first sale and when something is amiss. It asks the gateway one
question, which is counted like any other, and charges nothing; its callbacks' address is tried
with an empty post.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pos import clock
from pos.errors import BadInput, ConfigError, GatewayError
from pos.extensions import db, settings
from pos.gateways import capabilities_of, has_callbacks, http
from pos.gateways.base import AccountStatus, Answer, Outcome, Trouble
from pos.gateways.reply import Reply
from pos.gateways.troubles import trouble_of
from pos.models import GatewayAccount
from pos.reports import wording
from pos.services.asking import budget, sending
from pos.services.asking.quota import Purpose
from pos.services.banking import accounts, callback_check, hosts, vault
from pos.services.banking.check_lines import Line, State
from pos.words import _, joined

MOST_SECONDS_OFF = 60
"""A clock further off ends QRs too early or too late, and PayWay refuses what it signs."""

KEY_ENDS_SOON_DAYS = 7

_TO_DO = {
    Trouble.UNREACHABLE: _("See whether this machine reaches the internet, and the address."),
    Trouble.SILENT: _("See whether this machine reaches the internet; then try again."),
    Trouble.UNPROVEN: _(
        "Set the clock and renew the certificates of this machine; trust no other."
    ),
    Trouble.UNAUTHORISED: _(
        "Compare the merchant id and the key with the bank's letter, then: flask set-token"
    ),
    Trouble.FORBIDDEN: _("Have the bank put this server's address on its list."),
    Trouble.BUSY: _("Wait a minute and try again."),
    Trouble.QUOTA: _("Try again after midnight."),
    Trouble.DOWN: _("Wait; it is the bank's trouble."),
}


def look_over(
    account: GatewayAccount, callback_url: str = "", *, probes_loopback: bool = False
) -> tuple[Line, ...]:
    """Return what was found, in the order in which it should be put right.

    `callback_url` is where the gateway posts to, if it has that on file only; see
    `callback_check` for `probes_loopback`.
    """
    stored = tuple(_stored(account))
    if any(line.state is State.WRONG for line in stored):
        return stored
    reply, reached = _reach(account)
    asked = (*_clock(reply), *_key(account)) if reply else ()
    heard = (
        callback_check.look(account, callback_url, probes_loopback=probes_loopback)
        if has_callbacks(account.gateway)
        else ()
    )
    return (*stored, reached, *asked, *_token_days(account), *heard)


def _stored(account: GatewayAccount) -> Iterator[Line]:
    """Look at what we have on file, which asks nobody."""
    try:
        accounts.open_account(account).refuse_wrong_account()
        key = vault.unseal(settings(), account.token_sealed)
    except BadInput as problem:
        to_do = _("Correct it: flask set-account, or set the account up anew: flask add-account")
        yield Line(State.WRONG, problem.text, to_do)
        return
    except ConfigError as problem:
        to_do = _("Put the right vault key back, or: flask set-token")
        yield Line(State.WRONG, str(problem), to_do)
        return
    known = {"gateway": account.gateway, "account": account.account_id}
    yield Line(State.OK, _("Gateway %(gateway)s and account %(account)s can be.", **known))
    if key.strip():
        yield Line(State.OK, _("A key is stored, sealed."))
    else:
        yield Line(State.WRONG, _("No key is stored."), f"flask set-token {account.account_id}")
    yield from _money_is_real(account)
    if capabilities_of(account.gateway).can_refund and not account.refund_key_sealed:
        command = f"flask set-account {account.account_id} --refund-key"
        to_do = _("Ask ABA for its public key: %(command)s", command=command)
        text = _("Without a refund key nothing can be given back here.")
        yield Line(State.NOTE, text, to_do)


def _money_is_real(account: GatewayAccount) -> Iterator[Line]:
    host = urlsplit(account.base_url).hostname or ""
    is_test = hosts.is_test(account.base_url)
    if account.is_practice and not is_test:
        text = _("A practice account at the live host %(host)s.", host=host)
        yield Line(State.WRONG, text, _("Add a real one."))
    elif is_test and not account.is_practice:
        text = _("%(host)s is a host for tests: what is paid there is no money.", host=host)
        yield Line(State.NOTE, text, _("Keep it away from a till that sells."))


def _reach(account: GatewayAccount) -> tuple[Reply | None, Line]:
    """Knock without a key: any answer at all, 404 and 405 too, shows that somebody is there."""
    db.session.rollback()
    try:
        reply = http.exchange(f"{account.base_url}/", b"{}", seconds=settings().gateway_seconds)
    except GatewayError as problem:
        trouble = trouble_of(problem)
        told = {"address": account.base_url, "trouble": wording.TROUBLE[trouble]}
        text = _("%(address)s does not answer. %(trouble)s", **told)
        return None, Line(State.WRONG, text, _TO_DO[trouble])
    answers = _("%(address)s answers (HTTP %(code)s).", address=account.base_url, code=reply.status)
    return reply, Line(State.OK, answers)


def _clock(reply: Reply) -> Iterator[Line]:
    if reply.date is None:
        text = _("The bank does not tell its time.")
        yield Line(State.NOTE, text, _("See: %(command)s", command="timedatectl"))
        return
    off = round((clock.now() - reply.date).total_seconds())
    if abs(off) <= MOST_SECONDS_OFF:
        text = _("The clock is right, within %(seconds)s seconds.", seconds=MOST_SECONDS_OFF)
        yield Line(State.OK, text)
    else:
        fast = _("The clock is %(seconds)s seconds fast.", seconds=off)
        slow = _("The clock is %(seconds)s seconds slow.", seconds=-off)
        command = "timedatectl set-ntp true"
        to_do = _("Set it and keep it set: %(command)s", command=command)
        yield Line(State.WRONG, fast if off > 0 else slow, to_do)


def _key(account: GatewayAccount) -> Iterator[Line]:
    """Ask about a payment that nobody has: "not found" shows that our key is taken."""
    refusal = budget.spend(account, 1, Purpose.PERSON)
    if refusal is not None:
        yield Line(State.NOTE, wording.TROUBLE[refusal.trouble], _("The key was not tried."))
        return
    heard = sending.send(account, 1, lambda gateway: {"": gateway.try_key()})
    yield _told(account, heard.answers[""])
    if heard.answers[""].trouble is None:
        yield _exists(account)


def _exists(account: GatewayAccount) -> Line:
    gateway, account_id, row_id = accounts.open_account(account), account.account_id, account.id
    db.session.rollback()
    status = gateway.check_account()
    if status is not AccountStatus.UNKNOWN:
        accounts.note_verified(row_id, is_there=status is AccountStatus.EXISTS)
    if status is AccountStatus.EXISTS:
        return Line(State.OK, _("The account %(account)s exists.", account=account_id))
    if status is AccountStatus.UNKNOWN:
        text = _("Whether the account exists could not be asked.")
        return Line(State.NOTE, text, _("Try again."))
    missing = _("The account %(account)s is missing.", account=account_id)
    malformed = _("The account %(account)s is malformed.", account=account_id)
    text = missing if status is AccountStatus.MISSING else malformed
    return Line(State.WRONG, text, _("Correct its name."))


def _told(account: GatewayAccount, answer: Answer) -> Line:
    if answer.outcome is Outcome.NOT_FOUND:
        return Line(State.OK, _("The key is taken for %(account)s.", account=account.account_id))
    if answer.trouble is None:
        text = _("The bank has a payment that nobody made.")
        return Line(State.WRONG, text, _("Is it the bank?"))
    why = wording.TROUBLE[answer.trouble]
    if answer.says:
        why = joined(why, answer.says, by=" ")
    text = _("The key is not proven. %(trouble)s", trouble=why)
    usual = _("The bank's code: %(code)s.", code=answer.code or answer.http_status or _("none"))
    return Line(State.WRONG, text, _TO_DO.get(answer.trouble, usual))


def _token_days(account: GatewayAccount) -> Iterator[Line]:
    ends = account.token_expires_at
    if ends is None:
        yield Line(State.NOTE, _("The key does not say when it ends."))
        return
    days = (ends - clock.now()).days
    if days >= KEY_ENDS_SOON_DAYS:
        yield Line(State.OK, _("The key lives %(days)s days more.", days=days))
    elif account.token_email and days >= 0:
        text = _("The key ends in %(days)s days.", days=days)
        yield Line(State.NOTE, text, _("The worker renews it: is it up?"))
    else:
        ends_soon = _("The key ends in %(days)s days.", days=days)
        text = ends_soon if days >= 0 else _("The key has ended.")
        yield Line(State.WRONG, text, f"flask set-token {account.account_id}")
