"""A phone that cannot be found: the certificate is put on hold, and resumed or revoked (CRT-3)."""

from __future__ import annotations

from simulations.environment import Steps
from simulations.journeys.way import Way, as_oneself

# So many looks for the encryption certificate; what has not come by then is taken another day.
_LOOKS = 5


def complete(way: Way) -> Steps:
    """The encryption key comes onto the phone beside the signing certificate: the pair is complete."""
    for _ in range(_LOOKS):
        if way.person.complete_pair():
            way.stage.log("pair complete")
            return
        yield way.stage.wait(60)


def lost(way: Way) -> Steps:
    """Who misses their phone holds the certificate; most find it, and prove their name to resume it."""
    rules, person = way.stage.scenario.behaviour, way.person
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
    yield from as_oneself(way, lambda: person.revoke_certificate("keyCompromise"))
    way.stage.log("certificate revoked")
