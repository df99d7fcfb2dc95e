"""Staff accounts: roles as data, granting, disabling; nobody both grants and reviews (OPS-7)."""

from __future__ import annotations

import dataclasses

import pytest

from engine.boot import World
from engine.kernel import actors, errors
from engine.kernel.engine import SECOND_FACTOR_MS, StepUpNeeded
from engine.policies import actions as policies
from engine.policies import checking
from engine.staffing import actions, queries
from engine.staffing.model import Right, Role
from tests.support import fold, registering, staffing, worlds

pytestmark = pytest.mark.row("OPS-7")
PHONE, RESIDENT_ID = "13800138000", "110101199003074514"


def grants_of(world: World, member: actors.Staff) -> list[str]:
    told = world.engine.ask(queries.profile, worlds.SYSTEM, member.staff_id)
    return [f"{one.role}@{one.scope_kind}:{one.scope_id}" for one in told.grants]


def test_a_role_is_granted_holds_at_the_next_request_and_is_taken_back(any_world):
    admin, member = staffing.administrator(any_world), worlds.staff(any_world, login="anna")
    token = staffing.sign_in(any_world, "anna").token
    given = {"staff_id": member.staff_id, "role": "platform_reviewer"}
    told = staffing.do(
        any_world, admin, actions.grant_role, **given, scope_kind="platform", scope_id="yangguang"
    )
    now = staffing.who(any_world, token)
    assert queries.has(now, Right.REVIEW_PLATFORM, platform_id="yangguang")
    assert not queries.has(now, Right.REVIEW_PLATFORM, platform_id="guangzheng")
    staffing.do(any_world, admin, actions.revoke_role, grant_id=told.grants[0].id)
    assert not queries.has(staffing.who(any_world, token), Right.REVIEW_PLATFORM, anywhere=True)
    (granted,) = staffing.facts(any_world, "staff.role_granted")
    (revoked,) = staffing.facts(any_world, "staff.role_revoked")
    assert (granted["was"], granted["now"]) == ([], ["platform_reviewer@platform:yangguang"])
    assert (revoked["was"], revoked["now"]) == (granted["now"], [])
    fold.require(any_world)


def test_a_role_is_granted_once_and_only_a_role_and_scope_that_exist(any_world):
    admin, member = staffing.administrator(any_world), worlds.staff(any_world, Role.AUDITOR)
    grant = {"staff_id": member.staff_id, "role": "auditor", "scope_kind": "all", "scope_id": ""}
    for change, refusal in (
        ({}, actions.GrantedAlready),
        ({"role": "emperor"}, actions.RoleUnknown),
        ({"scope_kind": "platform", "scope_id": "nowhere"}, actions.ScopeUnknown),
        ({"scope_kind": "all", "scope_id": "yangguang"}, actions.ScopeUnknown),
        ({"scope_kind": "world"}, actions.ScopeUnknown),
    ):
        with worlds.unchanged(any_world), pytest.raises(refusal):
            staffing.do(any_world, admin, actions.grant_role, **grant | change)


def test_the_database_itself_refuses_the_same_grant_twice(any_world):
    member = worlds.staff(any_world, Role.AUDITOR)
    copy = (
        "INSERT INTO staff_grant (id, staff_id, role, scope_kind, scope_id, granted_at)"
        " VALUES ('x', ?, 'auditor', 'all', '', 1)"
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        worlds.run_sql(any_world, copy, member.staff_id)


@pytest.mark.parametrize(
    ("held", "more"),
    [
        (Role.ADMINISTRATOR, Role.LEAD),
        (Role.ENTERPRISE_REVIEWER, Role.ADMINISTRATOR),
        (Role.SEAL_MAKER, Role.ADMINISTRATOR),
        (Role.ACCOUNT_OFFICER, Role.ADMINISTRATOR),
        (Role.AGENCY_REVIEWER, Role.ADMINISTRATOR),
    ],
)
def test_nobody_is_granted_both_the_granting_and_the_reviewing(world, held, more):
    admin, member = staffing.administrator(world), worlds.staff(world, held)
    with worlds.unchanged(world), pytest.raises(actions.GrantsAndReviews):
        staffing.do(world, admin, actions.grant_role, staff_id=member.staff_id, role=more.value)
    with worlds.unchanged(world), pytest.raises(actions.GrantsAndReviews):
        worlds.staff(world, held, more)


@pytest.mark.parametrize(("field", "value"), [("phone", PHONE), ("resident_id", RESIDENT_ID)])
def test_nor_with_two_accounts(any_world, field, value):
    """The same phone or resident ID number makes two accounts one person, however they come together."""
    admin = staffing.administrator(any_world)
    grants = worlds.staff(any_world, Role.ADMINISTRATOR)
    reviews = worlds.staff(any_world, Role.SEAL_REVIEWER)
    plain = worlds.staff(any_world, Role.AUDITOR)

    def number(member: actors.Staff) -> None:
        given = {"staff_id": member.staff_id, "name": "王审核", field: value}
        staffing.do(any_world, admin, actions.change_staff, **given)

    number(grants)
    with worlds.unchanged(any_world), pytest.raises(actions.GrantsAndReviews):
        number(reviews)
    number(plain)
    with worlds.unchanged(any_world), pytest.raises(actions.GrantsAndReviews):
        staffing.do(
            any_world, admin, actions.grant_role, staff_id=plain.staff_id, role="seal_maker"
        )
    # A disabled account counts no more, until it is to be let in again.
    staffing.do(any_world, admin, actions.disable_staff, staff_id=grants.staff_id, reason="left")
    number(reviews)
    with worlds.unchanged(any_world), pytest.raises(actions.GrantsAndReviews):
        staffing.do(any_world, admin, actions.enable_staff, staff_id=grants.staff_id)


def test_a_role_that_holds_both_cannot_be_proposed_nor_come_about_by_a_change(any_world):
    admin, other = staffing.administrator(any_world), staffing.administrator(any_world)
    label = {"zh": "万能", "en": "Everything"}

    def propose(name: str, *rights: str) -> str:
        body = {"label": label, "rights": list(rights)}
        given = {"kind": "role", "name": name, "body": body, "effective_at": 0}
        return str(any_world.engine.perform(policies.propose, given, actor=admin).id)

    with worlds.unchanged(any_world), pytest.raises(checking.GrantsAndDecides):
        propose("everything", "manage_staff", "review_seal")
    # Somebody holds two roles; a change of one of them would make them hold both.
    version = propose("helper", "look_up")
    staffing.do(any_world, other, policies.approve, version_id=version)
    reviewer = worlds.staff(any_world, Role.SEAL_REVIEWER, login="seals")
    staffing.do(any_world, admin, actions.grant_role, staff_id=reviewer.staff_id, role="helper")
    version = propose("helper", "manage_staff")
    with worlds.unchanged(any_world), pytest.raises(actions.GrantsAndReviews):
        staffing.do(any_world, other, policies.approve, version_id=version)


def test_what_a_role_allows_is_data_and_changes_at_its_date(any_world):
    admin, other = staffing.administrator(any_world), staffing.administrator(any_world)
    worlds.staff(any_world, Role.AUDITOR, login="audit")
    token = staffing.sign_in(any_world, "audit").token
    body = {"label": {"zh": "审计员", "en": "Auditor"}, "rights": ["audit"]}
    later = any_world.engine.now() + 60_000
    given = {"kind": "role", "name": "auditor", "body": body, "effective_at": later}
    version = any_world.engine.perform(policies.propose, given, actor=admin)
    staffing.do(any_world, other, policies.approve, version_id=version.id)
    assert queries.has(staffing.who(any_world, token), Right.LOOK_UP)
    worlds.clock_of(any_world).advance(60_000)
    assert not queries.has(staffing.who(any_world, token), Right.LOOK_UP)
    assert queries.has(staffing.who(any_world, token), Right.AUDIT)


def test_a_lead_manages_settings_and_yet_not_what_roles_allow(world):
    lead = worlds.staff(world, Role.LEAD)
    body = {"label": {"zh": "主管", "en": "Lead"}, "rights": ["manage_staff"]}
    given = {"kind": "role", "name": "lead", "body": body, "effective_at": 0}
    with worlds.unchanged(world), pytest.raises(policies.MayNotSet):
        world.engine.perform(policies.propose, given, actor=lead)


def test_nobody_does_it_to_themself_nor_to_the_last_administrator(any_world):
    admin = staffing.administrator(any_world)
    mine = any_world.engine.ask(queries.profile, admin, admin.staff_id)
    for action, given in (
        (actions.grant_role, {"staff_id": admin.staff_id, "role": "auditor"}),
        (actions.revoke_role, {"grant_id": mine.grants[0].id}),
        (actions.disable_staff, {"staff_id": admin.staff_id, "reason": ""}),
        (actions.change_staff, {"staff_id": admin.staff_id, "name": "x"}),
        (actions.reset_totp, {"staff_id": admin.staff_id}),
        (
            actions.reset_staff_password,
            {"staff_id": admin.staff_id, "password": "another good long password"},
        ),
    ):
        with worlds.unchanged(any_world), pytest.raises(actions.OwnAccount):
            staffing.do(any_world, admin, action, **given)
    # Two who disable each other at once: the door let both in, the second finds nobody left.
    other = staffing.administrator(any_world)
    staffing.do(any_world, admin, actions.disable_staff, staff_id=other.staff_id, reason="")
    with worlds.unchanged(any_world), pytest.raises(actions.LastAdministrator):
        staffing.do(any_world, other, actions.disable_staff, staff_id=admin.staff_id, reason="")
    with worlds.unchanged(any_world), pytest.raises(actions.LastAdministrator):
        staffing.do(any_world, other, actions.revoke_role, grant_id=mine.grants[0].id)


def test_an_administrator_of_one_platform_grants_there_and_nowhere_else(world):
    staffing.administrator(world)
    near = worlds.staff(world, Role.ADMINISTRATOR, scope_kind="platform", scope_id="yangguang")
    member = worlds.staff(world)
    given = {"staff_id": member.staff_id, "role": "platform_reviewer"}
    for scope in ({}, {"scope_kind": "platform", "scope_id": "guangzheng"}):
        with worlds.unchanged(world), pytest.raises(queries.MayNot):
            staffing.do(world, near, actions.grant_role, **given, **scope)
    scope = {"scope_kind": "platform", "scope_id": "yangguang"}
    staffing.do(world, near, actions.grant_role, **given, **scope)
    assert grants_of(world, member) == ["platform_reviewer@platform:yangguang"]
    with worlds.unchanged(world), pytest.raises(queries.MayNot):
        staffing.do(world, near, actions.disable_staff, staff_id=member.staff_id, reason="")


def test_who_is_disabled_is_out_at_once_and_comes_back_when_enabled(any_world):
    admin, member = staffing.administrator(any_world), worlds.staff(any_world, login="anna")
    token = staffing.sign_in(any_world, "anna").token
    given = {"staff_id": member.staff_id}
    staffing.do(any_world, admin, actions.disable_staff, **given, reason="on leave")
    assert staffing.who(any_world, token) is None
    with pytest.raises(actions.WrongCredentials):
        staffing.sign_in(any_world, "anna")
    with worlds.unchanged(any_world), pytest.raises(errors.Conflict):
        staffing.do(any_world, admin, actions.disable_staff, **given, reason="again")
    staffing.do(any_world, admin, actions.enable_staff, **given)
    assert staffing.who(any_world, token) is None, "an ended session stays ended"
    worlds.clock_of(any_world).advance(60_000)
    assert staffing.signed_in(any_world, "anna") == member
    (fact,) = staffing.facts(any_world, "staff.disabled")
    assert (fact["was"], fact["now"], fact["reason"]) == ("active", "disabled", "on leave")
    fold.require(any_world)


@pytest.mark.row("SEC-1")
def test_a_members_own_numbers_are_sealed_masked_and_known_as_a_customers(any_world):
    admin, member = staffing.administrator(any_world), worlds.staff(any_world)
    customer = registering.sign_up(any_world, PHONE)
    given = {"staff_id": member.staff_id, "name": "王 改名", "phone": PHONE}
    told = staffing.do(any_world, admin, actions.change_staff, **given, resident_id=RESIDENT_ID)
    assert (told.phone, told.name) == ("138****8000", "王 改名")
    held = repr(worlds.content(any_world))
    assert PHONE not in held
    assert RESIDENT_ID not in held
    own = any_world.engine.ask(queries.own_accounts, worlds.SYSTEM, member.staff_id)
    assert own == {customer.account_id}
    colleague = worlds.staff(any_world, Role.LEAD)
    assert any_world.engine.ask(queries.profile, colleague, member.staff_id).phone == ""
    fold.require(any_world)
    # Taken away again, they are found no more.
    given = {"staff_id": member.staff_id, "name": "王 改名", "phone": "", "resident_id": ""}
    staffing.do(any_world, admin, actions.change_staff, **given)
    assert any_world.engine.ask(queries.own_accounts, worlds.SYSTEM, member.staff_id) == set()
    changed = staffing.facts(any_world, "staff.changed")
    assert [fact["fields"] for fact in changed] == [
        ["name", "phone", "resident_id"],
        ["phone", "resident_id"],
    ]
    assert (changed[0]["name_was"], changed[0]["name_now"]) == ("王审核", "王 改名")
    fold.require(any_world)


def test_a_proved_customers_resident_id_is_found_too(world):
    customer = registering.sign_up(world, PHONE)
    registering.prove(world, customer)
    admin, member = staffing.administrator(world), worlds.staff(world)
    number = registering.resident_id()
    given = {"staff_id": member.staff_id, "name": "王审核", "resident_id": number}
    staffing.do(world, admin, actions.change_staff, **given)
    own = world.engine.ask(queries.own_accounts, worlds.SYSTEM, member.staff_id)
    assert own == {customer.account_id}
    # A second staff account of the same person, known by another number of theirs.
    second = worlds.staff(world)
    for one, phone in ((member, "13800138009"), (second, "13800138009")):
        given = {"staff_id": one.staff_id, "name": "王审核", "phone": phone}
        staffing.do(world, admin, actions.change_staff, **given)
    assert world.engine.ask(queries.own_accounts, worlds.SYSTEM, second.staff_id) == own


STEPPED = (
    actions.create_staff,
    actions.change_staff,
    actions.grant_role,
    actions.revoke_role,
    actions.disable_staff,
    actions.enable_staff,
    actions.reset_staff_password,
    actions.reset_totp,
    actions.renew_recovery_codes,
    actions.link_oidc,
    actions.unlink_oidc,
    policies.approve,
)


@pytest.mark.row("S-AUTH-3")
@pytest.mark.parametrize("action", STEPPED, ids=lambda action: action.__name__)
def test_what_cannot_be_undone_takes_a_second_factor_of_the_last_five_minutes(world, action):
    admin = staffing.administrator(world)
    now = world.engine.now()
    for proved_at in (None, now - SECOND_FACTOR_MS):
        stale = dataclasses.replace(admin, second_factor_at=proved_at)
        with worlds.unchanged(world), pytest.raises(StepUpNeeded):
            world.engine.perform(action, {}, actor=stale)


def test_the_history_of_an_account_is_for_administrators_and_auditors(world):
    admin, member = staffing.administrator(world), worlds.staff(world)
    given = {"staff_id": member.staff_id, "name": "王审核", "phone": PHONE}
    staffing.do(world, admin, actions.change_staff, **given)
    deeds = world.engine.ask(queries.history, admin, member.staff_id)
    assert [deed.kind for deed in deeds] == ["staff.changed", "staff.created"]
    assert deeds[0].actor == admin.text
    assert "sealed" not in deeds[0].facts
    assert world.engine.ask(queries.history, worlds.staff(world, Role.AUDITOR), member.staff_id)
    with pytest.raises(queries.MayNot):
        world.engine.ask(queries.history, worlds.staff(world, Role.SEAL_REVIEWER), member.staff_id)
