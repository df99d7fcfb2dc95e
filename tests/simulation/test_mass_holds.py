"""OPS-4 in a run: all that waits for a CA is held at once, and taken up again when it is over."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import catalog, clock
from engine.reviewing.model import CaseStatus
from engine.staffing.model import Role
from simulations import mass_holds, scenario
from simulations.environment import Stage, Steps, journey
from tests.support import bulking, deciding, parties, worlds

QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")


@pytest.mark.row("OPS-4")
@pytest.mark.parametrize("count", [3, 150])
def test_what_waits_for_a_ca_is_held_and_taken_up_again(world: World, count: int) -> None:
    the_clock = world.engine.parts.clock
    assert isinstance(the_clock, clock.ManualClock)
    stage = Stage(world, the_clock, QUIET, 7)
    first, second, third = (worlds.staff(world, Role.AGENCY_REVIEWER) for _ in range(3))
    made = bulking.waiting(world, count, kind="certificate_ca", agency_id="dongfang")
    other = bulking.waiting(world, 2, first=count, kind="certificate_ca", agency_id="nanfang")
    deciding.take(world, third, made[0])
    held_then: list[CaseStatus] = []

    def somebody() -> Steps:
        yield from mass_holds.hold_all(stage, first, second, "dongfang")
        held_then.extend(deciding.now(world, one).status for one in (*made, *other))
        yield stage.wait(3600)
        yield from mass_holds.take_all_up(stage, first, second, "dongfang")
        yield from mass_holds.take_all_up(stage, first, second, "dongfang")

    stage.env.process(journey(stage, somebody()))
    stage.env.run(until=stage.now_ms + 2 * clock.HOUR)
    assert held_then == ["claimed", *["held"] * (count - 1), "waiting", "waiting"]
    assert {deciding.now(world, one).status.value for one in made[1:]} == {"waiting"}
    agreed = worlds.rows(world, "SELECT approved_by FROM bulk_act ORDER BY id")
    assert [row["approved_by"] for row in agreed] == [second.staff_id if count > 100 else None] * 2
    assert stage.counts[f"hold in bulk: {count - 1} of {count - 1}"] == 1
    assert parties.violations(world) == {}
