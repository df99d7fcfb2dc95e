"""Claiming an enterprise with its papers (ENT-1); the reviews' answers are in `reactions`."""

from __future__ import annotations

from engine.kernel import errors, identifiers
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.registration import model, queries, store
from engine.registration import papers as asked_for
from engine.registration.actions import verification
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.ses import outlines


class EnterpriseKnown(errors.PolicyRefused):
    """This enterprise is on the platform already. Ask its administrator to add you as a member."""


class ClaimRunning(errors.Conflict):
    """A claim of this enterprise is in review already. Wait for the answer."""


class EnterpriseNameInvalid(errors.InvalidInput):
    """An enterprise's name has 2 to 60 characters, as on its business licence."""


class AuthorizationMissing(errors.InvalidInput):
    """You are not the legal representative: add the stamped letter of authorization, or choose to pay one fen from the corporate account or to be authorized by the representative in the app."""  # noqa: E501


def clean_name(text: str) -> str:
    """An enterprise's name without stray blanks.

    Raises: EnterpriseNameInvalid.
    """
    name = model.tidy_name(text)
    if not 2 <= len(name) <= 60 or not name.isprintable():
        raise EnterpriseNameInvalid(field="name")
    return name


def require_drawable(name: str, field: str) -> None:
    """Every character of a name can stand on a seal: it is told now, not when the seal is made.

    Raises: CharacterNotDrawable.
    """
    try:
        for character in "".join(name.split()):
            outlines.glyph(character)
    except outlines.CharacterNotDrawable as problem:
        raise outlines.CharacterNotDrawable(field=field, **problem.params) from None


def representative_number(op: Operation, text: str) -> str:
    """The legal representative's resident ID number.

    Raises: identifiers.ResidentIdInvalid.
    """
    try:
        return identifiers.resident_id(text, now=op.now).number
    except identifiers.ResidentIdInvalid:
        raise identifiers.ResidentIdInvalid(field="legal_representative_id") from None


def _prepare(
    q: Reader,
    *,
    name: str,
    uscc: str,
    legal_representative: str,
    papers: tuple[model.PaperUpload, ...],
    **others: object,
) -> tuple[asked_for.CleanPaper, ...]:
    require_drawable(clean_name(name), "name")
    require_drawable(identifiers.person_name(legal_representative), "legal_representative")
    asked = queries.entity_class(q, identifiers.credit_code(uscc))
    return asked_for.clean_all(asked.papers, papers)


@prepared_by(_prepare)
def claim_enterprise(
    op: Operation,
    *,
    name: str,
    uscc: str,
    legal_representative: str,
    legal_representative_id: str,
    papers: tuple[model.PaperUpload, ...],
    authority: model.AuthorityWay = model.AuthorityWay.LETTER,
    prepared: tuple[asked_for.CleanPaper, ...] = (),
) -> model.Claim:
    """Claim an enterprise; two reviewers compare it with its papers, while the register is asked.

    Emits: claim.submitted, register.asked, case.opened. Raises: the errors of `identifiers`, `uploads`
    and `papers`, EnterpriseKnown, ClaimRunning, AuthorizationMissing, queries.NotRealNamed.
    """
    account = queries.real_named(op)
    named = clean_name(name)
    code = identifiers.credit_code(uscc)
    representative = identifiers.person_name(legal_representative)
    number = representative_number(op, legal_representative_id)
    known = store.enterprise_by_uscc(op, code)
    if known is not None and known.status is not model.EnterpriseStatus.CLOSED:
        raise EnterpriseKnown(field="uscc")
    represents = queries.is_person(op, account.id, representative, number)
    way = model.AuthorityWay.REPRESENTATIVE if represents else authority
    _require_authority(way, prepared, represents=represents)
    rule = queries.entity_class(op, code)
    asked_for.require(rule.papers, prepared)
    claim_id, subject_id = op.new_id("clm"), op.new_id("sub")
    op.new_subject(subject_id, "enterprise")
    claim = model.Claim(
        id=claim_id,
        account_id=account.id,
        subject_id=subject_id,
        name=named,
        uscc=code,
        legal_representative=_seal(
            op, subject_id, claim_id, "legal_representative", representative
        ),
        legal_representative_id=_seal(op, subject_id, claim_id, "legal_representative_id", number),
        represents=int(represents),
        authority=way,
        papers=asked_for.keep(op, prepared, subject_id),
        status=model.CLAIM.initial,
        first_approved_by=None,
        enterprise_id=None,
        reasons=(),
        created_at=op.now,
        decided_at=None,
    )
    try:
        op.insert("enterprise_claim", claim)
    except errors.Conflict:
        raise ClaimRunning(field="uscc") from None
    op.index("claim.representative_id", number, claim.id)
    op.record("claim.submitted", claim.id, account_id=account.id, uscc=code, authority=way)
    elements = 4 if represents else rule.elements
    verification.ask_register(op, claim.id, elements, named, code, representative, number)
    _open_review(op, claim)
    return claim


def _require_authority(
    way: model.AuthorityWay, given: tuple[asked_for.CleanPaper, ...], *, represents: bool
) -> None:
    lettered = any(paper.code == "authorization" for paper in given)
    if not represents and not lettered and way not in verification.WITHOUT_LETTER:
        raise AuthorizationMissing(field="authorization")


def _open_review(op: Operation, claim: model.Claim) -> None:
    earlier = store.claim_ids(op, claim.account_id, claim.uscc)
    reviewing.open_case(
        op,
        kind="enterprise_claim",
        subject_id=claim.id,
        title=claim.name,
        maker=op.actor.text,
        corrects=cases.corrected(op, earlier),
    )


def _seal(op: Operation, subject_id: str, claim_id: str, column: str, text: str) -> bytes:
    return op.seal(subject_id, f"enterprise_claim|{column}|{claim_id}", text)
