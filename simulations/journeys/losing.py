"""A phone that can't be found and a PIN that can't be remembered (CRT-3, CRT-4)."""

from __future__ import annotations

from engine.issuing import proofs
from simulations.environment import Steps
from simulations.journeys.joining import proved
from simulations.journeys.succeeding import replaced
from simulations.journeys.trading import sign_in_by_scan
from simulations.journeys.way import Way, as_oneself

# More than any CA lets be made.
_MOST_TRIES = 10


def lost(way: Way) -> Steps:
    """Who misses their phone holds the certificate; most find it, and prove their name to resume it.

    The others have it replaced on another phone, or give it up.
    """
    rules, person = way.rules.behaviour, way.person
    misses, finds = way.stage.stream("missing", way.persona.index).random(2).tolist()
    if misses >= rules.misses_phone or person.certificate_status() != "active":
        return
    person.suspend_certificate()
    way.stage.log("certificate held")
    yield way.pause()
    if finds < rules.finds_phone:
        person.prove_name("alipay")
        yield way.stage.wait(60)
        person.resume_certificate()
        way.stage.log("certificate resumed")
        return
    if way.persona.dealings.replaces:
        yield from replaced(way, "lost_phone")
        return
    yield from as_oneself(way, lambda: person.revoke_certificate("keyCompromise"))
    way.stage.log("certificate revoked")


def forgets(way: Way) -> Steps:
    """Who forgets the PIN tries until it is locked, and proves their name; some remember it then."""
    person, dealings = way.person, way.persona.dealings
    if not dealings.forgets_pin or person.certificate_status() != "active":
        return
    yield from _locked(way)
    yield from proved(way, "alipay")
    person.unlock_pin()
    way.stage.log("PIN unlocked")
    yield way.pause()
    if dealings.remembers_pin:
        yield from sign_in_by_scan(way)
    else:
        yield from replaced(way, "forgotten_pin")


def _locked(way: Way) -> Steps:
    person = way.person
    _, qr_text = person.show_login_qr()
    for number in range(_MOST_TRIES):
        yield way.stage.wait(10)
        try:
            person.scan_and_confirm(qr_text, pin=f"{739164 + 7 * number}")
        except proofs.WrongPin:
            way.stage.log("wrong PIN")
        except proofs.PinLocked:
            way.stage.log("PIN locked")
            return
