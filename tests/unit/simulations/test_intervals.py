"""Intervals agree with printed tables and closed forms, and refuse what they cannot know."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.statistics import intervals, student, warm_up


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize(
    ("freedom", "confidence", "expected"),
    [
        # Any printed table (NIST/SEMATECH e-Handbook 1.3.6.7.2), with more digits.
        (3, 0.95, 3.182446305),
        (5, 0.95, 2.570581836),
        (9, 0.95, 2.262157163),
        (29, 0.95, 2.045229642),
        (30, 0.99, 2.749995654),
        (99, 0.95, 1.984216952),
        (299, 0.95, 1.967929669),
    ],
)
def test_quantiles_of_student_are_those_of_the_tables(
    freedom: int, confidence: float, expected: float
) -> None:
    assert student.quantile(confidence, freedom) == pytest.approx(expected, abs=2e-9)


@given(st.floats(0.01, 0.999))
def test_quantiles_with_one_two_and_four_degrees_have_closed_forms(confidence: float) -> None:
    p = (1 + confidence) / 2
    alpha = 4 * p * (1 - p)
    assert student.quantile(confidence, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-9)
    assert student.quantile(confidence, 2) == pytest.approx(
        (2 * p - 1) * math.sqrt(2 / alpha), rel=1e-9
    )
    q = math.cos(math.acos(math.sqrt(alpha)) / 3) / math.sqrt(alpha)
    assert student.quantile(confidence, 4) == pytest.approx(2 * math.sqrt(q - 1), rel=1e-6)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
def test_many_degrees_join_on_where_the_finite_sum_ends(confidence: float) -> None:
    ends, goes_on = student.quantile(confidence, 2_000), student.quantile(confidence, 2_001)
    assert 0 < ends - goes_on < 1e-5
    assert student.between(goes_on, 2_001) == pytest.approx(confidence, abs=1e-10)


@pytest.mark.row("SIM-6")
def test_the_interval_of_a_mean() -> None:
    # 9 degrees of freedom, standard deviation 3.0276503540975: a half width by hand.
    found = intervals.mean_interval([float(value) for value in range(1, 11)])
    assert (found.mean, found.n) == (5.5, 10)
    assert found.half_width == pytest.approx(2.262157163 * 3.0276503540975 / math.sqrt(10))
    assert found.holds(5.5)
    assert not found.holds(9)
    wider = intervals.mean_interval([float(value) for value in range(1, 11)], 0.99)
    assert wider.low < found.low < found.high < wider.high


@pytest.mark.row("SIM-6")
@pytest.mark.parametrize("values", [[], [1.0]])
def test_one_run_has_no_interval(values: list[float]) -> None:
    with pytest.raises(intervals.TooFewValues) as refusal:
        intervals.mean_interval(values)
    assert f"there are {len(values)}" in refusal.value.message()
    with pytest.raises(intervals.TooFewValues):
        intervals.replications_needed(values, 0.05)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(intervals.NotNumbers):
        intervals.mean_interval([1.0, math.nan, 2.0])


@pytest.mark.row("SIM-4")
def test_a_paired_difference_is_that_of_the_pairs() -> None:
    first, second = [10.0, 50.0, 90.0, 20.0], [11.0, 52.0, 91.0, 22.0]
    found = intervals.paired_difference(first, second)
    apart = intervals.difference(first, second)
    assert found.mean == apart.mean == 1.5
    assert found.differs
    assert not apart.differs
    assert apart.half_width > 20 * found.half_width
    with pytest.raises(intervals.NotPaired):
        intervals.paired_difference(first, second[:3])


def test_a_welch_interval_by_hand() -> None:
    # Variances 1 and 4 over 3 and 5 values: 1/3 + 4/5 = 17/15; 5.96… degrees of freedom, rounded down.
    first, second = [1.0, 2.0, 3.0], [8.0, 8.0, 10.0, 12.0, 12.0]
    found = intervals.difference(first, second)
    one, two = 1 / 3, 4 / 5
    freedom = (one + two) ** 2 / (one**2 / 2 + two**2 / 4)
    assert found.mean == 8
    assert found.half_width == pytest.approx(
        student.quantile(0.95, int(freedom)) * math.sqrt(one + two)
    )


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_have_wilson_s_interval(found: int, of: int, low: float, high: float) -> None:
    interval = intervals.proportion_interval(found, of)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
    assert interval.mean == found / of


@pytest.mark.parametrize(("found", "of"), [(1, 0), (3, 2), (-1, 5)])
def test_a_share_of_nothing_is_refused(found: int, of: int) -> None:
    with pytest.raises(intervals.ShareWrong):
        intervals.proportion_interval(found, of)


@pytest.mark.row("SIM-4")
@given(
    st.lists(st.floats(10, 1000), min_size=3, max_size=30),
    st.floats(0.01, 0.5),
)
def test_the_replications_needed_are_enough_and_one_less_is_not(
    values: list[float], within: float
) -> None:
    n = intervals.replications_needed(values, within)
    found = intervals.spread(values)

    def half_width(count: int) -> float:
        return student.quantile(0.95, count - 1) * found.deviation / math.sqrt(count)

    assert half_width(n) <= within * found.mean
    if n > 2:
        assert half_width(n - 1) > within * found.mean


def test_a_share_of_a_mean_of_zero_is_refused_and_values_without_spread_need_two() -> None:
    with pytest.raises(intervals.NothingToBeWithin):
        intervals.replications_needed([-1.0, 1.0], 0.05)
    assert intervals.replications_needed([3.0, 3.0, 3.0], 0.01) == 2


def test_batches_leave_out_what_does_not_fill_one_at_the_beginning() -> None:
    values = [1_000.0] * 3 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    found = intervals.batch_means(values, batches=4)
    assert (found.n, found.mean) == (4, 4.5)
    with pytest.raises(intervals.TooFewValues):
        intervals.batch_means(values, batches=6)


def test_a_warm_up_is_found_and_taken_off() -> None:
    rising = [float(value) for value in range(40)]
    settled = [40.0 + (value % 3) for value in range(200)]
    found = warm_up.suggested(rising + settled)
    assert 35 <= found <= 45
    assert min(warm_up.removed(rising + settled, found)) >= 35
    assert warm_up.suggested(settled) <= 10
    with pytest.raises(intervals.TooFewValues):
        warm_up.removed(settled, 199)
    with pytest.raises(intervals.TooFewValues):
        warm_up.suggested([1.0] * 19)


def test_replications_are_averaged_by_position() -> None:
    assert warm_up.averaged([[1.0, 2.0], [3.0, 6.0]]) == [2.0, 4.0]
    with pytest.raises(intervals.NotPaired):
        warm_up.averaged([[1.0], [1.0, 2.0]])
