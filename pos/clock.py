"""The time of day. Nothing else in the package reads a clock for the books.

Instants are aware UTC; the shop's calendar is Cambodia's, which has no summer time.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("Asia/Phnom_Penh")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _system_now() -> datetime:
    return datetime.now(UTC)


_read: Callable[[], datetime] = _system_now


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return _read()


def use(reader: Callable[[], datetime] | None) -> None:
    """Read the time from `reader` from now on; None goes back to the system's clock."""
    global _read
    _read = reader or _system_now


def shop_time(instant: datetime) -> datetime:
    """Return the same instant as the shop's wall clock shows it."""
    return instant.astimezone(SHOP_ZONE)


def business_date(instant: datetime, starts_hour: int = 0) -> date:
    """Return the shop's day in which the instant lies: the calendar's, or one that begins later.

    Before `starts_hour` it is still yesterday. Banks count in calendar days, so what is asked of
    them goes by those.
    """
    return shop_time(instant - timedelta(hours=starts_hour)).date()


def day_span(day: date) -> tuple[datetime, datetime]:
    """Return when a calendar day of the shop begins, and when the next one does."""
    begins = datetime.combine(day, time(), SHOP_ZONE).astimezone(UTC)
    return begins, begins + timedelta(days=1)


def epoch_ms(instant: datetime) -> int:
    """Return the instant as whole milliseconds since 1970, as KHQR and the gateways write it."""
    delta = instant - _EPOCH
    return delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000


def from_epoch_ms(milliseconds: int) -> datetime:
    """Return the aware UTC instant of a millisecond count; OverflowError beyond year 9999."""
    return _EPOCH + timedelta(milliseconds=milliseconds)
