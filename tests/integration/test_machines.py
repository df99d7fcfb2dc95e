"""Machine clients: two people let one in, its token is shown once, and it is out once it is revoked."""

from __future__ import annotations

import dataclasses
import re

import pysqlite3
import pytest

from engine.boot import World
from engine.incidents import queries as incidents
from engine.integrating import actions, model, queries
from engine.kernel import clock, errors
from engine.kernel.engine import StepUpNeeded
from engine.kernel.marks import PeopleOnly
from engine.policies.model import PEOPLE_ONLY
from engine.staffing import actions as staffing_actions
from engine.staffing import queries as staffing
from engine.staffing.actions import grants, limits, passwords
from engine.staffing.model import Right, Role
from tests.support import machines, worlds

pytestmark = pytest.mark.row("API-1")


@pytest.fixture
def office(world: World) -> machines.Office:
    return machines.office(world)


def test_a_client_may_nothing_until_a_second_person_approves_it(any_world):
    office, world = machines.office(any_world), any_world
    proposed = office.propose()
    assert (proposed.status, proposed.tokens) == ("proposed", ())
    with worlds.unchanged(world), pytest.raises(actions.NoLivingAccess):
        office.token(proposed)
    assert proposed.proposal is not None
    given = {"proposal_id": proposed.proposal.id}
    with worlds.unchanged(world), pytest.raises(actions.OwnProposal):
        world.engine.perform(actions.approve_client, given, actor=office.maker)
    approved = office.approve(proposed.proposal.id)
    assert (approved.status, approved.proposal) == ("active", None)
    with worlds.unchanged(world), pytest.raises(actions.ProposalEnded):
        office.approve(proposed.proposal.id)
    token = office.token(approved)
    assert re.fullmatch(r"ymt_[0-9a-v]{26}_[a-z2-7]{56}", token.token)
    who = office.machine(token.token)
    assert who is not None
    assert who.machine
    assert who.staff_id == approved.staff_id
    assert world.engine.ask(staffing.name_of, office.maker, who.staff_id) == "仓储系统"


def test_the_database_itself_refuses_who_approves_their_own_proposal(world, office):
    proposed = office.propose()
    with pytest.raises(pysqlite3.IntegrityError, match="CHECK"):
        worlds.run_sql(
            world,
            "UPDATE machine_proposal SET status = 'approved', decided_by = proposed_by, decided_at = 1",
        )
    assert office.world.engine.ask(queries.client, office.maker, proposed.id).proposal is not None


def test_one_person_with_two_accounts_is_one_person(world, office):
    for who, by in ((office.maker, office.approver), (office.approver, office.maker)):
        given = {"staff_id": who.staff_id, "name": "同一人", "phone": "13800138000"}
        world.engine.perform(staffing_actions.change_staff, given, actor=by)
    proposed = office.propose()
    with worlds.unchanged(world), pytest.raises(actions.OwnProposal):
        office.approve(proposed.proposal.id)


@pytest.mark.parametrize(
    ("changes", "wider"),
    [
        ({"scopes": ("ordering:read",)}, False),
        ({"scopes": ("ordering:read", "ordering:write")}, True),
        ({"sources": ("203.0.113.0/25",)}, False),
        ({"sources": ("203.0.112.0/23",)}, True),
        ({"sources": ()}, True),
        ({"role": str(Role.AGENT)}, True),
        ({"scope_kind": "platform", "scope_id": "guangzheng"}, False),
        ({"days": 29}, False),
        ({"days": 31}, True),
    ],
)
def test_narrowing_holds_at_once_and_widening_waits_for_a_second_person(
    world, office, changes, wider
):
    was = {"sources": ("203.0.113.0/24",)}
    client = office.client(**was)
    days = changes.pop("days", 30)
    wanted = office.access(
        **(was | changes | {"expires_at": world.engine.now() + days * clock.DAY})
    )
    given = {"client_id": client.id, "access": wanted}
    changed = world.engine.perform(actions.change_client, given, actor=office.maker)
    assert (changed.access == client.access) is wider
    assert (changed.proposal is not None) is wider
    if wider:
        assert office.approve(changed.proposal.id).access.role == wanted.role


def test_a_revoked_token_and_a_revoked_client_are_out_at_once(world, office):
    client = office.client()
    first, second = office.token(client), office.token(client)
    assert office.machine(first.token)
    assert office.machine(second.token)
    world.engine.perform(actions.revoke_token, {"token_id": first.id}, actor=office.approver)
    assert office.machine(first.token) is None
    assert office.machine(second.token)
    office.endpoint(client)
    given = {"client_id": client.id, "reason": "泄露"}
    ended = world.engine.perform(actions.revoke_client, given, actor=office.approver)
    assert (ended.status, ended.tokens) == ("revoked", ())
    assert office.machine(second.token) is None
    assert world.engine.ask(queries.endpoints, office.maker, client.id) == []
    with worlds.unchanged(world), pytest.raises(actions.NoLivingAccess):
        office.token(ended)
    # The name is free again, and the one before stays in the list with what it was.
    assert office.propose().name == client.name


def test_rotated_tokens_overlap_and_then_the_old_one_is_out(world, office):
    client = office.client()
    old = office.token(client)
    new = office.token(client, overlap_hours=2)
    worlds.clock_of(world).advance(2 * clock.HOUR - 1)
    assert office.machine(old.token)
    worlds.clock_of(world).advance(1)
    assert office.machine(old.token) is None
    assert office.machine(new.token)
    worlds.clock_of(world).advance(30 * clock.DAY)
    assert office.machine(new.token) is None


def test_use_of_a_token_is_noted_by_the_hour(world, office):
    client = office.client()
    token = office.token(client)
    known, _ = world.engine.ask(queries.admitted, worlds.SYSTEM, token.token)
    assert known.unnoted
    world.engine.perform(actions.note_use, {"token_id": token.id}, actor=worlds.SYSTEM)
    known, _ = world.engine.ask(queries.admitted, worlds.SYSTEM, token.token)
    assert not known.unnoted
    seen = world.engine.ask(queries.client, office.maker, client.id).tokens[0].last_used_at
    assert seen is not None
    assert seen % clock.HOUR == 0
    with pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.note_use, {"token_id": token.id}, actor=office.maker)


def test_a_machine_has_no_right_to_decide_or_to_grant_whatever_its_role(world, office):
    for number, role in enumerate(Role):
        client = office.client(name=f"机器 {number}", role=str(role))
        who = office.machine(office.token(client).token)
        assert who is not None
        held = {Right(right) for grant in who.grants for right in grant.rights}
        assert held & PEOPLE_ONLY == set()
        given = {"client_id": client.id, "overlap_hours": 1}
        with worlds.unchanged(world), pytest.raises(PeopleOnly):
            world.engine.perform(actions.issue_token, given, actor=who)


def test_a_machines_account_is_nobody_who_could_sign_in(world, office):
    client = office.client()
    login = worlds.rows(world, "SELECT login FROM staff WHERE id = ?", client.staff_id)[0]["login"]
    given = {"login": login, "password": worlds.PASSWORD}
    with pytest.raises(passwords.WrongCredentials):
        world.engine.perform(staffing_actions.sign_in, given, actor=worlds.SYSTEM)
    for action, more in (
        (staffing_actions.reset_staff_password, {"password": "another long pass phrase"}),
        (staffing_actions.grant_role, {"role": "lead"}),
        (staffing_actions.link_oidc, {"issuer": "x", "subject": "y"}),
        (staffing_actions.disable_staff, {"reason": ""}),
    ):
        given = {"staff_id": client.staff_id, **more}
        with worlds.unchanged(world), pytest.raises(limits.MachineAccount):
            world.engine.perform(action, given, actor=office.maker)
    names = [one.name for one in world.engine.ask(staffing.everyone, office.maker)]
    assert client.name not in names
    assert client.name not in world.engine.ask(incidents.owners, office.maker).values()


def test_making_a_client_takes_the_right_and_a_second_factor(world, office):
    stale = dataclasses.replace(office.maker, second_factor_at=None)
    given = {
        "name": "x",
        "purpose": "x",
        "owner_id": office.maker.staff_id,
        "access": office.access(),
    }
    with worlds.unchanged(world), pytest.raises(StepUpNeeded):
        world.engine.perform(actions.register_client, given, actor=stale)
    agent = worlds.staff(world, Role.AGENT)
    with worlds.unchanged(world), pytest.raises(staffing.MayNot):
        world.engine.perform(actions.register_client, given, actor=agent)
    for question in (queries.clients, queries.scopes, queries.endpoints):
        with pytest.raises(staffing.MayNot):
            world.engine.ask(question, agent)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "  "}, actions.ClientNotNamed),
        ({"name": "x" * 61}, actions.ClientNotNamed),
        ({"purpose": ""}, actions.ClientNotNamed),
        ({"owner_id": "stf_nobody"}, errors.NotFound),
        ({"scopes": ()}, actions.ScopeUnknown),
        ({"scopes": ("ordering:delete",)}, actions.ScopeUnknown),
        ({"role": "king"}, grants.RoleUnknown),
        ({"scope_kind": "platform", "scope_id": "nowhere"}, grants.ScopeUnknown),
        ({"sources": ("203.0.113.7/24",)}, actions.SourceInvalid),
        ({"sources": tuple(f"203.0.113.{n}" for n in range(21))}, actions.SourceInvalid),
        ({"expires_at": 0}, actions.AccessUnusual),
        ({"expires_at": 1 << 60}, actions.AccessUnusual),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(world, office, changes, refusal):
    own = {"name", "purpose", "owner_id"}
    access = office.access(**{k: v for k, v in changes.items() if k not in own})
    given = {
        "name": "x",
        "purpose": "x",
        "owner_id": office.maker.staff_id,
        "access": access,
        **{k: v for k, v in changes.items() if k in own},
    }
    with worlds.unchanged(world), pytest.raises(refusal):
        world.engine.perform(actions.register_client, given, actor=office.maker)


def test_no_token_stands_in_the_database_or_in_a_reply(world, office):
    client = office.client()
    given = {"client_id": client.id, "overlap_hours": 24}
    issued = world.engine.perform(
        actions.issue_token, given, actor=office.maker, key="one-and-the-same"
    )
    secret = office.endpoint(client)
    dumped = repr(worlds.content(world))
    for hidden in (issued.token, issued.token.rsplit("_", 1)[1], secret.secret, secret.secret[6:]):
        assert hidden not in dumped
        assert hidden.encode().hex() not in dumped
    assert issued.token not in repr(issued)
    assert secret.secret not in repr(secret)


@pytest.mark.parametrize(
    ("address", "admitted"),
    [
        ("203.0.113.9", True),
        ("203.0.114.9", False),
        ("2001:db8::5", True),
        ("", False),
        ("x", False),
    ],
)
def test_a_client_is_let_in_from_its_own_networks_alone(office, address, admitted):
    assert office.access(sources=("203.0.113.0/24", "2001:db8::/32")).admits(address) is admitted
    assert office.access().admits(address)


def test_a_name_and_an_open_proposal_are_there_once(world, office):
    client = office.client()
    with worlds.unchanged(world), pytest.raises(actions.ClientNameTaken):
        office.propose()
    given = {"client_id": client.id, "access": office.access(scopes=model.scopes())}
    world.engine.perform(actions.change_client, given, actor=office.maker)
    with worlds.unchanged(world), pytest.raises(actions.ProposalOpen):
        world.engine.perform(actions.change_client, given, actor=office.approver)
    waits = world.engine.ask(queries.client, office.maker, client.id).proposal
    refused = world.engine.perform(
        actions.refuse_client, {"proposal_id": waits.id, "reason": "不需要"}, actor=office.approver
    )
    assert (refused.status, refused.proposal, refused.access) == ("active", None, client.access)
