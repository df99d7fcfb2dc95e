"""What a person or a reviewer may see of enterprises."""

from __future__ import annotations

from engine.kernel import errors, identifiers
from engine.kernel.reader import Reader
from engine.registration import model, store
from engine.registration.queries.accounts import person, person_name
from engine.reviewing import model as reviewing


class NotAMember(errors.NotPermitted):
    """You are not entitled to act for this enterprise. Ask its administrator."""


def my_claims(q: Reader) -> list[model.Claim]:
    """The signed-in person's enterprise claims, newest first."""
    return store.claims_of(q, person(q).account_id)


def enterprise(q: Reader, enterprise_id: str) -> model.Enterprise:
    """One enterprise; its name and code are public.

    Raises: NotFound.
    """
    return q.get(model.Enterprise, "enterprise", enterprise_id)


def enterprise_by_code(q: Reader, uscc: str) -> model.Enterprise | None:
    """The enterprise with this unified social credit code."""
    return store.enterprise_by_uscc(q, uscc)


def enterprises_like(q: Reader, text: str, *, limit: int = 20) -> list[model.Enterprise]:
    """Enterprises by a part of their name or the beginning of their code."""
    return store.enterprises_like(q, text, limit)


def membership(q: Reader, enterprise_id: str, account_id: str) -> model.Membership | None:
    """A person's living membership of an enterprise."""
    return store.membership(q, enterprise_id, account_id)


def administrators(q: Reader, enterprise_id: str) -> list[str]:
    """Account ids of an enterprise's administrators."""
    return store.administrators(q, enterprise_id)


def require_member(
    q: Reader, enterprise_id: str, roles: tuple[model.MemberRole, ...] = tuple(model.MemberRole)
) -> model.Membership:
    """The actor's membership of an enterprise, in one of these roles.

    Raises: NotAMember.
    """
    found = store.membership(q, enterprise_id, person(q).account_id)
    if found is None or found.role not in roles:
        raise NotAMember()
    return found


def review_sheet_enterprise_claim(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What a reviewer compares: the claim's fields, its papers, and what the machine checked."""
    claim = q.get(model.Claim, "enterprise_claim", subject_id)
    representative = q.open(
        claim.subject_id,
        f"enterprise_claim|legal_representative|{claim.id}",
        claim.legal_representative,
    )
    fields = (
        reviewing.SheetField(name="name", label="Enterprise name", value=claim.name),
        reviewing.SheetField(name="uscc", label="Unified social credit code", value=claim.uscc),
        reviewing.SheetField(
            name="legal_representative",
            label="Legal representative",
            value=identifiers.masked_name(representative),
        ),
        reviewing.SheetField(
            name="claimant",
            label="Claimant",
            value=identifiers.masked_name(person_name(q, claim.account_id)),
        ),
    )
    papers = [_paper(q, "Business licence", claim.licence_blob_id)]
    if claim.authorization_blob_id:
        papers.append(_paper(q, "Letter of authorization", claim.authorization_blob_id))
    taken = store.enterprise_by_uscc(q, claim.uscc)
    checks = (
        reviewing.Check(label="The credit code's check character holds", ok=True),
        reviewing.Check(
            label="No other enterprise has this code",
            ok=taken is None or taken.id == claim.enterprise_id,
        ),
        reviewing.Check(
            label="The claimant is the legal representative",
            ok=representative == person_name(q, claim.account_id),
        ),
    )
    return reviewing.Sheet(fields=fields, papers=tuple(papers), checks=checks)


def _paper(q: Reader, label: str, blob_id: str) -> reviewing.Paper:
    row = q.row("SELECT media_type FROM blob WHERE id = ?", (blob_id,))
    media_type = row["media_type"] if row else ""
    return reviewing.Paper(label=label, blob_id=blob_id, media_type=media_type)
