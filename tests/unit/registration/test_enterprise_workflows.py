"""The tables of claims, verification, members and changes: where they begin and end."""

from __future__ import annotations

import pytest

from engine.kernel.workflow import NotPossibleNow, Workflow
from engine.registration import model

TABLES = (
    model.CLAIM,
    model.CHANGE,
    model.INVITATION,
    model.TRANSFER,
    model.REGISTER_CHECK,
    model.REVERSE_PAYMENT,
    model.REPRESENTATIVE_REQUEST,
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.subject)
def test_every_way_ends_and_an_end_is_an_end(table: Workflow):
    reached, left = {table.initial}, [table.initial]
    while left:
        for status in table.transitions[left.pop()].values():
            if status not in reached:
                reached.add(status)
                left.append(status)
    assert reached == set(table.statuses())
    ends = [status for status in reached if table.terminal(status)]
    assert len(ends) >= 2
    for status in ends:
        for verb in ("approve", "accept", "match", "reject", "decline", "cancel"):
            with pytest.raises(NotPossibleNow):
                table.advance(status, verb)


@pytest.mark.row("ENT-2")
def test_a_membership_can_begin_again():
    left = model.MEMBERSHIP.advance(model.MemberStatus.ACTIVE, "leave")
    assert left is model.MEMBERSHIP.advance(model.MemberStatus.ACTIVE, "remove")
    assert model.MEMBERSHIP.advance(left, "rejoin") is model.MemberStatus.ACTIVE
    with pytest.raises(NotPossibleNow):
        model.MEMBERSHIP.advance(left, "leave")


@pytest.mark.row("ENT-1")
def test_no_way_leads_around_the_second_review():
    assert model.ClaimStatus.APPROVED not in model.CLAIM.transitions[model.CLAIM.initial].values()
    before = [
        status
        for status, verbs in model.CLAIM.transitions.items()
        if model.ClaimStatus.APPROVED in verbs.values()
    ]
    assert before == [model.ClaimStatus.IN_SECOND_REVIEW]
