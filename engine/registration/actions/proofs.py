"""Proving a real name through an outside provider (IDV-1…4): adults only, one account a person.

`start` asks the provider, `record_proof` takes its answer, `OUTCOMES` says what a match brings about.
Others compose them: a proof may also open a frozen account or move one to another number.
"""

from __future__ import annotations

from collections.abc import Callable

from engine import uploads
from engine.kernel import clock, errors
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model, queries, store
from engine.registration.actions import proof_checks, proof_codes


class ProofRunning(errors.Conflict):
    """Your identity is being checked at this moment. Wait for the answer."""


class FaceMissing(errors.InvalidInput):
    """Take a picture of your face first, looking straight into the camera in good light."""


def prepare_face(q: Reader, *, face: bytes = b"", **_others: object) -> uploads.Clean | None:
    """For `prepared_by`: the face picture, rebuilt and looked at (IDV-4); None when there is none.

    Raises: the refusals of `uploads`.
    """
    if not face:
        return None
    return uploads.clean(face, allowed=uploads.PICTURE, field="face", face=True)


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
) -> model.ShownProof:
    """Ask a provider whether a name and a resident ID number belong together (guide 7.2).

    Emits: proof.requested, proof.awaiting_code. Raises: the errors of `start` and of `prepare_face`.
    """
    account = queries.account(op, queries.person(op).account_id)
    given = model.ProofGiven(
        way=way, name=name, resident_id=resident_id, bank_card=bank_card, phone=phone
    )
    return queries.shown_proof(op, start(op, account, purpose="name", given=given, face=prepared))


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
    Emits: proof.requested, proof.awaiting_code, proof.mismatched for one that was left open. Raises: the
    refusals of `proof_checks`, FaceMissing, ProofRunning.
    """
    asked = op.policy(policies.RealNameWay, given.way)
    clean = proof_checks.stated(op, given, asked)
    if "face" in asked.fields and face is None:
        raise FaceMissing(field="face")
    _leave_open_one(op, account)
    proof_checks.within_limits(op, account, given.way, asked)
    proof_checks.same_person(op, account, clean.resident_id)
    proof = _requested(op, account, purpose, clean, face, begun_with)
    earlier = proof_checks.reusable(op, account, purpose, clean)
    op.insert("real_name_proof", proof)
    op.record("proof.requested", proof.id, account_id=account.id, way=proof.way, purpose=purpose)
    if earlier is not None:
        return _await_code(
            op, proof, {"reused_proof_id": earlier.id, "reference": earlier.reference}
        )
    told = {"way": clean.way, "name": clean.name, "resident_id": clean.resident_id}
    told |= {"bank_card": clean.bank_card, "phone": clean.phone}
    op.enqueue("check_real_name", proof.id, told)
    return proof


def _leave_open_one(op: Operation, account: model.Account) -> None:
    """A proof whose code nobody entered, or whose day is over, gives way to a new one."""
    found = store.open_proof(op, account.id)
    if found is None:
        return
    if found.status is model.ProofStatus.REQUESTED and op.now < found.expires_at:
        raise ProofRunning()
    unanswered = found.status is model.ProofStatus.REQUESTED
    _refuse(op, found, "lapse", model.UNAVAILABLE if unanswered else model.CODE_NOT_ENTERED)


def _requested(
    op: Operation,
    account: model.Account,
    purpose: str,
    clean: model.ProofGiven,
    face: uploads.Clean | None,
    begun_with: str,
) -> model.Proof:
    proof_id = op.new_id("prf")

    def seal(column: str, text: str) -> bytes:
        place = f"real_name_proof|{column}|{proof_id}"
        return op.seal(account.subject_id, place, text, "evidence")

    picture = None
    if face is not None:
        picture = op.put_blob(
            face.content,
            media_type=face.media_type,
            subject_id=account.subject_id,
            purpose="evidence",
        )
    return model.Proof(
        id=proof_id,
        account_id=account.id,
        purpose=purpose,
        way=clean.way,
        status=model.PROOF.initial,
        name=seal("name", clean.name),
        resident_id=seal("resident_id", clean.resident_id),
        reserved_phone=seal("reserved_phone", clean.phone) if clean.phone else None,
        face_blob_id=picture,
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


def record_proof(
    op: Operation,
    *,
    proof_id: str,
    matched: bool,
    reason: str,
    mismatched: tuple[str, ...],
    reference: str,
) -> model.Proof:
    """Record what the provider answered. A match has the outcome of the proof's purpose, at once or, where
    the bank's phone number was stated, once the code sent to it was entered.

    An answer to a proof that gave way to a newer one changes nothing.
    Emits: proof.matched, proof.mismatched, proof.awaiting_code, account.named.
    """
    proof = op.get(model.Proof, "real_name_proof", proof_id)
    if model.PROOF.terminal(proof.status):
        return proof
    if matched and proof.reserved_phone is not None:
        return _await_code(op, proof, {"reference": reference})
    if matched:
        return settle(op, proof, "match", reference)
    if not op.policy(policies.RealNameWay, proof.way).tells_mismatch:
        mismatched = ()
        reason = model.NOT_PASSED if reason in model.TELL_FIELDS else reason
    return _refuse(op, proof, "mismatch", reason, mismatched, reference)


def _await_code(op: Operation, proof: model.Proof, changes: dict[str, object]) -> model.Proof:
    status = model.PROOF.advance(proof.status, "await_code")
    op.update(
        "real_name_proof", proof.id, {"status": status, **changes}, was={"status": proof.status}
    )
    op.record("proof.awaiting_code", proof.id, account_id=proof.account_id)
    waiting = op.get(model.Proof, "real_name_proof", proof.id)
    proof_codes.send_or_wait(op, waiting)
    if proof.purpose == "name":
        messaging.notify(
            op,
            account_id=proof.account_id,
            kind="real_name.awaiting_code",
            subject=proof.id,
            todo=True,
        )
    return op.get(model.Proof, "real_name_proof", proof.id)


def settle(op: Operation, proof: model.Proof, verb: str, reference: str = "") -> model.Proof:
    """A matched proof, with what follows from it. Composed by actions.

    Emits: proof.matched, account.named; proof.mismatched when the person got another account meanwhile.
    """
    account = queries.account(op, proof.account_id)
    status = model.PROOF.advance(proof.status, verb)
    try:
        proof_checks.same_person(op, account, queries.proven(op, proof, "resident_id"))
    except (proof_checks.OtherPerson, proof_checks.PersonKnown):
        other = "mismatch" if verb == "match" else "lapse"
        return _refuse(op, proof, other, model.PERSON_KNOWN, (), reference)
    changes = {"status": status, "decided_at": op.now, "reference": reference or proof.reference}
    op.update("real_name_proof", proof.id, changes, was={"status": proof.status})
    op.record("proof.matched", proof.id, account_id=account.id)
    OUTCOMES[proof.purpose](op, account, proof)
    _tell(op, proof, "real_name.matched", todo=False)
    return op.get(model.Proof, "real_name_proof", proof.id)


def _refuse(
    op: Operation,
    proof: model.Proof,
    verb: str,
    reason: str,
    mismatched: tuple[str, ...] = (),
    reference: str = "",
) -> model.Proof:
    changes = {
        "status": model.PROOF.advance(proof.status, verb),
        "reason": reason,
        "mismatched": mismatched,
        "reference": reference or proof.reference,
        "decided_at": op.now,
    }
    op.update("real_name_proof", proof.id, changes, was={"status": proof.status})
    op.record("proof.mismatched", proof.id, account_id=proof.account_id, reason=reason)
    _tell(op, proof, "real_name.mismatched", todo=verb != "lapse")
    return op.get(model.Proof, "real_name_proof", proof.id)


def _tell(op: Operation, proof: model.Proof, kind: str, *, todo: bool) -> None:
    """The messages are about one's name; what else a proof was for tells of itself."""
    if proof.purpose == "name":
        messaging.notify(op, account_id=proof.account_id, kind=kind, subject=proof.id, todo=todo)


def name_account(op: Operation, account: model.Account, proof: model.Proof) -> None:
    """The outcome of a proof of one's name: the account has it.

    Emits: account.named. Raises: what `proof_checks.same_person` does.
    """
    number, name = (queries.proven(op, proof, column) for column in ("resident_id", "name"))
    proof_checks.same_person(op, account, number)
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
