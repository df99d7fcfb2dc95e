"""OPS-4: a frozen list with its digest, a dry run that says what happens, and a result for each item."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from engine import worker
from engine.boot import World
from engine.bulk import actions, acts, model, queries
from engine.issuing import actions as issuing
from engine.kernel import errors, trial
from engine.operating import actions as operating
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import bulking, deciding, fold, parties, worlds

pytestmark = pytest.mark.row("OPS-4")
S = model.BulkStatus
# What a dry run writes: its own rows, and that it was made.
OWN = ("bulk_act", "bulk_list", "bulk_item", "event", "job", "reply")


@pytest.fixture
def desk(any_world: World) -> bulking.Desk:
    return bulking.Desk.of(any_world)


def statuses(desk: bulking.Desk, made: list[cases.Case]) -> set[str]:
    return {deciding.now(desk.world, case).status.value for case in made}


def test_a_list_is_frozen_tried_and_done(desk: bulking.Desk) -> None:
    world = desk.world
    made = [deciding.bare_case(world, f"ord_{n}") for n in range(5)]
    found = desk.rehearsed("hold", reason="applicant_asked")
    late = deciding.bare_case(world, "ord_late")
    ids = [one.item_id for one in desk.items(found)]
    assert sorted(ids) == sorted(case.id for case in made), "what came later is not on the list"
    assert found.list_digest == hashlib.sha256("\n".join(ids).encode()).hexdigest()
    assert (found.status, found.size) == (S.REHEARSED, 5)
    assert [one.foreseen for one in desk.items(found)] == ["done"] * 5
    assert statuses(desk, made) == {"waiting"}
    desk.start(found)
    worker.run_due(world)
    assert desk.now(found).status is S.DONE
    assert [one.outcome for one in desk.items(found)] == ["done"] * 5
    assert statuses(desk, made) == {"held"}
    assert statuses(desk, [late]) == {"waiting"}
    by = worlds.rows(world, "SELECT DISTINCT actor FROM event WHERE kind = 'case.held'")
    assert [row["actor"] for row in by] == [desk.maker.text], "in the name of who started it"
    assert worlds.rows(world, "SELECT id FROM job") == []
    assert parties.violations(world) == {}
    fold.require(world)


def test_a_dry_run_leaves_nothing_behind(desk: bulking.Desk) -> None:
    world = desk.world
    made = [deciding.claim_case(world, n) for n in range(1, 24)]
    frozen = desk.freeze("approve")
    with worlds.unchanged(world, without=OWN):
        worker.run_due(world)
    assert {one.foreseen for one in desk.items(frozen)} == {"done"}
    act, given = acts.ACTS["approve"], model.Given()
    works = [acts.done_in_trial(act, case.id, given) for case in made]
    heard: list[int] = []
    world.engine.listeners.append(heard.append)
    with worlds.unchanged(world):
        told = trial.rehearse(world.engine, works, name="bulk.approve", actor=desk.maker)
    assert len(told) == 23
    assert all(isinstance(one, model.Foreseen) and one.outcome == "done" for one in told)
    assert heard == [], "nobody is told of what did not happen"


def test_a_dry_run_draws_no_chance_of_the_world(desk: bulking.Desk) -> None:
    world = desk.world
    case = deciding.claim_case(world)
    drawn: list[int] = []

    def counting(n: int) -> bytes:
        drawn.append(n)
        return bytes(n)

    parts = dataclasses.replace(world.engine.parts, entropy=counting)
    work = acts.done_in_trial(acts.ACTS["approve"], case.id, model.Given())
    engine = type(world.engine)(parts)
    [told] = trial.rehearse(engine, [work], name="bulk.approve", actor=desk.maker)
    assert isinstance(told, model.Foreseen)
    assert drawn == []


def test_each_is_tried_as_things_are_and_not_as_those_before_it_would_leave_them(
    desk: bulking.Desk,
) -> None:
    """Tried twice in one transaction, a case is held twice: the first trial left nothing to the second."""
    case = deciding.bare_case(desk.world, "ord_1")
    given = model.Given(reason="applicant_asked")
    work = acts.done_in_trial(acts.ACTS["hold"], case.id, given)
    told = trial.rehearse(desk.world.engine, [work] * 3, name="bulk.hold", actor=desk.maker)
    assert told == [model.Foreseen(outcome=model.DONE)] * 3


def test_what_is_agreed_to_is_the_act_its_words_the_list_and_what_is_foreseen_of_each(
    desk: bulking.Desk,
) -> None:
    deciding.claim_case(desk.world, 1)
    deciding.claim_case(desk.world, 2)
    found = desk.rehearsed("approve", note="资料齐全")
    items = desk.items(found)
    one, *rest = items
    other = [
        *(dataclasses.replace(found, **change) for change in _OTHERWISE),
        *([dataclasses.replace(one, **change), *rest] for change in _ANOTHER_ITEM),
        rest,
        items[::-1],
    ]
    told = [
        model.rehearsal_digest(found, given)
        if isinstance(given, list)
        else model.rehearsal_digest(given, items)
        for given in other
    ]
    assert found.rehearsal_digest == model.rehearsal_digest(found, items)
    assert len({found.rehearsal_digest, *told}) == len(other) + 1


_OTHERWISE = ({"act": "hold"}, {"given": {"note": "x"}}, {"list_digest": "0" * 64})
_ANOTHER_ITEM = ({"item_id": "cas_x"}, {"foreseen": "kernel.not_found"}, {"seen": "0" * 64})


def test_what_is_refused_is_foreseen_and_refused_for_the_same_reason(desk: bulking.Desk) -> None:
    world, me = desk.world, desk.maker
    one = deciding.bare_case(world, "ord_1")
    own = deciding.bare_case(world, "ord_2", maker=me.text)
    excluded = deciding.bare_case(world, "ord_3", excluded=(me.text,))
    taken = deciding.bare_case(world, "ord_4")
    deciding.take(world, desk.third, taken)
    held = deciding.bare_case(world, "ord_5")
    deciding.take(world, desk.third, held)
    deciding.do(world, reviewing.hold, desk.third, held, reason="applicant_asked")
    found = desk.rehearsed("hold", reason="applicant_asked")
    expected = {
        one.id: model.DONE,
        own.id: reviewing.MakerIsNotChecker.code,
        excluded.id: reviewing.MakerIsNotChecker.code,
        taken.id: reviewing.TakenByColleague.code,
        held.id: "kernel.not_possible_now",
    }
    assert {item.item_id: item.foreseen for item in desk.items(found)} == expected
    desk.start(found)
    worker.run_due(world)
    assert {item.item_id: item.outcome for item in desk.items(found)} == expected
    told = world.engine.ask(queries.one, me, found.id).progress
    assert (told.done, told.refused, told.left, told.otherwise) == (1, 4, 0, 0)
    assert told.outcomes[reviewing.MakerIsNotChecker.code] == 2


def test_what_changed_between_dry_run_and_run_is_told_as_a_difference(desk: bulking.Desk) -> None:
    world = desk.world
    one, other = (deciding.claim_case(world, n) for n in (1, 2))
    found = desk.rehearsed("approve", wanted=cases.Wanted(kinds=("enterprise_claim",)))
    assert {item.foreseen for item in desk.items(found)} == {model.DONE}
    deciding.change_papers(world, one)
    desk.start(found)
    worker.run_due(world)
    outcomes = {item.item_id: item.outcome for item in desk.items(found)}
    assert outcomes == {one.id: reviewing.PapersChanged.code, other.id: model.DONE}
    assert [item.item_id for item in desk.differing(found)] == [one.id]
    assert world.engine.ask(queries.one, desk.maker, found.id).progress.otherwise == 1
    told = world.engine.ask(queries.items, desk.maker, bulk_id=found.id, otherwise=True)
    assert [item.item_id for item in told.items] == [one.id]


def test_a_bug_at_one_item_does_not_keep_the_others(
    desk: bulking.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = desk.world
    bad, *_ = bulking.waiting(world, 3)
    act = acts.ACTS["hold"]

    def do(op: object, item: str, given: model.Given, seen: str) -> object:
        if item == bad.id:
            raise ZeroDivisionError("bug")
        return act.do(op, item, given, seen)  # type: ignore[arg-type]

    monkeypatch.setitem(acts.ACTS, "hold", dataclasses.replace(act, do=do))  # type: ignore[misc]
    found = desk.rehearsed("hold", reason="applicant_asked")
    desk.start(found)
    worker.run_due(world)
    ends = {(item.foreseen, item.outcome) for item in desk.items(found) if item.item_id == bad.id}
    assert ends == {("ZeroDivisionError", "ZeroDivisionError")}
    assert desk.now(found).status is S.DONE
    assert sum(item.outcome == model.DONE for item in desk.items(found)) == 2


def test_what_is_asked_for_wrongly_is_refused_clearly(desk: bulking.Desk) -> None:
    world, some = desk.world, cases.Wanted()
    with pytest.raises(actions.NothingMatches):
        desk.freeze("hold", reason="applicant_asked")
    deciding.bare_case(world)
    for act, wrong, given in (
        ("hold", actions.GivenMissing, {}),
        ("hold", actions.GivenMissing, {"reason": "  "}),
        ("reject", actions.GivenMissing, {}),
        ("assign", actions.GivenMissing, {"note": "x"}),
        ("hold", actions.NoteTooLong, {"reason": "applicant_asked", "note": "x" * 501}),
        ("no_such_act", errors.NotFound, {}),
        ("revoke_certificates", errors.NotFound, {"reason": "keyCompromise"}),
    ):
        with pytest.raises(wrong), worlds.unchanged(world):
            desk.freeze(act, **given)
    auditor = worlds.staff(world, Role.AUDITOR)
    with pytest.raises(staffing.MayNot), worlds.unchanged(world):
        desk.freeze("hold", who=auditor, reason="applicant_asked")
    # Who answers calls urges one case at a time: of the queue, where many are chosen, they see nothing.
    agent = worlds.staff(world, Role.AGENT)
    assert world.engine.ask(queries.offered, agent) == ()
    with pytest.raises(staffing.MayNot), worlds.unchanged(world):
        desk.freeze("urge", who=agent)
    reviewer = worlds.staff(world, Role.PLATFORM_REVIEWER)
    with pytest.raises(staffing.MayNot), worlds.unchanged(world):
        desk.freeze("put_back", wanted=some, who=reviewer, note="x")


def test_pressed_twice_it_is_one_list_and_one_run(desk: bulking.Desk) -> None:
    world = desk.world
    bulking.waiting(world, 3)
    given = {"act": "urge", "wanted": cases.Wanted(), "given": model.Given()}
    one, two = (
        world.engine.perform(actions.freeze_cases, given, actor=desk.maker, key="k") for _ in "12"
    )
    assert one == two
    worker.run_due(world)
    told = {"bulk_id": one.id, "digest": desk.now(one).rehearsal_digest}
    for _ in "12":
        world.engine.perform(actions.start, told, actor=desk.maker, key="s")
    with pytest.raises(errors.IllegalTransition):
        world.engine.perform(actions.start, told, actor=desk.maker)
    worker.run_due(world)
    assert len(worlds.rows(world, "SELECT seq FROM event WHERE kind = 'case.urged'")) == 3


def test_no_act_upon_many_needs_what_a_trial_cannot_give() -> None:
    """An act with work before its transaction, or whose result is shown once, is no act upon many."""
    for stage_act in (
        reviewing.approve_as_one_of_many,
        reviewing.reject_as_one_of_many,
        reviewing.hold_as_one_of_many,
        reviewing.resume_as_one_of_many,
        reviewing.put_back,
        reviewing.reassign,
        reviewing.urge,
        issuing.suspend,
        issuing.resume,
        issuing.revoke,
        operating.take_up,
    ):
        assert not hasattr(stage_act, "prepare")
        assert not hasattr(stage_act, "unstored")
