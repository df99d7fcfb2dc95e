"""The shortest way to signed-in, real-named people and their enterprises, through actions only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from engine import worker
from engine.boot import World
from engine.kernel import actors, challenges, identifiers, ids
from engine.pki import keys
from engine.registration import actions, model, queries, store
from engine.registration.actions import limits
from simulations import papers, specimens
from tests.support.worlds import SYSTEM

# A picture that will do as a face and as a paper.
PNG = papers.face()
NAME = "李晓东"
# A second factor that stays fresh, for tests that are not about it.
ALWAYS = 1 << 62


def resident_id(*, born: str = "19880312", sequence: str = "002") -> str:
    """A valid number; `sequence` decides what the simulated provider answers."""
    first = "320106" + born + sequence
    return first + identifiers.id_check_character(first)


def credit_code(number: int = 1) -> str:
    """A valid unified social credit code of a company."""
    first = f"91320100MA{number:07d}"
    return first + identifiers.credit_code_check_character(first)


@dataclass(frozen=True)
class Asked:
    """A code that was asked for, and what arrived on the phone."""

    request: model.CodeRequested
    phone: str
    code: str


def request_code(
    world: World,
    phone: str,
    purpose: model.CodePurpose = model.CodePurpose.SIGN_IN,
    source: actors.Source | None = None,
) -> model.CodeRequested:
    """Ask for a code, doing the work that another one in the hour costs."""
    given: dict[str, object] = {"phone": phone, "purpose": purpose, "terms_accepted": True}
    source = source or actors.Source()
    try:
        return world.engine.perform(actions.request_code, given, actor=SYSTEM, source=source)
    except limits.ChallengeNeeded as asked:
        work = challenges.solve(str(asked.params["challenge"]), int(asked.params["bits"]))
    given["proof_of_work"] = work
    return world.engine.perform(actions.request_code, given, actor=SYSTEM, source=source)


def ask_for_code(
    world: World, phone: str, purpose: model.CodePurpose = model.CodePurpose.SIGN_IN
) -> Asked:
    """Ask for a code and read it in the outbox."""
    request = request_code(world, phone, purpose)
    worker.run_due(world, subject=request.request_id)
    found = re.search(r"\d{6}", world.sms.outbox(phone)[0].text)
    assert found is not None
    return Asked(request=request, phone=phone, code=found.group())


def enter_code(world: World, asked: Asked, code: str = "", phone: str = "") -> model.HandsetSession:
    """Enter a code (the right one, unless told otherwise)."""
    return world.engine.perform(
        actions.sign_in_by_code,
        {
            "request_id": asked.request.request_id,
            "phone": phone or asked.phone,
            "code": code or asked.code,
            "device_key": device_key(asked.phone)
            .public_key()
            .public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            ),
            "device_label": "Pixel 9",
        },
        actor=SYSTEM,
    )


def device_key(phone: str) -> ec.EllipticCurvePrivateKey:
    """The key of the device on which the holder of a number signs in."""
    return keys.generate(ids.seeded(phone, "device"))


def sign_up(world: World, phone: str = "13800138000") -> actors.Person:
    """A person with an account, signed in on a phone."""
    session = enter_code(world, ask_for_code(world, phone))
    return actors.Person(
        account_id=session.account_id, device_id=session.device_id, second_factor_at=ALWAYS
    )


def prove(
    world: World, person: actors.Person, number: str = "", *, name: str = NAME
) -> model.ProofStatus:
    """Prove a real name by name, number and face; what came of it."""
    proof = world.engine.perform(
        actions.prove_name,
        {"way": "alipay", "name": name, "resident_id": number or resident_id(), "face": PNG},
        actor=person,
    )
    worker.run_due(world, subject=proof.id)
    with world.engine.reader(SYSTEM) as q:
        return q.get(model.Proof, "real_name_proof", proof.id).status


def claim(
    world: World,
    person: actors.Person,
    *,
    uscc: str = "",
    name: str = "江苏东方科技有限公司",
    representative: str = NAME,
    **changes: object,
) -> model.Claim:
    """Claim an enterprise, as its representative unless told otherwise; the register answers at once."""
    made = world.engine.perform(
        actions.claim_enterprise,
        {
            "name": name,
            "uscc": uscc or credit_code(),
            "legal_representative": representative,
            "legal_representative_id": own_number(world, person) or resident_id(),
            "papers": papers_of_claim(representative),
            **changes,
        },
        actor=person,
    )
    with world.engine.reader(SYSTEM) as q:
        check = store.register_check(q, made.id)
    assert check is not None
    worker.run_due(world, subject=check.id)
    return made


def own_number(world: World, person: actors.Actor) -> str:
    """The person's own proven resident ID number, or empty."""
    if not isinstance(person, actors.Person):
        return ""
    with world.engine.reader(SYSTEM) as q:
        account = queries.account(q, person.account_id)
        if account.resident_id is None:
            return ""
        place = f"account|resident_id|{account.id}"
        return q.open(account.subject_id, place, account.resident_id)


def papers_of_claim(representative: str = NAME, *more: str) -> tuple[model.PaperUpload, ...]:
    """The papers that a company has to hand in, and others by code."""
    codes = ("licence", "representative_id_front", "representative_id_back", *more)
    specimen = model.PaperUpload(
        code="signature_specimen", content=specimens.signature(representative)
    )
    return (*(model.PaperUpload(code=code, content=PNG) for code in codes), specimen)
