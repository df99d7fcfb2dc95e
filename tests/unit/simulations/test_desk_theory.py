"""The model of the desk agrees with queueing theory where that has an answer; a wrong model does not."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest

from engine.kernel import clock
from simulations.staffing import desk
from simulations.staffing.demand import Demand, Task
from simulations.statistics import intervals, queueing
from simulations.statistics.queueing import MMc
from tests.support import theory

A, B, C = MMc(8, 10, 1), MMc(24, 10, 3), MMc(72, 10, 8)
Count = Callable[..., int]
STAGE = functools.partial(theory.exponential, 12)


def agrees(values: list[float], exact: float) -> bool:
    """Within four standard errors, on fixed seeds (`simulation.md` 6)."""
    found = intervals.spread(values)
    return abs(found.mean - exact) < 4 * found.standard_error


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize("queue", [A, B, C], ids="ABC")
def test_every_wait_is_that_of_the_exact_recursion(queue: MMc) -> None:
    takes = functools.partial(theory.exponential, 10)
    for number in range(3):
        line = theory.Line.of("same", number, 2_000, float(queue.arrivals))
        services = [max(1, round(takes("a", effort))) for effort in line.efforts]
        exact = queueing.kiefer_wolfowitz(line.instants, services, queue.servers)
        found = theory.waits(theory.one_queue(queue, "same", number, 2_000))
        assert found == [wait / clock.MINUTE for wait in exact]


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize("queue", [A, B, C], ids="ABC")
def test_the_desk_agrees_with_erlang(queue: MMc, count: Count) -> None:
    mean, waited, longer = [], [], []
    for number in range(count(6, 100)):
        found = np.array(theory.waits(theory.one_queue(queue, "erlang", number, 3_000))[500:])
        mean.append(float(found.mean()))
        waited.append(float((found > 0).mean()))
        longer.append(float((found > 10).mean()))
    assert agrees(mean, float(queue.wait) * 60)
    assert agrees(waited, float(queue.waits))
    assert agrees(longer, queue.waits_longer(1 / 6))


@pytest.mark.row("SIM-6")
def test_two_desks_one_after_the_other_agree_with_burke(count: Count) -> None:
    first, second = MMc(36, 12, 4), MMc(774 / 25, 12, 3)
    waits: dict[str, list[float]] = {"a": [], "b": []}
    for number in range(count(6, 100)):
        line = theory.Line.of("tandem", number, 3_500, 36, looks=2)
        tasks: list[Task] = []
        for place, at in enumerate(line.instants):
            tasks.append(Task("a", delay=at, effort=line.efforts[2 * place]))
            if line.chances[place][0] < 0.86:
                effort = line.efforts[2 * place + 1]
                tasks.append(Task("b", delay=0, effort=effort, follows=len(tasks) - 1))
        teams = [theory.team(("a",), 4, STAGE), theory.team(("b",), 3, STAGE)]
        rules = {"a": theory.RULE, "b": theory.RULE}
        worked = desk.run(Demand(tasks), teams, rules, begins=0, until=theory.NEVER)
        for kind, found in waits.items():
            settled = theory.waits(worked, kind)[500:]
            found.append(math.fsum(settled) / len(settled))
    assert agrees(waits["a"], float(first.wait) * 60)
    assert agrees(waits["b"], float(second.wait) * 60)


@pytest.mark.row("SIM-6")
def test_who_comes_back_after_a_no_joins_the_queue_as_jackson_says(count: Count) -> None:
    """14 of 100 are rejected, 7 of 10 of these come back at once, and again."""
    exact = 4.853126806
    mean = []
    for number in range(count(6, 100)):
        line = theory.Line.of("returns", number, 3_500, 36, looks=8)
        tasks: list[Task] = []
        for place, at in enumerate(line.instants):
            tasks.append(Task("a", delay=at, effort=line.efforts[8 * place]))
            for look, chance in enumerate(line.chances[place][:7], start=1):
                if chance >= 0.14 * 0.7:
                    break
                effort = line.efforts[8 * place + look]
                tasks.append(Task("a", delay=0, effort=effort, follows=len(tasks) - 1))
        teams = [theory.team(("a",), 4, STAGE)]
        worked = desk.run(Demand(tasks), teams, {"a": theory.RULE}, begins=0, until=theory.NEVER)
        found = theory.waits(worked)[500:]
        mean.append(math.fsum(found) / len(found))
    assert agrees(mean, exact)


@pytest.mark.row("SIM-6")
def test_one_server_with_any_service_agrees_with_pollaczek_and_khinchine(count: Count) -> None:
    sigma = math.sqrt(math.log(1 + 1.2**2))
    services: dict[str, tuple[theory.Takes, float]] = {
        "lognormal": (
            lambda kind, effort: 0.1 * clock.HOUR * math.exp(sigma * effort - sigma**2 / 2),
            29.28,
        ),
        "fixed": (lambda kind, effort: 0.1 * clock.HOUR, 12.0),
    }
    for name, (takes, exact) in services.items():
        found_means = []
        for number in range(count(8, 100)):
            found = theory.waits(theory.one_queue(A, name, number, 3_000, takes))[500:]
            found_means.append(math.fsum(found) / len(found))
        assert agrees(found_means, exact), name


@functools.cache
def means(name: str, replications: int, takes: theory.Takes | None) -> list[float]:
    """The mean waits of replications of case B, each after its first 500 customers."""
    found = []
    for number in range(replications):
        waits = theory.waits(theory.one_queue(B, name, number, 4_000, takes))[500:]
        found.append(math.fsum(waits) / len(waits))
    return found


# Three mistakes that a model of a desk is likely to have (`simulation.md` 6).
def uniform(kind: str, effort: float) -> float:
    """The right mean and the wrong distribution."""
    return 12 * clock.MINUTE * NormalDist().cdf(effort)


def rounded_up(kind: str, effort: float) -> float:
    """A clock that knows whole minutes only."""
    return math.ceil(theory.exponential(10, kind, effort) / clock.MINUTE) * clock.MINUTE


def cut_off(kind: str, effort: float) -> float:
    """Nothing may take longer than 20 minutes."""
    return min(theory.exponential(10, kind, effort), 20 * clock.MINUTE)


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize(
    ("mistake", "about"), [(uniform, 4.40), (rounded_up, 11.93), (cut_off, 4.78)]
)
def test_a_model_with_a_mistake_does_not_agree(
    mistake: theory.Takes, about: float, count: Count
) -> None:
    wrong = means("mistake", count(12, 100), mistake)
    exact = float(B.wait) * 60
    assert agrees(means("mistake", 12, None), exact)
    assert not agrees(wrong, exact)
    assert intervals.spread(wrong).mean == pytest.approx(about, rel=0.25)
