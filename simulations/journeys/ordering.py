"""An order of any kind, from placing it to the certificate on the phone, as its platform asks."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from simulations.environment import Steps
from simulations.journeys.way import Way, as_oneself

_IN_REVIEW = ("platform_review", "agency_review")


def ordered(
    way: Way, named: str, place: Callable[[], str]
) -> Generator[simpy.Event, Any, str | None]:
    """The id of an order that can be downloaded; once more after a no, where this person tries again."""
    for attempt in (1, 2):
        order_id = yield from as_oneself(way, place)
        way.stage.log(f"{named} ordered")
        if (yield from _approved(way, order_id)):
            return order_id
        way.stage.log(f"{named} rejected")
        if attempt == 1:
            if not way.persona.conduct.resubmits:
                break
            yield way.pause()
    return None


def _approved(way: Way, order_id: str) -> Generator[simpy.Event, Any, bool]:
    """Whether an order comes to its download: paid, with its papers, before or after the reviews."""
    person = way.person
    while True:
        status = person.status_of(order_id)
        if status == "awaiting_payment":
            yield way.stage.wait(30)
            yield from paid(way, order_id)
        elif status == "awaiting_papers":
            yield way.pause()
            person.attach_to(order_id)
        elif status in _IN_REVIEW:
            yield from way.until(lambda: person.status_of(order_id) not in _IN_REVIEW)
        else:
            return status == "awaiting_download"


def paid(way: Way, order_id: str) -> Steps:
    """Pay, and wait until that is known."""
    person = way.person
    yield from as_oneself(way, lambda: person.pay_for(order_id))
    yield from way.until(lambda: person.status_of(order_id) != "awaiting_payment")


def downloaded(way: Way, order_id: str) -> Generator[simpy.Event, Any, str]:
    """The certificate of an approved order, in use on this person's phone; its id."""
    person = way.person
    yield way.pause()
    certificate_id = yield from as_oneself(way, lambda: person.request_for(order_id))
    yield way.stage.wait(5)
    while not person.take(certificate_id):
        yield way.stage.wait(60)
    return certificate_id
