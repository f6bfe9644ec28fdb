"""Alerts in sentences, for pages and for messages."""

from collections.abc import Callable

from pos.models import Alert, AlertKind, Severity
from pos.words import Words, _

SEVERITY: dict[Severity, Words] = {
    Severity.NOTE: _("Information"),
    Severity.WARNING: _("Warning"),
    Severity.ALARM: _("Alarm"),
}

_Facts = dict[str, str | int]
_K = AlertKind

TITLE: dict[AlertKind, Words] = {
    _K.SUCCESS_RATE: _("Few QRs are paid"),
    _K.CALLBACK_TIME: _("Callbacks are handled slowly"),
    _K.QR_FAILURES: _("A QR could not be made"),
    _K.FAILED_DAILY: _("Payments that failed yesterday"),
    _K.BOOKS_DAMAGED: _("The books are damaged"),
    _K.BANK_DIFFERS: _("The bank and the books differ"),
    _K.WORKER_SILENT: _("The timed jobs stood still"),
    _K.KEY_ENDING: _("The bank's key ends soon"),
    _K.ATTENTION_OLD: _("Money waits for a decision"),
    _K.DISK_FULL: _("The disk is nearly full"),
    _K.WEBHOOK_FAILED: _("Another system is not told"),
    _K.BACKUP_OLD: _("There is no fresh backup"),
    _K.LOG_LARGE: _("The database's log grows"),
}
"""Each kind in a few words."""

_TEXT: dict[AlertKind, Callable[[_Facts], Words]] = {
    _K.SUCCESS_RATE: lambda told: _(
        "Of %(ended)s QRs that ended in the last %(minutes)s minutes, %(paid)s were paid:"
        " %(percent)s %%. Look how the bank answers.",
        **told,
    ),
    _K.CALLBACK_TIME: lambda told: _(
        "Of the last %(count)s callbacks, the slow ones took %(tenths)s seconds until the bank"
        " had answered. Payments turn green late.",
        **told,
    ),
    _K.QR_FAILURES: lambda told: _(
        "QRs that could not be made at %(account)s in the last %(minutes)s minutes: %(count)s."
        " Look whether the bank can be reached.",
        **told,
    ),
    _K.FAILED_DAILY: lambda told: _(
        "%(day)s: %(failed)s failed, %(not_made)s could not be made, %(expired)s ran out,"
        " %(paid)s paid.",
        **told,
    ),
    _K.BOOKS_DAMAGED: lambda told: _(
        "Records changed that nobody may change: %(count)s. Keep a copy of the database, and"
        " call the operator.",
        **told,
    ),
    _K.BANK_DIFFERS: lambda told: _(
        "Differences between the bank and the books on %(day)s: %(count)s. The page Reconciled"
        " names them.",
        **told,
    ),
    _K.WORKER_SILENT: lambda told: _(
        "From %(since)s to %(until)s no timed job ran: nothing was asked by itself, and no"
        " message was sent. It runs again.",
        **told,
    ),
    _K.KEY_ENDING: lambda told: _(
        "Whole days until the key of %(account)s ends: %(days)s. Without one no payment is seen.",
        **told,
    ),
    _K.ATTENTION_OLD: lambda told: _(
        "Money that has waited for a decision for more than a day: %(count)s.", **told
    ),
    _K.DISK_FULL: lambda told: _(
        "%(free)s MB are left where the shop's data lie. A full disk stops the sales.", **told
    ),
    _K.WEBHOOK_FAILED: lambda told: _(
        "Events that %(name)s does not take, given up: %(count)s. The page Webhooks says why and"
        " sends them again.",
        **told,
    ),
    _K.BACKUP_OLD: lambda told: _(
        "Hours since the last good backup: %(hours)s. The page Backups says why.", **told
    ),
    _K.LOG_LARGE: lambda told: _(
        "%(megabytes)s MB wait to be put into the database's file. Something has read it for very"
        " long: end that, or start the shop's programs anew.",
        **told,
    ),
}


def text_of(alert: Alert) -> Words:
    """Return what is wrong, as one or two sentences."""
    return _TEXT[alert.kind](alert.facts)
