"""Cancelling one's own account: what blocks it, what ends with it, what the law keeps (ACC-7)."""

from __future__ import annotations

import datetime

import pytest

from engine import worker
from engine.http.doors import DirectDoor, NotSignedIn
from engine.issuing import queries as certificates
from engine.kernel import clock, errors, events, vault
from engine.kernel.engine import SecondFactorNeeded
from engine.registration import actions, queries
from engine.registration.actions import closing as closings
from engine.registration.model import closing as model
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import binding, closing, fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

PHONE = "13800138000"


@pytest.fixture
def party(world):
    """A party with a living certificate; a colleague administers the enterprise too."""
    return _with_colleague(world, binding.certified(world, parties.Reviewers.of(world)))


def _with_colleague(world, made):
    closing.add_administrator(world, made)
    return made


# -- asking ----------------------------------------------------------------------------------


@pytest.mark.row("ACC-7")
@pytest.mark.guide("G-account-10")
def test_that_nothing_can_be_restored_is_said_before_it_is_confirmed(any_world):
    session = registering.enter_code(any_world, registering.ask_for_code(any_world, PHONE))
    door = DirectDoor(any_world.engine)
    door.sign_in(session.token)
    shown = door.ask("registration.cancellation_preview", {})
    assert shown["blockers"] == []
    assert shown["consequences"][0]["code"] == "consequence.not_restored"
    assert "consequence.nothing_kept" in [note["code"] for note in shown["consequences"]]
    assert shown["archive"] == {"clause": None, "release_at": None}
    with worlds.unchanged(any_world), pytest.raises(closings.NotConfirmed) as refused:
        door.perform(
            "registration.request_cancellation",
            {"confirmed": False, "revoke_certificates": False},
            key="1",
        )
    assert refused.value.code == "registration.not_confirmed"
    assert "cancellation.requested" not in worlds.kinds(any_world)


@pytest.mark.row("ACC-7")
@pytest.mark.guide("G-account-9")
def test_a_cancelled_account_is_void_and_its_data_destroyed(any_world):
    session = registering.enter_code(any_world, registering.ask_for_code(any_world, PHONE))
    officer, *_ = closing.officers(any_world)
    door = DirectDoor(any_world.engine)
    door.sign_in(session.token)
    asked = door.perform(
        "registration.request_cancellation",
        {"confirmed": True, "revoke_certificates": False},
        key="1",
    )
    assert door.ask("registration.my_closing", {})["possible"] == ["withdraw"]
    parties.approve(any_world, "cancellation", asked["id"], officer)
    with pytest.raises(NotSignedIn):
        door.ask("registration.me", {})
    parties.settle(any_world, rounds=1)
    facts = worlds.kinds(any_world)
    assert {"account.cancelled", "account.erased", "archive.destroyed"} <= set(facts)
    assert closing.status(any_world, session.account_id) == "cancelled"
    with any_world.engine.reader(SYSTEM) as q, pytest.raises(vault.Destroyed):
        queries.person_phone(q, session.account_id)
    assert worlds.rows(any_world, "SELECT purpose FROM data_key") == []


def test_the_person_is_told_by_sms_and_the_number_is_free_for_another_account(any_world):
    person = registering.sign_up(any_world, PHONE)
    officer, *_ = closing.officers(any_world)
    closing.cancel(any_world, person, officer)
    assert closings.CLOSED_SMS in [sms.text for sms in any_world.sms.outbox(PHONE)]
    worlds.clock_of(any_world).advance(clock.HOUR)
    again = registering.enter_code(any_world, registering.ask_for_code(any_world, PHONE))
    assert again.new_account
    assert again.account_id != person.account_id
    fold.require(any_world)


def test_it_needs_a_second_factor(world):
    person = registering.sign_up(world)
    late = type(person)(account_id=person.account_id, device_id=person.device_id)
    with worlds.unchanged(world), pytest.raises(SecondFactorNeeded):
        closing.ask_to_cancel(world, late)


def test_a_second_request_is_refused_while_one_is_in_review(world):
    person = registering.sign_up(world)
    closing.ask_to_cancel(world, person)
    with worlds.unchanged(world), pytest.raises(closings.ClosingRunning):
        closing.ask_to_cancel(world, person)


def test_while_it_is_in_review_the_person_can_sign_in_and_withdraw(any_world):
    person = registering.sign_up(any_world, PHONE)
    asked = closing.ask_to_cancel(any_world, person)
    worlds.clock_of(any_world).advance(clock.HOUR)
    again = registering.enter_code(any_world, registering.ask_for_code(any_world, PHONE))
    assert not again.new_account
    found = any_world.engine.perform(actions.withdraw_cancellation, {}, actor=person)
    assert (found.id, found.status, found.possible) == (asked.id, "withdrawn", ())
    assert worlds.kinds(any_world)[-2:] == ["cancellation.withdrawn", "case.withdrawn"]
    with pytest.raises(closings.NothingToWithdraw):
        any_world.engine.perform(actions.withdraw_cancellation, {}, actor=person)
    assert closing.ask_to_cancel(any_world, person).id != asked.id


def test_a_rejected_cancellation_leaves_the_account_and_says_why(world):
    person = registering.sign_up(world)
    officer, *_ = closing.officers(world)
    asked = closing.ask_to_cancel(world, person)
    case_id = parties.open_case(world, "cancellation", asked.id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=officer)
    reasons = ("cancellation_not_by_holder",)
    world.engine.perform(reviewing.reject, {"case_id": case_id, "reasons": reasons}, actor=officer)
    found = world.engine.ask(queries.my_closing, person)
    told = tuple(one.code for one in found.reasons)
    assert (found.status, told) == ("rejected", reasons)
    assert closing.status(world, person.account_id) == "active"
    assert "cancellation.rejected" in worlds.kinds(world)


def test_only_who_manages_accounts_decides(world):
    person = registering.sign_up(world)
    asked = closing.ask_to_cancel(world, person)
    case_id = parties.open_case(world, "cancellation", asked.id)
    with pytest.raises(MayNot):
        world.engine.perform(
            reviewing.claim, {"case_id": case_id}, actor=worlds.staff(world, Role.SEAL_REVIEWER)
        )
    world.engine.perform(
        reviewing.claim, {"case_id": case_id}, actor=worlds.staff(world, Role.LEAD)
    )


# -- what stands in the way ------------------------------------------------------------------


def test_what_blocks_is_listed_and_the_refusal_names_it(world):
    made = parties.enterprise(world, parties.Reviewers.of(world))
    assert "blocker.seal_application_open" in closing.blockers(world, made.person)
    closing.finish_seals(world, made)
    placed = parties.order(world, made)
    # A member who does not administer it stays behind.
    closing.add_member(world, made)
    shown = world.engine.ask(queries.cancellation_preview, made.person)
    assert closing.codes(shown.blockers) == ["blocker.order_open", "blocker.sole_administrator"]
    assert {note.subject for note in shown.blockers} == {placed.order_id, made.enterprise_id}
    with worlds.unchanged(world), pytest.raises(closings.CancellationBlocked) as refused:
        closing.ask_to_cancel(world, made.person)
    assert refused.value.params == {
        "count": 2,
        "blockers": "blocker.order_open blocker.sole_administrator",
    }


def test_a_living_certificate_blocks_unless_it_may_be_revoked(world, party):
    closing.finish_seals(world, party)
    assert closing.blockers(world, party.person) == [model.CERTIFICATE_LIVE]
    with pytest.raises(closings.CancellationBlocked):
        closing.ask_to_cancel(world, party.person, revoke_certificates=False)
    assert closing.ask_to_cancel(world, party.person).status == "in_review"


def test_a_proof_that_runs_and_a_claim_in_review_block(world):
    person = registering.sign_up(world)
    registering.prove(world, person)
    registering.claim(world, person)
    found = closing.blockers(world, person)
    assert len(found) == 1
    assert found[0].startswith("blocker.")


def test_what_came_up_after_the_request_keeps_it_from_being_approved(world):
    person = registering.sign_up(world)
    registering.prove(world, person)
    officer, *_ = closing.officers(world)
    asked = closing.ask_to_cancel(world, person)
    registering.claim(world, person)
    with pytest.raises(closings.CancellationBlocked):
        parties.approve(world, "cancellation", asked.id, officer)
    assert closing.status(world, person.account_id) == "active"


# -- what ends with it -----------------------------------------------------------------------


def test_certificates_are_revoked_bindings_end_and_memberships_are_left(any_world):
    made = _with_colleague(any_world, binding.certified(any_world, parties.Reviewers.of(any_world)))
    binding.bind(any_world, made)
    closing.finish_seals(any_world, made)
    officer, *_ = closing.officers(any_world)
    closing.cancel(any_world, made.person, officer)
    found = any_world.engine.ask(certificates.certificate, SYSTEM, made.certificate_id)
    assert (found.status, found.revocation_reason) == ("revoked", "cessationOfOperation")
    told = any_world.engine.ask(
        certificates.status_for_ocsp,
        SYSTEM,
        agency_id=found.agency_id,
        serial=int(found.serial_hex, 16),
    )
    assert told[0] == "revoked"
    living = worlds.rows(any_world, "SELECT account_id FROM membership WHERE status = 'active'")
    assert made.person.account_id not in {row["account_id"] for row in living}
    assert worlds.rows(any_world, "SELECT id FROM binding WHERE status = 'bound'") == []
    assert parties.violations(any_world) == {}
    fold.require(any_world)


def test_a_code_that_was_scanned_opens_nothing_any_more(world, party):
    binding.bind(world, party)
    closing.finish_seals(world, party)
    officer, *_ = closing.officers(world)
    asked = closing.ask_to_cancel(world, party.person)
    scanned = binding.login_qr(world, party.mall.platform_id)
    confirmed = binding.login_qr(world, party.mall.platform_id)
    binding.scan(world, party, scanned)
    binding.scan(world, party, confirmed)
    binding.confirm(world, party, confirmed)
    parties.approve(world, "cancellation", asked.id, officer)
    with pytest.raises(errors.IllegalTransition):
        binding.finish(world, confirmed)
    states = worlds.rows(
        world,
        "SELECT status FROM ticket WHERE id IN (?, ?)",
        scanned.ticket.id,
        confirmed.ticket.id,
    )
    assert [row["status"] for row in states] == ["cancelled", "cancelled"]


# -- what is kept ----------------------------------------------------------------------------


@pytest.mark.row("ACC-7")
def test_certification_records_are_kept_five_years_after_the_last_certificate_ended(world, party):
    closing.finish_seals(world, party)
    preview = world.engine.ask(queries.cancellation_preview, party.person).archive
    assert preview.clause is not None
    assert "第二十四条" in preview.clause.zh
    officer, *_ = closing.officers(world)
    closing.cancel(world, party.person, officer)
    kept = closing.archive_of(world, party.person.account_id)
    ended = worlds.rows(
        world, "SELECT revoked_at FROM certificate WHERE id = ?", party.certificate_id
    )[0]["revoked_at"]
    day = clock.civil_date(ended)
    assert clock.civil_date(kept["release_at"] - 1) == day.replace(year=day.year + 5)
    assert preview.release_at is not None
    assert abs(preview.release_at - kept["release_at"]) <= clock.DAY
    assert kept["status"] == "locked"
    with world.engine.reader(SYSTEM) as q:
        for purpose in ("profile", "evidence"):
            with pytest.raises(vault.Destroyed):
                q.data_key(kept["subject_id"], purpose)


def test_at_its_release_date_the_archive_is_destroyed_by_a_due_job(world, party):
    closing.finish_seals(world, party)
    officer, *_ = closing.officers(world)
    closing.cancel(world, party.person, officer)
    kept = closing.archive_of(world, party.person.account_id)
    worlds.clock_of(world).set(kept["release_at"] - 1)
    worker.tick(world, owner="test")
    assert closing.archive_of(world, party.person.account_id)["status"] == "locked"
    worlds.clock_of(world).set(kept["release_at"])
    worker.tick(world, owner="test")
    found = closing.archive_of(world, party.person.account_id)
    assert (found["status"], found["destroyed_at"]) == ("destroyed", kept["release_at"])
    keys = "SELECT purpose FROM data_key WHERE subject_id = ?"
    assert worlds.rows(world, keys, kept["subject_id"]) == []
    with world.engine.parts.db.read() as connection:
        assert events.verify(connection, world.keyring)[1] == []
    assert "archive.destroyed" in worlds.kinds(world)


def test_years_are_counted_to_the_end_of_the_day_also_from_a_leap_day():
    leap = clock.from_datetime(datetime.datetime(2028, 2, 29, 12, tzinfo=clock.SHANGHAI))
    assert clock.civil_date(model.years_after(leap, 5) - 1) == datetime.date(2033, 3, 1)
    plain = clock.from_datetime(datetime.datetime(2026, 6, 30, 23, 59, tzinfo=clock.SHANGHAI))
    assert clock.civil_date(model.years_after(plain, 5) - 1) == datetime.date(2031, 6, 30)
