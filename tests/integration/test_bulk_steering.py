"""OPS-4: who agrees to a bulk act, who sees it, and how it is started, paused, stopped and gone on with."""

from __future__ import annotations

import pytest

from engine import worker
from engine.boot import World
from engine.bulk import actions, model, queries
from engine.kernel import actors, clock, errors
from engine.kernel.engine import StepUpNeeded
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.staffing import actions as staffing_acts
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import bulking, deciding, registering, worlds

pytestmark = pytest.mark.row("OPS-4")
S = model.BulkStatus


@pytest.fixture
def desk(any_world: World) -> bulking.Desk:
    return bulking.Desk.of(any_world)


def test_of_what_cannot_be_taken_back_a_second_person_agrees_to_exactly_this(
    desk: bulking.Desk,
) -> None:
    world = desk.world
    deciding.claim_case(world)
    found = desk.rehearsed("approve")
    given = {"bulk_id": found.id, "digest": found.rehearsal_digest}
    with pytest.raises(actions.SecondPersonNeeded), worlds.unchanged(world):
        world.engine.perform(actions.start, given, actor=desk.proved(desk.maker))
    with pytest.raises(actions.OwnBulkAct), worlds.unchanged(world):
        desk.agree(found, desk.maker)
    by = desk.proved(desk.second)
    with pytest.raises(actions.ChangedSinceSeen), worlds.unchanged(world):
        world.engine.perform(actions.approve, {**given, "digest": found.list_digest}, actor=by)
    outsider = worlds.staff(world, Role.PLATFORM_REVIEWER)
    with pytest.raises(queries.NotYours), worlds.unchanged(world):
        desk.agree(found, outsider)
    agreed = desk.agree(found)
    assert (agreed.status, agreed.approved_by) == (S.APPROVED, desk.second.staff_id)
    desk.steer(actions.rehearse_again, found)
    worker.run_due(world)
    with pytest.raises(actions.SecondPersonNeeded):
        world.engine.perform(actions.start, given, actor=desk.proved(desk.maker))
    desk.start(found)
    worker.run_due(world)
    assert desk.now(found).status is S.DONE


def test_another_account_of_the_same_person_does_not_agree(desk: bulking.Desk) -> None:
    world = desk.world
    deciding.claim_case(world)
    found = desk.rehearsed("approve")
    boss = worlds.staff(world, Role.ADMINISTRATOR)
    for who in (desk.maker, desk.second):
        given = {"staff_id": who.staff_id, "name": "王审核", "phone": "13800138055"}
        world.engine.perform(staffing_acts.change_staff, given, actor=boss)
    with pytest.raises(actions.OwnBulkAct), worlds.unchanged(world):
        desk.agree(found)
    assert desk.agree(found, desk.third).status is S.APPROVED


def test_who_agrees_does_so_only_where_every_item_belongs(desk: bulking.Desk) -> None:
    deciding.bare_case(desk.world, "ord_1")
    deciding.bare_case(desk.world, "ord_2", platform_id="yangguang")
    here = worlds.staff(desk.world, Role.LEAD, scope_kind="platform", scope_id=deciding.PLATFORM)
    found = desk.rehearsed("reject", reasons=("papers_unreadable",))
    with pytest.raises(queries.NotYours), worlds.unchanged(desk.world):
        desk.agree(found, here)
    narrow = desk.rehearsed(
        "reject",
        wanted=cases.Wanted(platforms=(deciding.PLATFORM,)),
        reasons=("papers_unreadable",),
    )
    assert desk.agree(narrow, here).status is S.APPROVED


def test_many_take_a_second_person_too(desk: bulking.Desk) -> None:
    alone = desk.world.engine.ask(queries.rules, worlds.SYSTEM).alone_up_to
    bulking.waiting(desk.world, alone + 1)
    found = desk.rehearsed("urge")
    given = {"bulk_id": found.id, "digest": found.rehearsal_digest}
    with pytest.raises(actions.SecondPersonNeeded):
        desk.world.engine.perform(actions.start, given, actor=desk.maker)
    desk.start(found)
    worker.run_due(desk.world)
    assert desk.now(found).status is S.DONE
    one = desk.rehearsed("urge", wanted=cases.Wanted(text="江苏第7有限公司"))
    given = {"bulk_id": one.id, "digest": one.rehearsal_digest}
    assert desk.world.engine.perform(actions.start, given, actor=desk.maker).status is S.RUNNING


def test_the_second_factor_is_proved_at_the_start_and_carries_the_run_for_a_while(
    desk: bulking.Desk,
) -> None:
    world, minute = desk.world, clock.MINUTE
    bulking.waiting(world, 3)
    found = desk.rehearsed("approve")
    desk.agree(found)
    given = {"bulk_id": found.id, "digest": found.rehearsal_digest}
    old = desk.proved(desk.maker)
    worlds.clock_of(world).advance(6 * minute)
    with pytest.raises(StepUpNeeded), worlds.unchanged(world):
        world.engine.perform(actions.start, given, actor=old)
    desk.start(found)
    lasts = world.engine.ask(queries.rules, worlds.SYSTEM).proof_minutes
    worlds.clock_of(world).advance(lasts * minute)
    worker.run_due(world)
    paused = desk.now(found)
    assert (paused.status, paused.why) == (S.PAUSED, actions.ProofTooOld.code)
    assert {one.outcome for one in desk.items(found)} == {None}
    with pytest.raises(StepUpNeeded):
        world.engine.perform(actions.go_on, {"bulk_id": found.id}, actor=old)
    desk.steer(actions.go_on, found)
    worker.run_due(world)
    assert (desk.now(found).status, desk.now(found).why) == (S.DONE, "")


def test_it_is_paused_gone_on_with_and_stopped(desk: bulking.Desk) -> None:
    world = desk.world
    bulking.waiting(world, 10)
    found = desk.rehearsed("hold", reason="applicant_asked")
    desk.start(found)
    desk.steer(actions.pause, found, desk.second)
    worker.run_due(world)
    assert (desk.now(found).status, {one.outcome for one in desk.items(found)}) == (
        S.PAUSED,
        {None},
    )
    with pytest.raises(queries.NotYours):
        desk.steer(actions.go_on, found, desk.second)
    desk.steer(actions.go_on, found)
    desk.steer(actions.stop, found)
    worker.run_due(world)
    stopped = desk.now(found)
    assert (stopped.status, stopped.ended_at) == (S.STOPPED, world.engine.now())
    assert {one.outcome for one in desk.items(found)} == {None}
    for action in (
        actions.go_on,
        actions.pause,
        actions.stop,
        actions.drop,
        actions.rehearse_again,
    ):
        with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
            desk.steer(action, found)
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        desk.start(found)


def test_what_was_refused_becomes_a_list_of_its_own(desk: bulking.Desk) -> None:
    world = desk.world
    deciding.bare_case(world, "ord_1")
    taken = deciding.bare_case(world, "ord_2")
    deciding.take(world, desk.third, taken)
    found = desk.rehearsed("hold", reason="applicant_asked")
    with pytest.raises(actions.NothingRefused):
        desk.steer(actions.freeze_refused, found)
    desk.start(found)
    worker.run_due(world)
    deciding.do(world, reviewing.release, desk.third, taken)
    anew = desk.steer(actions.freeze_refused, found)
    worker.run_due(world)
    [item] = desk.items(anew)
    assert (item.item_id, item.foreseen) == (taken.id, model.DONE)
    assert (anew.act, anew.given["reason"]) == ("hold", "applicant_asked")
    desk.start(anew)
    worker.run_due(world)
    assert deciding.now(world, taken).status is cases.CaseStatus.HELD


@pytest.mark.parametrize("how", ["disabled", "without the right"])
def test_it_stops_when_who_started_it_may_no_longer(desk: bulking.Desk, how: str) -> None:
    world = desk.world
    worlds.staff(world, Role.ADMINISTRATOR)
    bulking.waiting(world, 3)
    found = desk.rehearsed("hold", reason="applicant_asked")
    desk.start(found)
    if how == "disabled":
        given = {"staff_id": desk.maker.staff_id, "reason": "left"}
        world.engine.perform(staffing_acts.disable_staff, given, actor=worlds.SYSTEM)
        why = actions.StarterGone.code
    else:
        sql = "SELECT id FROM staff_grant WHERE staff_id = ?"
        [grant] = worlds.rows(world, sql, desk.maker.staff_id)
        given = {"grant_id": grant["id"]}
        world.engine.perform(staffing_acts.revoke_role, given, actor=worlds.SYSTEM)
        why = actions.RightGone.code
    worker.run_due(world)
    stopped = desk.now(found)
    assert (stopped.status, stopped.why) == (S.STOPPED, why)
    assert {one.outcome for one in desk.items(found)} == {None}
    assert worlds.rows(world, "SELECT id FROM job") == []


def test_nobody_else_sees_a_list_but_auditors_and_who_may_agree(desk: bulking.Desk) -> None:
    world = desk.world
    deciding.bare_case(world)
    found = desk.rehearsed("urge")
    for role, sees in (
        (Role.LEAD, True),
        (Role.AUDITOR, True),
        (Role.PLATFORM_REVIEWER, True),
        (Role.AGENCY_REVIEWER, False),
        (Role.ENTERPRISE_REVIEWER, False),
    ):
        who = worlds.staff(world, role)
        listed = [one.bulk.id for one in world.engine.ask(queries.listed, who)]
        assert listed == ([found.id] if sees else []), role
        if not sees:
            with pytest.raises(queries.NotYours):
                world.engine.ask(queries.items, who, bulk_id=found.id)
    stranger = actors.Person(account_id="acc_x", device_id="dev_x", second_factor_at=1 << 62)
    with pytest.raises(staffing.MayNot):
        world.engine.ask(queries.listed, stranger)
    with pytest.raises(staffing.MayNot):
        desk.steer(actions.stop, found, worlds.staff(world, Role.AUDITOR))


def test_who_has_to_do_with_a_case_as_a_customer_is_not_told_whose_it_is(
    desk: bulking.Desk,
) -> None:
    world = desk.world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    theirs = deciding.claim_case(world, person=person)
    other = deciding.claim_case(world, 2)
    found = desk.rehearsed("urge")
    boss = worlds.staff(world, Role.ADMINISTRATOR)
    given = {"staff_id": desk.second.staff_id, "name": "王审核", "phone": "13800138000"}
    world.engine.perform(staffing_acts.change_staff, given, actor=boss)
    told = world.engine.ask(queries.items, deciding.again(world, desk.second), bulk_id=found.id)
    assert (theirs.id in told.titles, told.titles[other.id]) == (False, other.title)
    own = desk.freeze("urge", who=deciding.again(world, desk.second))
    assert world.engine.ask(queries.one, desk.second, own.id).bulk.size == 1
    told = world.engine.ask(queries.items, desk.maker, bulk_id=found.id)
    assert told.titles[theirs.id] == theirs.title


def test_a_list_is_dropped_before_it_runs_and_a_paused_run_is_stopped(desk: bulking.Desk) -> None:
    world = desk.world
    bulking.waiting(world, 3)
    rehearsed = desk.rehearsed("hold", reason="applicant_asked")
    desk.steer(actions.rehearse_again, rehearsed)
    worker.run_due(world)
    desk.steer(actions.drop, rehearsed)
    agreed = desk.rehearsed("hold", reason="applicant_asked")
    desk.agree(agreed)
    desk.steer(actions.drop, agreed)
    fresh = desk.freeze("hold", reason="applicant_asked")
    desk.steer(actions.drop, fresh)
    for one in (rehearsed, agreed, fresh):
        with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
            desk.start(one)
    running = desk.rehearsed("hold", reason="applicant_asked")
    desk.start(running)
    desk.steer(actions.pause, running)
    desk.steer(actions.stop, running)
    worker.run_due(world)
    told = world.engine.ask(queries.one, desk.maker, running.id).progress
    assert (desk.now(running).status, told.done, told.left) == (S.STOPPED, 0, 3)
    assert worlds.rows(world, "SELECT 1 AS one FROM review_case WHERE status = 'held'") == []
