"""Virtual time moves the world's clock, the worker and the roster, in a fixed order."""

from __future__ import annotations

import datetime

import pytest

from engine.boot import World
from engine.kernel import actors, catalog, clock, errors, ports
from engine.registration import actions as registration
from engine.registration.model import CodePurpose
from simulations import reviewers, scenario
from simulations.environment import Stage, Steps, journey
from simulations.faults import outages

QUIET = scenario.load(catalog.DATA / "scenarios" / "quiet_day.toml")
PHONE = "14200000001"


def stage_over(world: World, **knobs: object) -> Stage:
    the_clock = world.engine.parts.clock
    assert isinstance(the_clock, clock.ManualClock)
    plan = QUIET.model_copy(
        update={"providers": QUIET.providers.model_copy(update=knobs)} if knobs else {}
    )
    return Stage(world, the_clock, plan, 7)


def ask_for_code(stage: Stage) -> None:
    stage.act(
        registration.request_code,
        {"phone": PHONE, "purpose": CodePurpose.SIGN_IN, "terms_accepted": True},
        actor=actors.System(job="visitor"),
    )


def test_the_world_s_clock_follows_the_simulation(world: World) -> None:
    stage = stage_over(world)
    start, seen = stage.now_ms, []

    def somebody() -> Steps:
        for seconds in (0, 90, 0.25):
            yield stage.wait(seconds)
            seen.append(world.engine.now() - start)

    stage.env.process(somebody())
    stage.env.run()
    assert seen == [1, 90_001, 90_251]


def test_the_worker_does_a_job_as_soon_as_it_is_staged(world: World) -> None:
    stage = stage_over(world)

    def somebody() -> Steps:
        yield stage.wait(60)
        ask_for_code(stage)
        yield stage.wait(1)
        assert len(world.sms.outbox(PHONE)) == 1

    stage.env.process(somebody())
    stage.env.run()
    assert world.sms.outbox(PHONE)


def test_a_job_that_finds_nobody_is_tried_again_when_it_is_due(world: World) -> None:
    stage = stage_over(world, sms_unreachable=1.0)
    counts = []

    def somebody() -> Steps:
        yield stage.wait(60)
        ask_for_code(stage)
        for _ in range(4):
            yield stage.wait(0.9)
            counts.append(len(world.sms.outbox(PHONE)))

    stage.env.process(somebody())
    stage.env.run()
    assert counts == [0, 0, 1, 1]


def struck(outage: outages.Outage, keys: list[str]) -> list[str]:
    found = []
    for key in keys:
        try:
            outage.strike(key)
        except errors.ProviderUnavailable:
            found.append(key)
    return found


def test_an_outage_strikes_the_same_keys_in_every_run_and_each_once() -> None:
    keys = [f"job_{number}" for number in range(200)]
    outage = outages.Outage(7, "sms", 0.5)
    first = struck(outage, keys)
    assert 60 < len(first) < 140
    assert struck(outage, keys) == []
    assert struck(outages.Outage(7, "sms", 0.5), keys) == first
    assert struck(outages.Outage(8, "sms", 0.5), keys) != first


def test_payment_notices_come_when_the_scenario_says(world: World) -> None:
    stage = stage_over(world, callback_delays_seconds=(30,))
    stage.world.ports.payment.create(
        ports.Charge(payment_id="pay_1", amount_fen=100, description="")
    )
    seen = []

    def somebody() -> Steps:
        yield stage.wait(60)
        stage.world.bank.pay("pay_1")
        for _ in range(3):
            yield stage.wait(14)
            seen.append(stage.world.bank.next_due() is None)

    stage.env.process(somebody())
    stage.env.run()
    assert seen == [False, False, True]


def test_an_unexpected_refusal_ends_a_journey_and_is_counted(world: World) -> None:
    stage = stage_over(world)

    def somebody() -> Steps:
        yield stage.wait(1)
        ask_for_code(stage)
        ask_for_code(stage)
        raise AssertionError("not reached")

    stage.env.process(journey(stage, somebody()))
    stage.env.run()
    assert list(stage.counts) == ["stopped: registration.code_too_soon"]


def test_streams_of_different_purposes_and_people_differ_and_repeat(world: World) -> None:
    stage = stage_over(world)
    draws = [
        stage.stream(purpose, index).random() for purpose in ("pause", "pin") for index in (1, 2)
    ]
    assert len(set(draws)) == 4
    assert stage.stream("pause", 1).random() == draws[0]


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-06-02T07:00", "2026-06-02T08:00", "2026-06-02T17:30"),
        ("2026-06-02T12:00", "2026-06-02T08:00", "2026-06-02T17:30"),
        # Friday evening; Monday.
        ("2026-06-05T17:30", "2026-06-08T08:00", "2026-06-08T17:30"),
        # The Dragon Boat festival, 19 to 21 June 2026.
        ("2026-06-18T18:00", "2026-06-22T08:00", "2026-06-22T17:30"),
        # A Sunday that is worked.
        ("2026-09-20T09:00", "2026-09-20T08:00", "2026-09-20T17:30"),
    ],
)
def test_shifts_follow_the_business_calendar(now: str, start: str, end: str) -> None:
    def instant(text: str) -> int:
        return clock.from_datetime(
            datetime.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
        )

    assert reviewers.next_shift(QUIET.reviewers[0], instant(now)) == (instant(start), instant(end))
