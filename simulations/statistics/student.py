"""Quantiles of Student's t distribution for whole degrees of freedom.

The distribution function is a finite sum there (Abramowitz and Stegun, Handbook of Mathematical Functions,
26.7.3 and 26.7.4), which is inverted by halving. Nothing of a scientific library is needed for it.
"""

from __future__ import annotations

import functools
import math
from statistics import NormalDist

# From here on the normal quantile with its first three corrections (26.7.5) is good to ten digits.
_MANY = 2_000


def between(t: float, freedom: int) -> float:
    """The probability that lies between -t and t."""
    angle = math.atan2(t, math.sqrt(freedom))
    cosine, squared = math.cos(angle), math.cos(angle) ** 2
    if freedom == 1:
        return 2 * angle / math.pi
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term
    for k in range(2 + odd, freedom - 1, 2):
        term *= squared * (k - 1) / k
        total += term
    total *= math.sin(angle)
    return 2 / math.pi * (angle + total) if odd else total


@functools.lru_cache(maxsize=4096)
def quantile(confidence: float, freedom: int) -> float:
    """The t between whose negative and itself `confidence` of the distribution lies."""
    if not 0 < confidence < 1 or freedom < 1:
        raise ValueError("a confidence between 0 and 1 and at least one degree of freedom")
    if freedom > _MANY:
        return _far(NormalDist().inv_cdf((1 + confidence) / 2), freedom)
    low, high = 0.0, 1.0
    while between(high, freedom) < confidence:
        high *= 2
    # 100 halvings leave nothing between two neighbouring floats.
    for _ in range(100):
        middle = (low + high) / 2
        if between(middle, freedom) < confidence:
            low = middle
        else:
            high = middle
    return high


def _far(z: float, freedom: int) -> float:
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
