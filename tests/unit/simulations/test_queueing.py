"""Queueing theory: the exact values of M/M/c, and the heap that stands beside every other model."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from simulations import streams
from simulations.statistics import intervals, queueing, warm_up
from simulations.statistics.queueing import MMc

A, B, C = MMc(8, 10, 1), MMc(24, 10, 3), MMc(72, 10, 8)


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize(
    ("queue", "waits", "wait"),
    [
        (A, Fraction(4, 5), Fraction(2, 5)),
        (B, Fraction(288, 445), Fraction(48, 445)),
        (
            C,
            Fraction(4897760256, 6981510955),
            Fraction(612220032, 6981510955),
        ),
    ],
)
def test_erlang_s_formula_gives_the_exact_fractions(
    queue: MMc, waits: Fraction, wait: Fraction
) -> None:
    assert (queue.waits, queue.wait) == (waits, wait)


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize(
    ("queue", "minutes", "queued", "stay", "present", "longer", "quantiles"),
    [
        (A, 24.0, 3.2, 30.0, 4.0, 0.573225048, (62.383246, 83.177662, 131.460799)),
        (
            B,
            6.471910112,
            2.588764045,
            12.471910112,
            4.988764045,
            0.238088268,
            (18.674713, 25.606185, 41.700564),
        ),
        (
            C,
            5.261497426,
            6.313796911,
            11.261497426,
            13.513796911,
            0.184922088,
            (14.610733, 19.809337, 31.880121),
        ),
    ],
)
def test_all_that_is_known_of_the_three_queues(
    queue: MMc,
    minutes: float,
    queued: float,
    stay: float,
    present: float,
    longer: float,
    quantiles: tuple[float, ...],
) -> None:
    assert float(queue.wait) * 60 == pytest.approx(minutes, abs=1e-9)
    assert float(queue.queue) == pytest.approx(queued, abs=1e-9)
    assert float(queue.stay) * 60 == pytest.approx(stay, abs=1e-9)
    assert float(queue.present) == pytest.approx(present, abs=1e-9)
    assert queue.waits_longer(1 / 6) == pytest.approx(longer, abs=1e-9)
    found = [queue.wait_quantile(share) * 60 for share in (0.9, 0.95, 0.99)]
    assert found == pytest.approx(list(quantiles), abs=1e-6)


def test_erlang_c_is_the_sum_of_the_textbooks() -> None:
    for servers in range(1, 12):
        offered = Fraction(9, 10) * servers
        last = offered**servers / math.factorial(servers) * servers / (servers - offered)
        sums = sum(offered**k / math.factorial(k) for k in range(servers))
        assert MMc(offered, 1, servers).waits == last / (sums + last)


@pytest.mark.row("SIM-6")
def test_two_queues_one_after_the_other_and_one_with_returns() -> None:
    first = MMc(36, 12, 4)
    assert first.waits == Fraction(27, 53)
    assert float(first.wait) * 60 == pytest.approx(2.547169811, abs=1e-9)
    assert first.wait_quantile(0.9) * 60 == pytest.approx(8.140650, abs=1e-6)
    second = queueing.one_after_the_other(first, Fraction(86, 100), 12, 3)
    assert second.arrivals == Fraction(774, 25)
    assert float(second.waits) == pytest.approx(0.747441375, abs=1e-9)
    assert float(second.wait) * 60 == pytest.approx(8.898111603, abs=1e-9)
    assert second.wait_quantile(0.9) * 60 == pytest.approx(23.946258, abs=1e-6)
    back = queueing.with_returns(36, Fraction(14, 100), Fraction(7, 10), 12, 4)
    assert back.arrivals == Fraction(18000, 451)
    assert float(back.wait) * 60 == pytest.approx(4.853126806, abs=1e-9)


def test_one_server_and_any_service() -> None:
    assert queueing.pollaczek_khinchine(8, 0.1, 1.2) * 60 == pytest.approx(29.28)
    assert queueing.pollaczek_khinchine(8, 0.1, 0) * 60 == pytest.approx(12)
    assert queueing.pollaczek_khinchine(8, 0.1, 1) == pytest.approx(float(A.wait))
    assert queueing.allen_cunneen(B, 1, 1.2) * 60 == pytest.approx(7.90, abs=0.01)


@pytest.mark.row("SIM-6")
def test_a_queue_that_never_settles_has_no_mean() -> None:
    with pytest.raises(queueing.NeverSettles) as refusal:
        MMc(30, 10, 3)
    assert "more work" in refusal.value.message().lower()
    with pytest.raises(queueing.NeverSettles):
        queueing.pollaczek_khinchine(10, 0.1, 1)


def drawn(name: str, number: int, customers: int, queue: MMc) -> tuple[list[float], list[float]]:
    """The instants and services (hours) of one replication, from streams of their own."""
    coming = streams.generator(20260602, f"{name} arrival", number)
    serving = streams.generator(20260602, f"{name} service", number)
    instants = np.cumsum(coming.exponential(1 / float(queue.arrivals), customers))
    return instants.tolist(), serving.exponential(1 / float(queue.services), customers).tolist()


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize(("name", "queue"), [("A", A), ("B", B), ("C", C)])
def test_the_heap_agrees_with_theory_within_four_standard_errors(name: str, queue: MMc) -> None:
    means, waited, longer = [], [], []
    for number in range(30):
        waits = queueing.kiefer_wolfowitz(*drawn(name, number, 41_000, queue), queue.servers)
        settled = np.array(warm_up.removed(waits, 1_000))
        means.append(float(settled.mean()))
        waited.append(float((settled > 0).mean()))
        longer.append(float((settled > 1 / 6).mean()))
    for values, exact in (
        (means, float(queue.wait)),
        (waited, float(queue.waits)),
        (longer, queue.waits_longer(1 / 6)),
    ):
        found = intervals.spread(values)
        assert abs(found.mean - exact) < 4 * found.standard_error
        # And the bound is one that could be missed.
        assert 4 * found.standard_error < exact / 4


@pytest.mark.row("SIM-6")
def test_a_nominal_interval_of_95_percent_holds_the_truth_in_93_to_97_of_100_experiments() -> None:
    """300 experiments of case B, ten replications of 2,000 after 200 each (`simulation.md` 6)."""
    exact = float(B.wait)
    held = naive = 0
    for experiment in range(300):
        means = []
        for number in range(10):
            times = drawn("coverage", experiment * 10 + number, 2_200, B)
            waits = queueing.kiefer_wolfowitz(*times, B.servers)
            means.append(math.fsum(warm_up.removed(waits, 200)) / 2_000)
        held += intervals.mean_interval(means).holds(exact)
        # The numbers of one run, as if they did not depend on each other.
        naive += intervals.mean_interval(warm_up.removed(waits, 200)).holds(exact)
    assert 0.93 <= held / 300 <= 0.97
    assert naive / 300 < 0.4
