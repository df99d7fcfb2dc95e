"""What queueing theory knows exactly, for the cases in which it knows it; where it does not, that is said.

Sources: Erlang (1917) for M/M/c; Pollaczek (1930) and Khinchine (1932) for M/G/1; Burke (1956) and Jackson
(1957) for queues one after the other and with returns; Kiefer and Wolfowitz (1955) for the recursion of
G/G/c. Rates and times are in any one unit; given whole numbers or fractions, probabilities and means are
exact fractions.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from engine.kernel import errors

Rate = int | float | Fraction


class NeverSettles(errors.InvalidInput):
    """More work comes than {servers} can do: the queue grows without end and has no mean."""


@dataclass(frozen=True, slots=True)
class MMc:
    """Poisson arrivals, exponential service, `servers` alike, first come first served.

    Raises: NeverSettles.
    """

    arrivals: Rate
    services: Rate
    servers: int

    def __post_init__(self) -> None:
        if self.arrivals >= self.services * self.servers:
            raise NeverSettles(servers=self.servers)

    @property
    def load(self) -> Rate:
        """The share of the time that a server is busy."""
        return self.offered / self.servers

    @property
    def offered(self) -> Rate:
        """The work that comes, in servers (Erlang)."""
        if isinstance(self.arrivals, float) or isinstance(self.services, float):
            return self.arrivals / self.services
        return Fraction(self.arrivals) / Fraction(self.services)

    @property
    def waits(self) -> Rate:
        """Erlang C: the probability that who comes has to wait."""
        # By Erlang B, one server after the other: no factorials, nothing overflows.
        blocked: Rate = 1
        for servers in range(1, self.servers + 1):
            blocked = self.offered * blocked / (servers + self.offered * blocked)
        return blocked / (1 - self.load * (1 - blocked))

    @property
    def spare(self) -> Rate:
        """The rate of service that is left beside what comes."""
        return self.services * self.servers - self.arrivals

    @property
    def wait(self) -> Rate:
        """The mean wait of everybody, those who do not wait among them."""
        return self.waits / self.spare

    @property
    def queue(self) -> Rate:
        """How many wait on average (Little)."""
        return self.arrivals * self.wait

    @property
    def stay(self) -> Rate:
        """The mean of wait and service together."""
        return self.wait + self.offered / self.arrivals

    @property
    def present(self) -> Rate:
        """How many are there on average, waiting or served."""
        return self.arrivals * self.stay

    def waits_longer(self, time: float) -> float:
        """The probability that somebody waits longer than `time`."""
        return float(self.waits) * math.exp(-float(self.spare) * time)

    def wait_quantile(self, share: float) -> float:
        """The time within which `share` of all get their turn."""
        return max(0.0, math.log(float(self.waits) / (1 - share)) / float(self.spare))


def pollaczek_khinchine(arrivals: float, mean: float, variation: float) -> float:
    """The mean wait at one server, Poisson arrivals, any service with this coefficient of variation.

    Raises: NeverSettles.
    """
    load = arrivals * mean
    if load >= 1:
        raise NeverSettles(servers=1)
    return load * mean * (1 + variation**2) / (2 * (1 - load))


def allen_cunneen(queue: MMc, arriving: float, serving: float) -> float:
    """About the mean wait of G/G/c with these coefficients of variation: approximate, never a proof."""
    return float(queue.wait) * (arriving**2 + serving**2) / 2


def one_after_the_other(first: MMc, passing: Fraction, services: Rate, servers: int) -> MMc:
    """The second of two queues, which a share of the first one's customers passes on to.

    What leaves M/M/c is again Poisson (Burke), and so is a share of it taken at random.
    """
    return MMc(first.arrivals * passing, services, servers)


def with_returns(
    arrivals: Rate, rejected: Fraction, returning: Fraction, services: Rate, servers: int
) -> MMc:
    """A queue to which those who come back join those who come (Jackson)."""
    return MMc(arrivals / (1 - rejected * returning), services, servers)


def kiefer_wolfowitz(
    arrivals: Iterable[float], services: Iterable[float], servers: int
) -> list[float]:
    """The waits of G/G/c, first come first served: exact, whatever the times are.

    `arrivals` are instants in order. A heap of when each server is free is all the state there is.
    """
    free = [0.0] * servers
    waits = []
    for comes, needs in zip(arrivals, services, strict=True):
        starts = max(comes, free[0])
        heapq.heapreplace(free, starts + needs)
        waits.append(starts - comes)
    return waits
