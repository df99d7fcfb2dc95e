"""An encryption key comes back out of its archive for two who approve, onto the holder's phone (CRT-6)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.issuing import actions, model, queries
from engine.kernel import errors
from engine.pki import decrypting
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from tests.support import fold, pairing, parties, worlds
from tests.support.pairing import PIN

STATUS = model.RecoveryStatus


def ask(world, found, why="key_damaged"):
    """The holder asks for their key again."""
    return world.engine.perform(
        actions.ask_recovery,
        {"certificate_id": found.encryption, "why": why},
        actor=found.party.person,
    )


def approve(world, recovery, who):
    """One of the two says yes."""
    parties.approve(world, "key_recovery", recovery.id, who)


def status(world, recovery):
    """Where a recovery stands."""
    sql = "SELECT status FROM key_recovery WHERE id = ?"
    return worlds.rows(world, sql, recovery.id)[0]["status"]


@pytest.mark.row("CRT-6")
def test_two_people_approve_and_the_key_is_divided_anew_for_the_phone(any_world):
    world = any_world
    found = pairing.complete(world)
    public_key = pairing.certificate(world, found.encryption).public_key
    sample = decrypting.sample_for(public_key, "something")
    recovery = ask(world, found)
    first, second = (worlds.staff(world, Role.AGENCY_REVIEWER) for _ in range(2))
    approve(world, recovery, first)
    worker.run_due(world)
    assert status(world, recovery) == STATUS.IN_REVIEW
    assert worlds.rows(world, "SELECT * FROM sim_key_release") == []
    approve(world, recovery, second)
    worker.run_due(world)
    assert status(world, recovery) == STATUS.DIVIDED
    [release] = worlds.rows(world, "SELECT key_id, approved_by FROM sim_key_release")
    assert release["key_id"] == found.signing
    assert release["approved_by"].count("staff:") == 2
    # The old share fits no more; the new one does once it was taken.
    with pytest.raises(actions.ShareNotThere):
        found.phone.decrypt(found.encryption, found.signing, PIN, sample.value)
    found.phone.take_encryption_share(found.encryption, found.signing, PIN)
    assert status(world, recovery) == STATUS.TAKEN
    opened = found.phone.decrypt(found.encryption, found.signing, PIN, sample.value)
    assert opened == sample.expected
    facts = worlds.kinds(world)
    assert [one for one in facts if one.startswith("key_recovery.")] == [
        "key_recovery.asked",
        "key_recovery.approved",
        "key_recovery.divided",
        "key_recovery.taken",
    ]
    assert parties.violations(world) == {}
    assert not fold.differences(world)


def test_nobody_approves_twice_nor_what_they_asked_for(world):
    found = pairing.complete(world, scheme="seeded_ec")
    recovery = ask(world, found)
    one = worlds.staff(world, Role.AGENCY_REVIEWER)
    approve(world, recovery, one)
    case_id = parties.open_case(world, "key_recovery", recovery.id)
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=one)
    other = worlds.staff(world, Role.PLATFORM_REVIEWER)
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=other)


def test_a_rejected_recovery_says_why_and_releases_nothing(world):
    found = pairing.complete(world, scheme="seeded_ec")
    recovery = ask(world, found)
    reviewer = worlds.staff(world, Role.AGENCY_REVIEWER)
    parties.reject(world, "key_recovery", recovery.id, reviewer)
    worker.run_due(world)
    assert status(world, recovery) == STATUS.REJECTED
    assert worlds.rows(world, "SELECT * FROM sim_key_release") == []
    kinds = [row["kind"] for row in worlds.rows(world, "SELECT kind FROM message ORDER BY id")]
    assert "key_recovery.was_rejected" in kinds
    # It may be asked for again.
    assert ask(world, found).id != recovery.id


def test_a_recovery_is_open_once_and_may_be_taken_back(world):
    found = pairing.complete(world, scheme="seeded_ec")
    recovery = ask(world, found)
    with pytest.raises(errors.Conflict), worlds.unchanged(world):
        ask(world, found)
    arguments = {"recovery_id": recovery.id}
    stranger = dataclasses.replace(found.party.person, account_id="acc_other")
    with pytest.raises(errors.NotFound), worlds.unchanged(world):
        world.engine.perform(actions.withdraw_recovery, arguments, actor=stranger)
    world.engine.perform(actions.withdraw_recovery, arguments, actor=found.party.person)
    assert status(world, recovery) == STATUS.WITHDRAWN
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        world.engine.perform(actions.withdraw_recovery, arguments, actor=found.party.person)
    [seen] = world.engine.ask(queries.my_recoveries, found.party.person)
    assert seen.status is STATUS.WITHDRAWN


def test_a_phone_without_a_usable_certificate_is_given_no_key(world):
    found = pairing.complete(world, scheme="seeded_ec")
    elsewhere = pairing.on(found, "dev_other")
    arguments = {"certificate_id": found.encryption, "why": "phone_lost"}
    with pytest.raises(actions.NoCertificateHere), worlds.unchanged(world):
        world.engine.perform(actions.ask_recovery, arguments, actor=elsewhere)


def test_what_an_enterprise_took_back_is_not_recovered_for_its_former_holder(world):
    found = pairing.complete(world, scheme="seeded_ec")
    staff = parties.Reviewers.of(world).agency
    arguments = {"certificate_id": found.signing, "reason": "privilegeWithdrawn"}
    world.engine.perform(actions.revoke, arguments, actor=staff)
    with pytest.raises(actions.NotYours), worlds.unchanged(world):
        ask(world, found, "phone_lost")


@pytest.mark.row("CRT-6")
def test_the_two_who_decide_see_whose_key_it_is_and_what_it_will_be_used_by(world):
    found = pairing.complete(world, scheme="seeded_ec")
    recovery = ask(world, found)
    reviewer = worlds.staff(world, Role.AGENCY_REVIEWER)
    sheet = world.engine.ask(queries.review_sheet_key_recovery, reviewer, recovery.id)
    told = {field.name: field.value for field in sheet.fields}
    assert told["holder"] == found.party.name
    assert told["serial"] == pairing.certificate(world, found.encryption).serial_hex
    assert told["opens_with"] == pairing.certificate(world, found.signing).serial_hex
    assert all(check.ok for check in sheet.checks)
