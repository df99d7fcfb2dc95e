"""The checks after a run find what was done behind the engine's back."""

from __future__ import annotations

from engine.boot import World, tables
from engine.kernel import actors
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from simulations import digests, invariants

SETUP = actors.System(job="setup")


def employ(world: World, login: str = "somebody") -> str:
    made = world.engine.perform(
        staffing.create_staff,
        {
            "login": login,
            "name": "王小明",
            "password": "a sentence that is long",
            "roles": (Role.FINANCE,),
        },
        actor=SETUP,
    )
    return str(made.id)


def behind_its_back(world: World, sql: str, parameters: tuple[object, ...] = ()) -> None:
    with world.engine.parts.db.write() as connection:
        connection.run(sql, parameters)


FOLDS = "the log folds to the tables"
TOLD = "what the log has just told stands in the tables"


def broken(world: World) -> dict[str, tuple[str, ...]]:
    return {one.name: one.ids for one in invariants.check(world) if one.violations}


def test_an_honest_world_breaks_nothing(world: World) -> None:
    employ(world)
    found = invariants.check(world)
    assert invariants.broken(found) == 0
    assert {one.name for one in found} > set(tables.INVARIANTS)


def test_a_row_changed_without_the_log_is_named(world: World) -> None:
    staff_id = employ(world)
    behind_its_back(world, "UPDATE staff SET name = '李四' WHERE id = ?", (staff_id,))
    assert broken(world) == {FOLDS: (f"staff {staff_id}",), TOLD: (f"staff {staff_id}",)}


def test_a_row_deleted_or_added_without_the_log_is_named(world: World) -> None:
    employ(world)
    grant = world.engine.ask(lambda q: q.rows("SELECT id FROM staff_grant"), SETUP)[0]["id"]
    behind_its_back(world, "DELETE FROM staff_grant")
    behind_its_back(
        world,
        "INSERT INTO staff (id, login, name, status, created_at) VALUES ('stf_x', 'x', 'x', 'active', 0)",
    )
    # What the log has just told is looked for in the tables; a row that nobody told of is not.
    assert broken(world) == {
        FOLDS: ("staff stf_x", f"staff_grant {grant}"),
        TOLD: (f"staff_grant {grant}",),
    }


def test_a_stuck_job_is_named_with_its_problem(world: World) -> None:
    behind_its_back(
        world,
        "INSERT INTO job (id, kind, subject, due_at, status, last_error, created_at)"
        " VALUES ('job_1', 'send_sms', 's', 0, 'stuck', 'kernel.not_found', 0)",
    )
    assert broken(world) == {"no job is stuck": ("job_1 send_sms: kernel.not_found",)}


def test_many_violations_are_counted_and_the_first_twenty_named(world: World) -> None:
    for number in range(25):
        behind_its_back(
            world,
            "INSERT INTO staff (id, login, name, status, created_at) VALUES (?, ?, 'x', 'active', 0)",
            (f"s{number:02}", f"{number}"),
        )
    finding = next(one for one in invariants.check(world) if one.violations)
    assert finding.violations == 25
    assert finding.ids == tuple(f"staff s{number:02}" for number in range(20))


def test_the_digest_sees_every_table_and_every_event(world: World) -> None:
    empty = digests.of_world(world)
    assert digests.of_world(world) == empty
    staff_id = employ(world)
    employed = digests.of_world(world)
    assert employed != empty
    behind_its_back(
        world, "UPDATE staff_credential SET failures = 1 WHERE staff_id = ?", (staff_id,)
    )
    assert digests.of_world(world) != employed


def test_a_campaign_s_digest_does_not_depend_on_who_was_done_first() -> None:
    assert digests.of_campaign([(0, "a"), (1, "b")]) == digests.of_campaign([(1, "b"), (0, "a")])
    assert digests.of_campaign([(0, "a"), (1, "b")]) != digests.of_campaign([(0, "b"), (1, "a")])
