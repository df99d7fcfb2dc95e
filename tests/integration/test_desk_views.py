"""Saved views with counts kept on the server, and who else is looking (OPS-1, OPS-6)."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import actors, clock
from engine.kernel.operation import Operation
from engine.reviewing import actions, model, queries
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import fold, queue, worlds

SEALS = model.Wanted(kinds=("seal",), state="claimable")


def save(world: World, who: actors.Staff, name: str = "印章", **more: object) -> model.SavedView:
    arguments = {"name": name, "wanted": SEALS, **more}
    return world.engine.perform(actions.save_view, arguments, actor=who)


def views(world: World, who: actors.Staff) -> list[model.View]:
    return world.engine.ask(queries.views, who)


@pytest.mark.row("OPS-1")
def test_a_view_is_kept_and_its_count_says_since_when(any_world):
    lead = worlds.staff(any_world, Role.LEAD)
    queue.fill(any_world, 200)
    save(any_world, lead)
    (view,) = views(any_world, lead)
    assert (view.name, view.wanted, view.mine, view.shared) == ("印章", SEALS, True, False)
    assert (view.count, view.counted_at, view.stale) == (None, None, True)

    assert any_world.engine.perform(actions.count_views, {}, actor=lead) == 1
    counted_at = any_world.engine.now()
    (view,) = views(any_world, lead)
    expected = any_world.engine.ask(queries.page, lead, SEALS, limit=200)
    assert view.count == expected.total == len(expected.rows) > 0
    assert (view.counted_at, view.stale, view.more) == (counted_at, False, False)
    assert any_world.engine.perform(actions.count_views, {}, actor=lead) == 0

    worlds.clock_of(any_world).advance(30 * clock.SECOND)
    worlds.run_sql(any_world, "UPDATE review_case SET status = 'withdrawn' WHERE kind = 'seal'")
    (view,) = views(any_world, lead)
    assert (view.count, view.counted_at, view.stale) == (expected.total, counted_at, True)
    assert any_world.engine.perform(actions.count_views, {}, actor=lead) == 1
    assert views(any_world, lead)[0].count == 0
    worlds.run_sql(any_world, "DELETE FROM review_case")
    fold.require(any_world)


@pytest.mark.row("OPS-6")
def test_a_shared_view_counts_for_each_reader_what_they_may_see(world):
    lead = worlds.staff(world, Role.LEAD)
    platform = worlds.staff(
        world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang"
    )
    queue.fill(world, 300)
    wanted = model.Wanted()
    save(world, lead, "全部", wanted=wanted, shared=True)
    save(world, lead, "自己的", wanted=wanted)
    for who in (lead, platform):
        world.engine.perform(actions.count_views, {}, actor=who)
    of_lead, of_platform = views(world, lead), views(world, platform)
    assert [(view.name, view.mine) for view in of_platform] == [("全部", False)]
    assert of_platform[0].owner == "王审核"
    assert {view.name for view in of_lead} == {"全部", "自己的"}
    assert 0 < (of_platform[0].count or 0) < (of_lead[0].count or 0)


@pytest.mark.row("OPS-6")
def test_a_view_is_changed_and_deleted_by_who_saved_it(any_world):
    lead, other = worlds.staff(any_world, Role.LEAD), worlds.staff(any_world, Role.LEAD)
    view = save(any_world, lead, shared=True)
    change = {
        "view_id": view.id,
        "name": " 合同  待审 ",
        "wanted": model.Wanted(kinds=("contract",)),
    }
    with worlds.unchanged(any_world), pytest.raises(actions.NotYourView):
        any_world.engine.perform(actions.change_view, change, actor=other)
    with worlds.unchanged(any_world), pytest.raises(actions.NotYourView):
        any_world.engine.perform(actions.delete_view, {"view_id": view.id}, actor=other)
    any_world.engine.perform(actions.count_views, {}, actor=lead)
    changed = any_world.engine.perform(actions.change_view, change, actor=lead)
    assert (changed.name, changed.shared) == ("合同 待审", 0)
    (seen,) = views(any_world, lead)
    # What was counted was another filter.
    assert (seen.wanted.kinds, seen.count, seen.stale) == (("contract",), None, True)
    assert views(any_world, other) == []
    any_world.engine.perform(actions.delete_view, {"view_id": view.id}, actor=lead)
    assert views(any_world, lead) == []
    assert not worlds.rows(any_world, "SELECT * FROM view_count")
    assert worlds.kinds(any_world)[-3:] == ["view.saved", "view.changed", "view.deleted"]
    fold.require(any_world)


def test_a_view_needs_a_name_of_its_own(any_world):
    lead = worlds.staff(any_world, Role.LEAD)
    save(any_world, lead)
    second = save(any_world, lead, "第二个")
    for name in ("", "   ", "长" * 41):
        with worlds.unchanged(any_world), pytest.raises(actions.ViewNameMissing):
            save(any_world, lead, name)
    with pytest.raises(actions.ViewNameTaken):
        save(any_world, lead)
    with pytest.raises(actions.ViewNameTaken):
        any_world.engine.perform(
            actions.change_view,
            {"view_id": second.id, "name": "印章", "wanted": SEALS},
            actor=lead,
        )
    assert len(views(any_world, lead)) == 2


@pytest.mark.row("OPS-6")
def test_a_view_says_when_it_names_what_is_gone(world):
    lead = worlds.staff(world, Role.LEAD)
    wanted = model.Wanted(
        kinds=("seal", "enterprise_claim_second"), platforms=("guangzheng", "closed_long_ago")
    )
    save(world, lead, wanted=wanted)
    (view,) = views(world, lead)
    assert view.gone == ("enterprise_claim_second", "closed_long_ago")


@pytest.mark.row("OPS-7")
def test_views_are_for_who_reviews(world):
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.PRODUCT):
        who = worlds.staff(world, role)
        with pytest.raises(MayNot):
            views(world, who)
        with worlds.unchanged(world), pytest.raises(MayNot):
            save(world, who)


def look(world: World, who: actors.Staff, case: model.Case) -> bool:
    return world.engine.perform(actions.look, {"case_id": case.id}, actor=who)


def test_colleagues_see_who_is_looking_for_half_a_minute(any_world):
    one, two = worlds.staff(any_world, Role.LEAD), worlds.staff(any_world, Role.LEAD)
    case, other = queue.fill(any_world, 2)

    def seen(who: actors.Staff, what: model.Case) -> list[str]:
        return [found.staff_id for found in any_world.engine.ask(queries.lookers, who, what.id)]

    before = worlds.kinds(any_world)
    assert look(any_world, one, case)
    assert (seen(two, case), seen(one, case), seen(two, other)) == ([one.staff_id], [], [])
    worlds.clock_of(any_world).advance(9_999)
    assert not look(any_world, one, case)
    worlds.clock_of(any_world).advance(1)
    assert look(any_world, one, case)
    worlds.clock_of(any_world).advance(30_000)
    assert seen(two, case) == []
    worlds.clock_of(any_world).advance(30_000)
    look(any_world, one, other)
    left = worlds.rows(any_world, "SELECT case_id FROM case_look")
    assert left == [{"case_id": other.id}]
    assert worlds.kinds(any_world) == before


def test_nobody_looks_at_a_case_outside_their_scope(world):
    case = next(one for one in queue.fill(world, 60) if one.platform_id == "guangzheng")
    who = worlds.staff(world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang")
    with worlds.unchanged(world), pytest.raises(MayNot):
        look(world, who, case)
    with pytest.raises(MayNot):
        world.engine.ask(queries.lookers, who, case.id)


def test_looking_is_no_fact(world):
    """A reader's page must not make the log grow: live screens redraw whenever it does."""
    lead = worlds.staff(world, Role.LEAD)
    (case,) = queue.fill(world, 1)
    seen: list[str] = []
    plain = Operation.record
    Operation.record = lambda op, kind, subject, /, **facts: seen.append(kind)  # type: ignore[method-assign]
    try:
        look(world, lead, case)
        world.engine.perform(actions.count_views, {}, actor=lead)
    finally:
        Operation.record = plain  # type: ignore[method-assign]
    assert seen == []
