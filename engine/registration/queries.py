"""Who a handset belongs to, and what a person or a reviewer may see of people and enterprises."""

from __future__ import annotations

from engine.kernel import actors, errors, identifiers
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import model, store
from engine.reviewing import model as reviewing


class NotAMember(errors.NotPermitted):
    """You are not entitled to act for this enterprise. Ask its administrator."""


class NotRealNamed(errors.PolicyRefused):
    """Prove your real name first."""


def person_by_token(q: Reader, token: str) -> actors.Person | None:
    """Whose living session a handset's token stands for; looked up on every request."""
    found = store.session(q, token)
    return None if found is None else actors.Person(account_id=found[0], device_id=found[1])


def person(q: Reader) -> actors.Person:
    """The actor, who must be a signed-in person.

    Raises: NotPermitted.
    """
    if not isinstance(q.actor, actors.Person):
        raise errors.NotPermitted()
    return q.actor


def account(q: Reader, account_id: str) -> model.Account:
    """One account.

    Raises: NotFound.
    """
    return q.get(model.Account, "account", account_id)


def real_named(q: Reader) -> model.Account:
    """The actor's own account, which must have a proven name.

    Raises: NotRealNamed, NotPermitted.
    """
    found = account(q, person(q).account_id)
    if found.real_name_at is None:
        raise NotRealNamed()
    return found


def person_name(q: Reader, account_id: str) -> str:
    """A person's proven name in the clear, or empty."""
    found = account(q, account_id)
    return (
        ""
        if found.name is None
        else q.open(found.subject_id, f"account|name|{found.id}", found.name)
    )


def person_phone(q: Reader, account_id: str) -> str:
    """A person's phone number in the clear."""
    found = account(q, account_id)
    return q.open(found.subject_id, f"account|phone|{found.id}", found.phone)


def me(q: Reader) -> model.Me:
    """The signed-in person's own account, number and name masked."""
    found = account(q, person(q).account_id)
    return model.Me(
        account_id=found.id,
        phone=identifiers.masked_phone(person_phone(q, found.id)),
        name=identifiers.masked_name(person_name(q, found.id)),
        real_named=found.real_name_at is not None,
        status=found.status,
        enterprises=tuple(store.enterprises_of(q, found.id)),
    )


def my_newest_proof(q: Reader) -> model.Proof | None:
    """The signed-in person's newest real-name proof."""
    return store.newest_proof(q, person(q).account_id)


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


def terms(q: Reader) -> policies.Terms:
    """The terms of use in force."""
    return q.policy(policies.Terms)


def ways(q: Reader) -> dict[str, policies.RealNameWay]:
    """The ways to prove a real name, by label."""
    return q.policies(policies.RealNameWay)
