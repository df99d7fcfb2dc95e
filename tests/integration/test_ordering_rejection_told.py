"""Why an order was rejected is told to its applicant in both languages, and to nobody else."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import errors
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing import queries as cases
from tests.support.line import Line


@pytest.mark.row("CRT-1")
def test_an_applicant_reads_why_the_order_was_rejected(world: World) -> None:
    line = Line.on(world)
    person, other = line.person(0), line.person(1)
    line.onboarded(person)
    line.registered(other)
    person.order(agency_id="dongfang")
    line.work()
    person.pay()
    line.work(70)
    person.attach()
    door = person.handset.door
    assert door.ask("ordering.rejection", {"order_id": person.order_id}) == []
    staff = line.reviewer(0)
    row = world.engine.ask(cases.page, staff, model.Wanted(state="claimable")).rows[0]
    code = next(iter(world.engine.ask(cases.reasons_for, staff, row.case.kind)))
    given = {"case_id": row.case.id}
    world.engine.perform(reviewing.claim, given, actor=staff)
    world.engine.perform(reviewing.reject, {**given, "reasons": (code,), "note": ""}, actor=staff)
    told = door.ask("ordering.rejection", {"order_id": person.order_id})
    assert [one["code"] for one in told] == [code]
    assert all(told[0]["text"].values())
    with pytest.raises(errors.NotFound):
        other.handset.door.ask("ordering.rejection", {"order_id": person.order_id})
