"""The rules of the desk, one by one, on days of a few cases."""

from __future__ import annotations

import pytest

from simulations.staffing import desk
from simulations.staffing.demand import Demand, Task

NEVER = 1 << 40


def team(
    count: int = 1, takes: int = 10, spans: tuple[desk.Span, ...] = ((0, NEVER),)
) -> desk.Team:
    return desk.Team(
        name="all",
        kinds=frozenset("ab"),
        count=count,
        spans=spans,
        takes=lambda kind, effort: takes,
    )


def rule(approvers: int = 1, lease_ms: int = NEVER, allowed: int = 0) -> dict[str, desk.Rule]:
    one = desk.Rule(due=lambda opened: opened + allowed, approvers=approvers, lease_ms=lease_ms)
    return {"a": one, "b": one}


def worked(
    tasks: list[Task], teams: list[desk.Team], rules: dict[str, desk.Rule], until: int = 10_000
) -> desk.Worked:
    return desk.run(Demand(tasks), teams, rules, begins=0, until=until, equals_ms=5)


def times(found: desk.Worked) -> list[tuple[int, int | None, int | None]]:
    return [(one.opened_at, one.touched_at, one.decided_at) for one in found.seen]


@pytest.mark.row("SIM-6")
def test_two_approve_one_after_the_other_and_never_the_same_person_twice() -> None:
    two = worked([Task("a", delay=5, effort=0)], [team(2)], rule(approvers=2))
    assert times(two) == [(5, 5, 25)]
    assert len(two.seen[0].approved_by) == 2
    alone = worked([Task("a", delay=5, effort=0)], [team(1)], rule(approvers=2))
    assert times(alone) == [(5, 5, None)]
    # A no needs one look.
    no = worked([Task("a", delay=5, effort=0, rejected=True)], [team(1)], rule(approvers=2))
    assert times(no) == [(5, 5, 15)]


@pytest.mark.row("SIM-6")
def test_who_took_part_in_what_came_before_takes_no_part_in_what_follows() -> None:
    tasks = [
        Task("a", delay=0, effort=0),
        Task("b", delay=0, effort=0, follows=0, apart=True),
        Task("b", delay=7, effort=0, follows=0),
    ]
    assert times(worked(tasks, [team(1)], rule())) == [(0, 0, 10), (10, None, None), (17, 17, 27)]
    both = worked(tasks, [team(2)], rule())
    assert times(both)[1] == (10, 10, 20)
    assert both.seen[0].approved_by.isdisjoint(both.seen[1].approved_by)


def test_a_lease_that_runs_out_gives_the_case_to_a_colleague_and_the_first_has_worked_in_vain() -> (
    None
):
    """One takes the first case for 100 and its lease is 30; the other comes at 40."""
    slow, late = team(takes=100), team(takes=10, spans=((40, NEVER),))
    found = worked([Task("a", delay=0, effort=0)], [slow, late], rule(lease_ms=30))
    assert times(found) == [(0, 0, 50)]
    assert found.lost == 1
    # Who comes while the lease lives does not get it, and it is decided after it has run out.
    early = team(takes=10, spans=((20, 25),))
    assert times(worked([Task("a", delay=0, effort=0)], [slow, early], rule(lease_ms=30))) == [
        (0, 0, 100)
    ]


def test_the_soonest_due_comes_first_and_chance_says_who_of_equals() -> None:
    """Three wait when the shift begins: due at 0 and 3, which are equals, and at 40."""
    opens = ((0, (0.9,)), (3, (0.1,)), (40, (0.0,)))
    tasks = [Task("a", delay=at, effort=0, luck=luck) for at, luck in opens]
    found = worked(tasks, [team(spans=((50, NEVER),))], rule())
    assert [touched for _, touched, _ in times(found)] == [60, 50, 70]


def test_who_has_begun_finishes_and_what_is_open_at_the_end_is_told_of() -> None:
    spans = ((0, 15), (100, 115))
    tasks = [
        Task("a", delay=0, effort=0),
        Task("a", delay=1, effort=0),
        Task("a", delay=2, effort=0),
    ]
    found = worked(tasks, [team(spans=spans)], rule(), until=90)
    assert times(found) == [(0, 0, 10), (1, 10, 20), (2, None, None)]
    assert found.busy_ms == {"all": 20}
    assert times(worked(tasks, [team(spans=spans)], rule()))[2] == (2, 100, 110)


def test_what_follows_comes_after_it_in_a_demand() -> None:
    with pytest.raises(ValueError, match="stands before it"):
        Demand([Task("a", delay=0, effort=0, follows=0)])
