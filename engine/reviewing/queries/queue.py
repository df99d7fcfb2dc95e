"""The queue, as an entitled reviewer may see it."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing.model import QueueRow as QueueRow
from engine.reviewing.queries.deciding import conflicts, entitled, leads
from engine.staffing import queries as staffing


def sees(q: Reader, case: model.Case) -> bool:
    """Whether the reader's grants cover a case, and they have nothing to do with it as a customer."""
    return entitled(q.actor, case) and not conflicts(q, case)


def kinds_seen(q: Reader) -> list[str]:
    """The kinds of case that the reader may decide somewhere."""
    return [
        kind
        for kind, right in model.RIGHT_FOR.items()
        if staffing.has(q.actor, right, anywhere=True)
    ]


def row(q: Reader, case: model.Case) -> QueueRow:
    """A case with its clocks and possible actions."""
    rule = q.policy(policies.ReviewRule, case.kind)
    return QueueRow(
        case=case, clocks=model.clocks(case, rule, q.now), possible=possible_actions(q, case)
    )


def possible_actions(q: Reader, case: model.Case) -> tuple[str, ...]:
    """What the reader can do with a case now: the buttons of its page."""
    if not sees(q, case) or not case.may_be_decided_by(q.actor.text):
        return ()
    mine = case.assignee == q.actor.text and case.lease_until > q.now
    hands_on = ("reassign",) if leads(q, case) else ()
    if model.open_at(case, q.now) and not mine:
        return ("claim", *hands_on)
    if case.status is model.CaseStatus.CLAIMED:
        if mine:
            return ("approve", "reject", "hold", "release", "reassign")
        return ("take_over", *hands_on)
    if case.status is model.CaseStatus.HELD:
        own = case.assignee == q.actor.text
        return ("resume", "reassign") if own else ("resume", *hands_on)
    return ()
