"""From an enterprise to its certificate: onboard, order, pay, hand in papers, download; or take it back."""

from __future__ import annotations

import functools

from simulations.environment import Steps
from simulations.journeys.holding import complete
from simulations.journeys.ordering import downloaded, paid
from simulations.journeys.way import GaveUp, Way, as_oneself


def certificate(way: Way) -> Steps:
    person = way.person
    person.follow_zones()
    way.stage.log("zone joined")
    person.onboard()
    way.reached("onboarded")
    if way.persona.dealings.cancels:
        yield from _second_thoughts(way)
    for attempt in (1, 2):
        years = 1 if way.choice < 0.8 else 3
        yield from as_oneself(way, functools.partial(_order, way, years))
        way.reached("ordered")
        yield way.stage.wait(30)
        yield from paid(way, person.order_id)
        way.reached("paid")
        yield way.pause()
        person.attach()
        yield from way.until(lambda: person.order_status() in ("awaiting_download", "rejected"))
        if person.order_status() == "awaiting_download":
            yield from _download(way)
            return
        if attempt == 2 or not way.persona.conduct.resubmits:
            break
        yield way.pause()
    way.stage.log("order rejected for good")
    raise GaveUp


def _order(way: Way, years: int) -> str:
    """The id of an order for the enterprise's certificate."""
    return str(way.person.order(agency_id=way.agency_id, years=years)["id"])


def _download(way: Way) -> Steps:
    way.person.certificate_id = yield from downloaded(way, way.person.order_id)
    yield from complete(way)
    way.reached("downloaded")
    yield way.pause()


def _second_thoughts(way: Way) -> Steps:
    """Somebody takes back what they have just paid for, and gets their money back."""
    person = way.person
    order_id = yield from as_oneself(way, lambda: _order(way, 1))
    yield way.stage.wait(30)
    yield from paid(way, order_id)
    yield way.pause()
    yield from as_oneself(way, lambda: person.cancel_order(order_id))
    way.stage.log("order taken back")
    yield way.pause()
