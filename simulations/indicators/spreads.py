"""Spreads: how often which value was seen, so that those of many shards add up and keep their quantiles.

Values are sorted into buckets of a tenth up to 100 and of one hundredth of themselves above: a quantile is
right to that, and a million of them take as little room as a thousand.
"""

from __future__ import annotations

import collections
import math
from collections.abc import Iterable, Mapping

# Below 100 every tenth has a bucket of its own, up to 1,000 every whole one, and so on.
_FINEST = 0.1


def _bucket(value: float) -> float:
    if value <= 0:
        return 0.0
    width = _FINEST * 10.0 ** max(0, math.floor(math.log10(value)) - 1)
    return round(math.floor(value / width + 0.5) * width, 6)


class Spread:
    """Counts by bucket."""

    def __init__(self, told: Mapping[str, int] | None = None) -> None:
        self._counts: collections.Counter[float] = collections.Counter(
            {float(value): count for value, count in (told or {}).items()}
        )

    def add(self, values: Iterable[float]) -> None:
        """Count more values; none is below zero."""
        self._counts.update(map(_bucket, values))

    def merge(self, other: Spread) -> None:
        """Count what another one has counted."""
        self._counts.update(other._counts)

    @property
    def n(self) -> int:
        """How many values there are."""
        return sum(self._counts.values())

    def quantile(self, share: float) -> float:
        """The value that `share` of all do not exceed; not a number where there is none."""
        needed, seen = share * self.n, 0
        for value in sorted(self._counts):
            seen += self._counts[value]
            if seen >= needed:
                return value
        return math.nan

    def as_json(self) -> dict[str, int]:
        """The counts as a shard's file keeps them."""
        return {f"{value:g}": self._counts[value] for value in sorted(self._counts)}
