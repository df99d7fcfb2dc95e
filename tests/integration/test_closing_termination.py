"""Ending somebody's account by staff: four eyes, notice, appeal, and then like a cancellation (ACC-7)."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from engine import worker
from engine.http.doors import DirectDoor
from engine.kernel import actors, calendar, clock, errors
from engine.mall import actions as mall
from engine.registration import actions, queries
from engine.registration.actions import closing as closings
from engine.registration.actions import terminating
from engine.registration.model import closing as model
from engine.reviewing import actions as reviewing
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import binding, certifying, closing, fold, parties, registering, worlds

PHONE = "13800138000"
APPEAL = "手机是本人在用，同事只是帮我看过一次操作。"


@pytest.fixture
def noticed(world):
    """A person whose account will end, the member of staff who proposed it, and who decided it."""
    person = registering.sign_up(world, PHONE)
    one, other, third = closing.officers(world)
    closing.terminate(world, person.account_id, one, other)
    return person, one, other, third


def appeal(world, person, text=APPEAL):
    return world.engine.perform(actions.appeal, {"text": text}, actor=person)


def decide_appeal(world, closing_id, who, *, uphold):
    case_id = parties.open_case(world, "termination_appeal", closing_id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=who)
    if uphold:
        world.engine.perform(reviewing.approve, {"case_id": case_id}, actor=who)
    else:
        given = {"case_id": case_id, "reasons": ("appeal_without_new_facts",)}
        world.engine.perform(reviewing.reject, given, actor=who)


def pass_notice(world, account_id):
    """Let time pass up to the end of the notice."""
    due_at = closing.closing_of(world, account_id).due_at
    worlds.clock_of(world).set(due_at)
    worker.tick(world, owner="test")
    worker.tick(world, owner="test")


@pytest.mark.row("ACC-7")
@pytest.mark.guide("G-account-9")
def test_a_terminated_account_ends_like_a_cancelled_one(any_world):
    session = registering.enter_code(any_world, registering.ask_for_code(any_world, PHONE))
    one, other, _ = closing.officers(any_world)
    closing.terminate(any_world, session.account_id, one, other)
    door = DirectDoor(any_world.engine)
    door.sign_in(session.token)
    shown = door.ask("registration.my_closing", {})
    assert (shown["status"], shown["possible"]) == ("notice", ["appeal"])
    assert shown["reason_text"]["zh"] == "账号被转让、出借或交由他人使用。"
    assert closings.NOTICE_SMS in [sms.text for sms in any_world.sms.outbox(PHONE)]
    pass_notice(any_world, session.account_id)
    assert closing.status(any_world, session.account_id) == "cancelled"
    assert {"account.cancelled", "account.erased"} <= set(worlds.kinds(any_world))
    assert closing.closing_of(any_world, session.account_id).status is model.ClosingStatus.CLOSED
    fold.require(any_world)


def test_the_person_may_sign_in_until_the_notice_is_over(world, noticed):
    person, *_ = noticed
    due_at = closing.closing_of(world, person.account_id).due_at
    assert due_at is not None
    worlds.clock_of(world).set(due_at - 1)
    worker.tick(world, owner="test")
    assert closing.status(world, person.account_id) == "active"


def test_a_notice_has_fifteen_business_days_after_the_day_it_was_given():
    given = clock.from_datetime(datetime.datetime(2026, 9, 28, 9, tzinfo=clock.SHANGHAI))
    ends = model.notice_ends(given, 15)
    last = clock.civil_date(ends - 1)
    days = calendar.china()
    between = [
        clock.civil_date(given) + datetime.timedelta(days=n)
        for n in range(1, (last - clock.civil_date(given)).days + 1)
    ]
    assert sum(days.is_business_day(day) for day in between) == 15
    # The national holiday lies in between, so it takes longer than three weeks.
    assert (last - clock.civil_date(given)).days > 21


def test_what_staff_only_propose_is_not_told_to_the_person(world):
    person = registering.sign_up(world)
    one, *_ = closing.officers(world)
    world.engine.perform(
        actions.propose_termination,
        {"account_id": person.account_id, "reason": "false_registration", "note": "证件系冒用"},
        actor=one,
    )
    assert world.engine.ask(queries.my_closing, person) is None
    with worlds.unchanged(world), pytest.raises(terminating.NothingToAppeal):
        appeal(world, person)


def test_whoever_proposed_it_does_not_decide_it(world):
    person = registering.sign_up(world)
    one, other, _ = closing.officers(world)
    given = {"account_id": person.account_id, "reason": "holder_deceased", "note": ""}
    world.engine.perform(actions.propose_termination, given, actor=one)
    found = closing.closing_of(world, person.account_id)
    with pytest.raises(reviewing.MakerIsNotChecker):
        parties.approve(world, "account_termination", found.id, one)
    parties.approve(world, "account_termination", found.id, other)
    assert closing.closing_of(world, person.account_id).decided_by == other.text


@pytest.mark.parametrize(
    ("who", "reason", "refusal"),
    [
        (Role.SEAL_REVIEWER, "holder_deceased", MayNot),
        (Role.ACCOUNT_OFFICER, "licence_expired", terminating.GroundUnknown),
    ],
)
def test_it_takes_a_right_and_a_known_ground(world, who, reason, refusal):
    person, staff = registering.sign_up(world), worlds.staff(world, who)
    given = {"account_id": person.account_id, "reason": reason, "note": ""}
    with worlds.unchanged(world), pytest.raises(refusal):
        world.engine.perform(actions.propose_termination, given, actor=staff)


def test_a_rejected_proposal_ends_there(world):
    person = registering.sign_up(world)
    one, other, _ = closing.officers(world)
    given = {"account_id": person.account_id, "reason": "holder_deceased", "note": ""}
    world.engine.perform(actions.propose_termination, given, actor=one)
    found = closing.closing_of(world, person.account_id)
    case_id = parties.open_case(world, "account_termination", found.id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=other)
    given = {"case_id": case_id, "reasons": ("termination_unproven",)}
    world.engine.perform(reviewing.reject, given, actor=other)
    assert closing.closing_of(world, person.account_id).status is model.ClosingStatus.REJECTED
    assert closing.status(world, person.account_id) == "active"


def test_an_appeal_stops_the_clock_and_others_decide_it(world, noticed):
    person, one, other, third = noticed
    before = closing.closing_of(world, person.account_id)
    assert before.due_at is not None
    assert appeal(world, person) is model.ClosingStatus.APPEALED
    worlds.clock_of(world).set(before.due_at)
    worker.tick(world, owner="test")
    assert closing.status(world, person.account_id) == "active"
    for excluded in (one, other):
        with pytest.raises(reviewing.MakerIsNotChecker):
            decide_appeal(world, before.id, excluded, uphold=True)
    decide_appeal(world, before.id, third, uphold=False)
    after = closing.closing_of(world, person.account_id)
    assert after.status is model.ClosingStatus.NOTICE
    assert after.due_at is not None
    # What was left of the fifteen days when the appeal came in is left now.
    days, now = calendar.china(), world.engine.now()
    left = days.business_ms(after.appealed_at or 0, before.due_at)
    assert days.business_ms(now, after.due_at) == left > 0
    with worlds.unchanged(world), pytest.raises(terminating.AppealedAlready):
        appeal(world, person)
    pass_notice(world, person.account_id)
    assert closing.status(world, person.account_id) == "cancelled"


def test_an_appeal_that_is_right_lifts_the_termination(any_world):
    person = registering.sign_up(any_world, PHONE)
    one, other, third = closing.officers(any_world)
    found = closing.terminate(any_world, person.account_id, one, other)
    appeal(any_world, person)
    decide_appeal(any_world, found.id, third, uphold=True)
    parties.settle(any_world, rounds=1)
    assert closing.closing_of(any_world, person.account_id).status is model.ClosingStatus.LIFTED
    worlds.clock_of(any_world).set(found.due_at)
    worker.tick(any_world, owner="test")
    assert closing.status(any_world, person.account_id) == "active"
    assert any_world.engine.ask(queries.my_closing, person).status == "lifted"
    fold.require(any_world)


def test_an_appeal_says_something_and_is_kept_under_the_person_s_key(world, noticed):
    person, *_ = noticed
    with worlds.unchanged(world), pytest.raises(terminating.AppealTooShort):
        appeal(world, person, "不服")
    appeal(world, person)
    assert APPEAL not in repr(worlds.content(world))
    sections = world.engine.ask(queries.my_data, person).sections
    assert sections["closing"][0]["appeal"] == APPEAL


def test_the_note_of_the_proposer_is_sealed_and_shown_to_who_decides(world):
    person = registering.sign_up(world)
    one, *_ = closing.officers(world)
    note = "来电人自称是李晓东的同事"
    given = {"account_id": person.account_id, "reason": "account_passed_on", "note": note}
    world.engine.perform(actions.propose_termination, given, actor=one)
    assert note not in repr(worlds.content(world))
    found = closing.closing_of(world, person.account_id)
    sheet = world.engine.ask(queries.review_sheet_account_termination, one, found.id)
    assert note in [field.value for field in sheet.fields]
    assert PHONE not in repr(sheet)


def test_orders_certificates_and_the_place_in_the_enterprise_end_too(any_world):
    made = binding.certified(any_world, parties.Reviewers.of(any_world))
    one, other, _ = closing.officers(any_world)
    running = parties.order(any_world, _at(any_world, made, "guangzheng"))
    parties.pay(any_world, running)
    closing.terminate(any_world, made.person.account_id, one, other)
    pass_notice(any_world, made.person.account_id)
    parties.settle(any_world)
    found = worlds.rows(
        any_world, "SELECT status FROM certificate_order WHERE id = ?", running.order_id
    )
    money = worlds.rows(
        any_world, "SELECT status FROM payment WHERE order_id = ?", running.order_id
    )
    kept = worlds.rows(any_world, "SELECT status FROM certificate")
    malls = worlds.rows(any_world, "SELECT status FROM mall_account")
    assert [row["status"] for row in (*found, *money, *kept)] == [
        "cancelled",
        "refunded",
        # Of the pair both.
        "revoked",
        "revoked",
    ]
    # Nobody is left who is entitled to the enterprise's accounts at platforms.
    assert {row["status"] for row in malls} == {"closed"}
    assert parties.violations(any_world) == {}
    fold.require(any_world)


def _at(world, made, platform_id):
    """The same enterprise at a second platform."""
    account = world.engine.perform(
        mall.onboard,
        {
            "platform_id": platform_id,
            "enterprise_id": made.enterprise_id,
            "role": "supplier",
            "login": "second",
            "password": worlds.PASSWORD,
        },
        actor=made.person,
    )
    there = actors.MallAccount(mall_account_id=account.id, platform_id=platform_id)
    return replace(made, mall=there)


def test_a_cancelled_account_is_not_ended_again(world):
    person = registering.sign_up(world)
    one, *_ = closing.officers(world)
    closing.cancel(world, person, one)
    given = {"account_id": person.account_id, "reason": "holder_deceased", "note": ""}
    with worlds.unchanged(world), pytest.raises(terminating.AccountEnded):
        world.engine.perform(actions.propose_termination, given, actor=one)


def test_nobody_but_the_worker_ends_a_notice(world, noticed):
    person, one, *_ = noticed
    found = closing.closing_of(world, person.account_id)
    given = {"closing_id": found.id, "due_at": found.due_at}
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(terminating.end_terminated, given, actor=one)


def test_what_still_ran_ends_with_the_account(any_world):
    person, claimant = (
        registering.sign_up(any_world, PHONE),
        registering.sign_up(any_world, "13800138001"),
    )
    registering.prove(any_world, claimant)
    claim = registering.claim(any_world, claimant)
    one, other, _ = closing.officers(any_world)
    for each in (person, claimant):
        closing.terminate(any_world, each.account_id, one, other)
    due_at = closing.closing_of(any_world, person.account_id).due_at
    worlds.clock_of(any_world).set(due_at - clock.SECOND)
    given = {
        "way": "alipay",
        "name": "周文静",
        "resident_id": registering.resident_id(sequence="903"),
        "face": registering.PNG,
    }
    proof = any_world.engine.perform(actions.prove_name, given, actor=person)
    assert closing.blockers(any_world, person) == ["blocker.proof_running"]
    for each in (person, claimant):
        found = closing.closing_of(any_world, each.account_id)
        worlds.clock_of(any_world).set(found.due_at)
        any_world.engine.perform(
            terminating.end_terminated,
            {"closing_id": found.id, "due_at": found.due_at},
            actor=worlds.SYSTEM,
        )
    assert worlds.rows(any_world, "SELECT id FROM job WHERE subject = ?", proof.id) == []
    told = worlds.rows(
        any_world, "SELECT status, reason FROM real_name_proof WHERE id = ?", proof.id
    )
    assert told == [{"status": "mismatched", "reason": "account_ended"}]
    told = worlds.rows(any_world, "SELECT status FROM enterprise_claim WHERE id = ?", claim.id)
    assert told == [{"status": "rejected"}]
    parties.settle(any_world, rounds=1)
    left = worlds.rows(any_world, "SELECT kind FROM review_case WHERE status = 'waiting'")
    assert left == []
    assert worlds.rows(any_world, "SELECT kind FROM job WHERE status = 'stuck'") == []
    fold.require(any_world)


@pytest.mark.parametrize("requested", [False, True])
def test_a_certificate_that_was_ready_or_being_signed_ends_too(world, requested):
    made = certifying.approved(world, parties.Reviewers.of(world))
    one, other, _ = closing.officers(world)
    closing.terminate(world, made.person.account_id, one, other)
    found = closing.closing_of(world, made.person.account_id)
    worlds.clock_of(world).set(found.due_at)
    if requested:
        certifying.request(world, made)
        assert "blocker.certificate_requested" in closing.blockers(world, made.person)
    world.engine.perform(
        terminating.end_terminated,
        {"closing_id": found.id, "due_at": found.due_at},
        actor=worlds.SYSTEM,
    )
    parties.settle(world)
    states = [row["status"] for row in worlds.rows(world, "SELECT status FROM certificate")]
    assert states == (["revoked"] if requested else [])
    assert certifying.order_status(world, made) == "completed"
    assert parties.violations(world) == {}
    fold.require(world)
