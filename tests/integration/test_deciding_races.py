"""Two reviewers at the same moment: exactly one gets the case, exactly one decides it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from engine.boot import World
from engine.kernel import actors, errors
from engine.reviewing import actions, model
from engine.staffing.model import Role
from tests.support import deciding, fold, worlds

Act = Callable[[actors.Staff], model.Case | None]


def race(runners: list[tuple[actors.Staff, Act]]) -> list[model.Case | errors.EngineError | None]:
    """Let everybody act at once; what each got."""
    gate = threading.Barrier(len(runners))
    got: list[model.Case | errors.EngineError | None] = [None] * len(runners)

    def run(place: int, who: actors.Staff, act: Act) -> None:
        gate.wait()
        try:
            got[place] = act(who)
        except errors.EngineError as refusal:
            got[place] = refusal

    threads = [
        threading.Thread(target=run, args=(place, who, act))
        for place, (who, act) in enumerate(runners)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def pair(world: World) -> list[actors.Staff]:
    return [deciding.reviewer(world, Role.PLATFORM_REVIEWER) for _ in range(2)]


def hold(world: World, two: list[actors.Staff], case: model.Case) -> None:
    """Nobody has more than a few cases in hand: a case that was won goes on hold."""
    (holder,) = [who for who in two if who.text == case.assignee]
    deciding.do(world, actions.hold, holder, case, reason="applicant_asked")


@pytest.mark.row("OPS-1")
def test_two_reviewers_race_for_one_case_and_one_gets_it(any_world, count):
    times, two = count(200, 1_000), pair(any_world)
    for number in range(times):
        case = deciding.bare_case(any_world, f"ord_{number}")
        claim: Act = lambda who, case=case: deciding.take(any_world, who, case)
        got = race([(who, claim) for who in two])
        (won,) = [one for one in got if isinstance(one, model.Case)]
        (lost,) = [one for one in got if not isinstance(one, model.Case)]
        assert isinstance(lost, actions.TakenByColleague), lost
        assert deciding.now(any_world, case).assignee == won.assignee
        hold(any_world, two, won)
    taken = worlds.rows(any_world, "SELECT COUNT(*) AS n FROM event WHERE kind = 'case.claimed'")
    assert taken == [{"n": times}]
    print(f"\n{times} races for one case: one winner each time")


@pytest.mark.row("OPS-1")
def test_two_reviewers_ask_for_the_next_case_and_never_get_the_same(any_world, count):
    times, two = count(30, 500), pair(any_world)
    for number in range(2 * times):
        deciding.bare_case(any_world, f"ord_{number}")
    given = []
    for _ in range(times):
        act: Act = lambda who: any_world.engine.perform(actions.next_case, {}, actor=who)
        got = race([(who, act) for who in two])
        for one in got:
            hold(any_world, two, one)
        given += got
    ids = [one.id for one in given if isinstance(one, model.Case)]
    assert len(ids) == len(set(ids)) == 2 * times
    fold.require(any_world)


@pytest.mark.row("OPS-3")
def test_holder_and_colleague_who_takes_over_do_not_both_decide(any_world, count):
    """The holder says no while a colleague takes the case over: either the one or the other."""
    times = count(15, 200)
    two = [deciding.reviewer(any_world) for _ in range(2)]
    no = {"reasons": ("licence_unreadable",)}
    decided = 0
    for number in range(times):
        case = deciding.claim_case(any_world, number + 1)
        deciding.take(any_world, two[0], case)

        def reject(who: actors.Staff, case: model.Case = case) -> model.Case:
            return deciding.do(any_world, actions.reject, who, case, **no)

        def take_over(who: actors.Staff, case: model.Case = case) -> model.Case:
            return deciding.do(any_world, actions.take_over, who, case, reason="急")

        got = race([(two[0], reject), (two[1], take_over)])
        (won,) = [one for one in got if isinstance(one, model.Case)]
        now = deciding.now(any_world, case)
        assert (now.status, now.assignee) == (won.status, won.assignee)
        decided += now.status is model.CaseStatus.REJECTED
        if now.status is model.CaseStatus.CLAIMED:
            hold(any_world, two, now)
    print(f"\n{times} races of a decision and a take-over: {decided} decided, the rest taken over")
