"""A change of particulars does exactly what was listed before it was confirmed (ENT-4)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.binding import queries as bindings
from engine.issuing import queries as certificates
from engine.kernel import errors
from engine.kernel.engine import SecondFactorNeeded
from engine.mall import queries as mall
from engine.registration import actions, model, papers, queries
from engine.registration.actions import changes
from engine.registration.reactions import claims
from engine.reviewing import actions as reviewing
from engine.sealing import actions as seal_actions
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from tests.support import binding, fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

NEW_NAME = "新疆天山净水设备有限公司"
NEW_PERSON, NEW_NUMBER = "王大明", registering.resident_id(sequence="024")
FIRST = (sealing.SealKind.COMPANY, sealing.SealKind.REPRESENTATIVE, sealing.SealKind.SIGNATURE)


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    """An enterprise with everything: certificate, binding, three seals."""
    found = parties.certified(world, reviewers)
    for kind in FIRST:
        parties.approve(
            world, "seal_making", parties.application(world, found, kind), reviewers.maker
        )
    parties.settle(world, rounds=1)
    binding.bind(world, found)
    return found


def given(party, *, name="", person="", papers_=None, confirmed=True):
    representative = person or registering.NAME
    return {
        "enterprise_id": party.enterprise_id,
        "name": name or party.name,
        "legal_representative": representative,
        "legal_representative_id": NEW_NUMBER if person else registering.resident_id(),
        "papers": registering.papers_of_claim(representative) if papers_ is None else papers_,
        "confirmed": confirmed,
    }


def change(world, party, **about):
    made = world.engine.perform(
        actions.change_enterprise, given(party, **about), actor=party.person
    )
    worker.tick(world, owner="test")
    return made


def preview(world, party, name="", person=""):
    return world.engine.ask(
        queries.change_preview,
        party.person,
        party.enterprise_id,
        name or party.name,
        person or registering.NAME,
    )


def listed(found, code):
    return {note.subject for note in found.consequences if note.code == f"consequence.{code}"}


def seals_by_status(world, party):
    found = world.engine.ask(seals.of_enterprise, SYSTEM, party.enterprise_id)
    return {one.id: one.status for one in found}


@pytest.mark.row("ENT-4")
def test_a_new_name_ends_certificates_bindings_and_the_company_s_seal_as_listed(
    world, reviewers, party
):
    before = preview(world, party, name=NEW_NAME)
    assert before.changed == ("name",)
    assert [one.code for one in before.papers] == ["licence"]
    assert listed(before, "certificate_revoked") == {party.certificate_id}
    bound = world.engine.ask(bindings.of_certificate, SYSTEM, party.certificate_id)
    assert listed(before, "binding_ended") == {one.id for one in bound}
    assert listed(before, "mall_account_renamed") == {party.mall.mall_account_id}
    company = parties.seal_of(world, party).id
    assert listed(before, "seal_made_anew") == {company}
    assert len(before.consequences) == 4
    made = change(world, party, name=NEW_NAME)
    assert tuple(one.subject for one in made.consequences) == tuple(
        one.subject for one in before.consequences
    )
    statuses = seals_by_status(world, party)
    parties.approve(world, "enterprise_change", made.id, reviewers.second)
    assert world.engine.ask(queries.enterprise, SYSTEM, party.enterprise_id).name == NEW_NAME
    # Certificates: those listed are revoked, and for this reason; a new one can be ordered.
    (certificate,) = world.engine.ask(certificates.of_enterprise, SYSTEM, party.enterprise_id)
    assert (certificate.status, certificate.revocation_reason) == ("revoked", "affiliationChanged")
    assert world.engine.ask(bindings.of_certificate, SYSTEM, party.certificate_id) == []
    # Seals: the one listed has ended and is ordered anew, no other has changed.
    ended = {one for one, now in seals_by_status(world, party).items() if now is not statuses[one]}
    assert ended == {company}
    applied = world.engine.ask(seals.applications_of, party.person, party.enterprise_id)[0]
    assert (applied.kind, applied.name, applied.status) == ("company", NEW_NAME, "in_making")
    shown = world.engine.ask(mall.enterprise_of, SYSTEM, party.mall.mall_account_id)
    assert shown.name == NEW_NAME
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-4")
def test_a_suspended_seal_of_the_old_name_ends_too(world, reviewers, party):
    company = parties.seal_of(world, party).id
    world.engine.perform(seal_actions.suspend, {"seal_id": company}, actor=party.person)
    made = change(world, party, name=NEW_NAME)
    parties.approve(world, "enterprise_change", made.id, reviewers.second)
    assert seals_by_status(world, party)[company] is sealing.SealStatus.DELETED
    fold.require(world)


@pytest.mark.row("ENT-4")
def test_after_a_new_name_certificate_and_seal_are_made_in_it(world, reviewers, party):
    made = change(world, party, name=NEW_NAME)
    parties.approve(world, "enterprise_change", made.id, reviewers.second)
    parties.approve(world, "seal_making", parties.application(world, party), reviewers.maker)
    again = parties.order(world, dataclasses.replace(party, name=NEW_NAME))
    parties.pay(world, again)
    parties.hand_in(world, again)
    parties.approve_order(world, again)
    again = parties.download(world, again)
    parties.settle(world, rounds=1)
    seal = parties.seal_of(world, again)
    assert (seal.name, seal.status) == (NEW_NAME, sealing.SealStatus.ACTIVE)
    assert parties.violations(world) == {}


@pytest.mark.row("ENT-4")
def test_a_new_representative_has_two_seals_made_anew_and_keeps_the_certificates(
    world, reviewers, party
):
    before = preview(world, party, person=NEW_PERSON)
    assert before.changed == ("legal_representative",)
    assert {one.code for one in before.papers} == {
        "licence",
        "representative_id_front",
        "representative_id_back",
        "signature_specimen",
    }
    two = {parties.seal_of(world, party, kind).id for kind in FIRST[1:]}
    assert listed(before, "seal_made_anew") == two
    assert len(before.consequences) == 2
    made = change(world, party, person=NEW_PERSON)
    statuses = seals_by_status(world, party)
    parties.approve(world, "enterprise_change", made.id, reviewers.second)
    ended = {one for one, now in seals_by_status(world, party).items() if now is not statuses[one]}
    assert ended == two
    assert len(world.engine.ask(certificates.active, SYSTEM, party.enterprise_id)) == 1
    assert world.engine.ask(bindings.of_certificate, SYSTEM, party.certificate_id) != []
    with world.engine.reader(SYSTEM) as q:
        assert queries.representative(q, party.enterprise_id) == NEW_PERSON
        assert queries.representative_number(q, party.enterprise_id) == NEW_NUMBER
    old = parties.seal_of(world, party, FIRST[2])
    for kind in FIRST[1:]:
        subject_id = parties.application(world, party, kind)
        parties.approve(world, "seal_making", subject_id, reviewers.maker)
    parties.settle(world, rounds=1)
    new = parties.seal_of(world, party, FIRST[2])
    assert new.id != old.id
    with world.engine.reader(SYSTEM) as q:
        assert q.blob(new.png_blob_id) != q.blob(old.png_blob_id)
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-4")
def test_what_is_not_made_yet_is_made_with_the_new_name(world, reviewers):
    party = parties.enterprise(world, reviewers)
    parties.approve_seal(world, party)
    before = preview(world, party, name=NEW_NAME)
    waiting = parties.seal_of(world, party)
    assert listed(before, "seal_carried_over") == {waiting.id}
    made = change(world, party, name=NEW_NAME)
    parties.approve(world, "enterprise_change", made.id, reviewers.second)
    carried = parties.seal_of(world, party)
    assert (carried.id, carried.name, carried.status) == (waiting.id, NEW_NAME, "making")
    fold.require(world)


@pytest.mark.row("ENT-4")
def test_an_application_that_waits_is_carried_over_and_a_lacking_seal_is_ordered(world, reviewers):
    party = parties.enterprise(world, reviewers)
    waiting = parties.application(world, party)
    lost = parties.application(world, party, FIRST[1])
    parties.reject(world, "seal_making", lost, reviewers.maker)
    before = preview(world, party, name=NEW_NAME, person=NEW_PERSON)
    assert listed(before, "seal_carried_over") == {
        waiting,
        parties.application(world, party, FIRST[2]),
    }
    assert listed(before, "seal_ordered") == {party.enterprise_id}
    made = change(world, party, name=NEW_NAME, person=NEW_PERSON)
    parties.approve(world, "enterprise_change", made.id, reviewers.second)
    found = {
        one.id: one for one in world.engine.ask(seals.applications_of, SYSTEM, party.enterprise_id)
    }
    assert found[waiting].name == NEW_NAME
    assert parties.application(world, party, FIRST[1]) != lost
    fold.require(world)


@pytest.mark.row("ENT-4")
def test_consequences_are_confirmed_first_and_a_preview_changes_nothing(world, party):
    with worlds.unchanged(world):
        before = preview(world, party, name=NEW_NAME)
    with (
        worlds.unchanged(world),
        pytest.raises(changes.ConsequencesNotConfirmed) as refused,
    ):
        change(world, party, name=NEW_NAME, confirmed=False)
    assert refused.value.params["count"] == len(before.consequences)


@pytest.mark.row("ENT-4")
def test_what_a_change_is_refused_for(world, party):
    with worlds.unchanged(world), pytest.raises(changes.NothingChanges):
        change(world, party)
    with worlds.unchanged(world), pytest.raises(papers.PaperNeeded):
        change(world, party, name=NEW_NAME, papers_=())
    only_licence = registering.papers_of_claim()[:1]
    with worlds.unchanged(world), pytest.raises(papers.PaperNeeded):
        change(world, party, person=NEW_PERSON, papers_=only_licence)
    stale = dataclasses.replace(party.person, second_factor_at=None)
    for who, refusal in (
        (stale, SecondFactorNeeded),
        (registering.sign_up(world, "13900139000"), queries.NotAMember),
        (party.mall, errors.NotPermitted),
    ):
        arguments = given(party, name=NEW_NAME)
        with worlds.unchanged(world), pytest.raises(refusal):
            world.engine.perform(actions.change_enterprise, arguments, actor=who)
    change(world, party, name=NEW_NAME)
    with worlds.unchanged(world), pytest.raises(changes.ChangeRunning):
        change(world, party, person=NEW_PERSON)


@pytest.mark.row("ENT-4")
def test_a_rejected_change_changes_nothing_and_says_why(world, reviewers, party):
    statuses = seals_by_status(world, party)
    made = change(world, party, name=NEW_NAME)
    reason = parties.reject(world, "enterprise_change", made.id, reviewers.second)
    (found,) = world.engine.ask(queries.my_changes, party.person, party.enterprise_id)
    assert (found.status, found.reasons) == (model.ChangeStatus.REJECTED, (reason,))
    assert world.engine.ask(queries.enterprise, SYSTEM, party.enterprise_id).name == party.name
    assert seals_by_status(world, party) == statuses
    told = "SELECT todo FROM message WHERE kind = 'change.was_rejected' AND done_at IS NULL"
    assert worlds.rows(world, told) == [{"todo": 1}]
    change(world, party, name=NEW_NAME)
    assert worlds.rows(world, told) == []


@pytest.mark.row("ENT-4")
def test_a_change_waits_for_the_register_and_its_maker_never_decides(world, reviewers, party):
    arguments = given(party, name=NEW_NAME)
    made = world.engine.perform(actions.change_enterprise, arguments, actor=party.person)
    case_id = parties.open_case(world, "enterprise_change", made.id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewers.second)
    with worlds.unchanged(world), pytest.raises(claims.VerificationMissing):
        world.engine.perform(reviewing.approve, {"case_id": case_id}, actor=reviewers.second)
    worker.tick(world, owner="test")
    world.engine.perform(reviewing.approve, {"case_id": case_id}, actor=reviewers.second)
    kind = "SELECT excluded FROM review_case WHERE kind = 'seal_making' AND decided_at IS NULL"
    assert {row["excluded"] for row in worlds.rows(world, kind)} == {f'["{reviewers.second.text}"]'}
