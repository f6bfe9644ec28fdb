"""How long something waits, or has left, in words."""

from datetime import timedelta

from pos.words import _

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def length_text(length: timedelta) -> str:
    """Return a length of time as people say it: its largest whole unit."""
    if length < _HOUR:
        return _("%(count)s min", count=max(0, length // timedelta(minutes=1)))
    if length < _DAY:
        return _("%(count)s h", count=length // _HOUR)
    days = length // _DAY
    return _("1 day") if days == 1 else _("%(count)s days", count=days)
