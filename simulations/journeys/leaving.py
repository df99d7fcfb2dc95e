"""Taking fright, and leaving: the account frozen and got back, the account cancelled (ACC-5, ACC-7)."""

from __future__ import annotations

from engine.kernel import errors
from engine.registration.model import CodePurpose
from simulations import papers
from simulations.at_pc import b64
from simulations.environment import Steps
from simulations.journeys.codes import NoCode, by_code
from simulations.journeys.way import GaveUp, Way, as_oneself

_MORE_THAN_A_MINUTE = 70


def fright(way: Way) -> Steps:
    """Somebody believes that their account is misused, freezes it, and gets it back by a fresh proof."""
    if not way.persona.conduct.takes_fright:
        return
    person, who = way.person, way.person.identity
    person.handset.door.perform("registration.report_misuse", {}, key=person.key())
    way.stage.log("account frozen")
    yield way.stage.wait(_MORE_THAN_A_MINUTE)

    def ask() -> str:
        asked = person.handset.request_code(
            who.phone, purpose=CodePurpose.UNFREEZE.value, terms_accepted=True
        )
        return str(asked["request_id"])

    def unfreeze(request_id: str, code: str) -> None:
        given = {
            "request_id": request_id,
            "phone": who.phone,
            "code": code,
            "way": "alipay",
            "name": who.name,
            "resident_id": who.resident_id,
            "face": b64(papers.face()),
        }
        person.handset.door.perform("registration.unfreeze", given, key=person.key())

    try:
        yield from by_code(way, ask, unfreeze)
        yield way.stage.wait(_MORE_THAN_A_MINUTE)
        yield from by_code(way, person.request_code, person.sign_in)
    except NoCode:
        raise GaveUp from None
    way.stage.log("account got back")
    yield way.pause()


def farewell(way: Way) -> Steps:
    """Somebody who gave up has their account cancelled, where nothing stands in the way."""
    if not way.persona.conduct.leaves or not way.person.handset.signed_in:
        return
    person = way.person
    yield way.pause()

    def ask() -> None:
        given = {"confirmed": True, "revoke_certificates": True}
        person.handset.door.perform("registration.request_cancellation", given, key=person.key())

    try:
        yield from as_oneself(way, ask)
        way.stage.log("asked for cancellation")
    except errors.PolicyRefused as refusal:
        way.stage.log(f"cancellation refused: {refusal.code}")
