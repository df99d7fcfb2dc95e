"""What a person sees of the proofs of their name, and what can be told before a provider is asked."""

from __future__ import annotations

from engine import uploads
from engine.kernel import errors, identifiers
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import model, store
from engine.registration.queries.accounts import account, person


class NotUnionPay(errors.InvalidInput):
    """This is a {scheme} card. Only a UnionPay card of your own can be used here."""


class CardUnknown(errors.InvalidInput):
    """This is not the number of a UnionPay card. Only a UnionPay card of your own can be used here."""


def proven(q: Reader, proof: model.Proof, column: str) -> str:
    """What was stated in a proof: `name`, `resident_id` or `reserved_phone`, in the clear."""
    sealed: bytes = getattr(proof, column)
    subject_id = account(q, proof.account_id).subject_id
    return q.open(subject_id, f"real_name_proof|{column}|{proof.id}", sealed, "evidence")


def shown_proof(q: Reader, proof: model.Proof) -> model.ShownProof:
    """A proof as its person sees it: no particulars but the masked number at the bank."""
    masked = ""
    if proof.reserved_phone is not None:
        masked = identifiers.masked_phone(proven(q, proof, "reserved_phone"))
    expired = proof.status is model.ProofStatus.AWAITING_CODE and q.now >= proof.expires_at
    return model.ShownProof(
        id=proof.id,
        purpose=proof.purpose,
        way=proof.way,
        status=model.ProofStatus.MISMATCHED if expired else proof.status,
        reason=model.CODE_NOT_ENTERED if expired else proof.reason,
        mismatched=proof.mismatched,
        reserved_phone=masked,
        created_at=proof.created_at,
        expires_at=proof.expires_at,
        decided_at=proof.decided_at,
    )


def my_newest_proof(q: Reader) -> model.ShownProof | None:
    """The signed-in person's newest real-name proof."""
    found = store.newest_proof(q, person(q).account_id)
    return None if found is None else shown_proof(q, found)


def ways(q: Reader) -> dict[str, policies.RealNameWay]:
    """The ways to prove a real name, by label."""
    return q.policies(policies.RealNameWay)


def check_face(q: Reader, *, face: bytes = b"") -> model.FaceLook:
    """Whether a face picture will do, told at once and before any provider (IDV-4; guide 7.2).

    `problem` is missing, too_dark, too_small, blurred, no_frontal_face, several_faces, or unreadable.
    """
    if not face:
        return model.FaceLook(ok=False, problem="missing")
    try:
        uploads.clean(face, allowed=uploads.PICTURE, field="face", face=True)
    except errors.EngineError as refusal:
        return model.FaceLook(ok=False, problem=model.FACE_PROBLEMS.get(refusal.code, "unreadable"))
    return model.FaceLook(ok=True, problem="")


def bank_of(q: Reader, *, bank_card: str) -> model.BankCard:
    """Whose card a number is, told while it is typed (IDV-4).

    Raises: identifiers.BankCardInvalid, NotUnionPay, CardUnknown.
    """
    return union_pay(identifiers.bank_card(bank_card))


def union_pay(number: str) -> model.BankCard:
    """A valid number's card, which must be UnionPay's (IDV-3).

    Raises: NotUnionPay, CardUnknown.
    """
    found = model.bank_card_of(number)
    if found is None:
        raise CardUnknown(field="bank_card")
    if found.scheme:
        raise NotUnionPay(field="bank_card", scheme=found.scheme)
    return found
