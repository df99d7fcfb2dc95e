"""Services that somebody orders beside certificates: paid, left unpaid, renewed, given up (PAY-2).

What somebody does is drawn up front from a stream of their own, so that a scenario in which more people
order services meets the same people in everything else.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from simulations.environment import Steps
from simulations.journeys.way import Way, as_oneself
from simulations.shares import Services


def services(way: Way) -> Steps:
    """Whatever this person orders, one after the other."""
    rules = way.rules.services
    if rules is None:
        return
    names = list(Services.model_fields)
    draws = way.stage.stream("services", way.persona.index).random(len(names) + 3).tolist()
    does = {name for name, draw in zip(names, draws, strict=False) if draw < getattr(rules, name)}
    taste = draws[len(names) :]
    for (name, category, own), choice in zip(
        (
            ("information", "information", False),
            ("own", "information", True),
            ("platform", "platform", False),
        ),
        taste,
        strict=True,
    ):
        if name in does:
            yield way.pause()
            yield from _ordered(way, does, category, choice, own=own)


def _ordered(way: Way, does: set[str], category: str, choice: float, *, own: bool) -> Steps:
    person = way.person
    offered = person.services_for(category, "person" if own else "enterprise")
    if not offered:
        return
    service = offered[int(choice * len(offered))]
    terms = service["terms"]
    months = int(terms[int(choice * 97 % len(terms))]["months"])
    quantity = 1 + int(choice * 31) % min(3, int(service["most"]))
    service_id = str(service["service_id"])
    order_id = person.order_service(service_id, months, own=own, quantity=quantity)
    way.stage.log("service ordered")
    if "never_pays" in does:
        way.stage.log("service left unpaid")
        return
    if "takes_back" in does:
        yield way.pause()
        person.cancel_service(order_id)
        way.stage.log("service taken back")
        order_id = person.order_service(service_id, months, own=own, quantity=quantity)
    if not (yield from _paid(way, order_id)):
        return
    if "renews" in does:
        later = person.order_service(service_id, months, own=own, quantity=quantity)
        if (yield from _paid(way, later)):
            way.stage.log("service renewed")
            order_id = later
    if "gives_up" in does:
        yield way.pause()
        yield from as_oneself(way, lambda: person.give_up_service(order_id))
        way.stage.log("service given up")


def _paid(way: Way, order_id: str) -> Generator[simpy.Event, Any, bool]:
    """Pay, and wait until that is known; an order can lapse before it is."""
    person = way.person
    yield way.stage.wait(40)
    yield from as_oneself(way, lambda: person.pay_service(order_id))
    yield from way.until(lambda: person.service_status(order_id) != "awaiting_payment")
    way.stage.log("service paid")
    return person.service_status(order_id) == "active"
