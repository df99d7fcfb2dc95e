"""From the phone number to an enterprise: register, prove one's name, claim."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from typing import Any

import simpy

from engine.registration.actions import codes, proof_checks
from simulations.environment import Steps
from simulations.journeys import lying
from simulations.journeys.codes import NoCode, by_code
from simulations.journeys.way import GaveUp, Way
from simulations.people import Identity, Person
from simulations.personas import Truth

_MOST_TRIES = 5
# So often, every 20 seconds, before a code is asked for again.
_LOOKS_FOR_A_CODE = 9


_IN_REVIEW = ("in_review", "in_second_review")


def register(way: Way) -> Steps:
    person = way.person

    def mistaken(request_id: str, code: str) -> Steps:
        if not way.persona.conduct.wrong_code:
            return
        try:
            person.sign_in(request_id, f"{(int(code) + 1) % 1_000_000:06d}")
        except codes.CodeWrong:
            way.stage.log("wrong code")
        yield way.stage.wait(15)

    try:
        yield from by_code(way, person.request_code, person.sign_in, mistaken)
    except NoCode:
        raise GaveUp from None
    lying.introduce(way)
    way.reached("registered")
    yield way.pause()


def prove(way: Way) -> Steps:
    person, persona = way.person, way.persona
    ways = ("zhongjin", "alipay", "bankcard")
    chosen = int(way.choice * 100) % 3
    if persona.truth is Truth.WRONG_ID:
        right = person.identity
        person.identity = _with_number(right, persona.person.wrong_resident_id)
        proof = yield from _one_proof(way, ways[chosen])
        lying.answered(way, refused=proof["status"] == "mismatched", asked=proof["reason"])
        way.stage.log("name not proved")
        person.identity = right
    yield from proved(way, *(ways[(chosen + turn) % 3] for turn in range(3)))
    way.reached("named")
    yield way.pause()


def proved(way: Way, *ways: str) -> Steps:
    """One's name is proved by one of these ways: who finds a provider unreachable takes the next one.

    Raises: GaveUp.
    """
    persona = way.persona
    for turn in range(_MOST_TRIES):
        try:
            proof = yield from _one_proof(way, ways[turn % len(ways)])
        except proof_checks.UnderAge:
            way.stage.log("under age refused")
            lying.answered(way, refused=True)
            raise GaveUp from None
        if proof["status"] == "matched":
            if persona.truth is Truth.UNDER_AGE:
                lying.answered(way, refused=False)
            return
        way.stage.log(f"proof failed: {proof['reason']}")
        yield way.stage.wait(60)
    raise GaveUp


def _one_proof(way: Way, chosen: str) -> Generator[simpy.Event, Any, dict[str, Any]]:
    """One try, to its end; with a bank card the code from the bank's phone number completes it."""
    person = way.person
    proof, looks = person.prove_name(chosen), 0
    while proof["status"] in ("requested", "awaiting_code"):
        yield way.stage.wait(20)
        proof = person.newest_proof()
        code = person.read_bank_code()
        looks += proof["status"] == "awaiting_code" and not code
        if looks == _LOOKS_FOR_A_CODE:
            looks = 0
            way.stage.log("code did not come")
            with contextlib.suppress(*codes.CODES_REFUSED):
                person.resend_proof_code(proof["id"])
        if proof["status"] == "awaiting_code" and code:
            try:
                proof = person.complete_proof(proof["id"], code)
            except codes.CodeExpired:
                person.resend_proof_code(proof["id"])
    return proof


def _with_number(identity: Identity, number: str) -> Identity:
    values = {name: getattr(identity, name) for name in identity.__dataclass_fields__}
    return Identity(**{**values, "resident_id": number})


def _newest_claim(person: Person) -> str:
    found = person.handset.door.ask("registration.my_claims", {})
    return str(found[0]["status"]) if found else ""


def claim(way: Way) -> Steps:
    person = way.person
    yield from lying.forge(way)
    for attempt in (1, 2):
        person.claim()
        lying.leave_licence(way)
        if attempt == 2:
            way.stage.log("claimed again")
        yield from way.until(lambda: _newest_claim(person) not in _IN_REVIEW)
        if person.know_enterprise():
            way.reached("claimed")
            yield way.pause()
            return
        if not way.persona.conduct.resubmits:
            break
        yield way.pause()
    way.stage.log("claim rejected for good")
    raise GaveUp
