"""Staff: signing in, waiting after wrong tries, sessions that end, and grants with their scope."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import actors, clock, errors
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.reviewing.model import RIGHT_FOR
from engine.staffing import actions, model, queries
from engine.staffing.model import Right, Role
from tests.support import fold, worlds

ROLES = {
    name: setting
    for kind, name, setting in policy_queries.declared()
    if isinstance(setting, policies.Role)
}


def sign_in(world: World, login: str, password: str = worlds.PASSWORD) -> model.SignedIn:
    return world.engine.perform(
        actions.sign_in, {"login": login, "password": password}, actor=worlds.SYSTEM
    )


def who(world: World, token: str) -> actors.Staff | None:
    return world.engine.ask(queries.staff_by_token, worlds.SYSTEM, token)


def test_the_right_password_opens_a_session_of_that_person(any_world):
    member = worlds.staff(any_world, Role.LEAD, login="lead")
    assert who(any_world, sign_in(any_world, "lead").token) == member
    assert worlds.kinds(any_world)[-1] == "staff.signed_in"
    fold.require(any_world)


def test_neither_password_nor_token_is_kept(any_world):
    worlds.staff(any_world, Role.LEAD, login="lead")
    token = sign_in(any_world, "lead").token
    held = repr(worlds.content(any_world))
    assert token not in held
    assert worlds.PASSWORD not in held


def test_a_wrong_login_and_a_wrong_password_are_told_alike(any_world):
    worlds.staff(any_world, Role.LEAD, login="lead")
    told = set()
    for login, password in (("lead", "wrong password"), ("nobody", worlds.PASSWORD)):
        with pytest.raises(actions.WrongCredentials) as refused:
            sign_in(any_world, login, password)
        told.add((str(refused.value), refused.value.http_status))
    assert len(told) == 1


def test_wrong_tries_are_counted_and_then_waits_double_up_to_an_hour(any_world):
    worlds.staff(any_world, Role.LEAD, login="lead")
    for _ in range(3):
        with pytest.raises(actions.WrongCredentials):
            sign_in(any_world, "lead", "wrong password")
    waits = []
    for _ in range(9):
        with pytest.raises(actions.WrongCredentials):
            sign_in(any_world, "lead", "wrong password")
        with worlds.unchanged(any_world), pytest.raises(actions.TooManyTries) as refused:
            sign_in(any_world, "lead")
        waits.append(refused.value.params["seconds"])
        worlds.clock_of(any_world).advance(int(refused.value.params["seconds"]) * 1000)
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    sign_in(any_world, "lead")
    with pytest.raises(actions.WrongCredentials):
        sign_in(any_world, "lead", "wrong password")
    sign_in(any_world, "lead")


def test_a_session_ends_by_idleness_by_age_and_by_signing_out(any_world):
    rule = any_world.engine.ask(policy_queries.in_force, worlds.SYSTEM, policies.Sessions)
    worlds.staff(any_world, Role.LEAD, login="lead")
    token, now = sign_in(any_world, "lead").token, worlds.clock_of(any_world)
    idle = rule.staff_idle_minutes * clock.MINUTE
    now.advance(idle - 1)
    assert who(any_world, token)
    now.advance(1)
    assert who(any_world, token) is None

    token = sign_in(any_world, "lead").token
    for _ in range(rule.staff_hours * clock.HOUR // (idle - 1)):
        now.advance(idle - 1)
        assert who(any_world, token)
        any_world.engine.perform(actions.keep_alive, {"token": token}, actor=worlds.SYSTEM)
    now.advance(idle - 1)
    assert who(any_world, token) is None

    token = sign_in(any_world, "lead").token
    any_world.engine.perform(actions.sign_out, {"token": token}, actor=worlds.SYSTEM)
    assert who(any_world, token) is None
    assert worlds.kinds(any_world)[-1] == "staff.signed_out"


def test_an_unknown_token_is_nobody_and_signing_it_out_is_nothing(any_world):
    assert who(any_world, "x") is None
    with worlds.unchanged(any_world):
        any_world.engine.perform(actions.sign_out, {"token": "x"}, actor=worlds.SYSTEM)


def test_a_disabled_member_is_out_at_the_next_request(any_world):
    worlds.staff(any_world, Role.LEAD, login="lead")
    token = sign_in(any_world, "lead").token
    worlds.run_sql(any_world, "UPDATE staff SET status = 'disabled'")
    assert who(any_world, token) is None
    with pytest.raises(actions.WrongCredentials):
        sign_in(any_world, "lead")


def test_a_revoked_grant_is_gone_at_the_next_request(any_world):
    worlds.staff(any_world, Role.LEAD, login="lead")
    token = sign_in(any_world, "lead").token
    worlds.run_sql(any_world, "UPDATE staff_grant SET revoked_at = 1")
    found = who(any_world, token)
    assert found is not None
    assert found.grants == ()


def test_a_login_is_taken_once(any_world):
    worlds.staff(any_world, Role.LEAD, login="lead")
    with worlds.unchanged(any_world), pytest.raises(actions.LoginTaken):
        worlds.staff(any_world, Role.AUDITOR, login="lead")


def test_only_who_manages_staff_makes_staff(any_world):
    def make(actor: actors.Actor, login: str) -> None:
        arguments = {"login": login, "name": "新人", "password": worlds.PASSWORD, "roles": ()}
        any_world.engine.perform(actions.create_staff, arguments, actor=actor)

    make(worlds.staff(any_world, Role.ADMINISTRATOR), "new")
    lead = worlds.staff(any_world, Role.LEAD)
    for actor in (
        lead,
        actors.Person(account_id="a", device_id="d", second_factor_at=1 << 62),
        actors.Machine(name="x"),
    ):
        with worlds.unchanged(any_world), pytest.raises(queries.MayNot):
            make(actor, "other")


def test_the_one_click_sign_in_exists_in_a_demo_world_only(world):
    worlds.staff(world, Role.LEAD, login="lead")
    with worlds.unchanged(world), pytest.raises(actions.OnlyInDemo):
        world.engine.perform(actions.demo_sign_in, {"login": "lead"}, actor=worlds.SYSTEM)


@pytest.mark.row("OPS-7")
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_the_roles_matrix_with_own_and_foreign_scope(right, role):
    """Every cell: everywhere, on the own platform or agency, and never on a foreign one."""
    rights = ROLES[role].rights
    holds = right in rights

    def actor(kind: str, scope: str) -> actors.Staff:
        return actors.Staff(
            staff_id="s",
            grants=(
                actors.Grant(
                    role=role.value,
                    rights=frozenset(right.value for right in rights),
                    scope_kind=kind,
                    scope_id=scope,
                ),
            ),
        )

    def may(who: actors.Staff, platform: str | None, agency: str | None) -> bool:
        return queries.has(who, right, platform_id=platform, agency_id=agency)

    everywhere, platform, agency = actor("all", ""), actor("platform", "p1"), actor("agency", "a1")
    assert may(everywhere, "p1", "a1") is holds
    assert may(everywhere, None, None) is holds
    assert may(platform, "p1", "a2") is holds
    assert not may(platform, "p2", "a1")
    assert not may(platform, None, "p1")
    assert may(agency, "p2", "a1") is holds
    assert not may(agency, "a1", "a2")
    assert not may(agency, "p1", None)
    assert queries.has(platform, right, anywhere=True) is holds


def test_several_grants_do_not_lend_each_other_their_scope():
    who = actors.Staff(
        staff_id="s",
        grants=(
            actors.Grant(
                role="platform_reviewer",
                rights=frozenset({"review_platform"}),
                scope_kind="platform",
                scope_id="p1",
            ),
            actors.Grant(role="auditor", rights=frozenset({"audit"})),
        ),
    )
    assert queries.has(who, Right.AUDIT, platform_id="p2")
    assert not queries.has(who, Right.REVIEW_PLATFORM, platform_id="p2")


def test_reviewing_and_managing_people_are_never_one_role():
    reviews = {right for right in Right if right.value.startswith(("review", "make_"))}
    assert reviews <= policies.DECIDES
    assert set(RIGHT_FOR.values()) <= policies.DECIDES
    assert not set(ROLES[Role.ADMINISTRATOR].rights) & policies.DECIDES
    changes = policies.DECIDES | {Right.MANAGE_SETTINGS, Right.MANAGE_STAFF}
    assert not set(ROLES[Role.AUDITOR].rights) & changes
    assert not any(policies.grants_and_decides(frozenset(role.rights)) for role in ROLES.values())


def test_the_declared_roles_are_those_that_the_code_names():
    assert set(ROLES) == {role.value for role in Role}


def test_an_actor_who_is_not_staff_holds_no_right(world):
    for actor in (
        worlds.SYSTEM,
        actors.Person(account_id="a", device_id="d", second_factor_at=1 << 62),
    ):
        assert not any(queries.has(actor, right, anywhere=True) for right in Right)
        with world.engine.reader(actor) as q, pytest.raises(errors.NotPermitted):
            queries.require(q, Right.LOOK_UP)
