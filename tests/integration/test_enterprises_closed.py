"""ENT-1, ENT-2: an enterprise that nobody belongs to any more ends, and may be claimed anew."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.kernel import errors
from engine.registration import actions, queries
from engine.registration.actions import closing_enterprises, members
from engine.registration.actions.enterprises import EnterpriseKnown
from engine.registration.model.members import MemberRole
from tests.support import closing, fold, parties, registering, worlds


@pytest.fixture
def party(any_world: World) -> parties.Party:
    """The only member of an enterprise with a certificate, seals and an account at a platform."""
    return parties.sealed(any_world, parties.Reviewers.of(any_world))


def close(world: World, party: parties.Party) -> None:
    given = {"enterprise_id": party.enterprise_id}
    world.engine.perform(actions.close_enterprise, given, actor=party.person)


def statuses(world: World, table: str, enterprise_id: str) -> set[str]:
    sql = f"SELECT status FROM {table} WHERE enterprise_id = ?"
    return {row["status"] for row in worlds.rows(world, sql, enterprise_id)}


def status(world: World, enterprise_id: str) -> str:
    return world.engine.ask(queries.enterprise, worlds.SYSTEM, enterprise_id).status


def all_that_it_held_has_ended(world: World, enterprise_id: str) -> None:
    assert status(world, enterprise_id) == "closed"
    assert statuses(world, "membership", enterprise_id) == {"left"}
    assert statuses(world, "certificate", enterprise_id) == {"revoked"}
    assert statuses(world, "seal", enterprise_id) == {"deleted"}
    assert statuses(world, "mall_account", enterprise_id) == {"closed"}
    assert statuses(world, "seal_application", enterprise_id) <= {"made", "rejected"}
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-2")
def test_the_only_member_closes_an_enterprise_and_all_that_it_holds_ends(any_world, party):
    perform = any_world.engine.perform
    given = {"enterprise_id": party.enterprise_id, "role": MemberRole.HANDLER}
    invited = perform(
        actions.invite_by_phone, {**given, "phone": "13700137000"}, actor=party.person
    )
    close(any_world, party)
    all_that_it_held_has_ended(any_world, party.enterprise_id)
    reason = worlds.rows(any_world, "SELECT DISTINCT revocation_reason AS r FROM certificate")
    assert [row["r"] for row in reason] == ["cessationOfOperation"]
    left = worlds.rows(any_world, "SELECT status FROM invitation WHERE id = ?", invited.id)
    assert left == [{"status": "cancelled"}]
    assert any_world.engine.ask(queries.my_enterprises, party.person) == []
    assert any_world.engine.ask(queries.find_enterprises, party.person, party.name) == []
    with worlds.unchanged(any_world), pytest.raises(errors.NotPermitted):
        close(any_world, party)


@pytest.mark.row("ENT-2")
def test_an_enterprise_with_other_members_is_not_closed(any_world, party):
    closing.add_administrator(any_world, party)
    with (
        worlds.unchanged(any_world),
        pytest.raises(closing_enterprises.OthersAreMembers),
    ):
        close(any_world, party)
    assert status(any_world, party.enterprise_id) == "active"


@pytest.mark.row("ENT-2")
def test_leaving_is_not_closing(any_world, party):
    given = {"enterprise_id": party.enterprise_id}
    with worlds.unchanged(any_world), pytest.raises(members.LastAdministrator):
        any_world.engine.perform(actions.leave_enterprise, given, actor=party.person)


@pytest.mark.row("ACC-7")
def test_an_enterprise_ends_with_the_account_of_its_only_member_who_is_told_before(
    any_world, party
):
    closing.finish_seals(any_world, party)
    shown = any_world.engine.ask(queries.cancellation_preview, party.person)
    assert "consequence.enterprises_closed" in closing.codes(shown.consequences)
    assert "blocker.sole_administrator" not in closing.codes(shown.blockers)
    officer, *_ = closing.officers(any_world)
    closing.cancel(any_world, party.person, officer)
    assert closing.status(any_world, party.person.account_id) == "cancelled"
    all_that_it_held_has_ended(any_world, party.enterprise_id)


@pytest.mark.row("ENT-1")
def test_a_closed_enterprise_is_claimed_anew_and_is_the_same(any_world, party):
    other = registering.sign_up(any_world, "13900139000")
    registering.prove(any_world, other, registering.resident_id(sequence="902"))
    code = any_world.engine.ask(queries.enterprise, worlds.SYSTEM, party.enterprise_id).uscc
    with worlds.unchanged(any_world), pytest.raises(EnterpriseKnown):
        registering.claim(any_world, other, uscc=code, name=party.name)
    close(any_world, party)
    name = "新疆天山饮用水有限公司"
    claim = registering.claim(any_world, other, uscc=code, name=name)
    parties.approve_claim(any_world, claim.id, party.reviewers)
    found = any_world.engine.ask(queries.enterprise, worlds.SYSTEM, party.enterprise_id)
    assert (found.status, found.name) == ("active", name)
    mine = any_world.engine.ask(queries.my_enterprises, other)
    assert [(one.enterprise.id, one.role) for one in mine] == [
        (party.enterprise_id, MemberRole.ADMINISTRATOR)
    ]
    # Nothing that it had comes back; its first seals are made anew.
    assert statuses(any_world, "certificate", party.enterprise_id) == {"revoked"}
    assert statuses(any_world, "mall_account", party.enterprise_id) == {"closed"}
    assert "in_making" in statuses(any_world, "seal_application", party.enterprise_id)
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("ENT-2")
def test_seals_that_are_being_made_are_not_when_their_enterprise_ends(any_world):
    party = parties.enterprise(any_world, parties.Reviewers.of(any_world))
    for kind, who in (("seal", party.reviewers.seal), ("seal_making", party.reviewers.maker)):
        sql = "SELECT subject_id FROM review_case WHERE kind = ? AND decided_at IS NULL"
        for row in worlds.rows(any_world, sql, kind):
            parties.approve(any_world, kind, row["subject_id"], who)
    assert statuses(any_world, "seal", party.enterprise_id) == {"making"}
    close(any_world, party)
    # What their agency makes all the same comes too late.
    parties.settle(any_world)
    assert statuses(any_world, "seal", party.enterprise_id) == {"deleted"}
    assert statuses(any_world, "mall_account", party.enterprise_id) == {"closed"}
    assert parties.violations(any_world) == {}
    fold.require(any_world)
