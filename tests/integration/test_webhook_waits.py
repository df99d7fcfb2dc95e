"""Retry-After: who asks to be left in peace is, by all that is sent there, though not for ever."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import clock, jobs, ports
from engine.providers import sending_out
from tests.support import machines, worlds

pytestmark = pytest.mark.row("API-1")

BUSY = "https://receiver.example/busy"
BUSY_S = 120
NOW = "Sun, 29 Nov 2026 12:00:00 GMT"


@dataclasses.dataclass(frozen=True)
class Asking:
    """A receiver that answers everything with one code and one wish."""

    code: int
    wait_s: int

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, idempotency_key: str
    ) -> ports.Received:
        """Turn one message away."""
        return ports.Received(code=self.code, took_ms=5, retry_after_s=self.wait_s)


def test_all_that_is_sent_to_an_address_waits_as_it_asked(any_world):
    office, world = machines.office(any_world), any_world
    made = office.endpoint(office.client(), BUSY)
    for _ in range(8):
        office.test(made.endpoint_id)
    machines.run_until(world, world.engine.now() + clock.DAY)
    found = office.deliveries(made.endpoint_id)
    assert {one.status for one in found} == {"delivered"}
    by_instant: dict[int, list[int | None]] = {}
    for one in found:
        for tried in office.attempts(one.id):
            by_instant.setdefault(tried.tried_at, []).append(tried.code)
    instants = sorted(by_instant)
    turned_away = [at for at in instants if 503 in by_instant[at]]
    assert turned_away
    for at in turned_away:
        # With it the instant was over for all that waited there.
        assert by_instant[at].count(503) == 1
        following = [one for one in instants if one > at]
        assert following[0] - at >= BUSY_S * clock.SECOND


@pytest.mark.parametrize(
    ("code", "wait_s", "expected_ms"),
    [
        (503, 300, 300 * clock.SECOND),
        (429, 300, 300 * clock.SECOND),
        (429, 30 * 24 * 3_600, max(jobs.BACKOFF_MS)),
        (503, 0, jobs.BACKOFF_MS[0]),
        (503, 1, jobs.BACKOFF_MS[0]),
        # With another code it means something else, or nothing.
        (500, 300, jobs.BACKOFF_MS[0]),
        (301, 300, jobs.BACKOFF_MS[0]),
    ],
)
def test_the_second_try_comes_when_it_was_asked_for_or_when_we_come_by_ourselves(
    world: World, code: int, wait_s: int, expected_ms: int
) -> None:
    office = machines.office(world)
    made = office.endpoint(office.client())
    outside = dataclasses.replace(world.ports, webhooks=Asking(code, wait_s))
    asked = dataclasses.replace(world, ports=outside)
    waits = office.test(made.endpoint_id)
    worker.tick(asked, owner="test")
    quiet_until = office.shown(made.endpoint_id).health.quiet_until
    while len(office.attempts(waits.id)) < 2:
        due = asked.next_due()
        assert due is not None
        worlds.clock_of(world).set(max(due, world.engine.now()))
        worker.tick(asked, owner="test")
    first, second = office.attempts(waits.id)
    assert second.tried_at - first.tried_at == expected_ms
    assert quiet_until in (0, first.tried_at + expected_ms, first.tried_at + wait_s * 1000)


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", "", 120),
        (" 0 ", "", 0),
        ("99999999999999999999", "", 999_999_999),
        ("Sun, 29 Nov 2026 12:02:00 GMT", NOW, 120),
        ("Sunday, 29-Nov-26 12:02:00 GMT", NOW, 120),
        ("Sun, 29 Nov 2026 11:00:00 GMT", NOW, 0),
        *(("Sun, 29 Nov 2026 12:02:00 GMT", wrong, 0) for wrong in ("", "today")),
        *((wrong, NOW, 0) for wrong in ("", "-5", "1.5", "soon", "٣", "²", "12 s", "\x00")),
        # One with a zone and one without cannot be held against each other.
        ("Sun, 29 Nov 2026 12:02:00 -0000", NOW, 0),
    ],
)
def test_how_long_a_receiver_asks_for_is_read_or_is_nothing(
    value: str, date: str, seconds: int
) -> None:
    assert sending_out.retry_after(value, date) == seconds
