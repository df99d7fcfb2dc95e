"""What becomes of a seal: changed, made again, paused, deleted; a person's own; reminders (SEA-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.issuing import model as issuing_model
from engine.kernel import clock, errors, ids, workflow
from engine.kernel.engine import SecondFactorNeeded
from engine.ordering import actions as ordering_actions
from engine.pki import keys
from engine.registration import queries as people
from engine.sealing import actions, applications, model, queries
from engine.ses import structures
from tests.support import fold, ordering, parties, registering, seal_owners, worlds

K, S = model.SealKind, model.SealStatus


@pytest.fixture
def party(world):
    return parties.sealed(world, parties.Reviewers.of(world))


def change(world, party, seal_id, **about):
    given = {"seal_id": seal_id, **about}
    return world.engine.perform(actions.change_seal, given, actor=party.person)


@pytest.mark.row("SEA-3")
def test_a_changed_seal_is_reviewed_and_the_old_one_stays_in_use_until_it_is_made(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    old = seal_owners.made(world, party, name="东区合同章")
    asked = change(world, party, old.id, name="西区合同章", size="42")
    assert (asked.purpose, asked.replaces, asked.status) == ("change", old.id, "in_review")
    parties.approve(world, "seal", asked.id, party.reviewers.seal)
    assert seal_owners.seal(world, old.id).status is S.ACTIVE
    parties.approve(world, "seal_making", asked.id, party.reviewers.maker)
    assert seal_owners.seal(world, old.id).status is S.ACTIVE
    parties.settle(world, rounds=1)
    new = seal_owners.of_application(world, asked.id)
    assert (new.status, new.name, new.width_mm) == (S.ACTIVE, "西区合同章", 42)
    assert new.code != old.code
    assert seal_owners.seal(world, old.id).status is S.REPLACED
    with pytest.raises(workflow.NotPossibleNow):
        change(world, party, old.id, name="南区合同章")
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("SEA-3")
def test_a_change_changes_something_and_comes_alone(world, party):
    old = seal_owners.made(world, party, name="东区合同章")
    with worlds.unchanged(world), pytest.raises(actions.NothingChanged):
        change(world, party, old.id)
    with worlds.unchanged(world), pytest.raises(queries.NameTaken):
        change(world, party, old.id, name=party.name)
    with worlds.unchanged(world), pytest.raises(applications.SizeNotOffered):
        change(world, party, old.id, size="20")
    # The same name with another size is no other seal's name.
    asked = change(world, party, old.id, size="40")
    with worlds.unchanged(world), pytest.raises(actions.ChangeUnderWay):
        change(world, party, old.id, size="42")
    # A rejected change leaves the seal as it is, and can be asked for again.
    parties.reject(world, "seal", asked.id, party.reviewers.seal)
    assert seal_owners.seal(world, old.id).status is S.ACTIVE
    assert change(world, party, old.id, size="42").size == "42"


@pytest.mark.row("SEA-3")
@pytest.mark.parametrize(
    ("reason", "meanwhile"),
    [("key_compromise", S.SUSPENDED), ("lost", S.SUSPENDED), ("worn", S.ACTIVE)],
)
def test_a_seal_is_made_again_in_the_simplified_way(world, party, reason, meanwhile):
    old = seal_owners.made(world, party, name="东区合同章")
    asked = seal_owners.perform(world, party, actions.remake_seal, seal_id=old.id, reason=reason)
    # No form and no reviewer: the makers check it, without whoever reviewed the old one.
    assert (asked.status, asked.form_blob_id) == (model.ApplicationStatus.IN_MAKING, None)
    assert seal_owners.seal(world, old.id).status is meanwhile
    seal_owners.decide(world, party, asked.id)
    new = seal_owners.of_application(world, asked.id)
    assert (new.name, new.size, new.status) == (old.name, old.size, S.ACTIVE)
    assert new.code != old.code
    assert seal_owners.seal(world, old.id).status is S.REPLACED
    assert parties.violations(world) == {}


def test_making_a_seal_again_and_deleting_one_need_a_code_entered_just_before(world, party):
    long_ago = replace(party.person, second_factor_at=world.engine.now() - clock.HOUR)
    for action, more in ((actions.remake_seal, {"reason": "worn"}), (actions.delete_seal, {})):
        given = {"seal_id": party.seal_id, **more}
        with worlds.unchanged(world), pytest.raises(SecondFactorNeeded):
            world.engine.perform(action, given, actor=long_ago)


@pytest.mark.row("SEA-3")
def test_deleting_a_seal_ends_what_was_told_before_and_its_kind_can_be_applied_for(world, party):
    member = ordering.colleague(world, party)
    seal_owners.entrust(world, party, member, party.seal_id)
    change(world, party, party.seal_id, size="40")
    told = world.engine.ask(queries.deletion, party.person, party.seal_id)
    assert (told.delegations, told.applications, told.uses) == (1, 1, 0)
    assert told.filing_number
    with worlds.unchanged(world), pytest.raises(people.NotAMember):
        world.engine.ask(queries.deletion, member.person, party.seal_id)
    found = seal_owners.perform(world, party, actions.delete_seal, seal_id=party.seal_id)
    assert found.status is S.DELETED
    (delegation,) = world.engine.ask(queries.delegations, party.person, party.seal_id)
    assert (delegation.status, delegation.why) == ("ended", "seal_deleted")
    newest = world.engine.ask(queries.applications_of, party.person, party.enterprise_id)[0]
    assert newest.status is model.ApplicationStatus.WITHDRAWN
    parties.settle(world, rounds=0)
    filed = world.engine.ask(queries.filing, party.person, party.seal_id)
    assert [(one.matter, one.status) for one in filed] == [
        ("making", "filed"),
        ("cancellation", "filed"),
    ]
    # The company seal came with the approval; now it is gone it is applied for.
    again = seal_owners.made(world, party, K.COMPANY)
    assert (again.status, again.name) == (S.ACTIVE, party.name)
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("SEA-3")
def test_a_lost_seal_that_is_deleted_takes_the_one_in_its_place_along(world, party):
    lost = seal_owners.perform(
        world, party, actions.remake_seal, seal_id=party.seal_id, reason="lost"
    )
    parties.approve(world, "seal_making", lost.id, party.reviewers.maker)
    waiting = seal_owners.of_application(world, lost.id)
    assert waiting.status is S.MAKING
    found = seal_owners.perform(world, party, actions.delete_seal, seal_id=party.seal_id)
    assert found.status is S.DELETED
    assert seal_owners.seal(world, waiting.id).status is S.DELETED
    # The agency's answer comes too late for a seal that nobody wants any more.
    parties.settle(world, rounds=1)
    assert seal_owners.seal(world, waiting.id).status is S.DELETED
    with worlds.unchanged(world), pytest.raises(workflow.NotPossibleNow):
        seal_owners.perform(world, party, actions.delete_seal, seal_id=party.seal_id)
    assert parties.violations(world) == {}


def test_only_who_keeps_a_seal_changes_pauses_makes_again_or_deletes_it(world, party):
    member = ordering.colleague(world, party)
    stranger = registering.sign_up(world, "13700137000")
    acts = (
        (actions.change_seal, {"name": "别的名字"}),
        (actions.remake_seal, {"reason": "lost"}),
        (actions.suspend, {}),
        (actions.resume, {}),
        (actions.delete_seal, {}),
        (actions.file_again, {}),
    )
    for actor in (member.person, stranger):
        for action, more in acts:
            who = ordering.fresh(world, actor)
            with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
                world.engine.perform(action, {"seal_id": party.seal_id, **more}, actor=who)


@pytest.fixture
def someone(any_world):
    """Somebody with a proven name and no enterprise."""
    world = any_world
    reviewers = parties.Reviewers.of(world)
    person = registering.sign_up(world, "13600136000")
    registering.prove(world, person, registering.resident_id(sequence="036"), name="李小红")
    key = keys.generate(ids.seeded(36, "someone"))
    return parties.Party(
        name="李小红", person=person, enterprise_id="", mall=None, key=key, reviewers=reviewers
    )


def with_certificate(world, someone):
    placed = ordering.perform(
        world,
        someone,
        ordering_actions.place_order,
        product="individual",
        platform_id="yangguang",
        agency_id="huaxia",
        seal_agency_id="",
        certificate_kind="platform",
        years=1,
    )
    return ordering.complete(world, someone, placed.id, 36)


@pytest.mark.row("SEA-3")
def test_a_person_has_at_most_three_seals_of_their_own_with_an_individual_certificate(
    any_world, someone
):
    world = any_world
    assert world.engine.ask(queries.kinds, someone.person)[0].why_not == "no_certificate"
    with worlds.unchanged(world), pytest.raises(queries.NoIndividualCertificate):
        seal_owners.apply(world, someone, K.PERSONAL)
    someone = with_certificate(world, someone)
    with worlds.unchanged(world), pytest.raises(applications.PersonalNameOnList):
        seal_owners.apply(world, someone, K.PERSONAL, name="李小红之印")
    made = [seal_owners.made(world, someone, K.PERSONAL) for _ in range(3)]
    assert [one.name for one in made] == ["个人印章", "个人印章（2）", "个人印章（3）"]
    assert {one.status for one in made} == {S.ACTIVE}
    read = structures.parse(made[0].ses)
    assert (read.kind, read.name, read.width_mm) == (2, "个人印章", 20)
    assert tuple(one.hex() for one in read.listed) == made[0].certificates
    with worlds.unchanged(world), pytest.raises(queries.SealExists):
        seal_owners.apply(world, someone, K.PERSONAL)
    shown = world.engine.ask(queries.my_seals, someone.person)
    assert {one.id for one in shown} == {one.id for one in made}
    # Nobody else sees them, and no name of a person stands in the table.
    stranger = registering.sign_up(world, "13700137000")
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.seal, stranger, made[0].id)
    with worlds.unchanged(world), pytest.raises(actions.NotEntrustable):
        seal_owners.perform(
            world,
            someone,
            actions.delegate_seal,
            seal_id=made[0].id,
            account_id=stranger.account_id,
            acts=("contract",),
            valid_to=world.engine.now() + clock.DAY,
        )
    assert parties.violations(world) == {}
    fold.require(world)


def test_an_enterprises_certificate_uses_no_personal_seal_and_the_other_way_round(
    any_world, someone
):
    world = any_world
    someone = with_certificate(world, someone)
    own = seal_owners.made(world, someone, K.PERSONAL)
    party = parties.sealed(world, someone.reviewers)
    for seal_id, holder in ((own.id, party), (party.seal_id, someone)):
        with world.engine.reader(worlds.SYSTEM) as q:
            held = q.get(issuing_model.Certificate, "certificate", holder.certificate_id)
            with pytest.raises(queries.NotYourSeal):
                queries.require_usable(q, seal_id, held)
    with world.engine.reader(worlds.SYSTEM) as q:
        held = q.get(issuing_model.Certificate, "certificate", someone.certificate_id)
        assert queries.require_usable(q, own.id, held).id == own.id


@pytest.mark.row("SEA-3")
def test_whoever_keeps_a_seal_is_told_before_it_ends(world, party):
    seal = seal_owners.seal(world, party.seal_id)
    at = worlds.clock_of(world)
    at.advance(seal.valid_to - 60 * clock.DAY - world.engine.now() + clock.MINUTE)
    parties.settle(world, rounds=0)
    told = [kind for kind, _ in ordering.messages(world, party.person)]
    assert told.count("seal.ends_soon") == 1
    at.advance(53 * clock.DAY)
    parties.settle(world, rounds=0)
    # The newer reminder stands for the older one.
    assert [
        open_ for kind, open_ in ordering.messages(world, party.person) if kind == "seal.ends_soon"
    ] in ([False, True], [False, False, True])
    at.advance(8 * clock.DAY)
    parties.settle(world, rounds=0)
    assert ("seal.has_expired", True) in ordering.messages(world, party.person)
    assert not seal_owners.seal(world, party.seal_id).usable(world.engine.now())


def test_nobody_is_hurried_while_the_seal_is_being_made_again(world, party):
    seal = seal_owners.seal(world, party.seal_id)
    worlds.clock_of(world).advance(seal.valid_to - 61 * clock.DAY - world.engine.now())
    seal_owners.perform(world, party, actions.remake_seal, seal_id=party.seal_id, reason="expiring")
    worlds.clock_of(world).advance(2 * clock.DAY)
    parties.settle(world, rounds=0)
    assert "seal.ends_soon" not in [kind for kind, _ in ordering.messages(world, party.person)]
