"""What the generator draws: times of day, waits, choices and ids, a whole column at a time.

The office hours are those of `engine/kernel/calendar`, as a sum over time that is looked up for a
column at once. It was made without the feed's own way of counting, so that each can check the other.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from engine.kernel import calendar, clock

Column = np.ndarray[Any, Any]

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SHANGHAI = 8 * HOUR
START = clock.from_datetime(datetime.datetime(2025, 11, 1, tzinfo=clock.SHANGHAI))
DAYS = 365
END = START + DAYS * DAY

_PER_HOUR = np.array(
    [0, 0, 0, 0, 0, 0, 1, 2, 8, 12, 12, 8, 4, 6, 8, 8, 6, 3, 2, 2, 2, 1, 1, 0], float
)
_PER_WEEKDAY = np.array([1, 1, 1, 1, 1, 0.2, 0.15])
_DIGITS = np.frombuffer(b"0123456789abcdefghijklmnopqrstuv", dtype=np.uint8)


class Chance:
    """The draws of one part of a population, all of one seed."""

    def __init__(self, *seed: int) -> None:
        self._stream = np.random.default_rng(seed)

    def happens(self, count: int, share: float) -> Column:
        """Which of `count` are among a share."""
        return self._stream.random(count) < share

    def one_of(self, count: int, weights: Sequence[float]) -> Column:
        """For each of `count` the number of a choice."""
        steps = np.cumsum(np.asarray(weights, float))
        drawn = self._stream.random(count) * steps[-1]
        return np.searchsorted(steps, drawn, side="right").astype(np.int32)

    def number(self, count: int, low: int, high: int) -> Column:
        """For each of `count` a whole number from low to high, neither outside."""
        return self._stream.integers(low, high, count, endpoint=True)

    def wait(self, count: int, median_ms: float, spread: float = 1.0) -> Column:
        """Lognormal times: half take longer than the median."""
        drawn = self._stream.lognormal(np.log(median_ms), spread, count)
        return np.clip(drawn, 1_000, 60 * DAY).astype(np.int64)

    def arrivals(self, count: int, from_day: float, to_day: float) -> Column:
        """Instants within a span of the year, thick in office hours and thin at week-ends, in order."""
        days = np.arange(int(from_day), max(int(from_day) + 1, int(np.ceil(to_day))))
        weekday = (days + 5) % 7  # 1 November 2025 was a Saturday
        # A third more by the year's end.
        weights = _PER_WEEKDAY[weekday] * (1 + days / (3 * DAYS))
        day = days[self.one_of(count, list(weights))]
        hour = self.one_of(count, list(_PER_HOUR))
        found = START + day * DAY + hour * HOUR + self._stream.integers(0, HOUR, count)
        return np.sort(found.astype(np.int64))

    def ids(self, prefix: str, made_at: Column) -> pa.StringArray:
        """Ids as `engine/kernel/ids` makes them: the time, then 80 random bits, in base32hex."""
        count, head = len(made_at), f"{prefix}_".encode()
        letters = np.empty((count, len(head) + 26), dtype=np.uint8)
        letters[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
        for place in range(10):
            letters[:, len(head) + place] = _DIGITS[(made_at >> (45 - 5 * place)) & 31]
        letters[:, len(head) + 10 :] = _DIGITS[
            self._stream.integers(0, 32, (count, 16), dtype=np.uint8)
        ]
        size = len(head) + 26
        offsets = np.arange(count + 1, dtype=np.int32) * size
        return pa.StringArray.from_buffers(
            count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))
        )


@functools.cache
def _windows() -> tuple[Column, Column, Column]:
    """Office hours from some days before the year to half a year after it, and what went before each."""
    first = clock.civil_date(START) - datetime.timedelta(days=14)
    china = calendar.china()
    found = [
        window
        for day in range(DAYS + 200)
        if (window := china.window(first + datetime.timedelta(days=day))) is not None
    ]
    starts = np.array([one[0] for one in found], dtype=np.int64)
    lengths = np.array([one[1] - one[0] for one in found], dtype=np.int64)
    return starts, lengths, np.concatenate(([0], np.cumsum(lengths)[:-1]))


def office_ms(moments: Column) -> Column:
    """Office hours that have passed until each instant, in milliseconds from a fixed beginning."""
    starts, lengths, before = _windows()
    place = np.clip(np.searchsorted(starts, moments, side="right") - 1, 0, len(starts) - 1)
    return before[place] + np.clip(moments - starts[place], 0, lengths[place])


def when_open(moments: Column) -> Column:
    """Each instant, or when the office opens next after it."""
    starts, lengths, _ = _windows()
    place = np.clip(np.searchsorted(starts, moments, side="right") - 1, 0, len(starts) - 2)
    closed = moments >= starts[place] + lengths[place]
    return np.where(closed, starts[place + 1] + (moments % (20 * MINUTE)), moments)
