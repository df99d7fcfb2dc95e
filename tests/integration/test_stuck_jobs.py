"""OPS: what is stuck is told in the reader's words, and taken up again by who may, once, with a reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import worker
from engine.boot import World, duties
from engine.issuing import model as certificates
from engine.kernel import actors, clock, errors, jobs, texts
from engine.operating import actions, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import certifying, fold, parties, stuck, worlds

REASON = "CA 已恢复"
BUG = ZeroDivisionError("bug")


@pytest.fixture
def lead(any_world: World) -> actors.Staff:
    return worlds.staff(any_world, Role.LEAD)


def take_up(world: World, who: actors.Actor, *job_ids: str, key: str | None = None) -> int:
    given = {"job_ids": job_ids, "reason": REASON}
    return world.engine.perform(actions.take_up, given, actor=who, key=key)


def held(world: World) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in worlds.rows(world, "SELECT * FROM job")}


def test_what_a_bug_stopped_is_told_taken_up_and_done(any_world: World, lead: actors.Staff) -> None:
    world = any_world
    asked = stuck.certificate(world)
    since = world.engine.now()
    worlds.clock_of(world).advance(clock.HOUR)
    told = world.engine.ask(queries.unfinished, lead)
    [one] = told.stuck
    assert (told.total, told.by_kind) == (1, {"issue_certificate": 1})
    assert world.engine.ask(queries.stuck_count, lead) == 1
    assert (one.job.kind, one.job.problem, one.job.attempts) == (
        "issue_certificate",
        "ZeroDivisionError",
        1,
    )
    assert one.job.since == since
    assert (one.record_kind, one.record_id) == ("certificate", asked.id)
    worker.run_due(world)
    assert held(world)[one.job.id]["status"] == "stuck", "nothing takes it up by itself"
    assert take_up(world, lead, one.job.id) == 1
    [fact] = worlds.rows(world, "SELECT subject, body FROM event WHERE kind = 'job.taken_up'")
    assert fact["subject"] == asked.id
    for text in (REASON, one.job.id, "issue_certificate", "ZeroDivisionError"):
        assert text in fact["body"]
    stuck.who(world, lead)
    worker.run_due(world)
    issued = certifying.found(world, asked.id)
    assert issued.status is certificates.CertificateStatus.ISSUED
    assert world.engine.ask(queries.stuck_count, lead) == 0
    assert parties.violations(world) == {}
    fold.require(world)


def test_its_tries_are_counted_anew(any_world: World, lead: actors.Staff) -> None:
    [job_id] = stuck.several(any_world, errors.Conflict(), send_sms=1)["send_sms"]
    worlds.clock_of(any_world).advance(clock.DAY)
    take_up(any_world, lead, job_id)
    row = held(any_world)[job_id]
    assert (row["status"], row["attempts"]) == ("ready", 0)
    assert row["due_at"] == row["created_at"] == any_world.engine.now()

    def nobody(job: jobs.Job) -> None:
        raise errors.ProviderUnavailable()

    driven = stuck.Driven(any_world, nobody, "send_sms")
    for wait in jobs.BACKOFF_MS:
        worker.run_due(driven)
        assert held(any_world)[job_id]["status"] == "ready"
        worlds.clock_of(any_world).advance(wait)
    worker.run_due(driven)
    assert held(any_world)[job_id]["status"] == "stuck"
    assert take_up(any_world, lead, job_id) == 1, "stuck again, it is taken up again"


def test_all_of_a_kind_and_no_other(any_world: World, lead: actors.Staff) -> None:
    ids = stuck.several(any_world, BUG, issue_invoice=3, send_sms=2)
    given = {"kind": "issue_invoice", "reason": REASON}
    assert any_world.engine.perform(actions.take_up_kind, given, actor=lead) == 3
    by_status = {job_id: row["status"] for job_id, row in held(any_world).items()}
    assert {by_status[one] for one in ids["issue_invoice"]} == {"ready"}
    assert {by_status[one] for one in ids["send_sms"]} == {"stuck"}
    assert worlds.kinds(any_world).count("job.taken_up") == 3
    with worlds.unchanged(any_world), pytest.raises(actions.NoneStuck):
        any_world.engine.perform(actions.take_up_kind, given, actor=lead)


def test_pressed_twice_it_is_one_act(any_world: World, lead: actors.Staff) -> None:
    [job_id] = stuck.several(any_world, BUG, send_sms=1)["send_sms"]
    assert take_up(any_world, lead, job_id, key="press") == 1
    with worlds.unchanged(any_world):
        assert take_up(any_world, lead, job_id, key="press") == 1
    with worlds.unchanged(any_world), pytest.raises(actions.NotStuck) as refused:
        take_up(any_world, lead, job_id, key="another press")
    assert job_id in texts.of_error(refused.value, "zh_CN")


def test_of_two_at_once_one_takes_it_up(any_world: World) -> None:
    two = [worlds.staff(any_world, Role.LEAD), worlds.staff(any_world, Role.ADMINISTRATOR)]
    [job_id] = stuck.several(any_world, BUG, send_sms=1)["send_sms"]

    def press(who: actors.Staff) -> str:
        try:
            return str(take_up(any_world, who, job_id))
        except errors.EngineError as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, two)) == ["1", "operating.not_stuck"]
    assert worlds.kinds(any_world).count("job.taken_up") == 1


def test_what_is_not_stuck_is_refused_and_takes_no_other_along(
    any_world: World, lead: actors.Staff
) -> None:
    [job_id] = stuck.several(any_world, BUG, send_sms=1)["send_sms"]
    ready = stuck.put(any_world, "ask_payment")
    for other in (ready, "job_that_is_done", ""):
        with worlds.unchanged(any_world), pytest.raises(actions.NotStuck):
            take_up(any_world, lead, job_id, other)
    with worlds.unchanged(any_world), pytest.raises(actions.NoJobChosen):
        take_up(any_world, lead)
    # Named twice it is one job.
    assert take_up(any_world, lead, job_id, job_id) == 1


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        ("", actions.ReasonMissing),
        (" \n", actions.ReasonMissing),
        ("长" * 501, actions.ReasonTooLong),
    ],
)
def test_why_has_to_be_said(
    any_world: World, lead: actors.Staff, reason: str, refusal: type[errors.EngineError]
) -> None:
    [job_id] = stuck.several(any_world, BUG, send_sms=1)["send_sms"]
    for action, given in (
        (actions.take_up, {"job_ids": (job_id,)}),
        (actions.take_up_kind, {"kind": "send_sms"}),
    ):
        with worlds.unchanged(any_world), pytest.raises(refusal):
            any_world.engine.perform(action, {**given, "reason": reason}, actor=lead)


def test_only_who_manages_the_platform_everywhere_is_told_and_may(world: World) -> None:
    [job_id] = stuck.several(world, BUG, send_sms=1)["send_sms"]
    here = worlds.staff(world, Role.LEAD, scope_kind="platform", scope_id="guangzheng")
    others = [worlds.staff(world, Role.FINANCE), worlds.staff(world, Role.QA), here]
    for who in (*others, actors.Person(account_id="acc_x", device_id="dev_x")):
        for query in (queries.unfinished, queries.stuck_count):
            with pytest.raises(staffing.MayNot):
                world.engine.ask(query, who)
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            take_up(world, who, job_id)
    assert world.engine.ask(queries.stuck_count, worlds.staff(world, Role.ADMINISTRATOR)) == 1


def test_nothing_of_a_sealed_body_is_told(any_world: World, lead: actors.Staff) -> None:
    stuck.several(any_world, BUG, send_sms=2)
    assert "13800138000" not in repr(any_world.engine.ask(queries.unfinished, lead))


def test_those_that_wait_longest_are_listed_and_all_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LISTED", 2)
    first = stuck.several(world, BUG, send_sms=1)["send_sms"]
    worlds.clock_of(world).advance(clock.HOUR)
    stuck.several(world, BUG, ask_payment=2)
    told = world.engine.ask(queries.unfinished, worlds.staff(world, Role.LEAD))
    assert (len(told.stuck), told.total) == (2, 3)
    assert told.stuck[0].job.id == first[0]


def test_who_cannot_be_reached_is_told_apart_and_goes_on_by_itself(
    any_world: World, lead: actors.Staff
) -> None:
    begun = any_world.engine.now()
    stuck.several(any_world, errors.ProviderUnavailable(), ask_refund=2)
    stuck.put(any_world, "send_sms")
    told = any_world.engine.ask(queries.unfinished, lead)
    assert told.stuck == ()
    [failing] = told.failing
    assert (failing.kind, failing.count) == ("ask_refund", 2)
    assert (failing.since, failing.next_at) == (begun, begun + jobs.BACKOFF_MS[0])
    for job_id, row in held(any_world).items():
        if row["kind"] == "ask_refund":
            with worlds.unchanged(any_world), pytest.raises(actions.NotStuck):
                take_up(any_world, lead, job_id)


@pytest.mark.parametrize("prefix", sorted(queries._PART_OF))
def test_what_belongs_to_a_record_leads_to_it(any_world: World, prefix: str) -> None:
    stuck.several(any_world, BUG)
    # Nothing has this id: the question itself has to be one that the database takes.
    job_id = stuck.put(any_world, "send_sms", subject=f"{prefix}_x")
    worlds.run_sql(any_world, "UPDATE job SET status = 'stuck', last_error = 'x'")
    [one] = any_world.engine.ask(queries.unfinished, worlds.SYSTEM).stuck
    assert (one.job.id, one.record_kind, one.record_id) == (job_id, "", "")


def test_a_payments_job_leads_to_its_order(any_world: World, lead: actors.Staff) -> None:
    party = parties.order(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    parties.pay(any_world, party)
    [payment] = worlds.rows(any_world, "SELECT id FROM payment WHERE order_id = ?", party.order_id)
    stuck.put(any_world, "ask_payment", subject=payment["id"])
    worlds.run_sql(any_world, "UPDATE job SET status = 'stuck' WHERE kind = 'ask_payment'")
    found = any_world.engine.ask(queries.unfinished, lead).stuck
    assert {(one.record_kind, one.record_id) for one in found} == {("order", party.order_id)}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_problem_and_kind_has_words(language: str) -> None:
    ours = [one for one in errors.type_of_code.values() if one.__module__.startswith("engine.")]
    for refusal in ours:
        told = queries.problem_in_words(refusal.code, language)
        assert told
        assert "{" not in told
    bug = queries.problem_in_words("ZeroDivisionError", language)
    assert "ZeroDivisionError" in bug
    assert ("程序错误" in bug) == (language == "zh_CN")
    told_kinds = {texts.of_code(f"job.kind.{kind}", language) for kind in duties.HANDLERS}
    assert len(told_kinds) == len(duties.HANDLERS)
    assert not any("job." in one for one in told_kinds)
