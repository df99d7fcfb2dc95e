"""Somebody who acts for many: they claim one enterprise after the other, and order for each."""

from __future__ import annotations

import dataclasses

from simulations import dealings, personas
from simulations.environment import Steps
from simulations.journeys.certifying import certificate
from simulations.journeys.joining import claim
from simulations.journeys.trading import bind
from simulations.journeys.way import GaveUp, Way
from simulations.population import Enterprise


class FurtherWay(Way):
    """The way of somebody for another enterprise, on the same phone: it is counted on its own."""

    def __init__(self, way: Way, enterprise: Enterprise) -> None:
        persona = dataclasses.replace(
            way.persona,
            index=enterprise.index,
            enterprise=enterprise,
            truth=personas.Truth.HONEST,
            conduct=personas.DILIGENT,
            colleague=None,
            dealings=dealings.NONE,
            forgery=None,
            registered=None,
            further=(),
        )
        super().__init__(way.stage, persona)
        self.person.handset = way.person.handset
        self.person.acts_for_many = True

    def reached(self, milestone: str) -> None:
        """Count a milestone."""
        self.stage.log(f"for another enterprise: {milestone}")


def further(way: Way) -> Steps:
    """Whatever somebody does for the other enterprises that they act for."""
    for enterprise in way.persona.further:
        yield way.pause()
        theirs = FurtherWay(way, enterprise)
        try:
            yield from claim(theirs)
            yield from certificate(theirs)
            yield from bind(theirs)
        except GaveUp:
            way.stage.log("for another enterprise: gave up")
