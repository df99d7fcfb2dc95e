"""OPS-4: a frozen list with its digest, a dry run that agrees with the run, and a result for each item."""

from __future__ import annotations

import pytest

from engine import worker
from engine.boot import World
from engine.bulk import model
from engine.reviewing import model as cases
from tests.support import bulking, deciding, worlds

pytestmark = pytest.mark.row("OPS-4")


def test_a_list_is_frozen_tried_and_done(any_world: World) -> None:
    desk = bulking.Desk.of(any_world)
    made = [deciding.bare_case(any_world, f"ord_{n}") for n in range(5)]
    found = desk.rehearsed("hold", reason="applicant_asked")
    assert (found.status, found.size) == (model.BulkStatus.REHEARSED, 5)
    assert [one.foreseen for one in desk.items(found)] == ["done"] * 5
    assert {deciding.now(any_world, case).status for case in made} == {cases.CaseStatus.WAITING}
    desk.start(found)
    worker.run_due(any_world)
    done = desk.now(found)
    assert done.status is model.BulkStatus.DONE
    assert [one.outcome for one in desk.items(found)] == ["done"] * 5
    assert {deciding.now(any_world, case).status for case in made} == {cases.CaseStatus.HELD}
    assert worlds.rows(any_world, "SELECT id FROM job") == []
