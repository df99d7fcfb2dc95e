"""Attacks on one-time codes: bombing, guessing, reuse, and what they tell of accounts."""

from __future__ import annotations

import json
import threading

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import actors, challenges, clock, errors
from engine.registration import actions, model
from engine.registration.actions import codes, limits
from tests.support import registering, worlds

VICTIM = "13800138000"
Purpose = model.CodePurpose


class Down:
    """A gateway that nobody reaches."""

    def __init__(self) -> None:
        self.tries = 0

    def send(self, phone: str, text: str, *, idempotency_key: str) -> None:
        self.tries += 1
        raise errors.ProviderUnavailable()


def counted(world: World) -> int:
    """How many codes left."""
    return int(worlds.rows(world, "SELECT COUNT(*) AS n FROM verification_code")[0]["n"])


# -- bombing (security.md 3.2) -----------------------------------------------------------------


@pytest.mark.row("S-SMS-1")
def test_a_victim_gets_ten_messages_in_24_hours_from_500_addresses(world, count):
    tries = count(1_000, 10_000)
    clock_of = worlds.clock_of(world)
    refusals: dict[str, int] = {}
    for number in range(tries):
        source = actors.Source(address=f"10.0.{number % 500 // 250}.{number % 250}")
        try:
            registering.request_code(world, VICTIM, source=source)
        except errors.EngineError as refusal:
            refusals[refusal.code] = refusals.get(refusal.code, 0) + 1
        clock_of.advance(clock.DAY // tries)
    worker.run_due(world)
    assert counted(world) == 10
    assert sum(refusals.values()) == tries - 10
    assert set(refusals) <= {
        "registration.code_too_soon",
        "registration.codes_this_hour",
        "registration.codes_used_up",
    }


@pytest.mark.row("S-SMS-2")
@pytest.mark.parametrize(("kind", "most"), [("address", 20), ("browser", 5)])
def test_one_source_reaches_a_few_numbers_an_hour(world, count, kind, most):
    numbers = count(500, 5_000)
    source = actors.Source(**{kind: "203.0.113.7"})
    reached, waits = 0, set()
    for number in range(numbers):
        try:
            registering.request_code(world, f"137{number:08d}", source=source)
            reached += 1
        except limits.SourceBusy as refusal:
            waits.add(int(refusal.params["minutes"]))
    assert reached == most
    assert waits == {60}
    assert counted(world) == most
    assert "203.0.113.7" not in repr(worlds.content(world))
    worlds.clock_of(world).advance(clock.HOUR)
    registering.request_code(world, VICTIM, source=source)
    kept = worlds.rows(world, "SELECT COUNT(*) AS n FROM source_count")
    assert kept == [{"n": 1}], "what is older than an hour is forgotten"


@pytest.mark.row("S-SMS-3")
def test_parallel_requests_for_one_number_send_one_message(any_world, count):
    done: list[str] = []

    def ask() -> None:
        try:
            registering.request_code(any_world, VICTIM)
            done.append("sent")
        except errors.EngineError as refusal:
            done.append(refusal.code)

    threads = [threading.Thread(target=ask) for _ in range(count(20, 50))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worker.run_due(any_world)
    assert len(done) == len(threads)
    assert done.count("sent") == 1
    assert len(any_world.sms.outbox(VICTIM)) == 1


@pytest.mark.row("S-SMS-4")
def test_a_gateway_that_is_down_is_asked_three_times_and_the_count_stands(world, monkeypatch):
    gateway = Down()
    monkeypatch.setattr(type(world.sms), "send", lambda _self, *a, **k: gateway.send(*a, **k))
    registering.request_code(world, VICTIM)
    for _ in range(20):
        worker.run_due(world)
        worlds.clock_of(world).advance(5 * clock.SECOND)
    assert gateway.tries == 3
    [job] = worlds.rows(world, "SELECT status, last_error FROM job")
    assert job == {"status": "stuck", "last_error": "registration.sms_not_sent"}
    # It still counts: the next one in the hour costs work, and the sixth is refused.
    for _ in range(4):
        registering.request_code(world, VICTIM)
        worlds.clock_of(world).advance(clock.MINUTE)
    with worlds.unchanged(world), pytest.raises(codes.CodesThisHour):
        registering.request_code(world, VICTIM)


@pytest.mark.row("S-SMS-4")
def test_a_code_that_has_expired_is_not_sent_any_more(world):
    registering.request_code(world, VICTIM)
    worlds.clock_of(world).advance(5 * clock.MINUTE)
    worker.run_due(world)
    assert world.sms.outbox(VICTIM) == []
    assert worlds.rows(world, "SELECT id FROM job") == []


@pytest.mark.row("S-SMS-5")
@pytest.mark.parametrize("how", ["reuse", "purpose", "number", "late", "sixth"])
def test_a_code_opens_one_thing_once(world, count, how):
    accepted = 0
    for number in range(count(20, 100)):
        phone = f"136{number:08d}"
        asked = registering.ask_for_code(world, phone)
        given: dict[str, object] = {
            "request_id": asked.request.request_id,
            "phone": phone,
            "code": asked.code,
        }
        action = actions.report_misuse_by_code if how == "purpose" else actions.sign_in_by_code
        if how != "purpose":
            given |= {"device_key": b"\x04" * 65, "device_label": "x"}
        if how == "reuse":
            registering.enter_code(world, asked)
        elif how == "number":
            given["phone"] = f"135{number:08d}"
        elif how == "late":
            worlds.clock_of(world).advance(5 * clock.MINUTE)
        elif how == "sixth":
            wrong = f"{(int(asked.code) + 1) % 1_000_000:06d}"
            for _ in range(5):
                with pytest.raises(codes.CodeWrong):
                    registering.enter_code(world, asked, wrong)
        try:
            world.engine.perform(action, given, actor=worlds.SYSTEM)
            accepted += 1
        except codes.CodeExpired:
            continue
    assert accepted == 0


# -- the number's hour, the work, the alarm ------------------------------------------------------


@pytest.mark.row("ACC-3")
def test_a_number_gets_five_codes_an_hour_over_all_purposes(any_world):
    purposes = [one for one in Purpose if one not in (Purpose.STEP_UP, Purpose.BANK_CARD)]
    first = any_world.engine.now()
    for purpose in purposes[:5]:
        registering.request_code(any_world, VICTIM, purpose)
        worlds.clock_of(any_world).advance(clock.MINUTE)
    with worlds.unchanged(any_world), pytest.raises(codes.CodesThisHour) as refused:
        registering.request_code(any_world, VICTIM, purposes[5])
    assert refused.value.params == {"count": 5, "minutes": 55}
    worlds.clock_of(any_world).set(first + clock.HOUR)
    registering.request_code(any_world, VICTIM, purposes[5])


@pytest.mark.row("ACC-3")
def test_the_second_code_in_an_hour_costs_work_that_is_good_for_one_request(any_world):
    given = {"phone": VICTIM, "purpose": Purpose.SIGN_IN, "terms_accepted": True}

    def ask(proof_of_work: str = "") -> None:
        any_world.engine.perform(
            actions.request_code, {**given, "proof_of_work": proof_of_work}, actor=worlds.SYSTEM
        )

    def needed(proof_of_work: str = "") -> str:
        with worlds.unchanged(any_world), pytest.raises(limits.ChallengeNeeded) as refused:
            ask(proof_of_work)
        assert refused.value.params["bits"] == 12
        return str(refused.value.params["challenge"])

    ask()
    worlds.clock_of(any_world).advance(clock.MINUTE)
    challenge = needed()
    assert needed("") == challenge
    assert needed("not the answer") == challenge
    answer = challenges.solve(challenge, 12)
    assert challenges.solved(challenge, 12, answer)
    ask(answer)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    assert needed(answer) != challenge, "each request has its own work"
    stale = challenges.solve(needed(), 12)
    worlds.clock_of(any_world).advance(20 * clock.MINUTE)
    needed(stale)
    worlds.clock_of(any_world).advance(clock.HOUR)
    ask()


@pytest.mark.row("S-SMS-1")
def test_everybodys_requests_raise_an_alarm_once_and_then_stop(world):
    [rule] = worlds.rows(world, "SELECT body FROM policy_version WHERE kind = 'sms_codes'")
    changed = {**json.loads(rule["body"]), "alarm_per_hour": 3, "stop_per_hour": 4}
    sql = "UPDATE policy_version SET body = ? WHERE kind = 'sms_codes'"
    worlds.run_sql(world, sql, json.dumps(changed))
    reached, waits = 0, set()
    for number in range(6):
        try:
            registering.request_code(world, f"137{number:08d}")
            reached += 1
        except limits.EverybodyBusy as refusal:
            waits.add(int(refusal.params["minutes"]))
    assert reached == 4
    assert waits == {60}
    assert worlds.kinds(world).count("codes.alarm") == 1
    worlds.clock_of(world).advance(clock.HOUR)
    registering.request_code(world, VICTIM)


def test_the_message_names_the_place_and_the_purpose(world):
    for number, purpose in enumerate(set(Purpose) - {Purpose.BANK_CARD}):
        phone = f"137{number:08d}"
        person = registering.sign_up(world, phone)
        worlds.clock_of(world).advance(clock.MINUTE)
        if purpose is Purpose.STEP_UP:
            asked = world.engine.perform(actions.request_step_up, {}, actor=person)
        else:
            asked = registering.request_code(world, phone, purpose)
        worker.run_due(world, subject=asked.request_id)
        text = world.sms.outbox(phone)[0].text
        assert text.startswith("【印信】")
        assert codes._FOR[purpose] in text


# -- what the answers tell (AUTH-4) ---------------------------------------------------------------


@pytest.mark.row("S-AUTH-4")
@pytest.mark.parametrize("purpose", sorted(codes._FOR_ACCOUNTS))
def test_a_number_without_an_account_gets_the_answer_and_no_message(any_world, purpose):
    registering.sign_up(any_world, VICTIM)
    worlds.clock_of(any_world).advance(clock.HOUR)
    answers, events = [], []
    for phone, arrived in ((VICTIM, 1), ("13900139000", 0)):
        before = len(worlds.kinds(any_world))
        asked = registering.request_code(any_world, phone, purpose)
        events.append(worlds.kinds(any_world)[before:])
        worker.run_due(any_world, subject=asked.request_id)
        assert len(any_world.sms.outbox(phone)) == arrived
        answers.append((asked.expires_at, asked.next_at, len(asked.request_id)))
    assert answers[0] == answers[1]
    assert events[0] == events[1]


@pytest.mark.row("S-AUTH-3")
@pytest.mark.parametrize("purpose", [Purpose.STEP_UP, Purpose.BANK_CARD])
def test_a_signed_in_persons_code_is_never_sent_to_a_typed_number(any_world, purpose):
    with worlds.unchanged(any_world), pytest.raises(codes.PurposeRefused):
        registering.request_code(any_world, VICTIM, purpose)


def test_reporting_a_number_without_an_account_freezes_nothing(any_world):
    asked = registering.request_code(any_world, VICTIM, Purpose.REPORT_MISUSE)
    given = {"request_id": asked.request_id, "phone": VICTIM, "code": "000000"}
    with pytest.raises((codes.CodeWrong, errors.NotFound)):
        any_world.engine.perform(actions.report_misuse_by_code, given, actor=worlds.SYSTEM)
    assert "account.frozen" not in worlds.kinds(any_world)
