"""The audit log's words for people: who, about what, and each detail by its name and value.

The log keeps short words that never change, such as "manager:maly" and "kind": what a reader
is told of them stands here. What is not in a table is shown as it was written.
"""

import re
from collections.abc import Callable, Iterator

from pos.models import AlertKind, Deed
from pos.models.alert import Channel, Severity
from pos.models.audit import Detail
from pos.permissions import Role
from pos.reports.office import alert_words
from pos.reports.wording import DISPUTE_DEED, DISPUTE_KIND, DISPUTE_STATUS, ROLE
from pos.words import Words, _

PROGRAMS: dict[str, Words] = {
    "operator": _("The operator"),
    "nobody": _("Nobody logged in"),
    "worker": _("The program itself"),
}
"""Who did it, where it was no person of the shop."""

DETAIL: dict[str, Words] = {
    "was": _("before"),
    "now": _("now"),
    "first": _("from"),
    "last": _("to"),
    "kind": _("kind"),
    "why": _("why"),
    "status": _("answer"),
    "role": _("role"),
    "address": _("address"),
    "label": _("label in the QR"),
    "channel": _("sent by"),
    "least": _("told about"),
    "asks": _("asks for tips"),
    "amount": _("amount"),
    "reference": _("reference"),
    "agreed": _("agreed"),
    "scopes": _("may"),
    "owner": _("for"),
    "token": _("token number"),
    "topics": _("told of"),
    "webhook": _("webhook number"),
    "event": _("event"),
    "taken_at": _("taken at"),
    "asked": _("QRs asked about again"),
    "lost": _("lost numbers"),
}
"""What a detail is called, in the order in which they are told."""

_VALUE: dict[str, dict[str, Words]] = {
    "kind": {
        "password": _("with the password"),
        "PIN": _("with the PIN"),
        "password and code": _("with password and code"),
        "bakong": Words("Bakong"),
        "payway": Words("ABA PayWay"),
        **{str(one): Words(text) for one, text in DISPUTE_KIND.items()},
        **{str(one): Words(text) for one, text in DISPUTE_DEED.items()},
    },
    "role": {str(one): text for one, text in ROLE.items()},
    "status": {
        "403": _("not allowed (403)"),
        "404": _("not there (404)"),
    },
    "channel": {str(Channel.EMAIL): _("E-mail"), str(Channel.TELEGRAM): Words("Telegram")},
    "least": {
        str(Severity.NOTE): _("everything"),
        str(Severity.WARNING): _("warnings and alarms"),
        str(Severity.ALARM): _("alarms alone"),
    },
    "now": {
        "retired": _("retired"),
        "in use": _("in use"),
        "key: a new one": _("a new key"),
        "bakong": Words("Bakong"),
        "payway": Words("ABA PayWay"),
    },
}

_OF_A_DISPUTE = frozenset({Deed.DISPUTE_OPENED, Deed.DISPUTE_EVIDENCE, Deed.DISPUTE_ENDED})
_STATUS = {str(one): Words(text) for one, (text, _tone) in DISPUTE_STATUS.items()}

_ABOUT: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Words]], ...] = (
    (re.compile(r"dispute (\d+)"), lambda at: _("Dispute %(number)s", number=at[1])),
    (re.compile(r"refund (\d+)"), lambda at: _("Refund %(number)s", number=at[1])),
    (
        re.compile(r"PIN of (\S+), at (.+)"),
        lambda at: _("PIN of %(name)s, at %(place)s", name=at[1], place=at[2]),
    ),
    # As older entries have it, which nobody may change.
    (
        re.compile(r"PIN of (\w+), till (\d+)"),
        lambda at: _("PIN of %(name)s, at till number %(number)s", name=at[1], number=at[2]),
    ),
    (
        re.compile(r"PIN of (\w+), device (\d+)"),
        lambda at: _("PIN of %(name)s, at device number %(number)s", name=at[1], number=at[2]),
    ),
    (
        re.compile("(" + "|".join(map(str, AlertKind)) + r")\b.*"),
        lambda at: alert_words.TITLE[AlertKind(at[1])],
    ),
)


def person(who: str) -> tuple[str, str]:
    """Return the name and the role of who did something; no role for a program."""
    role, _colon, name = who.rpartition(":")
    if role in set(Role):
        return name, ROLE[Role(role)]
    return (PROGRAMS.get(name, name), role)


def whole(who: str) -> str:
    """Return who did something as one text, such as "maly, Manager"."""
    name, role = person(who)
    return Words("%(name)s, %(role)s", name=name, role=role) if role else name


def about(text: str) -> str:
    """Return what a deed was about, in words."""
    for pattern, say in _ABOUT:
        found = pattern.fullmatch(text)
        if found is not None:
            return say(found)
    return text


def details(deed: str, told: dict[str, Detail]) -> Iterator[tuple[str, str]]:
    """Name what is known, in the order of the list above; what is empty says nothing."""
    order = list(DETAIL)
    for key in sorted(told, key=lambda key: (order.index(key) if key in DETAIL else 99, key)):
        if told[key] not in ("", None):
            yield DETAIL.get(key, key), _told(deed, key, told[key])


def _told(deed: str, key: str, value: Detail) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    if deed in _OF_A_DISPUTE and text in _STATUS:
        return _STATUS[text]
    if deed == Deed.PERSON_CHANGED:
        return _name_and_role(text)
    if key == "why":
        # What was refused is kept as the sentence that was said.
        return Words(text.replace("%", "%%"))
    return _VALUE.get(key, {}).get(text, text)


def _name_and_role(text: str) -> str:
    name, _comma, role = text.rpartition(", ")
    if role not in set(Role):
        return text
    return Words("%(name)s, %(role)s", name=name, role=ROLE[Role(role)])
