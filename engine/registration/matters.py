"""What is unfinished of a person here: proofs, claims, changes, closings, a frozen account, invitations."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.registration import model, store
from engine.registration.model import closing as closings
from engine.registration.queries.accounts import account
from engine.registration.queries.claims import verification
from engine.registration.queries.enterprises import enterprise
from engine.registration.store import closing as closing_store

_MOVERS = {
    "account_frozen": Mover.CALLER,
    "proof_requested": Mover.OUTSIDE,
    "proof_awaiting_code": Mover.CALLER,
    "proof_mismatched": Mover.CALLER,
    "claim_in_review": Mover.STAFF,
    "claim_rejected": Mover.CALLER,
    "claim_payment_awaiting": Mover.CALLER,
    "claim_representative_asked": Mover.OTHER,
    "change_in_review": Mover.STAFF,
    "change_rejected": Mover.CALLER,
    "closing_in_review": Mover.STAFF,
    "closing_notice": Mover.CALLER,
    "closing_appealed": Mover.STAFF,
    "invitation_open": Mover.CALLER,
    "invitation_waiting": Mover.OTHER,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage."""
    found = account(q, account_id)
    return [
        *_frozen(q, found),
        *_proof(q, found),
        *_claims(q, account_id),
        *_changes(q, account_id),
        *_closing(q, account_id),
        *_invitations(q, account_id),
    ]


def _frozen(q: Reader, found: model.Account) -> Iterator[Matter]:
    if found.status is model.AccountStatus.FROZEN:
        since = events.newest(q.connection, found.id, "account.frozen") or found.created_at
        yield Matter(kind="account", state="frozen", subject=found.id, since=since)


def _proof(q: Reader, found: model.Account) -> Iterator[Matter]:
    proof = store.newest_proof(q, found.id)
    if proof is None or proof.status is model.ProofStatus.MATCHED:
        return
    lapsed = q.now >= proof.expires_at
    state = "mismatched" if lapsed else proof.status.value
    if state == "mismatched" and found.real_name_at is not None:
        return
    yield Matter(
        kind="proof",
        state=state,
        subject=proof.id,
        since=proof.decided_at or (proof.expires_at if lapsed else proof.created_at),
        until=None if state == "mismatched" else proof.expires_at,
        lately=_proofs_took(q) if state == "requested" else (),
    )


def _proofs_took(q: Reader) -> tuple[int, ...]:
    return events.took(q.connection, began="proof.requested", ended="proof.matched")


def _claims(q: Reader, account_id: str) -> Iterator[Matter]:
    newest: dict[str, model.Claim] = {}
    for claim in store.claims_of(q, account_id):
        newest.setdefault(claim.uscc, claim)
    for claim in newest.values():
        if claim.status in model.OPEN_CLAIMS:
            yield _claim(claim, "in_review", claim.created_at)
            yield from _verification(q, claim)
        elif claim.status is model.ClaimStatus.REJECTED:
            yield _claim(claim, "rejected", claim.decided_at or claim.created_at)


def _claim(
    claim: model.Claim, state: str, since: int, subject: str = "", until: int | None = None
) -> Matter:
    return Matter(
        kind="claim",
        state=state,
        subject=subject or claim.id,
        since=since,
        name=claim.name,
        number=claim.uscc,
        until=until,
    )


def _verification(q: Reader, claim: model.Claim) -> Iterator[Matter]:
    """What somebody else than a reviewer has to do for a claim in review."""
    found = verification(q, claim)
    if found.authority == "shown":
        return
    payment = found.payment
    waits = payment is not None and payment.status is model.PaymentStatus.AWAITING
    if payment is not None and waits and not found.payment_expired:
        yield _claim(claim, "payment_awaiting", payment.created_at, payment.id, payment.expires_at)
    if found.representative_asked:
        waiting = model.REPRESENTATIVE_REQUEST.initial
        for asked in store.representative_requests(q, claim.id):
            if asked.status is waiting and q.now < asked.expires_at:
                since, until = asked.created_at, asked.expires_at
                yield _claim(claim, "representative_asked", since, asked.id, until)
                return


def _changes(q: Reader, account_id: str) -> Iterator[Matter]:
    for one in store.memberships_of(q, account_id):
        newest = next(iter(store.changes_of(q, one.enterprise_id)), None)
        if newest is None or newest.account_id != account_id:
            continue
        if newest.status is not model.ChangeStatus.APPROVED:
            yield Matter(
                kind="change",
                state=newest.status.value,
                subject=newest.id,
                since=newest.decided_at or newest.created_at,
                name=enterprise(q, newest.enterprise_id).name,
            )


def _closing(q: Reader, account_id: str) -> Iterator[Matter]:
    found = closing_store.open_closing(q, account_id)
    if found is None:
        return
    in_review = found.status is closings.ClosingStatus.IN_REVIEW
    # What staff only propose to each other its person has not been told yet.
    if in_review and found.kind is closings.ClosingKind.TERMINATION:
        return
    yield Matter(
        kind="closing",
        state=found.status.value,
        subject=found.id,
        since=found.appealed_at or found.decided_at or found.created_at,
        until=found.due_at if found.status is closings.ClosingStatus.NOTICE else None,
    )


def _invitations(q: Reader, account_id: str) -> Iterator[Matter]:
    for one in store.invitations_for(q, account_id):
        if q.now < one.expires_at:
            theirs = one.way is model.InvitationWay.HAND
            yield Matter(
                kind="invitation",
                state="waiting" if theirs else "open",
                subject=one.id,
                since=one.created_at,
                name=enterprise(q, one.enterprise_id).name,
                until=one.expires_at,
            )


MATTERS = Matters(movers=_MOVERS, of=_of)
