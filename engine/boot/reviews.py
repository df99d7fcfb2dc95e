"""What the desk asks of the stages: whose decision it is, what the reviewer sees, what follows.

Tables by kind of case, which `boot.tables` joins with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.binding import queries as binding_queries
from engine.binding import reactions as binding_reactions
from engine.boot import resubmitting
from engine.invoicing import queries as invoicing_queries
from engine.invoicing import reactions as invoicing_reactions
from engine.issuing import queries as issuing_queries
from engine.issuing import reactions as issuing_reactions
from engine.kernel import events
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.ordering import money as ordering_money
from engine.ordering import queries as ordering_queries
from engine.ordering import reactions as ordering_reactions
from engine.registration import queries as registration_queries
from engine.registration import reactions as registration_reactions
from engine.reviewing import model as reviewing
from engine.reviewing import queries as reviewing_queries
from engine.sealing import queries as sealing_queries
from engine.sealing import reactions as sealing_reactions
from engine.signing import queries as signing_queries
from engine.signing import reactions as signing_reactions

Decide = Callable[..., None]
SheetOf = Callable[[Reader, str], reviewing.Sheet]

# Kind of case → whose decision it is, and what the reviewer sees.
DECIDED_BY: Mapping[str, Decide] = {
    "enterprise_claim": registration_reactions.decide_enterprise_claim,
    "enterprise_change": registration_reactions.decide_enterprise_change,
    "certificate_platform": ordering_reactions.decide_certificate_platform,
    "certificate_ca": ordering_reactions.decide_certificate_ca,
    "entity": binding_reactions.decide_entity,
    "seal": sealing_reactions.decide_seal,
    "seal_making": sealing_reactions.decide_seal_making,
    "contract": signing_reactions.decide_contract,
    "cancellation": registration_reactions.decide_cancellation,
    "account_termination": registration_reactions.decide_account_termination,
    "termination_appeal": registration_reactions.decide_termination_appeal,
    "archive_release": registration_reactions.decide_archive_release,
    "key_recovery": issuing_reactions.decide_key_recovery,
    "settlement": ordering_money.decide_settlement,
    "invoice": invoicing_reactions.decide_invoice,
    "red_letter": invoicing_reactions.decide_red_letter,
}
SHEETS: Mapping[str, SheetOf] = {
    "enterprise_claim": registration_queries.review_sheet_enterprise_claim,
    "enterprise_change": registration_queries.review_sheet_enterprise_change,
    "certificate_platform": ordering_queries.review_sheet_certificate_platform,
    "certificate_ca": ordering_queries.review_sheet_certificate_ca,
    "entity": binding_queries.review_sheet_entity,
    "seal": sealing_queries.review_sheet_seal,
    "seal_making": sealing_queries.review_sheet_seal_making,
    "contract": signing_queries.review_sheet_contract,
    "cancellation": registration_queries.review_sheet_cancellation,
    "account_termination": registration_queries.review_sheet_account_termination,
    "termination_appeal": registration_queries.review_sheet_termination_appeal,
    "archive_release": registration_queries.review_sheet_archive_release,
    "key_recovery": issuing_queries.review_sheet_key_recovery,
    "settlement": ordering_queries.review_sheet_settlement,
    "invoice": invoicing_queries.review_sheet_invoice,
    "red_letter": invoicing_queries.review_sheet_red_letter,
}


def sheet_kept(op: Operation, event: events.Event) -> None:
    """What was rejected is kept as it was, to compare the correction with."""
    resubmitting.keep(op, event.subject, review_sheet)


def case_decided(op: Operation, event: events.Event) -> None:
    """The subject's stage does what the decision means."""
    decide = DECIDED_BY[event.facts["kind"]]
    decide(
        op,
        subject_id=event.facts["subject_id"],
        decision=reviewing.Decision(
            case_id=event.subject,
            approved=event.kind == "case.approved",
            reasons=tuple(event.facts["reasons"]),
            note=event.facts["note"],
            decided_by=event.actor,
            approved_by=tuple(event.facts.get("approved_by", ())),
        ),
    )


# Kinds whose subject shows that some but not all have approved, and that none does any more.
APPROVED_IN_PART: Mapping[str, Decide] = {
    "enterprise_claim": registration_reactions.claim_approved_in_part,
}
APPROVALS_FELL: Mapping[str, Decide] = {
    "enterprise_claim": registration_reactions.claim_approvals_fell,
}
# Kinds that look again because what they approved has changed before a later stage decided.
LOOKED_AT_AGAIN: Mapping[str, Decide] = {
    "certificate_platform": ordering_reactions.platform_looks_again,
}


def approved_in_part(op: Operation, event: events.Event) -> None:
    """A subject that shows it says that some have approved."""
    told = APPROVED_IN_PART.get(event.facts["kind"])
    if told is not None:
        told(op, subject_id=event.facts["subject_id"], approver=event.actor)


def approval_fell(op: Operation, event: events.Event) -> None:
    """A subject that shows it says that nobody's approval stands any more."""
    told = APPROVALS_FELL.get(event.facts["kind"])
    if told is not None and event.facts["left"] == 0:
        told(op, subject_id=event.facts["subject_id"])


def stage_fell(op: Operation, event: events.Event) -> None:
    """The stage whose approval fell looks at its subject again."""
    LOOKED_AT_AGAIN[event.facts["kind"]](op, subject_id=event.facts["subject_id"])


def review_sheet(q: Reader, case: reviewing.Case) -> reviewing.Sheet:
    """What a reviewer sees of a case's subject."""
    return SHEETS[case.kind](q, case.subject_id)


def sheet_of(q: Reader, case_id: str) -> reviewing.Sheet:
    """What a reviewer sees of a case, for who may see the case.

    Raises: NotFound, MayNot.
    """
    return review_sheet(q, reviewing_queries.case(q, case_id))


def corrections_of(q: Reader, case_id: str) -> reviewing.Changes | None:
    """What a case changes about the one that it corrects (OPS-5), for who may see the case; None of others.

    Raises: NotFound, MayNot.
    """
    return resubmission(q, reviewing_queries.case(q, case_id))


def evidence(q: Reader, kind: str, subject_id: str) -> str:
    """The digest of what a reviewer of this kind would see now: what an approval is bound to."""
    return reviewing.evidence_digest(SHEETS[kind](q, subject_id))


def data_subject(q: Reader, actor: str) -> str | None:
    """The data subject of a person or of a mall account's person; None of anybody else."""
    return resubmitting.data_subject(q, actor)


def papers_kept(q: Reader, case: reviewing.Case) -> reviewing.Kept:
    """Whether the papers of an approved case are still those that were approved (`security.md` 3.4)."""
    return reviewing_queries.papers_kept(q, case, review_sheet(q, case))


def resubmission(q: Reader, case: reviewing.Case) -> reviewing.Changes | None:
    """What a case changes about the one that it corrects, and which reasons that answers (OPS-5)."""
    return resubmitting.compare(q, case, review_sheet)
