"""A server's clock that is set wrong now and then, and right again within half an hour.

Only the engine reads it: the outside parties' clocks, and the people's, go right. Once an hour it is
considered; where in the hour it steps, by how much and for how long is drawn from the hour.
"""

from __future__ import annotations

from engine.kernel import clock
from simulations.faults.injector import Injector

_LONGEST_MS = 30 * clock.MINUTE
# Back as far as an administrator's slip, forward no further than what people still notice as a delay.
_FURTHEST = {"clock_back": -2 * clock.HOUR, "clock_forward": 10 * clock.MINUTE}


class UnsteadyClock:
    """`clock.Clock` over the run's own."""

    def __init__(self, true: clock.Clock, faults: Injector) -> None:
        self._true = true
        self._faults = faults
        # Hour → when it is wrong and by how much; what an hour brings may last into the next.
        self._steps: dict[int, tuple[int, int, int]] = {}

    def now_ms(self) -> int:
        """What the server's clock shows."""
        true = self._true.now_ms()
        hour = true // clock.HOUR
        for one in (hour, hour - 1):
            begins, ends, by = self._step(one)
            if begins <= true < ends:
                return true + by
        return true

    def _step(self, hour: int) -> tuple[int, int, int]:
        known = self._steps.get(hour)
        if known is None:
            known = self._steps[hour] = self._drawn(hour)
        return known

    def _drawn(self, hour: int) -> tuple[int, int, int]:
        for site, furthest in _FURTHEST.items():
            if self._faults.strikes(site, str(hour)):
                at, lasts, far = (
                    self._faults.draw(site, f"{hour}|{what}") for what in ("at", "for", "by")
                )
                begins = hour * clock.HOUR + int(at * clock.HOUR)
                # Small steps are commoner than large ones.
                return begins, begins + int(lasts * _LONGEST_MS), int(far * far * furthest)
        return 0, 0, 0

    def synchronised(self) -> bool:
        """Nothing has noticed."""
        return self._true.synchronised()
