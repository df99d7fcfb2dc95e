"""The only place that reads the machine's clock. UTC, whole milliseconds.

An operation reads its clock once (`op.now`). A demo world's clock is the machine's plus a shift that
only grows, kept in the database so that every process of the world agrees; a run's clock is the
simulation's. A clock set back can't revive anything: an operation never happens before the newest
event (`Engine.perform`).
"""

from __future__ import annotations

import ctypes
import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

UTC = datetime.UTC
SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# What ntp_adjtime says of a clock that nothing keeps right (TIME_ERROR), and room for its answer.
_UNSYNCHRONISED, _TIMEX_BYTES = 5, 1024
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Whatever tells the time in UTC milliseconds."""

    def now_ms(self) -> int:
        """The present instant."""

    def synchronised(self) -> bool:
        """Whether something keeps it right."""


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """The present instant."""
        return int(datetime.datetime.now(UTC).timestamp() * 1000)

    def synchronised(self) -> bool:
        """Whether a time service keeps it right, as the kernel says; no where it is silent."""
        try:
            state = ctypes.CDLL(None).ntp_adjtime(ctypes.create_string_buffer(_TIMEX_BYTES))
        except (AttributeError, OSError):
            return False
        return 0 <= int(state) < _UNSYNCHRONISED


class ManualClock:
    """A clock that stands still until it is set: tests and simulations own it."""

    def __init__(self, now_ms: int, *, synchronised: bool = True) -> None:
        self._now_ms, self._synchronised = now_ms, synchronised

    def now_ms(self) -> int:
        """The instant it was last set to."""
        return self._now_ms

    def synchronised(self) -> bool:
        """As its owner said."""
        return self._synchronised

    def set(self, now_ms: int) -> None:
        """Move to `now_ms`, which is never earlier than the present."""
        self._now_ms = max(self._now_ms, now_ms)

    def advance(self, by_ms: int) -> None:
        """Move forward by `by_ms` milliseconds."""
        self.set(self._now_ms + by_ms)


def to_datetime(at_ms: int) -> datetime.datetime:
    """An instant as an aware UTC datetime."""
    return datetime.datetime.fromtimestamp(at_ms / 1000, UTC)


def from_datetime(moment: datetime.datetime) -> int:
    """An aware datetime as UTC milliseconds."""
    # Whole numbers throughout: a float second loses the last millisecond of some instants.
    return (moment - _EPOCH) // datetime.timedelta(milliseconds=1)


def civil_date(at_ms: int) -> datetime.date:
    """The business date of an instant: its date in Shanghai."""
    return datetime.datetime.fromtimestamp(at_ms / 1000, SHANGHAI).date()


def start_of(day: datetime.date) -> int:
    """The first instant of a business date."""
    return from_datetime(datetime.datetime.combine(day, datetime.time(), SHANGHAI))
