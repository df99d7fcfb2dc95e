"""The literal tables that join the stages: migrations, jobs, reactions, reviews, invariants.

A stage uses only the stages below it; what must happen above stands here: fact kind → what follows,
in the same transaction and in the listed order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.binding import queries as binding_queries
from engine.binding import reactions as binding_reactions
from engine.boot import resubmitting
from engine.calls import jobs as calls_jobs
from engine.calls import queries as calls_queries
from engine.calls import reactions as calls_reactions
from engine.calls import store as calls_store
from engine.invoicing import jobs as invoicing_jobs
from engine.invoicing import queries as invoicing_queries
from engine.invoicing import store as invoicing_store
from engine.issuing import jobs as issuing_jobs
from engine.issuing import queries as issuing_queries
from engine.issuing import reactions as issuing_reactions
from engine.issuing import store as issuing_store
from engine.kernel import actors, events, notes
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall_queries
from engine.mall import reactions as mall_reactions
from engine.mall import store as mall_store
from engine.messaging import model as messaging
from engine.messaging import reactions as messaging_reactions
from engine.ordering import jobs as ordering_jobs
from engine.ordering import queries as ordering_queries
from engine.ordering import reactions as ordering_reactions
from engine.ordering import store as ordering_store
from engine.providers import store as provider_store
from engine.registration import jobs as registration_jobs
from engine.registration import queries as registration_queries
from engine.registration import reactions as registration_reactions
from engine.registration import store as registration_store
from engine.reviewing import jobs as reviewing_jobs
from engine.reviewing import model as reviewing
from engine.reviewing import queries as reviewing_queries
from engine.reviewing import store as reviewing_store
from engine.sealing import jobs as sealing_jobs
from engine.sealing import queries as sealing_queries
from engine.sealing import reactions as sealing_reactions
from engine.sealing import store as sealing_store
from engine.signing import jobs as signing_jobs
from engine.signing import queries as signing_queries
from engine.signing import reactions as signing_reactions
from engine.signing import store as signing_store
from engine.staffing import reactions as staffing_reactions
from engine.staffing import store as staffing_store
from engine.worker import Handler

ENGINE_VERSION = "0.1.0"
INSIDE = actors.System(job="inside")

# Whose migrations make up a database, in order.
STAGES: tuple[str, ...] = (
    "kernel",
    "policies",
    "staffing",
    "messaging",
    "reviewing",
    "scanning",
    "registration",
    "mall",
    "ordering",
    "issuing",
    "binding",
    "sealing",
    "signing",
    "invoicing",
    "calls",
    "providers",
)

# Tables that the log does not tell of, and why.
UNLOGGED: Mapping[str, str] = {
    "event": "it is the log",
    "migration": "the ledger of migrations",
    "job": "bookkeeping; intent and outcome are facts",
    "reply": "stored replies, encrypted, for 72 hours",
    "data_key": "wrapped keys, which can be destroyed",
    "blind_index": "derived, and deleted at cancellation",
    "blob_content": "ciphertexts of worlds in memory",
    "clock_shift": "the demo clock",
    **staffing_store.UNLOGGED,
    **reviewing_store.UNLOGGED,
    **registration_store.UNLOGGED,
    **mall_store.UNLOGGED,
    **issuing_store.UNLOGGED,
    **provider_store.UNLOGGED,
}

HANDLERS: Mapping[str, Handler] = {
    "send_sms": registration_jobs.send_sms,
    "ask_carrier": registration_jobs.ask_carrier,
    "check_real_name": registration_jobs.check_real_name,
    "send_proof_code": registration_jobs.send_proof_code,
    "check_register": registration_jobs.check_register,
    "create_payment": ordering_jobs.create_payment,
    "ask_payment": ordering_jobs.ask_payment,
    "refund_payment": ordering_jobs.refund_payment,
    "issue_certificate": issuing_jobs.issue_certificate,
    "make_seal": sealing_jobs.make_seal,
    "prepare_signature": signing_jobs.prepare_signature,
    "finish_signature": signing_jobs.finish_signature,
    "issue_invoice": invoicing_jobs.issue_invoice,
    "close_account": registration_jobs.close_account,
    "end_terminated": registration_jobs.end_terminated,
    "release_archive": registration_jobs.release_archive,
    "forget_handover": reviewing_jobs.forget_handover,
    "forget_caller": calls_jobs.forget_caller,
}

Decide = Callable[..., None]
SheetOf = Callable[[Reader, str], reviewing.Sheet]

# Kind of case → whose decision it is, and what the reviewer sees.
DECIDED_BY: Mapping[str, Decide] = {
    "enterprise_claim": registration_reactions.decide_enterprise_claim,
    "enterprise_change": registration_reactions.decide_enterprise_change,
    "certificate_platform": ordering_reactions.decide_certificate_platform,
    "certificate_ca": ordering_reactions.decide_certificate_ca,
    "seal": sealing_reactions.decide_seal,
    "seal_making": sealing_reactions.decide_seal_making,
    "contract": signing_reactions.decide_contract,
    "cancellation": registration_reactions.decide_cancellation,
    "account_termination": registration_reactions.decide_account_termination,
    "termination_appeal": registration_reactions.decide_termination_appeal,
    "archive_release": registration_reactions.decide_archive_release,
}
SHEETS: Mapping[str, SheetOf] = {
    "enterprise_claim": registration_queries.review_sheet_enterprise_claim,
    "enterprise_change": registration_queries.review_sheet_enterprise_change,
    "certificate_platform": ordering_queries.review_sheet_certificate_platform,
    "certificate_ca": ordering_queries.review_sheet_certificate_ca,
    "seal": sealing_queries.review_sheet_seal,
    "seal_making": sealing_queries.review_sheet_seal_making,
    "contract": signing_queries.review_sheet_contract,
    "cancellation": registration_queries.review_sheet_cancellation,
    "account_termination": registration_queries.review_sheet_account_termination,
    "termination_appeal": registration_queries.review_sheet_termination_appeal,
    "archive_release": registration_queries.review_sheet_archive_release,
}


def _sheet_kept(op: Operation, event: events.Event) -> None:
    resubmitting.keep(op, event.subject, review_sheet)


def _case_decided(op: Operation, event: events.Event) -> None:
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


def _approved_in_part(op: Operation, event: events.Event) -> None:
    told = APPROVED_IN_PART.get(event.facts["kind"])
    if told is not None:
        told(op, subject_id=event.facts["subject_id"], approver=event.actor)


def _approval_fell(op: Operation, event: events.Event) -> None:
    told = APPROVALS_FELL.get(event.facts["kind"])
    if told is not None and event.facts["left"] == 0:
        told(op, subject_id=event.facts["subject_id"])


def _stage_fell(op: Operation, event: events.Event) -> None:
    LOOKED_AT_AGAIN[event.facts["kind"]](op, subject_id=event.facts["subject_id"])


_REACTIONS: Mapping[str, Sequence[Callable[[Operation, events.Event], None]]] = {
    "policy.changed": (staffing_reactions.setting_changed,),
    "case.approved": (_case_decided,),
    "case.approval_given": (_approved_in_part,),
    "case.approval_fell": (_approval_fell,),
    "case.stage_fell": (_stage_fell,),
    "case.rejected": (_sheet_kept, _case_decided),
    "enterprise.approved": (sealing_reactions.enterprise_approved,),
    "enterprise.changed": (
        issuing_reactions.enterprise_changed,
        sealing_reactions.enterprise_changed,
    ),
    "certificate.activated": (
        ordering_reactions.certificate_activated,
        sealing_reactions.certificate_activated,
    ),
    "certificate.issued": (issuing_reactions.certificate_issued,),
    "certificate.revoked": (binding_reactions.certificate_revoked,),
    "account.cancelled": (
        issuing_reactions.account_cancelled,
        ordering_reactions.account_cancelled,
        mall_reactions.account_cancelled,
    ),
    "purchase_order.placed": (binding_reactions.trade_begun,),
    "contract.created": (binding_reactions.trade_begun,),
    "account.registered": (calls_reactions.number_known,),
    "account.number_changed": (calls_reactions.number_known,),
}

_CLOSING = {closing.fact for closing in messaging.CLOSINGS}
# What follows from a fact, and last of all the to-dos that it answers.
REACTIONS: Mapping[str, Sequence[Callable[[Operation, events.Event], None]]] = {
    fact: (
        *_REACTIONS.get(fact, ()),
        *((messaging_reactions.step_taken,) if fact in _CLOSING else ()),
    )
    for fact in sorted(_REACTIONS.keys() | _CLOSING)
}

# What follows from a change of an enterprise's particulars, as each stage tells it before it is confirmed.
CONSEQUENCES: Sequence[Callable[[Reader, str, frozenset[str]], Sequence[notes.Note]]] = (
    issuing_queries.consequences,
    binding_queries.consequences,
    sealing_queries.consequences,
    mall_queries.consequences,
)

# Whose cases staff with these accounts as a customer neither see nor decide, beside their own.
CONFLICTS: Sequence[Callable[[Reader, frozenset[str]], frozenset[str]]] = (
    registration_queries.fellow_members,
)

# What keeps an account from being closed, as the stages above people know it.
BLOCKERS: Sequence[Callable[[Reader, str], Sequence[notes.Note]]] = (
    ordering_queries.blockers,
    issuing_queries.blockers,
    sealing_queries.blockers,
    signing_queries.blockers,
    invoicing_queries.blockers,
)
# What the law has kept beyond an account.
KEPT: Sequence[Callable[[Reader, str], Sequence[notes.Kept]]] = (issuing_queries.kept,)
# Whose rows they are: what a person takes along is read from these, beside their own stage's.
OWNED: Sequence[notes.Owned] = (
    *mall_store.OWNED,
    *ordering_store.OWNED,
    *issuing_store.OWNED,
    *binding_queries.OWNED,
    *sealing_store.OWNED,
    *signing_store.OWNED,
    *invoicing_store.OWNED,
    *calls_store.OWNED,
)

# Name → a question whose every row is a violation.
INVARIANTS: Mapping[str, str] = {
    "maker is never checker": (
        "SELECT id FROM review_case WHERE decided_by = maker OR assignee = maker"
    ),
    "nobody who took part decides": (
        "SELECT id FROM review_case WHERE excluded LIKE '%\"' || decided_by || '\"%'"
        " OR approved_by LIKE '%\"' || decided_by || '\"%'"
        " OR approved_by LIKE '%\"' || maker || '\"%'"
    ),
    "an approval is never its maker's": (
        "SELECT a.id FROM case_approval a JOIN review_case c ON c.id = a.case_id"
        " WHERE a.staff = c.maker OR c.excluded LIKE '%\"' || a.staff || '\"%'"
    ),
    "who approves as one of several is named on the case": (
        "SELECT a.id FROM case_approval a JOIN review_case c ON c.id = a.case_id"
        " WHERE c.approved_by NOT LIKE '%\"' || a.staff || '\"%'"
    ),
    "a second look is never by who took the first": (
        "SELECT two.id FROM review_case two JOIN review_case one ON one.id = two.sample_of"
        " WHERE two.decided_by = one.decided_by"
        " OR one.approved_by LIKE '%\"' || two.decided_by || '\"%'"
    ),
    "one account to a phone number": (
        "SELECT MIN(row_id) AS id FROM blind_index WHERE kind = 'account.phone'"
        " GROUP BY digest HAVING COUNT(*) > 1"
    ),
    **registration_queries.INVARIANTS,
    **mall_queries.INVARIANTS,
    **ordering_queries.INVARIANTS,
    **issuing_queries.INVARIANTS,
    **binding_queries.INVARIANTS,
    **sealing_queries.INVARIANTS,
    **signing_queries.INVARIANTS,
    **invoicing_queries.INVARIANTS,
    **calls_queries.INVARIANTS,
}


def review_sheet(q: Reader, case: reviewing.Case) -> reviewing.Sheet:
    """What a reviewer sees of a case's subject."""
    return SHEETS[case.kind](q, case.subject_id)


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
