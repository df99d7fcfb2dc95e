"""From the phone number to an enterprise: register, prove one's name, claim."""

from __future__ import annotations

from engine.registration.actions import codes
from engine.registration.actions import proofs as real_names
from simulations.environment import Steps
from simulations.journeys.way import GaveUp, Way
from simulations.people import Identity, Person
from simulations.personas import Truth


def register(way: Way) -> Steps:
    person = way.person
    request_id = person.request_code()
    yield way.stage.wait(25)
    if way.persona.conduct.wrong_code:
        code = person.read_code()
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        try:
            person.sign_in(request_id, wrong)
        except codes.CodeWrong:
            way.stage.log("wrong code")
        yield way.stage.wait(15)
    person.sign_in(request_id, person.read_code())
    way.reached("registered")
    yield way.pause()


def prove(way: Way) -> Steps:
    person, persona = way.person, way.persona
    ways = ("zhongjin", "alipay", "bankcard")
    chosen = ways[int(way.choice * 100) % 3]
    if persona.truth is Truth.WRONG_ID:
        right = person.identity
        person.identity = _with_number(right, persona.person.wrong_resident_id)
        person.prove_name(chosen)
        yield way.stage.wait(40)
        way.stage.log("name not proved")
        person.identity = right
    try:
        person.prove_name(chosen)
    except real_names.UnderAge:
        way.stage.log("under age refused")
        raise GaveUp from None
    yield from way.until(lambda: bool(person.me()["real_named"]))
    way.reached("named")
    yield way.pause()


def _with_number(identity: Identity, number: str) -> Identity:
    values = {name: getattr(identity, name) for name in identity.__dataclass_fields__}
    return Identity(**{**values, "resident_id": number})


def _newest_claim(person: Person) -> str:
    found = person.handset.door.ask("registration.my_claims", {})
    return str(found[0]["status"]) if found else ""


def claim(way: Way) -> Steps:
    person = way.person
    for attempt in (1, 2):
        person.claim()
        if attempt == 2:
            way.stage.log("claimed again")
        yield from way.until(lambda: _newest_claim(person) != "in_review")
        if person.know_enterprise():
            way.reached("claimed")
            yield way.pause()
            return
        if not way.persona.conduct.resubmits:
            break
        yield way.pause()
    way.stage.log("claim rejected for good")
    raise GaveUp
