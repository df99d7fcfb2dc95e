"""The list of a person's orders, and one order with its history (CRT-5)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.kernel import events, identifiers
from engine.kernel.reader import Reader
from engine.ordering import model, progress, store
from engine.ordering.model import choices, shown
from engine.ordering.queries.orders import order, refund_of, shown_status
from engine.registration import queries as people

PAGE = 20
_S = model.OrderStatus
# The tabs of the list: what waits for the applicant, what for reviewers, what is done, what fell through.
GROUPS: Mapping[str, tuple[model.OrderStatus, ...]] = {
    "to_do": (_S.AWAITING_PAYMENT, _S.AWAITING_PAPERS, _S.AWAITING_DOWNLOAD),
    "in_review": (_S.PLATFORM_REVIEW, _S.AGENCY_REVIEW),
    "completed": (_S.COMPLETED,),
    "ended": (_S.REJECTED, _S.CANCELLED),
}


def listed(
    q: Reader,
    *,
    group: str = "",
    product: str = "",
    business: str = "",
    text: str = "",
    before: str = "",
) -> shown.OrderPage:
    """A part of the person's orders, newest first, by state, kind, and a part of number or enterprise.

    Guide: G-certificate-5, G-notice-3.
    """
    me = people.person(q).account_id
    found = store.page_of(
        q,
        me,
        statuses=tuple(status.value for status in GROUPS.get(group, ())),
        product=product,
        business=business,
        text=text.strip(),
        before=before,
        limit=PAGE + 1,
    )
    counts = store.counts_of(q, me)
    return shown.OrderPage(
        orders=tuple(_line(q, me, one) for one in found[:PAGE]),
        next_before=found[PAGE - 1].id if len(found) > PAGE else "",
        counts={
            name: sum(counts.get(status.value, 0) for status in statuses)
            for name, statuses in GROUPS.items()
        },
    )


def _line(q: Reader, me: str, one: model.Order) -> shown.OrderShown:
    return shown.OrderShown(
        id=one.id,
        number=one.number,
        product=one.product.value,
        business=one.business.value,
        platform_id=one.platform_id,
        title="" if one.enterprise_id is None else progress.title(q, one),
        state=shown_status(one),
        amount_fen=one.amount_fen,
        years=one.years,
        created_at=one.created_at,
        ended_at=one.ended_at,
        delegated_to_me=one.delegate_account_id == me,
    )


def detail(q: Reader, order_id: str) -> shown.OrderDetail:
    """One order as its applicant or its delegate sees it, with what happened to it until now.

    Raises: NotFound.
    """
    found = order(q, order_id)
    mine = people.person(q).account_id == found.account_id
    delegate = found.delegate_account_id
    cancellable = mine and model.ORDER.allows(found.status, "cancel")
    return shown.OrderDetail(
        order=found,
        title="" if found.enterprise_id is None else progress.title(q, found),
        state=shown_status(found),
        mine=mine,
        delegate=""
        if delegate is None
        else identifiers.masked_name(people.person_name(q, delegate)),
        scope=tuple(choices.ACTS[act] for act in found.scope),
        attachments=progress.asked_of(q, found).attachments,
        history=tuple(_history(q, found)),
        cancellable=cancellable,
        refund_fen=refund_of(q, found) if cancellable else 0,
    )


# Fact → what it is called in the history. What only our side needs to know is not here.
_TOLD: Mapping[str, tuple[str, str]] = {
    "order.placed": ("placed", "actor"),
    "payment.paid": ("paid", "provider"),
    "order.papers_attached": ("papers_attached", "actor"),
    "order.approved_by_platform": ("approved_by_platform", "platform"),
    "order.back_at_platform": ("back_at_platform", "system"),
    "order.approved_by_agency": ("approved_by_agency", "agency"),
    "order.rejected": ("rejected", "reviewer"),
    "order.cancelled": ("cancelled", "actor"),
    "order.completed": ("completed", "actor"),
    "order.certificate_ended": ("certificate_ended", "system"),
    "payment.refunding": ("refunding", "system"),
    "order.refunded": ("refunded", "provider"),
}


def _history(q: Reader, found: model.Order) -> list[shown.Step]:
    """What happened to an order and its money, oldest first."""
    payment = store.payment_of(q, found.id)
    about = [found.id, *([payment.id] if payment else [])]
    steps: list[shown.Step] = []
    for event in events.of_subjects(q.connection, about):
        if event.kind in _TOLD:
            steps.append(_step(q, found, event, steps))
    return steps


def _step(q: Reader, found: model.Order, event: events.Event, told: list[shown.Step]) -> shown.Step:
    code, by = _TOLD[event.kind]
    amount = event.facts.get("amount_fen")
    if event.kind in ("order.placed", "payment.paid"):
        amount = found.amount_fen
    return shown.Step(
        occurred_at=event.occurred_at,
        code=code,
        who=_who(q, found, event, told) if by in ("actor", "reviewer") else by,
        amount_fen=amount if isinstance(amount, int) else None,
    )


def _who(q: Reader, found: model.Order, event: events.Event, told: list[shown.Step]) -> str:
    if event.kind == "order.rejected":
        return _reviewer(found, told)
    return _actor(q, found, event.actor)


def _reviewer(found: model.Order, told: list[shown.Step]) -> str:
    """Who said no: the CA, once the platform has said yes or is not asked."""
    approved = [
        step.code for step in told if step.code in ("approved_by_platform", "back_at_platform")
    ]
    by_agency = not found.platform_reviews or approved[-1:] == ["approved_by_platform"]
    return "agency" if by_agency else "platform"


def _actor(q: Reader, found: model.Order, actor: str) -> str:
    if actor == q.actor.text:
        return "you"
    people_known = {
        f"person:{found.account_id}": "applicant",
        f"person:{found.delegate_account_id}": "delegate",
    }
    return people_known.get(actor, "system")
