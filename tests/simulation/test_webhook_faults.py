"""Webhooks in runs that fail: each site does what is told of it, and the run is the same again."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import boot
from engine.integrating import signing
from engine.kernel import catalog, clock, codec, ports
from simulations import runs, scenario, shards
from simulations.faults.injector import Injector
from simulations.faults.parties import Downtime, HardToReach
from simulations.faults.plan import FaultPlan, Firing
from tests.support import machines, short_way, worlds

pytestmark = [pytest.mark.row("API-1"), pytest.mark.row("SIM-5")]

SECRET = bytes(range(32))
BODY = codec.canonical({"type": "order.placed"})
DAY = scenario.load(catalog.DATA / "scenarios" / "everything_fails.toml").model_copy(
    update={"horizon_days": 2, "shards": 2}
)


class Line:
    """The way to one receiver of a run's world, with one site that always strikes."""

    def __init__(self, world: boot.World, **sites: Firing) -> None:
        assert world.receivers is not None
        self.world = world
        self.receivers = world.receivers
        self.receivers.trust(machines.STEADY, signing.text_of(SECRET))
        self.waiting: list[tuple[int, Callable[[], object]]] = []
        faults = Injector(FaultPlan(**sites), 7)
        self.reach = HardToReach(
            world.ports.webhooks,
            faults,
            Downtime(faults, world.engine.now),
            lambda delay, act: self.waiting.append((delay, act)),
        )

    def post(self, message: str = "whd_a") -> ports.Received:
        """Send one message now."""
        headers = signing.headers(message, BODY, [SECRET], now=self.world.engine.now())
        return self.reach.post(machines.STEADY, headers, BODY.encode(), idempotency_key=message)

    def came(self) -> list[tuple[str, bool]]:
        """What came, the first one first, and whether its signature fitted then."""
        return [(one.message_id, one.verified) for one in reversed(self.receivers.arrived())]

    def later(self) -> None:
        """Let what is on its way come."""
        for delay, act in sorted(self.waiting, key=lambda one: one[0]):
            worlds.clock_of(self.world).advance(delay)
            act()
        self.waiting.clear()


ALWAYS = Firing(fires=1.0)


def test_a_webhook_that_is_lost_comes_to_nobody(world: boot.World) -> None:
    line = Line(world, webhook_lost=ALWAYS)
    got = line.post()
    assert (got.code, got.problem, got.took_ms) == (None, "timed_out", ports.RECEIVER_WAIT_MS)
    line.later()
    assert line.came() == []


def test_a_late_webhook_comes_when_nobody_waits_for_it_and_may_be_too_old_to_be_believed(
    world: boot.World,
) -> None:
    line = Line(world, webhook_late=ALWAYS)
    names = [f"whd_{number}" for number in range(12)]
    assert {line.post(one).problem for one in names} == {"timed_out"}
    assert line.came() == []
    delays = dict(zip(names, (delay for delay, _ in line.waiting), strict=True))
    assert all(ports.RECEIVER_WAIT_MS <= one <= 16 * clock.MINUTE for one in delays.values())
    line.later()
    came = [name for name, _ in line.came()]
    assert came == sorted(names, key=delays.__getitem__) != names
    # What is older than five minutes is refused by whoever checks its signature, and then sent anew.
    assert {fits for _, fits in line.came()} == {True, False}


def test_a_doubled_webhook_comes_twice_with_one_id_and_one_answer(world: boot.World) -> None:
    line = Line(world, webhook_doubled=ALWAYS)
    assert line.post().code == 200
    assert line.came() == [("whd_a", True)]
    line.later()
    assert line.came() == [("whd_a", True)] * 2


def test_a_receiver_that_turns_away_takes_nothing_and_asks_to_wait(world: boot.World) -> None:
    line = Line(world, receiver_refuses=ALWAYS)
    asked = [line.post(f"whd_{number}") for number in range(12)]
    assert {one.code for one in asked} == {429}
    # More is asked for by some than anybody gets.
    longest = clock.HOUR / clock.SECOND
    assert min(one.retry_after_s for one in asked) < longest
    assert max(one.retry_after_s for one in asked) > longest
    assert line.came() == []


def test_a_slow_receiver_has_what_it_did_not_answer_in_time(world: boot.World) -> None:
    line = Line(world, receiver_slow=ALWAYS)
    assert line.post().problem == "timed_out"
    assert line.came() == [("whd_a", True)]


def test_a_receiver_that_is_down_is_told_as_that_and_nothing_is_raised(world: boot.World) -> None:
    line = Line(world, provider_down=ALWAYS)
    told = set()
    for _ in range(24 * 4):
        told.add(line.post().problem)
        worlds.clock_of(world).advance(15 * clock.MINUTE)
    assert told == {"", "unreachable"}


def test_with_every_site_of_webhooks_all_is_told_in_the_end(tmp_path: Path) -> None:
    often = Firing(fires=0.3)
    sites = ("webhook_lost", "webhook_late", "webhook_doubled", "receiver_refuses", "receiver_slow")
    plan = DAY.model_copy(update={"shards": 1, "faults": FaultPlan(**dict.fromkeys(sites, often))})
    spec = shards.Spec(
        scenario=plan, people=6, seed=3, shard=0, out=tmp_path, journey=short_way.JOURNEY
    )
    outcome = shards.run_shard(spec)
    assert [one.name for one in outcome.findings if one.violations] == []
    fired = {name: told["fired"] for name, told in outcome.more["coverage"]["faults"].items()}
    assert [name for name in sites if not fired[name]] == []


@pytest.mark.row("SIM-3")
@pytest.mark.row("SIM-7")
def test_a_run_with_machines_and_faults_is_the_same_for_any_workers_and_after_a_kill(
    tmp_path: Path,
) -> None:
    often = DAY.model_copy(update={"faults": FaultPlan(every=Firing(fires=0.1))})

    def digest(name: str, tell: Callable[[object], None] = lambda _: None, workers: int = 1) -> str:
        folder = runs.Folder(tmp_path / name)
        plan = runs.Plan.of(often, 4, 5, workers=workers, journey=short_way.JOURNEY)
        found = runs.carry_out(plan, folder, tell)
        assert found.violations == 0
        told = [json.loads(one.read_text()) for one in sorted(folder.path.glob("shard-0-?.json"))]
        assert [one["counts"]["machine answered"] for one in told] == [95, 95]
        reached = (folder.coverage() or {})["reached"]["faults"]
        assert sum(one["fired"] for one in reached.values()) > 50
        return found.digest

    killed: list[int] = []

    def kill(_progress: object) -> None:
        if not killed:
            [first, *_] = multiprocessing.active_children()
            assert first.pid is not None
            killed.append(first.pid)
            os.kill(first.pid, signal.SIGKILL)

    found = [digest("one"), digest("two", workers=2), digest("killed", kill, workers=2)]
    assert killed
    assert len(set(found)) == 1
