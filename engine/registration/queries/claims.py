"""Claims as their claimant, the legal representative and reviewers see them, with their verification."""

from __future__ import annotations

from engine import uploads
from engine.kernel import errors, identifiers, paging
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import model, papers, pictures, store
from engine.registration.queries import duplicates, identifier_checks
from engine.registration.queries.accounts import account, person, person_name, real_named
from engine.reviewing import model as reviewing
from engine.reviewing import queries as cases


def entity_class(q: Reader, uscc: str) -> policies.EntityClass:
    """The class of enterprise that a credit code tells of: its papers, and what the register is asked."""
    return q.policy(policies.EntityClass, identifiers.entity_class(uscc))


def papers_for(q: Reader, uscc: str) -> tuple[model.PaperAsked, ...]:
    """The papers to hand in with a claim, by the class in the credit code (ENT-1).

    Raises: identifiers.CreditCodeInvalid.
    """
    return papers.asked(entity_class(q, identifiers.credit_code(uscc)).papers)


def letter_as_kept(q: Reader, content: bytes) -> bytes:
    """What a letter that comes as DOCX is kept as (PDF), for its uploader to see before it is handed in.

    Raises: NotPermitted, the errors of `uploads.letter`.
    """
    person(q)
    return uploads.letter(content, field="content").content


def my_claims(q: Reader, *, window: paging.Window | None = None) -> list[model.Claim]:
    """The signed-in person's enterprise claims, newest first."""
    return store.claims_of(q, person(q).account_id, window)


def my_claim(q: Reader, claim_id: str) -> model.Claim:
    """One of the signed-in person's own claims.

    Raises: NotFound for somebody else's.
    """
    found = q.get(model.Claim, "enterprise_claim", claim_id)
    if found.account_id != person(q).account_id:
        raise errors.NotFound(what="enterprise claim")
    return found


def claim_detail(q: Reader, claim_id: str) -> model.ClaimDetail:
    """One's own claim with its verification, and why it was rejected (ENT-1, IDV-6).

    Raises: NotFound.
    """
    found = my_claim(q, claim_id)
    return model.ClaimDetail(
        claim=found,
        verification=verification(q, found),
        reasons=reasons_told(q, found.reasons),
    )


def reasons_told(q: Reader, codes: tuple[str, ...]) -> tuple[model.ReasonTold, ...]:
    """Reasons of a rejection in both languages."""
    known = q.policies(policies.Reason)
    return tuple(
        model.ReasonTold(code=code, field=known[code].field, text=known[code].text)
        for code in codes
        if code in known
    )


# -- the claimant and the representative -----------------------------------------------------------


def is_person(q: Reader, account_id: str, name: str, number: str) -> bool:
    """Whether an account's proven name and resident ID number are these."""
    found = account(q, account_id)
    if found.real_name_at is None or found.resident_id is None:
        return False
    place = f"account|resident_id|{found.id}"
    proven = q.open(found.subject_id, place, found.resident_id)
    return (person_name(q, account_id), proven) == (name, number)


def representative_of(q: Reader, claim: model.Claim) -> tuple[str, str]:
    """Name and number of the legal representative that a claim names."""

    def opened(column: str, sealed: bytes | None) -> str:
        place = f"enterprise_claim|{column}|{claim.id}"
        return "" if sealed is None else q.open(claim.subject_id, place, sealed)

    return (
        opened("legal_representative", claim.legal_representative),
        opened("legal_representative_id", claim.legal_representative_id),
    )


def represents(q: Reader, account_id: str, claim: model.Claim) -> bool:
    """Whether an account's person is the legal representative that a claim names."""
    return is_person(q, account_id, *representative_of(q, claim))


def authorization_asked(
    q: Reader, claim: model.Claim, request: model.RepresentativeRequest
) -> model.AuthorizationAsked:
    """What the representative is asked: who wants to act for which enterprise."""
    return model.AuthorizationAsked(
        claim_id=claim.id,
        enterprise=claim.name,
        uscc=claim.uscc,
        claimant=identifiers.masked_name(person_name(q, claim.account_id)),
        asked_at=request.created_at,
        expires_at=request.expires_at,
    )


def authorizations_asked(q: Reader) -> list[model.AuthorizationAsked]:
    """The claims that the signed-in person, as their legal representative, is asked to authorize (IDV-6).

    Raises: NotRealNamed.
    """
    me = real_named(q)
    number = q.open(me.subject_id, f"account|phone|{me.id}", me.phone)
    found = []
    for request_id in q.find("representative.phone", number):
        request = q.get(model.RepresentativeRequest, "representative_request", request_id)
        claim = q.get(model.Claim, "enterprise_claim", request.claim_id)
        waits = request.status is model.REPRESENTATIVE_REQUEST.initial
        if (
            waits
            and q.now < request.expires_at
            and claim.status in model.OPEN_CLAIMS
            and represents(q, me.id, claim)
        ):
            found.append(authorization_asked(q, claim, request))
    return found


# -- verification --------------------------------------------------------------------------------


def verification(q: Reader, claim: model.Claim) -> model.Verification:
    """How far the verification of a claim is, from what outsiders have said until now."""
    check = store.register_check(q, claim.id)
    payments = store.reverse_payments(q, claim.id)
    requests = store.representative_requests(q, claim.id)
    tries = q.policy(policies.EnterpriseVerification).payment_tries
    way, authority = _authority(claim, check, payments, requests)
    waiting = model.REPRESENTATIVE_REQUEST.initial
    asked = next((r for r in requests if r.status is waiting and q.now < r.expires_at), None)
    newest = payments[0] if payments else None
    return model.Verification(
        register=check.status.value if check else model.CheckStatus.ASKED.value,
        elements=check.elements if check else 0,
        mismatched=check.mismatched if check else (),
        reason=check.reason if check else "",
        authority=authority,
        way=way,
        payment=newest,
        payment_expired=newest is not None
        and newest.status is model.PaymentStatus.AWAITING
        and q.now >= newest.expires_at,
        payment_tries_left=max(0, tries - len(payments)),
        representative_asked=asked is not None,
        representative_phone=asked.phone if asked else "",
    )


def _authority(
    claim: model.Claim,
    check: model.RegisterCheck | None,
    payments: list[model.ReversePayment],
    requests: list[model.RepresentativeRequest],
) -> tuple[model.AuthorityWay, str]:
    """By which way a claimant's authority is shown, and whether it is: the strongest that holds."""
    matched = check is not None and check.status is model.CheckStatus.MATCHED
    if claim.represents and matched and check is not None and check.elements == 4:
        return model.AuthorityWay.REPRESENTATIVE, "shown"
    if any(one.status is model.RequestStatus.AUTHORIZED for one in requests):
        return model.AuthorityWay.APP, "shown"
    if any(one.status is model.PaymentStatus.MATCHED for one in payments):
        return model.AuthorityWay.PAYMENT, "shown"
    if model.blob_of(claim.papers, "authorization") is not None:
        return model.AuthorityWay.LETTER, "in_review"
    return claim.authority, "missing"


# -- for reviewers ---------------------------------------------------------------------------------


def review_sheet_enterprise_claim(q: Reader, subject_id: str) -> reviewing.Sheet:
    """What both reviewers compare: the claim's fields, its papers, and what outsiders said."""
    claim = q.get(model.Claim, "enterprise_claim", subject_id)
    name, number = representative_of(q, claim)
    rule = entity_class(q, claim.uscc)
    fields = (
        reviewing.SheetField(name="name", label="Enterprise name", value=claim.name),
        reviewing.SheetField(name="uscc", label="Unified social credit code", value=claim.uscc),
        reviewing.SheetField(
            name="entity_class",
            label="Class of enterprise",
            value=rule.label,
        ),
        cases.masked(
            q,
            "legal_representative",
            label="Legal representative",
            whole=name,
            mask=identifiers.masked_name,
        ),
        cases.masked(
            q,
            "legal_representative_id",
            label="Representative's resident ID number",
            whole=number,
            mask=identifiers.masked_id,
        ),
        cases.masked(
            q,
            "claimant",
            label="Claimant",
            whole=person_name(q, claim.account_id),
            mask=identifiers.masked_name,
        ),
    )
    return reviewing.Sheet(
        fields=fields,
        papers=papers_on_sheet(q, rule, claim.papers),
        checks=_claim_checks(q, claim, number),
    )


def _claim_checks(q: Reader, claim: model.Claim, number: str) -> tuple[reviewing.Check, ...]:
    taken = store.enterprise_by_uscc(q, claim.uscc)
    return (
        *identifier_checks.code_checks(claim.uscc),
        identifier_checks.number_check(number),
        reviewing.Check(
            label="No other enterprise has this code",
            ok=taken is None
            or taken.id == claim.enterprise_id
            or taken.status is model.EnterpriseStatus.CLOSED,
        ),
        *duplicates.claim_checks(q, claim, number),
        *verification_checks(q, claim),
        pictures.check(q, [paper.blob_id for paper in claim.papers]),
    )


def verification_checks(q: Reader, claim: model.Claim) -> tuple[reviewing.Check, ...]:
    """The verification as a sheet shows it."""
    found = verification(q, claim)
    told = register_told(found.elements, found.register, found.reason)
    return (
        reviewing.Check(
            label="The register confirms the enterprise",
            ok=found.register == model.CheckStatus.MATCHED,
            detail=told,
        ),
        reviewing.Check(
            label="The claimant's authority is shown",
            ok=found.authority != "missing",
            detail=(f"authority.way.{found.way}", f"authority.{found.authority}"),
        ),
    )


def register_told(elements: int, status: str, reason: str) -> tuple[str, ...]:
    """What the register said, in codes: how many elements, whether they agree, what differs."""
    codes = (f"register.elements_{elements}", f"register.{status}")
    return (*codes, f"register.{reason}") if reason else codes


def papers_on_sheet(
    q: Reader, rule: policies.EntityClass, kept: tuple[model.Paper, ...]
) -> tuple[reviewing.Paper, ...]:
    """The papers as a sheet shows them, in the order in which they are asked for."""
    labels = {one.code: one.label for one in rule.papers}
    order = list(labels)
    found = sorted(kept, key=lambda p: order.index(p.code) if p.code in labels else len(order))
    return tuple(
        cases.paper(q, one.code, labels.get(one.code, one.code), one.blob_id) for one in found
    )
