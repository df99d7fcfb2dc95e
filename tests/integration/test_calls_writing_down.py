"""A call is written down under the caller's own key, and a review is hurried along for them (OPS-8)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent import futures

import pytest

from engine import worker
from engine.boot import World
from engine.calls import actions, queries
from engine.kernel import actors, clock, errors
from engine.registration import model as registration
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import calling, closing, parties, registering, worlds

PHONE = "13800138000"
NOTE = "客户说法定代表人王大锤在外地"


def claimed(world: World) -> tuple[actors.Person, registration.Claim]:
    """A person whose claim waits for review."""
    person = registering.sign_up(world, PHONE)
    registering.prove(world, person)
    return person, registering.claim(world, person)


def urge(world: World, who: actors.Staff, number: str = PHONE) -> cases.Case:
    """The number calls and has the claim hurried along."""
    caller = calling.answer(world, who, number)
    case_id = calling.matter(caller, "claim_in_review").case_id
    given = {"call_id": caller.call.id, "case_id": case_id}
    return world.engine.perform(actions.urge, given, actor=who)


@pytest.mark.row("OPS-8")
def test_a_case_is_hurried_along_once_an_office_hour(any_world: World) -> None:
    claimed(any_world)
    agent, colleague = calling.agent(any_world), calling.agent(any_world)
    case = urge(any_world, agent)
    assert (case.urged_count, case.urged_at) == (1, any_world.engine.now())
    assert urge(any_world, colleague).urged_count == 1
    assert worlds.kinds(any_world).count("case.urged") == 1
    # Both calls say that it was asked for: the second did not count, but was made.
    assert worlds.kinds(any_world).count("call.urged") == 2
    told = calling.matter(calling.answer(any_world, agent, PHONE), "claim_in_review")
    assert (told.urged_count, told.may_urge) == (1, False)
    assert "催办" in told.say.zh
    worlds.clock_of(any_world).advance(4 * clock.DAY)
    assert urge(any_world, agent).urged_count == 2


@pytest.mark.row("OPS-8")
def test_two_who_hurry_it_along_at_once_count_as_one(
    any_world: World, count: Callable[[int, int], int]
) -> None:
    claimed(any_world)
    calls = []
    for who in (calling.agent(any_world), calling.agent(any_world)):
        caller = calling.answer(any_world, who, PHONE)
        calls.append((who, calling.matter(caller, "claim_in_review").case_id))

    def hurry(one: tuple[actors.Staff, str]) -> int:
        who, case_id = one
        given = {"case_id": case_id}
        return any_world.engine.perform(reviewing.urge, given, actor=who).urged_count

    for round_ in range(1, count(10, 60) + 1):
        with futures.ThreadPoolExecutor(2) as pool:
            assert list(pool.map(hurry, calls)) == [round_, round_]
        # Longer than the longest holidays.
        worlds.clock_of(any_world).advance(10 * clock.DAY)


@pytest.mark.row("OPS-8")
def test_a_night_is_no_office_hour(world: World) -> None:
    claimed(world)
    agent = calling.agent(world)
    the_clock = worlds.clock_of(world)
    # 2026-05-07 was a Thursday: half an hour before offices close, then deep in the night.
    now = world.engine.now()
    the_clock.advance((_at(now, 16, 30) - now) % clock.DAY)
    assert urge(world, agent).urged_count == 1
    the_clock.advance(10 * clock.HOUR)
    assert urge(world, agent).urged_count == 1


def _at(now: int, hour: int, minute: int) -> int:
    day = clock.start_of(clock.civil_date(now))
    return day + hour * clock.HOUR + minute * clock.MINUTE


@pytest.mark.row("OPS-8")
def test_nobody_is_hurried_along_for_whom_nobody_waits(world: World) -> None:
    _, claim = claimed(world)
    agent = calling.agent(world)
    caller = calling.answer(world, agent, PHONE)
    case_id = calling.matter(caller, "claim_in_review").case_id
    registering.sign_up(world, "13700137000")
    other = calling.answer(world, agent, "13700137000")
    given = {"call_id": other.call.id, "case_id": case_id}
    with pytest.raises(actions.MatterUnknown), worlds.unchanged(world):
        world.engine.perform(actions.urge, given, actor=agent)
    for role in (Role.ENTERPRISE_REVIEWER, Role.ACCOUNT_OFFICER):
        stranger = worlds.staff(world, role)
        with pytest.raises(MayNot), worlds.unchanged(world):
            world.engine.perform(reviewing.urge, {"case_id": case_id}, actor=stranger)
    parties.approve_claim(world, claim.id, parties.Reviewers.of(world))
    with pytest.raises(reviewing.NothingToUrge), worlds.unchanged(world):
        world.engine.perform(reviewing.urge, {"case_id": case_id}, actor=agent)


@pytest.mark.row("OPS-8")
def test_an_applicant_hurries_their_own_review_along(any_world: World) -> None:
    person, claim = claimed(any_world)
    given = {"subject_id": claim.id}
    for count in (1, 1):
        case = any_world.engine.perform(reviewing.urge_own, given, actor=person)
        assert case.urged_count == count
    stranger = registering.sign_up(any_world, "13700137000")
    with pytest.raises(errors.NotFound), worlds.unchanged(any_world):
        any_world.engine.perform(reviewing.urge_own, given, actor=stranger)
    agent = calling.agent(any_world)
    with pytest.raises(errors.NotPermitted), worlds.unchanged(any_world):
        any_world.engine.perform(reviewing.urge_own, given, actor=agent)
    parties.approve_claim(any_world, claim.id, parties.Reviewers.of(any_world))
    with pytest.raises(reviewing.NothingToUrge), worlds.unchanged(any_world):
        any_world.engine.perform(reviewing.urge_own, given, actor=person)


def log(world: World, who: actors.Staff, call_id: str, **given: object) -> None:
    """Write a call down."""
    arguments = {"call_id": call_id, **given}
    world.engine.perform(actions.log_call, arguments, actor=who)


@pytest.mark.row("OPS-8")
def test_a_call_is_written_down_and_read_at_the_next_one(any_world: World) -> None:
    _, claim = claimed(any_world)
    agent, colleague = calling.agent(any_world), calling.agent(any_world)
    caller = calling.answer(any_world, agent, PHONE)
    log(any_world, agent, caller.call.id, matters=(claim.id,), said="正在审核", note=NOTE)
    (past,) = calling.answer(any_world, colleague, PHONE).calls
    assert [one.code for one in past.matters] == ["claim_in_review"]
    assert (past.said, past.note) == ("正在审核", NOTE)
    content = repr(worlds.content(any_world))
    assert NOTE not in content
    assert NOTE.encode().hex() not in content
    with pytest.raises(queries.CallOver), worlds.unchanged(any_world):
        log(any_world, agent, caller.call.id, note="noch einmal")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({}, actions.NothingSaid),
        ({"note": "  "}, actions.NothingSaid),
        ({"note": "长" * 2001}, actions.TextTooLong),
        ({"matters": ("ord_of_somebody_else",)}, actions.MatterUnknown),
    ],
)
def test_a_call_says_what_it_was_about(
    world: World, given: dict[str, object], refusal: type[Exception]
) -> None:
    registering.sign_up(world, PHONE)
    agent = calling.agent(world)
    caller = calling.answer(world, agent, PHONE)
    with pytest.raises(refusal), worlds.unchanged(world):
        log(world, agent, caller.call.id, **given)


@pytest.mark.row("OPS-8")
@pytest.mark.row("S-PI-4")
def test_what_was_said_ends_with_the_account(world: World) -> None:
    person = registering.sign_up(world, PHONE)
    agent = calling.agent(world)
    log(world, agent, calling.answer(world, agent, PHONE).call.id, note=NOTE)
    officer, _, _ = closing.officers(world)
    closing.cancel(world, person, officer)
    assert calling.answer(world, agent, PHONE).call.account_id is None
    with world.engine.reader(agent) as q:
        (past,) = queries.past_calls(q, person.account_id)
    assert (past.note, past.said) == ("", "")


@pytest.mark.row("OPS-8")
def test_who_called_before_they_signed_up_is_recognized_then(any_world: World) -> None:
    agent = calling.agent(any_world)
    before = calling.answer(any_world, agent, PHONE)
    log(any_world, agent, before.call.id, note=NOTE)
    assert PHONE not in repr(worlds.content(any_world))
    person = registering.sign_up(any_world, PHONE)
    caller = calling.answer(any_world, agent, PHONE)
    assert caller.call.account_id == person.account_id
    assert [past.note for past in caller.calls] == [NOTE]
    keys = worlds.rows(
        any_world, "SELECT * FROM data_key WHERE subject_id = ?", before.call.subject_id
    )
    assert keys == []


def test_a_caller_who_never_signs_up_is_forgotten(world: World) -> None:
    agent = calling.agent(world)
    call = calling.answer(world, agent, PHONE).call
    log(world, agent, call.id, note=NOTE)
    worlds.clock_of(world).advance(181 * clock.DAY)
    worker.run_due(world, subject=call.id)
    assert worlds.kinds(world)[-1] == "call.forgotten"
    index = "SELECT * FROM blind_index WHERE kind = 'call.phone'"
    assert worlds.rows(world, index) == []
    registering.sign_up(world, PHONE)
    assert calling.answer(world, agent, PHONE).calls == ()


def test_a_call_that_is_left_open_is_dropped_by_the_next_one(world: World) -> None:
    registering.sign_up(world, PHONE)
    agent = calling.agent(world)
    first = calling.answer(world, agent, PHONE)
    second = calling.answer(world, agent, PHONE)
    with pytest.raises(queries.CallOver):
        calling.again(world, agent, first)
    assert [one.id for one in world.engine.ask(queries.my_calls, agent)] == [second.call.id]
    assert parties.violations(world) == {}
