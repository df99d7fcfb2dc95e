"""What a simulated person does, from the first SMS to a sealed contract and an invoice.

Each step goes through the doors of `people.Person`. Waiting is looking again after a while, as people do.
Whatever a person does wrong was drawn up front (`personas.Conduct`), and the engine's refusal of it is
part of the journey; a refusal that nobody expects ends it and is counted by `environment.journey`.
"""

from __future__ import annotations

from simulations.environment import Stage, Steps
from simulations.journeys.acting import further
from simulations.journeys.besides import besides
from simulations.journeys.billing import billing
from simulations.journeys.certifying import certificate
from simulations.journeys.colleagues import colleague
from simulations.journeys.contracting import contract
from simulations.journeys.joining import claim, prove, register
from simulations.journeys.keeping import borrowed_stamp, seals
from simulations.journeys.leaving import farewell, fright
from simulations.journeys.losing import forgets, lost
from simulations.journeys.lying import second_account
from simulations.journeys.sending import files_sent
from simulations.journeys.subscribing import services
from simulations.journeys.succeeding import changed, renewed
from simulations.journeys.trading import bind, invoice
from simulations.journeys.way import GaveUp, Market, Way, market_of
from simulations.personas import Persona

__all__ = ["GaveUp", "Market", "Way", "enterprise_journey", "market_of"]


def enterprise_journey(stage: Stage, persona: Persona) -> Steps:
    """The whole way of one person and their enterprise."""
    way = Way(stage, persona)
    try:
        yield from register(way)
        yield from prove(way)
        yield from second_account(way)
        yield from fright(way)
        yield from claim(way)
        yield from colleague(way)
        yield from certificate(way)
        yield from bind(way)
        yield from invoice(way)
        if persona.role == "supplier":
            market_of(stage).suppliers.append(way.person)
        elif way.signs:
            yield from contract(way)
        yield from besides(way)
        yield from services(way)
        billing(way)
        yield from seals(way)
        yield from borrowed_stamp(way)
        yield from further(way)
        if persona.role != "supplier":
            yield from files_sent(way)
            # A supplier signs what others order later, with the certificate that they have.
            yield from changed(way)
            yield from forgets(way)
            yield from lost(way)
        yield from renewed(way)
    except GaveUp:
        yield from farewell(way)
