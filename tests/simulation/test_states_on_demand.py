"""States on demand: each state of each state machine is made through real actions, or says why not."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine import boot
from engine.boot import World
from engine.incidents import queries as incidents
from engine.kernel import clock, errors
from engine.staffing.model import Role
from simulations import digests, invariants, states
from simulations.cli import main
from simulations.states import machines, ways
from tests.support import counting, transitions, worlds

pytestmark = pytest.mark.row("SIM-9")
# One of each area, cheap ones; the full counts make every one.
SAMPLE = (
    "proof.mismatched",
    "certificate.review_ca",
    "claim.in_second_review",
    "reverse_payment.matched",
    "transfer.offered",
    "refund.failed",
    "ticket.scanned",
    "entity.in_review",
    "invoice.failed",
    "shipment.in_transit",
    "party.waiting",
    "opening.damaged",
    "incident.closed",
    "action_item.done",
    "stop.lifted",
    "bulk.approved",
    "bulk.stopped",
)
START = 1_780_275_600_000  # 2026-06-01 09:00 in Shanghai


def _world(seed: int = 3) -> World:
    return boot.memory_world(seed=seed, start=START)


def _end(world: World) -> None:
    world.close()
    boot.worlds.pop(world.id, None)


def test_every_state_machine_of_the_engine_has_a_name_here() -> None:
    """A machine that somebody adds must come with its name and its ways, or with why it has none."""
    known = {one.workflow.subject for one in states.MACHINES.values()}
    assert known == set(transitions.tables())


def test_every_state_can_be_made_or_says_why_not() -> None:
    listed = states.listed()
    neither = [one.name for one in listed if not one.made and one.why is None]
    assert neither == []
    assert sum(one.made for one in listed) >= len(listed) - 3
    assert len(listed) == sum(len(one.statuses()) for one in states.MACHINES.values())


def test_every_way_can_be_read_to_its_beginning() -> None:
    book = ways.book()
    for name in (*book.ways, *book.places):
        assert all(step.kind for step in book.steps(name)), name


def _every(book: ways.Book) -> list[str]:
    return [name for name in machines.every() if name in book.ways] if counting.FULL else []


@pytest.mark.parametrize("state", [*SAMPLE, *_every(ways.book())])
def test_a_state_is_made(state: str) -> None:
    """What was made stands in its table in that state, belongs to somebody, and breaks no invariant."""
    world = _world()
    made = states.make(world, state, 1, 7)[0]
    machine, status = machines.found(state)
    assert made.state == f"{machine.name}.{status}"
    sql = f"SELECT status FROM {made.table} WHERE id = ?"
    assert [row["status"] for row in worlds.rows(world, sql, made.id)] == [status]
    assert made.next == machine.next(status)
    assert made.people[0].phone.startswith(("142", "143", "154"))
    findings = invariants.check(world)
    assert [one for one in findings if one.violations] == []
    _end(world)


def test_several_are_of_different_people_and_the_same_again() -> None:
    """Each is somebody's own; the same seed makes the same world, byte for byte, another one does not."""
    found = []
    for seed in (7, 7, 8):
        world = _world()
        made = states.make(world, "proof.awaiting_code", 2, seed)
        found.append(digests.of_world(world))
        phones = {one.people[0].phone for one in made}
        assert len(phones) == len({one.id for one in made}) == 2
        again = states.make(world, "proof.awaiting_code", 1, seed)
        assert again[0].people[0].phone not in phones
        _end(world)
    assert found[0] == found[1] != found[2]


def test_what_waits_at_the_desk_is_told() -> None:
    world = _world()
    made = states.make(world, "certificate.review_ca", 1, 7)[0]
    assert [case.kind for case in made.cases] == ["certificate_ca"]
    sql = "SELECT subject_id FROM review_case WHERE id = ?"
    assert worlds.rows(world, sql, made.cases[0].id) == [{"subject_id": made.id}]
    _end(world)


@pytest.mark.row("OPS-4")
def test_what_is_done_to_many_is_done_to_this_ways_case_alone_by_whoever_may() -> None:
    """Others of the staff see nothing of somebody's list: they are passed over."""
    world = _world()
    for role in (Role.AGENT, Role.AUDITOR, Role.FINANCE, *[Role.LEAD] * 3, Role.QA):
        worlds.staff(world, role)
    first, second = states.make(world, "bulk.done", 2, 7)
    for made in (first, second):
        sql = (
            "SELECT i.outcome, c.status, c.id FROM bulk_item i JOIN review_case c ON c.id = i.item_id"
            " WHERE i.bulk_id = ?"
        )
        (item,) = worlds.rows(world, sql, made.id)
        assert (item["outcome"], item["status"]) == ("done", "held")
        assert [one.id for one in made.cases] == [item["id"]]
    assert first.cases != second.cases
    _end(world)


@pytest.mark.row("OPS-6")
def test_while_a_ca_is_stopped_who_asked_waits_and_other_ways_are_still_gone() -> None:
    world = _world()
    states.make(world, "stop.in_force", 1, 7)
    sql = "SELECT agency_id, status FROM certificate WHERE key_scheme <> 'agency'"
    assert worlds.rows(world, sql) == [{"agency_id": "nanfang", "status": "requested"}]
    # There is one stop of a CA at a time.
    assert isinstance(_refusal(world, "stop.in_force"), incidents.IssuingStopped)
    states.make(world, "certificate.active", 1, 7)
    assert [one for one in invariants.check(world) if one.violations] == []
    _end(world)


def _refusal(world: World, state: str) -> errors.EngineError:
    with pytest.raises(errors.EngineError) as refused:
        states.make(world, state, 1, 7)
    return refused.value


def test_what_cannot_be_made_says_why_and_changes_nothing() -> None:
    world = _world()
    before = digests.of_world(world)
    assert isinstance(_refusal(world, "order.nonsense"), states.NoSuchState)
    refused = _refusal(world, "difference.open")
    assert isinstance(refused, states.CannotBeMade)
    assert "second look" in refused.message()
    assert digests.of_world(world) == before
    _end(world)


def test_a_production_world_refuses() -> None:
    world = _world()
    real = dataclasses.replace(world, kind="production")
    assert isinstance(_refusal(real, "account.active"), states.OnlyInSandbox)
    _end(world)


def test_a_living_world_is_not_moved_unless_allowed(tmp_path: Path) -> None:
    """A demo world whose clock runs by itself: a way that takes time is refused, or moves its clock."""
    path = tmp_path / "demo"
    boot.create_world(path, kind="demo", world_id="demo")
    world = boot.open_world(path)
    before = digests.of_world(world)
    assert isinstance(_refusal(world, "service.completed"), states.TakesTime)
    assert digests.of_world(world) == before
    then = world.engine.now()
    states.make(world, "call.dropped", 1, 7, let_time_pass=True)
    assert clock.HOUR <= world.engine.now() - then < 2 * clock.HOUR
    _end(world)


def test_the_command_makes_a_world_of_its_own_and_goes_on_in_it(tmp_path: Path) -> None:
    path, runner = tmp_path / "own", CliRunner()
    wanted = ["make", "--state", "certificate.review_ca", "--world", str(path), "--json"]
    first = runner.invoke(main, [*wanted, "--n", "2", "--seed", "7"])
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout.strip().splitlines()[-1])
    assert [one["state"] for one in told["made"]] == ["order.agency_review"] * 2
    assert {one["role"] for one in told["staff"]} >= {"lead", "qa", "administrator"}
    second = runner.invoke(main, wanted)
    assert second.exit_code == 0, second.output
    more = json.loads(second.stdout.strip().splitlines()[-1])
    assert more["staff"] == []
    assert more["made"][0]["people"][0]["phone"] not in first.stdout


def test_the_command_lists_and_refuses() -> None:
    runner = CliRunner()
    listed = runner.invoke(main, ["make", "--list", "--json"])
    assert listed.exit_code == 0
    assert len(json.loads(listed.stdout)["states"]) == len(states.listed())
    refused = runner.invoke(main, ["make", "--state", "nothing.there", "--json"])
    assert refused.exit_code == 2
    assert json.loads(refused.stdout)["error"] == "simulations.no_such_state"
