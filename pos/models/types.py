"""Column types that keep the house's rules: aware times, whole minor units, known words."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, Dialect, Enum, String
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from pos import clock


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept as whole milliseconds since 1970; naive times are refused.

    One integer on both databases: it sorts, indexes and compares the same on each, and a
    millisecond is what KHQR and the gateways write.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """Return the milliseconds to store; ValueError for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time has no place in the books")
        return clock.epoch_ms(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        """Return the instant as aware UTC."""
        return None if value is None else clock.from_epoch_ms(value)


def word(kind: type[StrEnum]) -> Enum:
    """Return a text column type that holds only the words of one StrEnum."""
    return Enum(
        kind,
        native_enum=False,
        validate_strings=True,
        length=32,
        values_callable=lambda words: [str(one) for one in words],
    )


Minor = Annotated[int, mapped_column(BigInteger)]
"""An amount in minor units; its currency stands in the column beside it."""

Name = Annotated[str, mapped_column(String(64))]
"""A short text that a person reads."""

Reference = Annotated[str, mapped_column(String(128))]
"""A number or code that came from outside."""

Instant = Annotated[datetime, mapped_column(UTCDateTime)]
"""An aware instant."""
