"""Claiming an enterprise with its papers (ENT-1); the review's answer is in `reactions`."""

from __future__ import annotations

from engine.kernel import errors, files, identifiers
from engine.kernel.operation import Operation
from engine.registration import model, queries, store
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases


class EnterpriseKnown(errors.PolicyRefused):
    """This enterprise is on the platform already. Ask its administrator to add you as a member."""


class ClaimRunning(errors.Conflict):
    """A claim of this enterprise is in review already. Wait for the answer."""


class EnterpriseNameInvalid(errors.InvalidInput):
    """An enterprise's name has 2 to 64 characters, as on its business licence."""


class AuthorizationMissing(errors.InvalidInput):
    """You are not the legal representative: add the letter of authorization with its stamp."""


def claim_enterprise(
    op: Operation,
    *,
    name: str,
    uscc: str,
    legal_representative: str,
    licence: bytes,
    authorization: bytes = b"",
) -> model.Claim:
    """Claim an enterprise; a reviewer compares it with its papers.

    Emits: claim.submitted. Raises: the errors of `identifiers` and `files`, EnterpriseKnown, ClaimRunning,
    AuthorizationMissing, queries.NotRealNamed.
    """
    account = queries.real_named(op)
    clean_name = "".join(name.split()) if name.isascii() is False else " ".join(name.split())
    if not 2 <= len(clean_name) <= 64:
        raise EnterpriseNameInvalid(field="name")
    code = identifiers.credit_code(uscc)
    representative = identifiers.person_name(legal_representative)
    licence_type = files.require(licence, files.PDF, files.PNG, files.JPEG, field="licence")
    if store.enterprise_by_uscc(op, code) is not None:
        raise EnterpriseKnown(field="uscc")
    is_representative = representative == queries.person_name(op, account.id)
    if not is_representative and not authorization:
        raise AuthorizationMissing(field="authorization")
    corrected = store.newest_rejected_claim(op, account.id, code)
    claim_id, subject_id = op.new_id("clm"), op.new_id("sub")
    op.new_subject(subject_id, "enterprise")
    claim = model.Claim(
        id=claim_id,
        account_id=account.id,
        subject_id=subject_id,
        name=clean_name,
        uscc=code,
        legal_representative=op.seal(
            subject_id, f"enterprise_claim|legal_representative|{claim_id}", representative
        ),
        licence_blob_id=op.put_blob(
            licence, media_type=licence_type, subject_id=subject_id, purpose="evidence"
        ),
        authorization_blob_id=_authorization(op, authorization, subject_id),
        status=model.CLAIM.initial,
        enterprise_id=None,
        reasons=(),
        created_at=op.now,
        decided_at=None,
    )
    try:
        op.insert("enterprise_claim", claim)
    except errors.Conflict:
        raise ClaimRunning(field="uscc") from None
    op.record("claim.submitted", claim.id, account_id=account.id, uscc=code)
    reviewing.open_case(
        op,
        kind="enterprise_claim",
        subject_id=claim.id,
        title=clean_name,
        maker=op.actor.text,
        corrects=_case_of(op, corrected),
    )
    return claim


def _authorization(op: Operation, content: bytes, subject_id: str) -> str | None:
    if not content:
        return None
    media_type = files.require(content, files.PDF, files.PNG, files.JPEG, field="authorization")
    return op.put_blob(content, media_type=media_type, subject_id=subject_id, purpose="evidence")


def _case_of(op: Operation, corrected: model.Claim | None) -> str | None:
    if corrected is None:
        return None
    found = cases.of_subject(op, corrected.id)
    return found[-1].id if found else None
