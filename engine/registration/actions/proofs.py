"""Proving a real name through an outside provider (IDV-1…4): adults only, one account a person.

`start` asks the provider, `record_proof` takes its answer, `OUTCOMES` says what a match brings about.
Others compose them: a proof may also open a frozen account or move one to another number.
"""

from __future__ import annotations

from collections.abc import Callable

from engine import uploads
from engine.kernel import clock, errors, files, identifiers
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model, queries, store


class UnderAge(errors.PolicyRefused):
    """This service is for people of 18 years or more."""


class ProofRunning(errors.Conflict):
    """Your identity is being checked at this moment. Wait for the answer."""


class FaceMissing(errors.InvalidInput):
    """Take a picture of your face first, looking straight into the camera in good light."""


class OtherPerson(errors.PolicyRefused):
    """This account's name is already proven for somebody else. An account cannot change its person."""


class PersonKnown(errors.PolicyRefused):
    """This person already has an account with another phone number. Sign in with that one."""


def prepare_face(q: Reader, *, face: bytes = b"", **_others: object) -> uploads.Clean | None:
    """For `prepared_by`: the face picture, rebuilt and looked at; None when there is none.

    Raises: the refusals of `uploads`.
    """
    if not face:
        return None
    return uploads.clean(face, allowed=(files.PNG, files.JPEG), field="face")


@prepared_by(prepare_face)
def prove_name(
    op: Operation,
    *,
    way: str,
    name: str,
    resident_id: str,
    bank_card: str = "",
    phone: str = "",
    face: bytes = b"",
    prepared: uploads.Clean | None = None,
) -> model.Proof:
    """Ask a provider whether a name and a resident ID number belong together (guide 7.2).

    Emits: proof.requested. Raises: the errors of `start` and of `prepare_face`.
    """
    account = queries.account(op, queries.person(op).account_id)
    given = model.ProofGiven(
        way=way, name=name, resident_id=resident_id, bank_card=bank_card, phone=phone
    )
    return start(op, account, purpose="name", given=given, face=prepared)


def start(
    op: Operation,
    account: model.Account,
    *,
    purpose: str,
    given: model.ProofGiven,
    face: uploads.Clean | None,
    begun_with: str = "",
) -> model.Proof:
    """Begin a proof for an account; `purpose` is a key of `OUTCOMES`. Composed by actions.

    Everything that can be told without the provider is told before it is asked (IDV-4). `face` comes from
    `prepare_face`; `begun_with` is the code request of somebody who is not signed in.
    Emits: proof.requested. Raises: the errors of `identifiers`, UnderAge, FaceMissing, ProofRunning,
    OtherPerson, PersonKnown.
    """
    asked = op.policy(policies.RealNameWay, given.way)
    clean_name = identifiers.person_name(given.name)
    number = identifiers.resident_id(given.resident_id, now=op.now)
    if number.age_on(clock.civil_date(op.now)) < identifiers.ADULT_AT:
        raise UnderAge(field="resident_id")
    card = identifiers.bank_card(given.bank_card) if "bank_card" in asked.fields else ""
    reserved = identifiers.phone(given.phone) if "phone" in asked.fields else ""
    if "face" in asked.fields and face is None:
        raise FaceMissing(field="face")
    if store.open_proof(op, account.id) is not None:
        raise ProofRunning()
    same_person(op, account, number.number)
    proof_id = op.new_id("prf")
    kept = None
    if "face" in asked.fields and face is not None:
        kept = op.put_blob(
            face.content,
            media_type=face.media_type,
            subject_id=account.subject_id,
            purpose="evidence",
        )
    proof = model.Proof(
        id=proof_id,
        account_id=account.id,
        purpose=purpose,
        way=given.way,
        status=model.PROOF.initial,
        name=_seal(op, account, proof_id, "name", clean_name),
        resident_id=_seal(op, account, proof_id, "resident_id", number.number),
        reserved_phone=_seal(op, account, proof_id, "reserved_phone", reserved)
        if reserved
        else None,
        face_blob_id=kept,
        reason="",
        mismatched=(),
        reference="",
        begun_with=begun_with,
        code_request_id=None,
        reused_proof_id=None,
        created_at=op.now,
        expires_at=clock.start_of(clock.civil_date(op.now)) + clock.DAY,
        decided_at=None,
    )
    op.insert("real_name_proof", proof)
    body = {"way": given.way, "name": clean_name, "resident_id": number.number}
    op.enqueue("check_real_name", proof.id, {**body, "bank_card": card, "phone": reserved})
    op.record("proof.requested", proof.id, account_id=account.id, way=given.way, purpose=purpose)
    return proof


def _seal(op: Operation, account: model.Account, proof_id: str, column: str, text: str) -> bytes:
    place = f"real_name_proof|{column}|{proof_id}"
    return op.seal(account.subject_id, place, text, "evidence")


def proven(op: Reader, account: model.Account, proof: model.Proof, column: str) -> str:
    """What somebody stated: `name`, `resident_id` or `reserved_phone` of a proof, in the clear."""
    sealed: bytes = getattr(proof, column)
    place = f"real_name_proof|{column}|{proof.id}"
    return op.open(account.subject_id, place, sealed, "evidence")


def same_person(op: Operation, account: model.Account, number: str) -> None:
    """The account's proven person, or nobody's yet.

    Raises: OtherPerson, PersonKnown.
    """
    holders = op.find("account.resident_id", number)
    if account.resident_id is not None and holders != [account.id]:
        raise OtherPerson(field="resident_id")
    if holders and holders != [account.id]:
        raise PersonKnown(field="resident_id")


def record_proof(
    op: Operation,
    *,
    proof_id: str,
    matched: bool,
    reason: str,
    mismatched: tuple[str, ...],
    reference: str,
) -> model.Proof:
    """Record what the provider answered; a match has the outcome of the proof's purpose.

    Emits: proof.matched, proof.mismatched, account.named. Raises: NotPossibleNow.
    """
    proof = op.get(model.Proof, "real_name_proof", proof_id)
    account = queries.account(op, proof.account_id)
    status = model.PROOF.advance(proof.status, "match" if matched else "mismatch")
    tells = op.policy(policies.RealNameWay, proof.way).tells_mismatch
    op.update(
        "real_name_proof",
        proof.id,
        {
            "status": status,
            "reason": reason,
            "mismatched": mismatched if tells else (),
            "reference": reference,
            "decided_at": op.now,
        },
        was={"status": proof.status},
    )
    op.record(f"proof.{status}", proof.id, account_id=account.id)
    if matched:
        OUTCOMES[proof.purpose](op, account, proof)
    messaging.notify(
        op, account_id=account.id, kind=f"real_name.{status}", subject=proof.id, todo=not matched
    )
    return op.get(model.Proof, "real_name_proof", proof_id)


def name_account(op: Operation, account: model.Account, proof: model.Proof) -> None:
    """The outcome of a proof of one's name: the account has it.

    Emits: account.named. Raises: OtherPerson, PersonKnown.
    """
    number, name = (proven(op, account, proof, column) for column in ("resident_id", "name"))
    same_person(op, account, number)
    place = f"|{account.id}"
    op.update(
        "account",
        account.id,
        {
            "name": op.seal(account.subject_id, f"account|name{place}", name),
            "resident_id": op.seal(account.subject_id, f"account|resident_id{place}", number),
            "real_name_at": op.now,
        },
        was={"status": account.status},
    )
    op.index("account.resident_id", number, account.id)
    op.index("account.name", name, account.id)
    op.record("account.named", account.id, proof_id=proof.id, way=proof.way)


# Why a proof was begun → what a match brings about, in the same transaction as the match.
OUTCOMES: dict[str, Callable[[Operation, model.Account, model.Proof], None]] = {
    "name": name_account,
}
