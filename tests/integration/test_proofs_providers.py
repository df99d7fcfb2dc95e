"""The simulated identity providers: every cause of a no, latency, outages, and how they are (IDV-5)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.kernel import clock, errors, ports, texts
from engine.providers import health, identity
from engine.registration import jobs as registration_jobs
from engine.registration import model
from tests.support import proving, worlds

NO = [rule for rule in identity.sandbox_values() if rule.outcome == "mismatch"]
# Causes that `domain-rules.md` 2 names.
CAUSES = {
    *("id_expired", "household_cancelled", "military", "virtual_number", "ported_number"),
    *("number_closed", "card_not_enabled", "not_unionpay", "foreign_national", "face_differs"),
    *("name_differs", "no_record"),
}


def test_every_known_cause_has_its_value():
    assert {rule.reason for rule in NO} >= CAUSES
    values = identity.sandbox_values()
    assert {rule.outcome for rule in values} == {"mismatch", "unavailable", "timeout", "slow"}
    assert len({rule.digits for rule in values}) == len(values)
    for rule in values:
        assert rule.tells.zh
        assert rule.tells.en
        assert not rule.reason or texts.of_code(rule.reason, "zh_CN") != rule.reason


@pytest.mark.row("IDV-5")
@pytest.mark.parametrize("rule", NO, ids=lambda rule: rule.reason)
@pytest.mark.parametrize("way", ["zhongjin", "bankcard"])
def test_a_value_forces_its_cause_in_the_ways_it_is_for(world, way, rule):
    """A bank's provider tells which field differs; the grade of the others does not."""
    line, person = proving.signed_in(world, sequence=rule.digits)
    person.prove_name(way)
    line.work()
    shown = person.newest_proof()
    if rule.ways and way not in rule.ways:
        assert shown["status"] in ("matched", "awaiting_code")
        return
    assert shown["status"] == "mismatched"
    advanced = way == "bankcard"
    standard = model.NOT_PASSED if rule.reason in model.TELL_FIELDS else rule.reason
    assert shown["reason"] == (rule.reason if advanced else standard)
    assert shown["mismatched"] == (list(rule.fields) if advanced else [])
    assert proving.newest_fact(world, "proof.mismatched") == shown["id"]


@pytest.mark.row("IDV-5")
@pytest.mark.parametrize("digits", ["500", "504"])
def test_a_provider_that_is_away_is_asked_three_times_and_then_another_way_is_free(
    any_world, digits
):
    line, person = proving.signed_in(any_world, sequence=digits)
    person.prove_name("zhongjin")
    line.work()
    assert person.newest_proof()["status"] == "requested"
    line.work(2)
    assert person.newest_proof()["status"] == "requested"
    line.work(10)
    shown = person.newest_proof()
    assert (shown["status"], shown["reason"]) == ("mismatched", model.UNAVAILABLE)
    # What nobody answered is no try of the day.
    for _ in range(6):
        person.prove_name("zhongjin")
        for wait in (0, 2, 10):
            line.work(wait)
    assert person.newest_proof()["reason"] == model.UNAVAILABLE
    assert worlds.rows(any_world, "SELECT id FROM job") == []


@pytest.mark.row("IDV-5")
def test_a_slow_provider_is_waited_for_without_counting_as_a_failure(any_world):
    line, person = proving.signed_in(any_world, sequence="508")
    person.prove_name("alipay")
    line.work()
    job = worlds.rows(any_world, "SELECT attempts, status, due_at FROM job")[0]
    assert (job["attempts"], job["status"]) == (0, "ready")
    assert job["due_at"] == any_world.engine.now() + 20 * clock.SECOND
    line.work(19)
    assert person.newest_proof()["status"] == "requested"
    line.work(1)
    assert person.newest_proof()["status"] == "matched"
    found = any_world.engine.ask(health.provider_health, worlds.SYSTEM)
    assert [(one.provider, one.answers, one.failures, one.latency_ms) for one in found] == [
        ("real_name/alipay", 1, 0, 20_000)
    ]


@pytest.mark.row("IDV-5")
def test_how_a_provider_is_is_known_for_a_day(any_world):
    line, person = proving.signed_in(any_world, sequence="500")
    person.prove_name("alipay")
    for wait in (0, 2, 10):
        line.work(wait)
    failed_at = any_world.engine.now()
    (found,) = any_world.engine.ask(health.provider_health, worlds.SYSTEM)
    assert (found.answers, found.failures, found.last_failure_at) == (0, 3, failed_at)
    worlds.clock_of(any_world).advance(2 * clock.HOUR)
    (found,) = any_world.engine.ask(health.provider_health, worlds.SYSTEM)
    assert (found.failures, found.last_failure_at, found.last_answer_at) == (0, failed_at, None)
    worlds.clock_of(any_world).advance(clock.DAY)
    assert any_world.engine.ask(health.provider_health, worlds.SYSTEM) == []


def lifelike(world, way="bankcard"):
    provider = world.ports.real_name[way]
    return dataclasses.replace(provider, lifelike=True)


def who(sequence="012"):
    return ports.Identity(name="张伟", resident_id=f"65010219800315{sequence}X")


@pytest.mark.row("IDV-5")
def test_latency_follows_what_is_declared(world, count):
    """Half the answers within the median, nine of ten within the p90, by key alone."""
    latency = identity.load_rules().ways["bankcard"].latency
    provider, waits = lifelike(world), []
    for number in range(count(400, 4_000)):
        with pytest.raises(ports.NotYet) as working:
            provider.check(who(), idempotency_key=f"job_{number}")
        waits.append((working.value.until - world.engine.now()) / 1000)
        if number == 0:
            with pytest.raises(ports.NotYet) as again:
                provider.check(who(), idempotency_key="job_0")
            assert again.value.until == working.value.until
    waits.sort()
    assert waits[len(waits) // 2] == pytest.approx(latency.median, rel=0.15)
    assert waits[len(waits) * 9 // 10] == pytest.approx(latency.p90, rel=0.2)


@pytest.mark.row("IDV-5")
def test_an_answer_comes_when_its_latency_is_over(world):
    provider = lifelike(world)
    with pytest.raises(ports.NotYet) as working:
        provider.check(who(), idempotency_key="job_1")
    worlds.clock_of(world).set(working.value.until)
    assert provider.check(who(), idempotency_key="job_1").matched


@pytest.mark.row("IDV-5")
@pytest.mark.parametrize(("minute", "away"), [(0, True), (9, True), (10, False), (1_430, True)])
def test_a_provider_is_away_in_its_declared_hours(world, minute, away):
    day = clock.start_of(clock.civil_date(world.engine.now())) + clock.DAY
    worlds.clock_of(world).set(day + minute * clock.MINUTE)
    expected = errors.ProviderUnavailable if away else ports.NotYet
    with pytest.raises(expected):
        lifelike(world).check(who(), idempotency_key="job_2")
    # In a demo it is always there.
    assert world.ports.real_name["bankcard"].check(who(), idempotency_key="job_3").matched


@pytest.mark.row("IDV-1")
def test_the_provider_gets_the_face(any_world):
    _, person = proving.signed_in(any_world)
    proof = person.prove_name("zhongjin")
    seen = []

    class Watching:
        def check(self, identity, *, idempotency_key):
            seen.append(identity)
            return ports.Verdict(matched=True, reference="x")

    watched = dataclasses.replace(
        any_world, ports=dataclasses.replace(any_world.ports, real_name={"zhongjin": Watching()})
    )
    assert worker.run_due(watched, subject=proof["id"]) == 1
    assert seen[0].face.startswith(b"\x89PNG")
    assert seen[0].name == person.identity.name
    assert registration_jobs.check_real_name in any_world.handlers.values()


def test_a_job_that_waits_is_never_due_in_the_past(world):
    """A provider that says `now` is asked again later and not in the same breath for ever."""
    _, person = proving.signed_in(world)
    person.prove_name("zhongjin")

    class Stuck:
        def check(self, identity, *, idempotency_key):
            raise ports.NotYet(0)

    stuck = dataclasses.replace(
        world, ports=dataclasses.replace(world.ports, real_name={"zhongjin": Stuck()})
    )
    assert worker.run_due(stuck) == 1
    assert worlds.rows(world, "SELECT due_at FROM job") == [{"due_at": world.engine.now() + 1}]
