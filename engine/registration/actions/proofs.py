"""Proving a real name through an outside provider (IDV-1…4): adults only, one account a person."""

from __future__ import annotations

from engine.kernel import clock, errors, files, identifiers
from engine.kernel.operation import Operation
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


def prove_name(
    op: Operation,
    *,
    way: str,
    name: str,
    resident_id: str,
    bank_card: str = "",
    phone: str = "",
    face: bytes = b"",
) -> model.Proof:
    """Ask a provider whether a name and a resident ID number belong together.

    Everything that can be told without the provider is told before it is asked (IDV-4).
    Emits: proof.requested. Raises: the errors of `identifiers`, UnderAge, FaceMissing, ProofRunning,
    OtherPerson, PersonKnown.
    """
    person = queries.person(op)
    account = queries.account(op, person.account_id)
    asked = op.policy(policies.RealNameWay, way)
    clean_name = identifiers.person_name(name)
    number = identifiers.resident_id(resident_id, now=op.now)
    if number.age_on(clock.civil_date(op.now)) < identifiers.ADULT_AT:
        raise UnderAge(field="resident_id")
    card = identifiers.bank_card(bank_card) if "bank_card" in asked.fields else ""
    reserved = identifiers.phone(phone) if "phone" in asked.fields else ""
    if "face" in asked.fields:
        if not face:
            raise FaceMissing(field="face")
        media_type = files.require(face, files.PNG, files.JPEG, field="face")
    if store.open_proof(op, account.id) is not None:
        raise ProofRunning()
    _same_person(op, account, number.number)
    proof_id = op.new_id("prf")
    face_blob_id = None
    if "face" in asked.fields:
        face_blob_id = op.put_blob(
            face, media_type=media_type, subject_id=account.subject_id, purpose="evidence"
        )
    proof = model.Proof(
        id=proof_id,
        account_id=account.id,
        way=way,
        status=model.PROOF.initial,
        name=_seal(op, account, proof_id, "name", clean_name),
        resident_id=_seal(op, account, proof_id, "resident_id", number.number),
        face_blob_id=face_blob_id,
        reason="",
        mismatched=(),
        reference="",
        created_at=op.now,
        decided_at=None,
    )
    op.insert("real_name_proof", proof)
    body = {"way": way, "name": clean_name, "resident_id": number.number}
    op.enqueue("check_real_name", proof.id, {**body, "bank_card": card, "phone": reserved})
    op.record("proof.requested", proof.id, account_id=account.id, way=way)
    return proof


def _seal(op: Operation, account: model.Account, proof_id: str, column: str, text: str) -> bytes:
    place = f"real_name_proof|{column}|{proof_id}"
    return op.seal(account.subject_id, place, text, "evidence")


def _same_person(op: Operation, account: model.Account, number: str) -> None:
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
    """Record what the provider answered; a match gives the account its name.

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
        _name_account(op, account, proof)
    messaging.notify(
        op, account_id=account.id, kind=f"real_name.{status}", subject=proof.id, todo=not matched
    )
    return op.get(model.Proof, "real_name_proof", proof_id)


def _name_account(op: Operation, account: model.Account, proof: model.Proof) -> None:
    def proven(column: str, sealed: bytes) -> str:
        place = f"real_name_proof|{column}|{proof.id}"
        return op.open(account.subject_id, place, sealed, "evidence")

    number = proven("resident_id", proof.resident_id)
    _same_person(op, account, number)
    op.update(
        "account",
        account.id,
        {
            "name": op.seal(
                account.subject_id, f"account|name|{account.id}", proven("name", proof.name)
            ),
            "resident_id": op.seal(account.subject_id, f"account|resident_id|{account.id}", number),
            "real_name_at": op.now,
        },
        was={"status": account.status},
    )
    op.index("account.resident_id", number, account.id)
    op.index("account.name", proven("name", proof.name), account.id)
    op.record("account.named", account.id, proof_id=proof.id, way=proof.way)
