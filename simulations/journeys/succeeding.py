"""A certificate that takes another's place: renewed, replaced, or changed with its enterprise (CRT-3)."""

from __future__ import annotations

import dataclasses

from engine.kernel import clock
from engine.ordering import actions as ordering
from simulations import words
from simulations.environment import Steps
from simulations.journeys.codes import NoCode, by_code
from simulations.journeys.holding import complete
from simulations.journeys.ordering import downloaded, ordered
from simulations.journeys.trading import bind_account, sign_in_by_scan
from simulations.journeys.way import GaveUp, Way, as_oneself

# Within so much of the CA's window people renew, most of them long before the end.
_RENEWS_WITHIN_MS = 60 * clock.DAY
# Not the one that was forgotten.
_NEXT_PIN = "590316"
_ON_ITS_WAY = ("in_review", "approved")
# What an enterprise of a form becomes; none gets a longer name than a certificate holds.
_BECOMES = {
    "有限责任公司": "股份有限公司",
    "股份有限公司": "集团有限公司",
    "集团有限公司": "股份有限公司",
    "有限公司": "有限责任公司",
}


def sign_in_again(way: Way) -> Steps:
    """Enter a code: the phone is new, or its session has lapsed."""
    try:
        yield from by_code(way, way.person.request_code, way.person.sign_in)
    except NoCode:
        raise GaveUp from None


def _order(way: Way, business: str, **more: object) -> str:
    """Order the successor; who is warned of files that nobody could open any more confirms it."""
    try:
        return way.person.order_successor(business, confirmed=False, **more)
    except ordering.StrandsFiles:
        way.stage.log("warned of stranded files")
        return way.person.order_successor(business, confirmed=True, **more)


def renewed(way: Way) -> Steps:
    """Somebody renews within the CA's window, where this run still sees it; the binding goes along."""
    person, dealings = way.person, way.persona.dealings
    if not dealings.renews or person.certificate_status() != "active":
        return
    at = person.renewable_from() + round(dealings.waits * _RENEWS_WITHIN_MS)
    if at >= way.stage.scenario.end_ms:
        return
    yield way.stage.wait_until(at)
    yield from sign_in_again(way)
    before = person.encryption_certificate()
    order_id = yield from ordered(way, "renewal", lambda: _order(way, "renew", years=1))
    if order_id is None:
        return
    person.certificate_id = yield from downloaded(way, order_id)
    yield from complete(way)
    if before:
        person.bring_key_over(before)
        way.stage.log("key brought over")
    way.stage.log("certificate renewed")
    yield from sign_in_by_scan(way)


def replaced(way: Way, why: str) -> Steps:
    """A new pair for the rest of the term, on a new phone or under a new PIN, and bound once more."""
    person = way.person
    before = person.encryption_certificate()
    if why == "lost_phone":
        person.change_phone()
        yield from sign_in_again(way)
    order_id = yield from ordered(way, "replacement", lambda: _order(way, "replace", why=why))
    if order_id is None:
        return
    if why == "forgotten_pin":
        person.identity = dataclasses.replace(person.identity, pin=_NEXT_PIN)
    person.certificate_id = yield from downloaded(way, order_id)
    yield from complete(way)
    way.stage.log("certificate replaced")
    yield from bind_account(way)
    if before and way.persona.dealings.recovers_key:
        reasons = {"lost_phone": "phone_lost", "forgotten_pin": "pin_forgotten"}
        yield from _recovered(way, before, reasons[why])


def _recovered(way: Way, encryption_id: str, why: str) -> Steps:
    """The old pair's encryption key comes back, once two of the CA have said yes (CRT-6)."""
    person = way.person
    yield from as_oneself(way, lambda: person.ask_recovery(encryption_id, why))
    way.stage.log("key recovery asked")
    yield from way.until(lambda: person.recovery_status() not in _ON_ITS_WAY)
    if person.recovery_status() != "divided":
        way.stage.log("key recovery refused")
        return
    person.take_recovered_key(encryption_id)
    way.stage.log("key recovered")


def changed(way: Way) -> Steps:
    """The enterprise takes another name, which ends what names the old one; a new pair is bound (ENT-4)."""
    person = way.person
    if not way.persona.dealings.changes or person.certificate_status() != "active":
        return
    name = _other_name(person.identity.enterprise)
    yield from as_oneself(way, lambda: person.change_name(name))
    way.stage.log("change asked")
    yield from way.until(lambda: person.change_status() != "in_review")
    if person.change_status() != "approved":
        way.stage.log("change refused")
        return
    person.identity = dataclasses.replace(person.identity, enterprise=name)
    order_id = yield from ordered(way, "change", lambda: _order(way, "change"))
    if order_id is None:
        return
    person.certificate_id = yield from downloaded(way, order_id)
    yield from complete(way)
    way.stage.log("certificate changed")
    yield from bind_account(way)


def _other_name(name: str) -> str:
    form = max((one for one in words.FORMS if name.endswith(one)), key=len)
    return name.removesuffix(form) + _BECOMES[form]
