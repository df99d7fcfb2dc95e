"""The literal tables that join the stages: migrations, jobs, reactions, reviews, invariants.

A stage uses only the stages below it; what must happen above stands here: fact kind → what follows,
in the same transaction and in the listed order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from engine.asking import queries as asking_queries
from engine.binding import reactions as binding_reactions
from engine.binding import store as binding_store
from engine.boot import duties, reviews
from engine.bulk import queries as bulk_queries
from engine.calls import queries as calls_queries
from engine.calls import reactions as calls_reactions
from engine.delivering import queries as delivering_queries
from engine.delivering import reactions as delivering_reactions
from engine.delivering import store as delivering_store
from engine.enveloping import queries as enveloping_queries
from engine.enveloping import store as enveloping_store
from engine.incidents import queries as incidents_queries
from engine.integrating import model as integrating_model
from engine.integrating import queries as integrating_queries
from engine.integrating import reactions as integrating_reactions
from engine.integrating import store as integrating_store
from engine.invoicing import posting as invoicing_posting
from engine.invoicing import queries as invoicing_queries
from engine.invoicing import reactions as invoicing_reactions
from engine.invoicing import store as invoicing_store
from engine.issuing import queries as issuing_queries
from engine.issuing import reactions as issuing_reactions
from engine.issuing import store as issuing_store
from engine.kernel import actors, events
from engine.kernel.operation import Operation
from engine.mall import queries as mall_queries
from engine.mall import reactions as mall_reactions
from engine.mall import store as mall_store
from engine.messaging import model as messaging
from engine.messaging import reactions as messaging_reactions
from engine.ordering import queries as ordering_queries
from engine.ordering import reactions as ordering_reactions
from engine.providers import store as provider_store
from engine.reconciling import queries as reconciling_queries
from engine.reconciling import reactions as reconciling_reactions
from engine.reconciling import store as reconciling_store
from engine.records import queries as records_queries
from engine.registration import queries as registration_queries
from engine.registration import store as registration_store
from engine.reviewing import queries as reviewing_queries
from engine.reviewing import store as reviewing_store
from engine.sealing import queries as sealing_queries
from engine.sealing import reactions as sealing_reactions
from engine.signing import queries as signing_queries
from engine.signing import reactions as signing_reactions
from engine.staffing import reactions as staffing_reactions
from engine.staffing import store as staffing_store
from engine.subscribing import queries as subscribing_queries
from engine.subscribing import reactions as subscribing_reactions
from engine.subscribing import store as subscribing_store
from engine.trusting import reactions as trusting_reactions

ENGINE_VERSION = "0.1.0"
INSIDE = actors.System(job="inside")

# What the desk asks of the stages stands in `reviews`; it is asked for here with everything else.
DECIDED_BY, SHEETS = reviews.DECIDED_BY, reviews.SHEETS
review_sheet, data_subject = reviews.review_sheet, reviews.data_subject
evidence, papers_kept, resubmission = reviews.evidence, reviews.papers_kept, reviews.resubmission

# Asked of a database before its world is open, so that no lost key is made anew over what it sealed.
any_shares = issuing_store.any_shares
seal_shares_anew, shares_left = issuing_store.seal_shares_anew, issuing_store.shares_left

# Whose migrations make up a database, in order.
STAGES: tuple[str, ...] = (
    "kernel",
    "policies",
    "staffing",
    "asking",
    "rehearsing",
    "integrating",
    "incidents",
    "trusting",
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
    "enveloping",
    "subscribing",
    "delivering",
    "invoicing",
    "reconciling",
    "calls",
    "bulk",
    "records",
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
    "source_count": "counters by keyed digests of where requests come from, for an hour",
    **staffing_store.UNLOGGED,
    **integrating_store.UNLOGGED,
    **reviewing_store.UNLOGGED,
    **registration_store.UNLOGGED,
    **mall_store.UNLOGGED,
    **issuing_store.UNLOGGED,
    **enveloping_store.UNLOGGED,
    **invoicing_store.UNLOGGED,
    **reconciling_store.UNLOGGED,
    **subscribing_store.UNLOGGED,
    **delivering_store.UNLOGGED,
    **provider_store.UNLOGGED,
}

# What does a job stands in `duties`.
HANDLERS, TOGETHER = duties.HANDLERS, duties.TOGETHER

_REACTIONS: Mapping[str, Sequence[Callable[[Operation, events.Event], None]]] = {
    "policy.changed": (
        staffing_reactions.setting_changed,
        trusting_reactions.setting_changed,
    ),
    "case.approved": (reviews.case_decided,),
    "case.approval_given": (reviews.approved_in_part,),
    "case.approval_fell": (reviews.approval_fell,),
    "case.stage_fell": (reviews.stage_fell,),
    "case.rejected": (reviews.sheet_kept, reviews.case_decided),
    "enterprise.approved": (sealing_reactions.enterprise_approved,),
    "enterprise.closed": (
        mall_reactions.enterprise_closed,
        issuing_reactions.enterprise_closed,
        sealing_reactions.enterprise_closed,
        subscribing_reactions.enterprise_closed,
    ),
    "enterprise.changed": (
        issuing_reactions.enterprise_changed,
        sealing_reactions.enterprise_changed,
    ),
    "ticket.scanned": (binding_reactions.ticket_scanned,),
    "certificate.activated": (
        binding_reactions.certificate_activated,
        ordering_reactions.certificate_activated,
        sealing_reactions.certificate_activated,
    ),
    "certificate.issued": (issuing_reactions.certificate_issued,),
    "issuing.stopped": (issuing_reactions.issuing_stopped,),
    "issuing.lifted": (issuing_reactions.issuing_lifted,),
    "order.paid": (issuing_reactions.order_moved,),
    "order.approved_by_platform": (issuing_reactions.order_moved,),
    "order.approved_by_agency": (issuing_reactions.order_moved,),
    "member.left": (
        issuing_reactions.member_ended,
        ordering_reactions.member_left,
        sealing_reactions.member_left,
    ),
    "order.cancelled": (issuing_reactions.order_cancelled,),
    "certificate.revoked": (
        issuing_reactions.status_changed,
        issuing_reactions.delegations_end,
        binding_reactions.certificate_revoked,
        sealing_reactions.certificate_revoked,
        signing_reactions.certificate_revoked,
        ordering_reactions.certificate_revoked,
    ),
    "certificate.suspended": (
        issuing_reactions.status_changed,
        binding_reactions.certificate_suspended,
    ),
    "certificate.resumed": (issuing_reactions.status_changed,),
    "invoice.applied_for": (
        invoicing_posting.applied_for,
        reconciling_reactions.invoice_applied_for,
    ),
    "invoice.rejected": (invoicing_posting.ended,),
    "invoice.withdrawn": (invoicing_posting.ended,),
    "invoice.dropped": (invoicing_posting.ended,),
    "shipment.sent_again": (invoicing_posting.sent_again,),
    "statement.awaited": (reconciling_reactions.day_awaited,),
    "invoice.issued": (reconciling_reactions.invoice_issued,),
    "red_letter.issued": (reconciling_reactions.invoice_issued,),
    "money_case.settled": (reconciling_reactions.case_settled,),
    "payment.refunding": (invoicing_reactions.money_went_back,),
    "payment.refunded": (invoicing_reactions.money_went_back,),
    "account.cancelled": (
        issuing_reactions.account_cancelled,
        ordering_reactions.account_cancelled,
        sealing_reactions.account_cancelled,
        mall_reactions.account_cancelled,
        subscribing_reactions.account_cancelled,
        delivering_reactions.account_cancelled,
        invoicing_reactions.account_cancelled,
    ),
    "purchase_order.placed": (binding_reactions.trade_begun,),
    "contract.created": (binding_reactions.trade_begun,),
    "account.registered": (calls_reactions.number_known,),
    "account.number_changed": (calls_reactions.number_known,),
}

_CLOSING = {closing.fact for closing in messaging.CLOSINGS}


def _told_outside(op: Operation, event: events.Event) -> None:
    integrating_reactions.happened(op, event, records_queries.belongs)


_PUBLISHED = integrating_model.by_fact().keys()
# What follows from a fact, last of all the to-dos that it answers and whoever outside is told of it.
REACTIONS: Mapping[str, Sequence[Callable[[Operation, events.Event], None]]] = {
    fact: (
        *_REACTIONS.get(fact, ()),
        *((messaging_reactions.step_taken,) if fact in _CLOSING else ()),
        *((_told_outside,) if fact in _PUBLISHED else ()),
    )
    for fact in sorted(_REACTIONS.keys() | _CLOSING | _PUBLISHED)
}

# Name → a question whose every row is a violation.
INVARIANTS: Mapping[str, str] = {
    "one account to a phone number": (
        "SELECT MIN(row_id) AS id FROM blind_index WHERE kind = 'account.phone'"
        " GROUP BY digest HAVING COUNT(*) > 1"
    ),
    **asking_queries.INVARIANTS,
    **integrating_queries.INVARIANTS,
    **incidents_queries.INVARIANTS,
    **reviewing_queries.INVARIANTS,
    **registration_queries.INVARIANTS,
    **mall_queries.INVARIANTS,
    **ordering_queries.INVARIANTS,
    **issuing_queries.INVARIANTS,
    **binding_store.INVARIANTS,
    **sealing_queries.INVARIANTS,
    **signing_queries.INVARIANTS,
    **enveloping_queries.INVARIANTS,
    **subscribing_queries.INVARIANTS,
    **delivering_queries.INVARIANTS,
    **invoicing_queries.INVARIANTS,
    **reconciling_queries.INVARIANTS,
    **invoicing_posting.INVARIANTS,
    **calls_queries.INVARIANTS,
    **bulk_queries.INVARIANTS,
}
