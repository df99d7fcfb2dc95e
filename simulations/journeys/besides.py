"""Other certificates than the enterprise's: for an event, one's own, and a colleague's (CRT-2, ENT-3)."""

from __future__ import annotations

from simulations.environment import Steps
from simulations.journeys.ordering import downloaded, ordered
from simulations.journeys.trading import sign_in_by_scan
from simulations.journeys.way import Way, as_oneself

# Who sells an individual their own, at the platform where everybody may buy one.
_OWN_AGENCIES = ("dongfang", "huaxia")


def besides(way: Way) -> Steps:
    """What somebody buys beside the enterprise's own certificate, one after the other."""
    yield from _for_event(way)
    yield from _own(way)
    yield from _delegated(way)


def _for_event(way: Way) -> Steps:
    if not way.persona.dealings.buys_event:
        return
    agency_id = way.agency_id
    order_id = yield from ordered(
        way, "event", lambda: way.person.order_for_event(agency_id=agency_id)
    )
    if order_id is not None:
        yield from downloaded(way, order_id)
        way.stage.log("event certificate in use")


def _own(way: Way) -> Steps:
    if not way.persona.dealings.buys_individual:
        return
    agency_id = _OWN_AGENCIES[way.choice < 0.5]
    order_id = yield from ordered(
        way, "individual", lambda: way.person.order_own(agency_id=agency_id)
    )
    if order_id is not None:
        yield from downloaded(way, order_id)
        way.stage.log("individual certificate in use")


def _delegated(way: Way) -> Steps:
    """A colleague gets one under their own PIN, signs in with it, and may have to give it back."""
    dealings, theirs, person = way.persona.dealings, way.colleague, way.person
    if theirs is None or not dealings.delegates or person.certificate_status() != "active":
        return
    account_id = next(one["account_id"] for one in person.colleagues() if not one["me"])
    order_id = yield from ordered(way, "delegation", lambda: person.delegate(account_id))
    if order_id is None:
        return
    theirs.person.certificate_id = yield from downloaded(theirs, order_id)
    way.stage.log("delegated certificate in use")
    yield from sign_in_by_scan(theirs)
    if dealings.withdraws:
        yield way.pause()
        held = theirs.person.certificate_id
        yield from as_oneself(way, lambda: person.withdraw_delegation(held))
        way.stage.log("delegation withdrawn")
