"""From an enterprise to its certificate: onboard, order, pay, hand in papers, download."""

from __future__ import annotations

from simulations.environment import Steps
from simulations.journeys.holding import complete
from simulations.journeys.way import GaveUp, Way, as_oneself


def certificate(way: Way) -> Steps:
    person = way.person
    person.follow_zones()
    way.stage.log("zone joined")
    person.onboard()
    way.reached("onboarded")
    for attempt in (1, 2):
        years = 1 if way.choice < 0.8 else 3
        person.order(agency_id=way.agency_id, years=years)
        way.reached("ordered")
        yield way.stage.wait(30)
        yield from as_oneself(way, person.pay)
        yield from way.until(lambda: person.order_status() != "awaiting_payment")
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


def _download(way: Way) -> Steps:
    person = way.person
    yield way.pause()
    yield from as_oneself(way, person.request_certificate)
    yield way.stage.wait(5)
    while not person.activate():
        yield way.stage.wait(60)
    yield from complete(way)
    way.reached("downloaded")
    yield way.pause()
