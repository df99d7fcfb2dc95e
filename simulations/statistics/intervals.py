"""Intervals: of a mean over replications, of a paired difference, of a share, of one long run's mean.

One number a replication: numbers of one run depend on each other, and an interval made of them as if
they did not held the truth in 17 of 100 cases (`simulation.md` 6). Too few values are refused by name
and never guessed around.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from engine.kernel import errors
from simulations.statistics import student

CONFIDENCE = 0.95
# Where the search for a number of replications ends.
_MOST = 1_000_000


class TooFewValues(errors.InvalidInput):
    """An interval needs at least {needed} values and there are {found}. Run more replications."""


class NotPaired(errors.InvalidInput):
    """The two series are compared pair by pair, and they have {first} and {second} values."""


class NotNumbers(errors.InvalidInput):
    """A value is missing or is no number, so that nothing can be said of the mean."""


class NothingToBeWithin(errors.InvalidInput):
    """The mean is zero: a share of it says nothing. Ask for replications by an absolute width."""


class ShareWrong(errors.InvalidInput):
    """There are {found} of {of}: a share needs a part that is not larger than the whole, and a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean of `n` values with its confidence interval."""

    mean: float
    low: float
    high: float
    n: int
    confidence: float = CONFIDENCE

    @property
    def half_width(self) -> float:
        """How far the interval reaches to its farther side."""
        return max(self.high - self.mean, self.mean - self.low)

    @property
    def relative(self) -> float:
        """The half width as a share of the mean; infinite where the mean is zero."""
        return math.inf if self.mean == 0 else self.half_width / abs(self.mean)

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.low <= value <= self.high

    @property
    def differs(self) -> bool:
        """Of a difference: whether zero lies outside, so that chance alone would be a rare reason."""
        return not self.holds(0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The mean of values, their standard deviation and how many there are."""

    mean: float
    deviation: float
    n: int

    @property
    def standard_error(self) -> float:
        """The standard deviation of the mean."""
        return self.deviation / math.sqrt(self.n)


def spread(values: Sequence[float], *, needed: int = 2) -> Spread:
    """Mean and standard deviation, numerically careful.

    Raises: TooFewValues, NotNumbers.
    """
    n = len(values)
    if n < needed:
        raise TooFewValues(needed=needed, found=n)
    if not all(math.isfinite(value) for value in values):
        raise NotNumbers()
    mean = math.fsum(values) / n
    squares = math.fsum((value - mean) ** 2 for value in values)
    return Spread(mean=mean, deviation=math.sqrt(squares / (n - 1)), n=n)


def mean_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """The mean of independent values, one a replication, with Student's t interval.

    Raises: TooFewValues, NotNumbers.
    """
    found = spread(values)
    reach = student.quantile(confidence, found.n - 1) * found.standard_error
    return _around(found.mean, reach, found.n, confidence)


def _around(mean: float, reach: float, n: int, confidence: float) -> Interval:
    return Interval(mean=mean, low=mean - reach, high=mean + reach, n=n, confidence=confidence)


def paired_difference(
    first: Sequence[float], second: Sequence[float], confidence: float = CONFIDENCE
) -> Interval:
    """The mean of second minus first, replication by replication.

    Both met the same people (common random numbers), so that what the two have in common cancels.
    Raises: NotPaired, TooFewValues, NotNumbers.
    """
    if len(first) != len(second):
        raise NotPaired(first=len(first), second=len(second))
    return mean_interval([b - a for a, b in zip(first, second, strict=True)], confidence)


def difference(
    first: Sequence[float], second: Sequence[float], confidence: float = CONFIDENCE
) -> Interval:
    """The mean of second minus that of first, of series that have nothing in common (Welch).

    The degrees of freedom are rounded down, which makes the interval a little too wide.
    Raises: TooFewValues, NotNumbers.
    """
    a, b = spread(first), spread(second)
    one, two = a.standard_error**2, b.standard_error**2
    error = math.sqrt(one + two)
    freedom = a.n + b.n - 2
    if error:
        freedom = max(1, int((one + two) ** 2 / (one**2 / (a.n - 1) + two**2 / (b.n - 1))))
    reach = student.quantile(confidence, freedom) * error
    return _around(b.mean - a.mean, reach, min(a.n, b.n), confidence)


def proportion_interval(found: int, of: int, confidence: float = CONFIDENCE) -> Interval:
    """A share with Wilson's score interval, which stays within 0 and 1 and is not empty at either end.

    For counts of independent things: shares of one run's cases, which wait in one queue, are not.
    Raises: ShareWrong.
    """
    if of < 1 or not 0 <= found <= of:
        raise ShareWrong(found=found, of=of)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = found / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # At either end the bound is exact, and floats are not.
    low = 0.0 if found == 0 else max(0.0, centre - reach)
    high = 1.0 if found == of else min(1.0, centre + reach)
    return Interval(mean=share, low=low, high=high, n=of, confidence=confidence)


def batch_means(
    values: Sequence[float], batches: int = 20, confidence: float = CONFIDENCE
) -> Interval:
    """The mean of one long run, cut into batches whose means hardly depend on each other.

    What does not fill a batch is left out at the beginning, where the run is least settled.
    Raises: TooFewValues when a batch would hold fewer than two values.
    """
    size = len(values) // max(2, batches)
    if size < 2:
        raise TooFewValues(needed=2 * max(2, batches), found=len(values))
    settled = values[len(values) - size * batches :]
    means = [
        math.fsum(settled[start : start + size]) / size for start in range(0, size * batches, size)
    ]
    return mean_interval(means, confidence)


def replications_needed(
    values: Sequence[float], within: float, confidence: float = CONFIDENCE
) -> int:
    """How many replications bring the half width to `within` (a share) of the mean.

    `values` are those of a pilot; with few of them the answer itself is uncertain. Never fewer than two.
    Raises: TooFewValues, NotNumbers, NothingToBeWithin, ValueError for a share that is not positive.
    """
    if within <= 0:
        raise ValueError("a positive share of the mean")
    found = spread(values)
    if found.deviation == 0:
        return 2
    if found.mean == 0:
        raise NothingToBeWithin()
    return replications_for(found.deviation, within * abs(found.mean), confidence)


def replications_for(deviation: float, reach: float, confidence: float = CONFIDENCE) -> int:
    """How many values with this standard deviation make an interval of at most ± `reach`."""

    def enough(n: int) -> bool:
        return student.quantile(confidence, n - 1) * deviation / math.sqrt(n) <= reach

    low, high = 1, 2
    while not enough(high):
        low, high = high, high * 2
        if high > _MOST:
            return _MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
