"""OPS-4: ten thousand at once, paused, stopped, and killed anywhere: each item once, as it was foreseen."""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path
from types import FrameType

import pytest

from engine import boot, worker
from engine.boot import World, tables
from engine.bulk import actions, model, queries
from engine.kernel import database, events
from engine.reviewing import model as cases
from tests.support import bulking, crashing, fold, queue, worlds

pytestmark = pytest.mark.row("OPS-4")
S = model.BulkStatus
_BULK = str(Path(actions.__file__).parents[1])


def sound(world: World) -> None:
    """The chain, the fold and every invariant hold."""
    with world.engine.parts.db.read() as connection:
        _, breaks = events.verify(connection, world.keyring)
        broken = [name for name, sql in tables.INVARIANTS.items() if connection.rows(sql)]
    assert [*map(str, breaks), *broken] == []


def done_once(world: World, bulk: model.Bulk, desk: bulking.Desk) -> None:
    """Each item has one result, the one foreseen, and what was done stands in the log once."""
    items = desk.items(bulk)
    assert [one.position for one in items] == list(range(bulk.size))
    assert [one.outcome for one in items] == [one.foreseen for one in items]
    sql = "SELECT subject FROM event WHERE kind = 'bulk.item_done' ORDER BY seq"
    told = [row["subject"] for row in worlds.rows(world, sql)]
    assert sorted(told) == sorted(one.id for one in items if one.outcome == model.DONE)
    assert len(set(told)) == len(told)
    sound(world)


def test_ten_thousand_are_tried_and_done_with_a_pause_and_as_foreseen(world, count):
    """In memory, where no disk is waited for; the reduced count says itself in the summary."""
    desk = bulking.Desk.of(world)
    many = count(1_000, 10_000)
    queue.fill(world, many, me=desk.maker)
    found = desk.freeze("hold", reason="applicant_asked")
    assert found.size > many * 0.85
    worker.run_due(world, limit=1_000_000)
    desk.start(found)
    for parts in (1, 2, 4):
        worker.run_due(world, limit=parts)
        desk.steer(actions.pause, found)
        worker.run_due(world, limit=1_000_000)
        told = world.engine.ask(queries.one, desk.maker, found.id).progress
        assert told.done + told.refused + told.left == found.size
        assert told.left > 0
        desk.steer(actions.go_on, found)
    worker.run_due(world, limit=1_000_000)
    assert desk.now(found).status is S.DONE
    done_once(world, found, desk)
    told = world.engine.ask(queries.one, desk.maker, found.id).progress
    assert (told.left, told.otherwise, told.done + told.refused) == (0, 0, found.size)
    assert told.outcomes == told.foreseen
    assert told.refused > 0, "some are in a colleague's hand, held, or somebody's own"


def test_stopped_half_way_the_rest_is_left_alone(world):
    desk = bulking.Desk.of(world)
    bulking.waiting(world, 350)
    found = desk.freeze("hold", reason="applicant_asked")
    worker.run_due(world)
    desk.start(found)
    worker.run_due(world, limit=2)
    desk.steer(actions.stop, found)
    worker.run_due(world)
    told = world.engine.ask(queries.one, desk.maker, found.id).progress
    assert (told.done, told.left) == (200, 150)
    held = worlds.rows(world, "SELECT COUNT(*) AS n FROM review_case WHERE status = 'held'")
    assert held[0]["n"] == 200
    sound(world)


def _worked_until_killed(world: World, path: Path, kill_at: int, chance: str) -> bool:
    """A worker in a process of its own, killed after so many lines of bulk's code; whether it was."""

    def work() -> None:
        passed = 0

        def trace(frame: FrameType, event: str, _argument: object) -> object:
            nonlocal passed
            if not frame.f_code.co_filename.startswith(_BULK):
                return None
            if event == "line":
                passed += 1
                if passed == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        with crashing.over(world, path, chance) as own:
            sys.settrace(trace)
            worker.run_due(own, limit=1_000_000, owner="killed")

    return os.WIFSIGNALED(os.waitpid(crashing.forked(work), 0)[1])


@pytest.mark.parametrize("seed", range(2))
def test_workers_killed_at_random_leave_each_item_done_once(tmp_path, seed, count):
    base = tmp_path / "base.sqlite3"
    db = database.SqliteDatabase(base)
    made = boot.memory_world(db=db)
    desk = bulking.Desk.of(made)
    many = count(260, 10_000)
    queue.fill(made, many, me=desk.maker, seed=seed)
    found = desk.freeze("hold", reason="applicant_asked")
    db.checkpoint()
    db.close()
    # So that each is killed some twenty times, however many items there are.
    latest, draw, killed, workers = 12 * many, random.Random(seed), 0, 0
    with crashing.over(made, base, "console") as world:
        desk = bulking.Desk(world, desk.maker, desk.second, desk.third)
        for verb in ("rehearse", "start"):
            if verb == "start":
                desk.start(found)
            while worlds.rows(world, "SELECT id FROM job"):
                workers += 1
                kill_at = draw.randrange(50, latest)
                killed += _worked_until_killed(made, base, kill_at, f"worker {workers}")
                # The lease of who was killed runs out, and the next worker finds the job.
                worlds.run_sql(world, "UPDATE job SET lease_until = 0")
        assert killed > 3
        assert desk.now(found).status is S.DONE
        done_once(world, found, desk)
        # The cases themselves were written as rows; what bulk wrote is all in the log.
        apart = [place for place in fold.differences(world) if not place.startswith("review_case/")]
        assert apart == []


def an_item(world: World) -> crashing.Act:
    """One of three items is acted upon."""
    desk = bulking.Desk.of(world)
    bulking.waiting(world, 3)
    found = desk.rehearsed("hold", reason="applicant_asked")
    desk.start(found)
    given = {"bulk_id": found.id, "turn": 1, "position": 1}
    return crashing.Act(actions.act_on, given, worlds.SYSTEM, key="")


def a_page(world: World) -> crashing.Act:
    """A part is over, with one that was refused, and the next is staged."""
    desk = bulking.Desk.of(world)
    bulking.waiting(world, model.TO_A_JOB + 1)
    found = desk.rehearsed("urge")
    desk.start(found)
    [job] = worlds.rows(world, "SELECT id FROM job")
    refused = (model.Refused(position=0, code="reviewing.taken_by_colleague"),)
    given = {"bulk_id": found.id, "turn": 1, "refused": refused, "job_id": job["id"]}
    return crashing.Act(actions.turn_page, given, worlds.SYSTEM)


def a_start(world: World) -> crashing.Act:
    """A list that a second person agreed to is started."""
    desk = bulking.Desk.of(world)
    bulking.waiting(world, 3)
    found = desk.rehearsed("urge")
    given = {"bulk_id": found.id, "digest": found.rehearsal_digest}
    return crashing.Act(actions.start, given, desk.proved(desk.maker))


def a_freeze(world: World) -> crashing.Act:
    """A list is frozen, and its dry run staged."""
    desk = bulking.Desk.of(world)
    bulking.waiting(world, 3)
    given = {"act": "urge", "wanted": cases.Wanted(), "given": model.Given()}
    return crashing.Act(actions.freeze_cases, given, desk.maker)


@pytest.mark.parametrize("scene", [a_freeze, a_start, an_item, a_page])
def test_killed_at_each_line_it_is_as_before_or_as_after(tmp_path, scene, count):
    base = tmp_path / "base.sqlite3"
    db = database.SqliteDatabase(base)
    made = boot.memory_world(db=db)
    act = scene(made)
    before = worlds.content(made)
    db.checkpoint()
    db.close()
    with crashing.copy_of(base) as path, crashing.over(made, path) as finished:
        finished.engine.perform(act.action, act.arguments, actor=act.actor, key=act.key)
        after = worlds.content(finished)
    assert after != before
    with crashing.copy_of(base) as path:
        done, lines = crashing.run(made, path, act)
        assert done
    outcomes = set()
    for kill_at in crashing.spread(lines, count(25, len(lines))):
        with crashing.copy_of(base) as path:
            reported, _ = crashing.run(made, path, act, kill_at)
            assert not reported, "the child outlived its line"
            with crashing.over(made, path) as left:
                found = worlds.content(left)
                assert found in (before, after), f"half done at {lines[kill_at - 1]}"
                outcomes.add(found == after)
                sound(left)
    assert False in outcomes


def test_two_workers_at_one_list_do_each_item_once(file_world):
    """A worker whose lease ran out goes on beside the one that took its job over."""
    world = file_world
    desk = bulking.Desk.of(world)
    bulking.waiting(world, 120)
    found = desk.rehearsed("hold", reason="applicant_asked")
    desk.start(found)
    perform = world.engine.perform
    others: list[int] = []

    def beside(action, given, **more):
        """Before the fifth item of the first worker the second one does the whole list."""
        if action is actions.act_on and given["position"] == 5 and not others:
            others.append(1)
            worlds.run_sql(world, "UPDATE job SET lease_until = 0")
            worker.run_due(world, owner="second")
        return perform(action, given, **more)

    world.engine.perform = beside
    try:
        worker.run_due(world, owner="first")
    finally:
        del world.engine.perform
    assert others
    assert desk.now(found).status is S.DONE
    done_once(world, found, desk)
    assert worlds.rows(world, "SELECT id FROM job") == []


def test_a_worker_of_an_earlier_start_does_nothing_more(world):
    """Paused and gone on with meanwhile, the run is another worker's: it acts with its own proof."""
    desk = bulking.Desk.of(world)
    bulking.waiting(world, 3)
    found = desk.rehearsed("hold", reason="applicant_asked")
    earlier = desk.start(found).turn
    desk.steer(actions.pause, found)
    desk.steer(actions.go_on, found)
    given = {"bulk_id": found.id, "turn": earlier, "position": 0}
    with pytest.raises(actions.NotItsTurn), worlds.unchanged(world):
        world.engine.perform(actions.act_on, given, actor=worlds.SYSTEM)
    worker.run_due(world)
    done_once(world, found, desk)
