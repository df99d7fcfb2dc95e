"""Settings as versions: in force by effective date, proposed by one and approved by another."""

from __future__ import annotations

import json

import pytest

from engine.boot import World
from engine.kernel import actors, clock, errors
from engine.kernel.operation import Operation
from engine.policies import actions, model, queries
from engine.staffing.model import Role
from tests.support import fold, worlds

NEW = {"lifetime_seconds": 120, "gap_seconds": 60, "per_day": 5, "tries": 3}


def propose(
    world: World, actor: actors.Actor, body: object = NEW, *, effective_at: int = 0, kind: str = ""
) -> model.PolicyVersion:
    return world.engine.perform(
        actions.propose,
        {"kind": kind or "sms_codes", "name": "", "body": body, "effective_at": effective_at},
        actor=actor,
    )


def approve(world: World, actor: actors.Actor, version: model.PolicyVersion) -> model.PolicyVersion:
    return world.engine.perform(actions.approve, {"version_id": version.id}, actor=actor)


def per_day(world: World) -> int:
    return world.engine.ask(queries.in_force, worlds.SYSTEM, model.SmsCodes).per_day


def test_version_1_comes_from_the_files_and_a_second_seeding_adds_nothing(any_world):
    with worlds.unchanged(any_world):
        assert any_world.engine.perform(actions.seed, {}, actor=worlds.SYSTEM) == 0
    [row] = worlds.rows(any_world, "SELECT * FROM policy_version WHERE kind = 'sms_codes'")
    assert (row["version"], json.loads(row["body"])["per_day"]) == (1, 10)


def test_a_version_holds_from_its_effective_date_and_not_before(any_world):
    maker = worlds.staff(any_world, Role.LEAD)
    checker = worlds.staff(any_world, Role.LEAD)
    at = any_world.engine.now() + clock.DAY
    version = propose(any_world, maker, effective_at=at)
    assert (version.version, version.approved_at) == (2, None)
    approve(any_world, checker, version)
    worlds.clock_of(any_world).set(at - 1)
    assert per_day(any_world) == 10
    worlds.clock_of(any_world).set(at)
    assert per_day(any_world) == 5
    kept = any_world.engine.ask(queries.version_in_force, worlds.SYSTEM, model.SmsCodes)
    assert (kept.id, kept.version) == (version.id, 2)
    fold.require(any_world)


def test_an_unapproved_version_never_holds(any_world):
    propose(any_world, worlds.staff(any_world, Role.LEAD))
    worlds.clock_of(any_world).advance(30 * clock.DAY)
    assert per_day(any_world) == 10


def test_a_proposal_can_not_take_effect_in_the_past(any_world):
    version = propose(any_world, worlds.staff(any_world, Role.LEAD), effective_at=1)
    assert version.effective_at == any_world.engine.now()


def test_who_proposed_does_not_approve(any_world):
    maker = worlds.staff(any_world, Role.LEAD)
    version = propose(any_world, maker)
    with worlds.unchanged(any_world), pytest.raises(actions.OwnProposal):
        approve(any_world, maker, version)


def test_the_database_refuses_it_too(any_world):
    maker = worlds.staff(any_world, Role.LEAD)
    version = propose(any_world, maker)
    with worlds.unchanged(any_world), pytest.raises(Exception, match=r"(?i)check"):
        worlds.run_sql(
            any_world,
            "UPDATE policy_version SET approved_by = author, approved_at = 1 WHERE id = ?",
            version.id,
        )


def test_a_version_is_approved_once(any_world):
    version = propose(any_world, worlds.staff(any_world, Role.LEAD))
    approve(any_world, worlds.staff(any_world, Role.LEAD), version)
    third = worlds.staff(any_world, Role.LEAD)
    with worlds.unchanged(any_world), pytest.raises(errors.EngineError):
        approve(any_world, third, version)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.LEAD, Role.ADMINISTRATOR)])
def test_other_roles_change_no_settings(world, role):
    member = worlds.staff(world, role)
    with worlds.unchanged(world), pytest.raises(actions.MayNotSet):
        propose(world, member)


@pytest.mark.parametrize(
    "actor",
    [
        actors.Person(account_id="acc_x", device_id="dev_x", second_factor_at=1 << 62),
        actors.Machine(name="payment"),
        actors.System(job="x"),
    ],
)
def test_only_staff_propose_and_only_the_set_up_seeds(world, actor):
    with worlds.unchanged(world), pytest.raises(actions.MayNotSet):
        propose(world, actor)
    if not isinstance(actor, actors.System):
        with pytest.raises(actions.MayNotSet):
            world.engine.perform(actions.seed, {}, actor=actor)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("sms_codes", {**NEW, "more": 1}),
        ("sms_codes", {"per_day": 1}),
        ("sms_codes", {**NEW, "tries": "3"}),
        ("nonsense", NEW),
    ],
)
def test_a_wrong_setting_is_refused(world, kind, body):
    lead = worlds.staff(world, Role.LEAD)
    with worlds.unchanged(world), pytest.raises(actions.SettingInvalid):
        propose(world, lead, body, kind=kind)


def test_an_unknown_setting_is_told(world):
    with pytest.raises(queries.SettingUnknown, match="nowhere"):
        world.engine.ask(queries.in_force, worlds.SYSTEM, model.Platform, "nowhere")


def approve_between_two_looks(
    op: Operation, *, version_id: str
) -> tuple[tuple[int, int], tuple[int, int]]:
    def seen() -> tuple[int, int]:
        return op.policy(model.SmsCodes).per_day, op.policies(model.SmsCodes)[""].per_day

    before = seen()
    actions.approve(op, version_id=version_id)
    return before, seen()


def test_an_operation_that_changes_a_setting_goes_by_the_new_one(any_world):
    version = propose(any_world, worlds.staff(any_world, Role.LEAD))
    checker = worlds.staff(any_world, Role.LEAD)
    before, after = any_world.engine.perform(
        approve_between_two_looks, {"version_id": version.id}, actor=checker
    )
    assert (before, after) == ((10, 10), (5, 5))
    assert per_day(any_world) == 5
