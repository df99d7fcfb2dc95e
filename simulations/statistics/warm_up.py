"""The beginning of a run that starts empty and is not what one wants to know: how long it is, and off.

A study of one office day starts empty on purpose and has no warm-up: whoever asks says which they mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulations.statistics.intervals import NotPaired, TooFewValues

# Of how many neighbours one point of MSER-5 is the mean.
_NEIGHBOURS = 5


def removed(values: Sequence[float], warm_up: int) -> Sequence[float]:
    """The values without the first `warm_up`.

    Raises: TooFewValues when fewer than two are left.
    """
    if len(values) - warm_up < 2:
        raise TooFewValues(needed=warm_up + 2, found=len(values))
    return values[warm_up:]


def averaged(replications: Sequence[Sequence[float]]) -> list[float]:
    """The mean over replications by position: what Welch's picture of a warm-up shows.

    Raises: NotPaired when they are of different length, TooFewValues when there is none.
    """
    if not replications:
        raise TooFewValues(needed=1, found=0)
    first = len(replications[0])
    for one in replications:
        if len(one) != first:
            raise NotPaired(first=first, second=len(one))
    return [math.fsum(column) / len(column) for column in zip(*replications, strict=True)]


def suggested(values: Sequence[float]) -> int:
    """How many values to leave out by MSER-5 (White, Cobb and Spratt 2000): a whole number of fives.

    The point from which the mean of the rest has the smallest standard error; never more than the first
    half, for a run that is not settled by then is too short. Best asked of `averaged` replications.
    Raises: TooFewValues for fewer than 20 values.
    """
    if len(values) < 4 * _NEIGHBOURS:
        raise TooFewValues(needed=4 * _NEIGHBOURS, found=len(values))
    count = len(values) // _NEIGHBOURS
    points = [
        math.fsum(values[start : start + _NEIGHBOURS]) / _NEIGHBOURS
        for start in range(0, count * _NEIGHBOURS, _NEIGHBOURS)
    ]
    best, lowest = 0, math.inf
    total = squares = 0.0
    # From the end, so that each point is met once.
    for start in range(count - 1, -1, -1):
        total += points[start]
        squares += points[start] ** 2
        left = count - start
        if start > count // 2:
            continue
        error = (squares - total * total / left) / left**2
        if error <= lowest:
            best, lowest = start, error
    return best * _NEIGHBOURS
