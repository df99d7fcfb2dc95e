"""A seal read and judged as the signed object that it is (SEA-4), and filed with the register (备案)."""

from __future__ import annotations

import hashlib

import pytest

from engine.issuing import actions as issuing
from engine.kernel import errors, ports
from engine.providers import seal_register
from engine.providers.store import Memory
from engine.sealing import actions, model, queries
from engine.ses import structures
from tests.support import covering, fold, ordering, parties, registering, seal_owners, worlds
from tests.support.worlds import SYSTEM

PASSED, FAILED = "passed", "failed"


@pytest.fixture
def party(world):
    return parties.sealed(world, parties.Reviewers.of(world))


@pytest.mark.row("SEA-4")
def test_every_field_of_the_signed_object_and_every_step_of_its_judgment_is_shown(any_world):
    world = any_world
    party = parties.sealed(world, parties.Reviewers.of(world))
    seal = seal_owners.seal(world, party.seal_id)
    told = world.engine.ask(queries.seal_data, party.person, seal.id)
    assert (told.standard, told.header_id, told.version) == ("GB/T 38540-2020", "ES", 4)
    assert (told.name, told.es_id, told.kind) == (party.name, seal.code, 1)
    assert (told.valid_from, told.valid_to) == (seal.valid_from, seal.valid_to)
    assert (told.width_mm, told.height_mm, told.picture_type) == (42, 42, "PNG")
    assert told.picture_sha256 == hashlib.sha256(structures.parse(seal.ses).picture).hexdigest()
    assert told.sha256 == hashlib.sha256(seal.ses).hexdigest()
    assert told.maker.organization == "华印电子签章技术有限公司"
    assert [(one.step, one.outcome) for one in told.steps] == [
        ("format", PASSED),
        ("maker_signature", PASSED),
        ("maker_certificate", PASSED),
        ("seal_validity", PASSED),
    ]
    (listed,) = told.listed
    assert (listed.certificate_id, listed.status) == (party.certificate_id, "active")
    assert {one.outcome for one in listed.steps} == {PASSED}
    assert (told.genuine, told.waiting) == (True, 0)


@pytest.mark.row("SEA-4")
def test_a_seal_that_was_changed_in_the_database_is_shown_as_it_is(world, party):
    seal = seal_owners.seal(world, party.seal_id)
    forged = seal.ses.replace(party.name.encode(), party.name[::-1].encode())
    worlds.run_sql(world, "UPDATE seal SET ses = ? WHERE id = ?", forged, seal.id)
    told = world.engine.ask(queries.seal_data, party.person, seal.id)
    assert not told.genuine
    failed = [one for one in told.steps if one.outcome == FAILED]
    assert [(one.step, one.reasons) for one in failed] == [("maker_signature", ("bad_signature",))]


@pytest.mark.row("SEA-4")
def test_a_revoked_certificate_fails_its_step_and_a_new_one_is_listed_next(world, party):
    member = ordering.colleague(world, party)
    held = covering.delegated(world, party, member, "contract")
    told = world.engine.ask(queries.seal_data, party.person, party.seal_id)
    assert {one.certificate_id for one in told.listed} == {
        party.certificate_id,
        held.certificate_id,
    }
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": held.certificate_id, "reason": "keyCompromise"},
        actor=ordering.fresh(world, held.person),
    )
    told = world.engine.ask(queries.seal_data, party.person, party.seal_id)
    steps = {one.certificate_id: one.steps for one in told.listed}[held.certificate_id]
    assert (steps[-1].outcome, steps[-1].reasons[-1]) == (FAILED, "revoked")
    # The seal itself is as genuine as it was.
    assert told.genuine


def test_a_seal_that_is_not_made_has_nothing_to_show_and_strangers_see_none(world, party):
    asked = seal_owners.apply(world, party)
    parties.approve(world, "seal", asked.id, party.reviewers.seal)
    parties.approve(world, "seal_making", asked.id, party.reviewers.maker)
    waiting = seal_owners.of_application(world, asked.id)
    with pytest.raises(queries.SealNotMadeYet):
        world.engine.ask(queries.seal_data, party.person, waiting.id)
    stranger = registering.sign_up(world, "13700137000")
    for question in (queries.seal_data, queries.uses, queries.filing, queries.delegations):
        with pytest.raises(errors.NotPermitted):
            world.engine.ask(question, stranger, party.seal_id)


def filings(world, seal_id):
    found = world.engine.ask(queries.filing, SYSTEM, seal_id)
    return [(one.matter, one.status.value) for one in found]


@pytest.mark.row("SEA-3")
def test_making_change_and_end_are_filed_with_their_numbers(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    old = seal_owners.made(world, party, name="东区合同章")
    parties.settle(world, rounds=1)
    old = seal_owners.seal(world, old.id)
    assert old.filing_number.startswith("GA-650102-")
    assert filings(world, old.id) == [("making", "filed")]
    given = {"seal_id": old.id, "size": "42"}
    asked = world.engine.perform(actions.change_seal, given, actor=party.person)
    seal_owners.decide(world, party, asked.id)
    new = seal_owners.of_application(world, asked.id)
    assert filings(world, new.id) == [("change", "filed")]
    assert new.filing_number != old.filing_number
    seal_owners.perform(world, party, actions.delete_seal, seal_id=new.id)
    parties.settle(world, rounds=0)
    found = world.engine.ask(queries.filing, party.person, new.id)
    assert [(one.matter, one.number) for one in found] == [
        ("change", new.filing_number),
        ("cancellation", new.filing_number),
    ]
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("SEA-3")
def test_what_the_register_refuses_is_told_and_can_be_sent_again(world, party):
    seal = seal_owners.made(world, party, name="备案不符合同章")
    parties.settle(world, rounds=0)
    assert filings(world, seal.id) == [("making", "refused")]
    (filing,) = world.engine.ask(queries.filing, party.person, seal.id)
    assert filing.reason == "size_not_regulated"
    assert ("seal.filing_refused", True) in ordering.messages(world, party.person)
    # The seal is in use all the same: it is its owner's to put right.
    assert seal_owners.seal(world, seal.id).status is model.SealStatus.ACTIVE
    world.engine.perform(actions.file_again, {"seal_id": seal.id}, actor=party.person)
    assert filings(world, seal.id) == [("making", "sent")]
    assert ("seal.filing_refused", True) not in ordering.messages(world, party.person)
    parties.settle(world, rounds=0)
    assert filings(world, seal.id) == [("making", "refused")]
    other = seal_owners.made(world, party, name="西区合同章")
    parties.settle(world, rounds=0)
    with worlds.unchanged(world), pytest.raises(actions.NotRefused):
        world.engine.perform(actions.file_again, {"seal_id": other.id}, actor=party.person)


def test_a_register_that_cannot_be_reached_is_asked_again_later(world, party):
    seal = seal_owners.made(world, party, name="备案停机合同章")
    parties.settle(world, rounds=0)
    assert filings(world, seal.id) == [("making", "sent")]
    jobs = worlds.rows(world, "SELECT kind, attempts FROM job WHERE kind = 'file_seal'")
    assert len(jobs) == 1
    assert jobs[0]["attempts"] >= 1


def test_nobody_but_the_platform_records_what_the_register_answered(world, party):
    (filing,) = world.engine.ask(queries.filing, party.person, party.seal_id)
    given = {"filing_id": filing.id, "number": "GA-1", "reason": ""}
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.record_filing, given, actor=party.person)


def test_the_register_gives_one_number_for_one_key(world):
    register = seal_register.SimulatedSealRegister(
        seal_register.load_rules(), Memory(world.engine.parts, world.engine.now)
    )
    filing = ports.SealFiling(
        filing_id="sfl_1",
        matter="making",
        code="6501020000001",
        name="合同专用章",
        kind="合同专用章",
        enterprise="新疆天山净水科技有限公司",
        uscc="91650100MA77000017",
        width_mm=38,
        height_mm=38,
    )
    first = register.file(filing, idempotency_key="job_1")
    assert register.file(filing, idempotency_key="job_1") == first
    assert register.file(filing, idempotency_key="job_2").number != first.number


def test_seals_from_before_there_were_notices_and_filings_are_seen_to_once(any_world):
    world = any_world
    party = parties.sealed(world, parties.Reviewers.of(world))
    parties.settle(world, rounds=0)
    # As a world of the release before leaves them.
    worlds.run_sql(world, "DELETE FROM seal_filing")
    worlds.run_sql(world, "UPDATE seal SET filing_number = ''")
    worlds.run_sql(world, "DELETE FROM job WHERE kind = 'remind_of_seal'")
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.look_after_seals, {}, actor=party.person)
    assert world.look_after() == 2
    assert world.look_after() == 0
    assert filings(world, party.seal_id) == [("making", "sent")]
    parties.settle(world, rounds=0)
    assert seal_owners.seal(world, party.seal_id).filing_number
    jobs = worlds.rows(world, "SELECT subject FROM job WHERE kind = 'remind_of_seal'")
    assert [row["subject"] for row in jobs] == [party.seal_id]
