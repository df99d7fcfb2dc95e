"""Outside parties that are away for a stretch of time: whoever calls them then finds nobody.

Unlike a first call that fails (`faults`), a window belongs to the party and not to the call: everything
that waits for it waits until it is over.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, cast

from engine.boot import World
from engine.kernel import clock, errors, ports
from simulations.scenario import Moment, Outage, Scenario


@dataclasses.dataclass(frozen=True)
class Away:
    """A party behind its windows; its other attributes are its own."""

    party: Any
    now: Callable[[], int]
    spans: tuple[tuple[int, int], ...]
    calls: frozenset[str]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.party, name)
        if name not in self.calls:
            return found

        def guarded(*args: Any, **kwargs: Any) -> Any:
            if any(start <= self.now() < end for start, end in self.spans):
                raise errors.ProviderUnavailable()
            return found(*args, **kwargs)

        return guarded


# What is asked of each party from outside; what it tells of itself, such as a CA's chain, is at hand.
_CALLS = {
    "sms": frozenset({"send"}),
    "real_name": frozenset({"check"}),
    "register": frozenset({"check"}),
    "agency": frozenset({"issue"}),
    "tax": frozenset({"issue", "reverse", "outcome", "list_of", "print_paper"}),
    "courier": frozenset({"order", "track"}),
}


def instant(scenario: Scenario, moment: Moment) -> int:
    """A moment of a scenario in UTC milliseconds."""
    return scenario.start_ms + (moment.day - 1) * clock.DAY + round(moment.hour * clock.HOUR)


def spans(scenario: Scenario, party: str, label: str = "") -> tuple[tuple[int, int], ...]:
    """When a party is away: half-open spans of UTC milliseconds."""
    return tuple(
        (instant(scenario, one.start), instant(scenario, one.end))
        for one in scenario.providers.outages
        if one.party == party and one.label in ("", label)
    )


def with_windows(world: World, scenario: Scenario) -> World:
    """The world with its outside parties away when the scenario says so.

    Raises: UnknownParty for a label that the world does not have.
    """
    outages = scenario.providers.outages
    if not outages:
        return world
    found = world.ports
    _require_known(outages, found)

    def behind(party: object, name: str, label: str = "") -> Any:
        closed = spans(scenario, name, label)
        return Away(party, world.engine.now, closed, _CALLS[name]) if closed else party

    return dataclasses.replace(
        world,
        ports=dataclasses.replace(
            found,
            sms=cast(ports.SmsGateway, behind(found.sms, "sms")),
            register=cast(ports.EnterpriseRegister, behind(found.register, "register")),
            tax=cast(ports.TaxService, behind(found.tax, "tax")),
            courier=cast(ports.Courier, behind(found.courier, "courier")),
            real_name={
                label: behind(party, "real_name", label) for label, party in found.real_name.items()
            },
            agencies={
                label: behind(party, "agency", label) for label, party in found.agencies.items()
            },
        ),
    )


class UnknownParty(errors.ConfigurationError):
    """An outage names “{label}”, and the world has no such outside party."""


def _require_known(outages: Sequence[Outage], found: ports.Ports) -> None:
    labels = {"real_name": set(found.real_name), "agency": set(found.agencies)}
    for one in outages:
        if one.label and one.label not in labels[one.party]:
            raise UnknownParty(file="", problem="", label=one.label)
