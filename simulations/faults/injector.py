"""What decides at each site of a run whether it fires now, and counts both.

Both phases depend on the run's seed, the site and a key of the matter alone; a key that comes again is
another occasion, so that a call which failed does not fail for ever.
"""

from __future__ import annotations

import collections
from typing import Any

from engine.providers.store import chance
from simulations.faults.plan import FaultPlan
from simulations.faults.sites import SITES


class Injector:
    """The faults of one run."""

    def __init__(self, plan: FaultPlan, seed: int) -> None:
        self._seed = seed
        firings = plan.firings()
        self.planned = tuple(firings)
        self._fires = {
            name: firing.fires
            for name, firing in firings.items()
            if chance(name, f"{seed}/fault on") < firing.on
        }
        self.considered: collections.Counter[str] = collections.Counter()
        self.fired: collections.Counter[str] = collections.Counter()
        self._asked: collections.Counter[tuple[str, str]] = collections.Counter()

    def __bool__(self) -> bool:
        """Whether anything can fail in this run."""
        return bool(self._fires)

    def on(self, *names: str) -> bool:
        """Whether any of these sites is switched on in this run."""
        return any(name in self._fires for name in names)

    def strikes(self, site: str, key: str) -> bool:
        """Whether a site fires now; asked again with the same key it is another occasion."""
        fires = self._fires.get(site)
        if fires is None:
            return False
        turn = self._asked[site, key]
        self._asked[site, key] += 1
        self.considered[site] += 1
        struck = self.draw(site, f"{key}|{turn}") < fires
        self.fired[site] += struck
        return struck

    def spared(self, site: str) -> None:
        """What a site did had no effect: it counts as not fired."""
        self.fired[site] -= 1

    def draw(self, site: str, key: str) -> float:
        """A number in [0, 1) for a matter of a site, such as how late something comes."""
        return chance(key, f"{self._seed}/fault/{site}")

    def report(self) -> dict[str, dict[str, Any]]:
        """Site → whether it was planned and switched on, how often it was asked, how often it fired."""
        return {
            name: {
                "planned": name in self.planned,
                "on": name in self._fires,
                "considered": self.considered[name],
                "fired": self.fired[name],
            }
            for name in SITES
        }
