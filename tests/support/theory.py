"""The desk of the what-if under the conditions of queueing theory: always open, first come first served."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.kernel import clock
from simulations import streams
from simulations.scenario import Minutes
from simulations.staffing import desk
from simulations.staffing.demand import Demand, Task
from simulations.statistics.queueing import MMc

SEED = 20260602
NEVER = 1 << 50
Takes = Callable[[str, float], float]


def exponential(rate: float, kind: str, effort: float) -> float:
    """Milliseconds of an exponential service of so many an hour."""
    return Minutes(mean=60 / rate, kind="exponential").at(effort) * clock.MINUTE


def team(kinds: tuple[str, ...], count: int, takes: Takes) -> desk.Team:
    """Servers alike who never go home."""
    return desk.Team(
        name="+".join(kinds), kinds=frozenset(kinds), count=count, spans=[(0, NEVER)], takes=takes
    )


RULE = desk.Rule(due=lambda opened: opened)


@dataclass(frozen=True)
class Line:
    """Poisson arrivals of one kind and what is drawn for each: instants (ms), efforts, further chance."""

    instants: list[int]
    efforts: list[float]
    chances: list[list[float]]

    @classmethod
    def of(cls, name: str, number: int, customers: int, rate: float, *, looks: int = 1) -> Line:
        """The draws of one replication: one stream for arrivals, one for the rest."""
        gaps = streams.generator(SEED, f"{name} arrival", number).exponential(
            clock.HOUR / rate, customers
        )
        chance = streams.generator(SEED, f"{name} work", number)
        return cls(
            instants=np.rint(np.cumsum(gaps)).astype(np.int64).tolist(),
            efforts=chance.standard_normal(customers * looks).tolist(),
            chances=chance.random((customers, 8)).tolist(),
        )

    def demand(self) -> Demand:
        """One case a customer."""
        return Demand(
            [
                Task("a", delay=at, effort=effort)
                for at, effort in zip(self.instants, self.efforts, strict=True)
            ]
        )


def waits(worked: desk.Worked, kind: str = "a") -> list[float]:
    """Minutes until each case of a kind was taken, in the order in which they opened."""
    seen = sorted(
        (one for one in worked.seen if one.task.kind == kind and one.touched_at is not None),
        key=lambda one: (one.opened_at, one.place),
    )
    return [(one.touched_at - one.opened_at) / clock.MINUTE for one in seen if one.touched_at]


def one_queue(
    queue: MMc, name: str, number: int, customers: int, takes: Takes | None = None
) -> desk.Worked:
    """One replication of M/M/c, or of another service."""
    service = takes or functools.partial(exponential, float(queue.services))
    line = Line.of(name, number, customers, float(queue.arrivals))
    servers = [team(("a",), queue.servers, service)]
    return desk.run(line.demand(), servers, {"a": RULE}, begins=0, until=NEVER)
