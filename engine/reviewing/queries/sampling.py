"""Second, blind looks: how often they agree, and what to make of it when they don't."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.reviewing import model, store
from engine.reviewing.queries.deciding import leads
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_MOST = 200


def differences(q: Reader) -> list[model.Difference]:
    """The differences that the reader could settle, oldest first: for a lead who took no part.

    Raises: MayNot.
    """
    staffing.require(q, Right.LEAD_REVIEWS, anywhere=True)
    return [one for one in store.differences(q) if may_settle(q, one)]


def may_settle(q: Reader, difference: model.Difference) -> bool:
    """Whether the reader leads here and had no part in either look."""
    if q.actor.text in difference.took_part:
        return False
    return leads(q, q.get(model.Case, "review_case", difference.case_id))


def two_looks(q: Reader, difference: model.Difference) -> tuple[model.Case, model.Case]:
    """The two decided cases of a difference, for a lead who could settle it.

    Raises: MayNot.
    """
    staffing.require(q, Right.LEAD_REVIEWS, anywhere=True)
    if not may_settle(q, difference):
        raise staffing.MayNot(right=Right.LEAD_REVIEWS.value)
    first = q.get(model.Case, "review_case", difference.case_id)
    return first, q.get(model.Case, "review_case", difference.sample_id)


def agreement(q: Reader) -> list[model.Agreement]:
    """How often second looks agreed with the first, by kind and by who decided first.

    Raises: MayNot.
    """
    if not staffing.has(q.actor, Right.AUDIT, anywhere=True):
        staffing.require(q, Right.LEAD_REVIEWS, anywhere=True)
    return store.agreement(q)
