"""The reports on seals, in the copy that reports are asked of, and every figure's cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.boot import World
from engine.records import queries as records
from engine.reports import catalog, snapshot
from engine.sealing import actions
from engine.staffing.model import Role
from tests.support import parties, seal_owners, worlds


def rows(answer: catalog.Answer) -> list[dict[str, object]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


@pytest.mark.row("SEA-3")
def test_seals_are_counted_by_kind_and_a_rejection_by_its_reason(
    world: World, tmp_path: Path
) -> None:
    party = parties.sealed(world, parties.Reviewers.of(world))
    made = seal_owners.made(world, party, name="东区合同章")
    rejected = seal_owners.apply(world, party, name="西区合同章")
    reason = parties.reject(world, "seal", rejected.id, party.reviewers.seal)
    written = {
        "enterprise_id": party.enterprise_id,
        "name": "张经理签名",
        "strokes": seal_owners.written(),
    }
    world.engine.perform(actions.draw_signature, written, actor=party.person)
    parties.settle(world, rounds=0)
    seal_owners.perform(world, party, actions.delete_seal, seal_id=made.id)
    snapshot.refresh(world.engine, tmp_path)
    newest = snapshot.newest(tmp_path)
    assert newest is not None
    report, reasons = catalog.load("seals"), catalog.load("seal_rejections")
    with snapshot.open_copy(newest) as copy:
        told, cases = rows(catalog.ask(copy, report)), rows(catalog.cases(copy, report))
        why = rows(catalog.ask(copy, reasons))
        why_cases = rows(catalog.cases(copy, reasons))
    counts: dict[str, dict[str, int]] = {}
    for row in told:
        kind = counts.setdefault(str(row.pop("seal_kind")), {})
        for name, value in row.items():
            if isinstance(value, int):
                kind[name] = kind.get(name, 0) + value
    assert {name: n for name, n in counts["contract"].items() if n} == {
        "seals_applied_for": 2,
        "seals_made": 1,
        "seals_rejected": 1,
        "seals_deleted": 1,
    }
    assert {name: n for name, n in counts["custom"].items() if n} == {
        "seals_written": 1,
        "seals_made": 1,
    }
    assert [(row["rejected_for"], row["rejections"]) for row in why] == [(reason, 1)]
    # Every case behind a figure is found by what the report says it is called.
    lead = worlds.staff(world, Role.LEAD)
    for case in (*cases, *why_cases):
        assert world.engine.ask(records.find, lead, str(case["look_up"])), case
