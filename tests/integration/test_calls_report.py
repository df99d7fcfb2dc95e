"""Calls by day and matter, in the copy that reports are asked of."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.boot import World
from engine.calls import actions
from engine.reports import catalog, snapshot
from tests.support import calling, registering

KNOWN, UNKNOWN = "13800138000", "13700137000"


@pytest.mark.row("OPS-8")
def test_calls_are_counted_by_day_and_matter(world: World, tmp_path: Path) -> None:
    person = registering.sign_up(world, KNOWN)
    registering.prove(world, person)
    claim = registering.claim(world, person)
    agent = calling.agent(world)
    for number, about in ((KNOWN, (claim.id,)), (KNOWN, ()), (UNKNOWN, ())):
        caller = calling.answer(world, agent, number)
        if about:
            case_id = calling.matter(caller, "claim_in_review").case_id
            given = {"call_id": caller.call.id, "case_id": case_id}
            world.engine.perform(actions.urge, given, actor=agent)
        given = {"call_id": caller.call.id, "matters": about, "note": "来电"}
        world.engine.perform(actions.log_call, given, actor=agent)
    # Never written down: not counted.
    calling.answer(world, agent, KNOWN)
    snapshot.refresh(world.engine, tmp_path)
    newest = snapshot.newest(tmp_path)
    assert newest is not None
    with snapshot.open_copy(newest) as copy:
        told = catalog.ask(copy, catalog.load("calls"))
    rows = [dict(zip(told.columns, row, strict=True)) for row in told.rows]
    counts = {
        row["about"]: (row["calls"], row["unknown_callers"], row["with_urging"]) for row in rows
    }
    assert counts == {"claim_in_review": (1, 0, 1), "none": (2, 1, 0)}
