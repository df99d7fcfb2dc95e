"""How long something takes: distributions by what people know of them, in minutes."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.kernel import catalog

# The 90th percentile of the standard normal distribution.
_Z90 = 1.2815515655446004
Positive = Annotated[float, Field(gt=0)]


class Minutes(catalog.Declared):
    """A duration: lognormal by `median` and `p90`, or of another kind by its `mean`.

    It is drawn as a standard normal number, whatever its kind, so that a change of the kind moves nobody
    else's draws.
    """

    median: Positive | None = None
    p90: Positive | None = None
    mean: Positive | None = None
    kind: Literal["lognormal", "exponential", "fixed", "uniform"] = "lognormal"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "lognormal":
            if self.median is None or self.p90 is None or self.mean is not None:
                raise ValueError("a lognormal duration is given by median and p90 alone")
            if self.p90 < self.median:
                raise ValueError("p90 must not lie below the median")
        elif self.mean is None or self.median is not None or self.p90 is not None:
            raise ValueError(f"a duration of kind {self.kind} is given by its mean alone")
        return self

    def at(self, normal: float) -> float:
        """The duration in minutes at a draw from the standard normal distribution."""
        if self.mean is None:
            assert self.median is not None
            return self.median * math.exp(normal * self._sigma())
        if self.kind == "fixed":
            return self.mean
        # The share of draws above this one, exact in the far tail too.
        above = math.erfc(normal / math.sqrt(2)) / 2
        if self.kind == "uniform":
            return 2 * self.mean * (1 - above)
        return -self.mean * math.log(max(above, 1e-300))

    @property
    def average(self) -> float:
        """The expected duration."""
        if self.mean is not None:
            return self.mean
        assert self.median is not None
        return self.median * math.exp(self._sigma() ** 2 / 2)

    def _sigma(self) -> float:
        assert self.median is not None
        assert self.p90 is not None
        return math.log(self.p90 / self.median) / _Z90
