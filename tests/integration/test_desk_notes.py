"""Internal notes on cases, and the handover of a shift (OPS-8)."""

from __future__ import annotations

import pytest

from engine import worker
from engine.boot import World
from engine.kernel import actors, calendar, clock
from engine.reviewing import actions, model, queries
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import fold, queue, registering, worlds

TEXT = "联系人张三 13812345678 说营业执照周五补上"


def note(world: World, who: actors.Staff, case_id: str, text: str = TEXT) -> model.Note:
    given = {"case_id": case_id, "text": text}
    return world.engine.perform(actions.note_case, given, actor=who)


def claimed_case(world: World) -> model.Case:
    person = registering.sign_up(world)
    registering.prove(world, person)
    claim = registering.claim(world, person)
    return world.engine.ask(queries.of_subject, worlds.SYSTEM, claim.id)[0]


@pytest.mark.row("OPS-8")
def test_colleagues_read_a_note_and_the_database_holds_none_of_it(any_world):
    one = worlds.staff(any_world, Role.ENTERPRISE_REVIEWER)
    two = worlds.staff(any_world, Role.LEAD)
    case = claimed_case(any_world)
    written = note(any_world, one, case.id, f"  {TEXT}\n")
    worlds.clock_of(any_world).advance(1)
    later = note(any_world, two, case.id, "已电话确认")
    found = any_world.engine.ask(queries.notes, two, case.id)
    assert [(n.id, n.text) for n in found] == [(written.id, TEXT), (later.id, "已电话确认")]
    assert (found[0].staff_id, found[0].name) == (one.staff_id, "王审核")
    everything = str(worlds.content(any_world))
    assert "13812345678" not in everything
    assert TEXT not in everything
    (row, _) = worlds.rows(any_world, "SELECT * FROM case_note ORDER BY written_at, id")
    account = worlds.rows(any_world, "SELECT subject_id FROM account")[0]
    assert row["data_subject_id"] == account["subject_id"]
    fold.require(any_world)


@pytest.mark.row("S-PI-4")
def test_a_note_goes_with_the_person_it_is_about(world):
    lead = worlds.staff(world, Role.LEAD)
    case = claimed_case(world)
    note(world, lead, case.id)
    subject = worlds.rows(world, "SELECT data_subject_id AS id FROM case_note")[0]["id"]
    worlds.run_sql(world, "DELETE FROM data_key WHERE subject_id = ?", subject)
    (left,) = world.engine.ask(queries.notes, lead, case.id)
    assert (left.text, left.staff_id) == (None, lead.staff_id)


def test_a_note_about_nobody_with_an_account_has_a_key_of_its_own(world):
    lead = worlds.staff(world, Role.LEAD)
    (case,) = queue.fill(world, 1)
    note(world, lead, case.id)
    worlds.clock_of(world).advance(1)
    note(world, lead, case.id, "再说一次")
    assert [n.text for n in world.engine.ask(queries.notes, lead, case.id)] == [TEXT, "再说一次"]
    subjects = worlds.rows(world, "SELECT DISTINCT data_subject_id AS id FROM case_note")
    assert subjects == [{"id": f"notes:{case.id}"}]


@pytest.mark.row("OPS-8")
def test_a_note_is_never_changed_not_even_around_the_engine(any_world):
    lead = worlds.staff(any_world, Role.LEAD)
    (case,) = queue.fill(any_world, 1)
    note(any_world, lead, case.id)
    for sql in ("UPDATE case_note SET staff_id = 'x'", "DELETE FROM case_note"):
        with worlds.unchanged(any_world), pytest.raises(Exception, match="note"):
            worlds.run_sql(any_world, sql)


def test_an_empty_note_and_a_foreign_case_are_refused(world):
    lead = worlds.staff(world, Role.LEAD)
    case = next(one for one in queue.fill(world, 60) if one.platform_id == "guangzheng")
    for text in ("", " \n", "长" * 2_001):
        with worlds.unchanged(world), pytest.raises(actions.NoteEmpty):
            note(world, lead, case.id, text)
    foreign = worlds.staff(
        world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang"
    )
    for who in (foreign, worlds.staff(world, Role.AUDITOR)):
        with worlds.unchanged(world), pytest.raises(MayNot):
            note(world, who, case.id)
        with pytest.raises(MayNot):
            world.engine.ask(queries.notes, who, case.id)


# -- handover ------------------------------------------------------------------------------------


def hand_over(world: World, who: actors.Staff, **given: object) -> str:
    return world.engine.perform(actions.hand_over, given, actor=who)


def take(world: World, who: actors.Staff, handover_id: str) -> None:
    world.engine.perform(actions.take_handover, {"handover_id": handover_id}, actor=who)


@pytest.mark.row("OPS-8")
def test_a_shift_is_handed_over_read_and_taken_once(any_world):
    giver, next_one, third = (worlds.staff(any_world, Role.LEAD) for _ in range(3))
    case = claimed_case(any_world)
    given = hand_over(
        any_world, giver, case_ids=(case.id, case.id), to_staff_id=next_one.staff_id, text=TEXT
    )
    (waiting,) = any_world.engine.ask(queries.received, next_one)
    assert (waiting.id, waiting.text, waiting.to_me) == (given, TEXT, True)
    assert (waiting.from_name, [one.id for one in waiting.cases]) == ("王审核", [case.id])
    assert any_world.engine.ask(queries.received, third) == []
    assert any_world.engine.ask(queries.received, giver) == []
    for who in (giver, third):
        with worlds.unchanged(any_world), pytest.raises(actions.NotForYou):
            take(any_world, who, given)
    take(any_world, next_one, given)
    assert any_world.engine.ask(queries.received, next_one) == []
    with worlds.unchanged(any_world), pytest.raises(actions.HandoverTaken):
        take(any_world, next_one, given)
    assert worlds.kinds(any_world)[-2:] == ["shift.handed_over", "shift.taken_over"]
    assert "13812345678" not in str(worlds.content(any_world))
    fold.require(any_world)


@pytest.mark.row("OPS-8")
def test_a_handover_to_whoever_comes_is_seen_by_all_with_the_cases_they_may_see(world):
    giver = worlds.staff(world, Role.LEAD)
    one = worlds.staff(world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang")
    cases = [case for case in queue.fill(world, 80) if case.kind == "certificate_platform"]
    given = hand_over(world, giver, case_ids=tuple(case.id for case in cases))
    (seen,) = world.engine.ask(queries.received, one)
    assert (seen.id, seen.to_me, seen.text) == (given, False, "")
    assert {case.platform_id for case in seen.cases} == {"yangguang"}
    take(world, one, given)


def test_a_handover_is_refused_when_it_says_nothing_or_goes_to_nobody(any_world):
    lead = worlds.staff(any_world, Role.LEAD)
    product = worlds.staff(any_world, Role.PRODUCT)
    (case,) = queue.fill(any_world, 1)
    with worlds.unchanged(any_world), pytest.raises(actions.NothingToHandOver):
        hand_over(any_world, lead, text="  ")
    for receiver in ("stf_nobody", lead.staff_id, product.staff_id):
        with worlds.unchanged(any_world), pytest.raises(actions.ReceiverUnknown):
            hand_over(any_world, lead, case_ids=(case.id,), to_staff_id=receiver)
    with worlds.unchanged(any_world), pytest.raises(MayNot):
        hand_over(any_world, product, text="x")


@pytest.mark.row("S-PI-4")
def test_what_was_said_is_forgotten_after_thirty_days(world):
    giver, receiver = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.LEAD)
    hand_over(world, giver, text=TEXT)
    worlds.clock_of(world).advance(30 * clock.DAY - 1)
    worker.tick(world, owner="test")
    assert world.engine.ask(queries.received, receiver)[0].text == TEXT
    worlds.clock_of(world).advance(1)
    worker.tick(world, owner="test")
    assert world.engine.ask(queries.received, receiver)[0].text is None
    assert worlds.kinds(world)[-1] == "shift.forgotten"


@pytest.mark.row("OPS-8")
def test_the_list_holds_mine_with_notes_what_is_due_and_what_is_urged(world):
    lead = worlds.staff(world, Role.LEAD)
    cases = queue.fill(world, 150, me=lead)
    mine = [case for case in cases if case.assignee == lead.text and case.status == "held"]
    note(world, lead, mine[0].id)
    found = world.engine.ask(queries.handover, lead)
    assert found.until == calendar.china().next_window(world.engine.now())[1]
    listed = {one.row.case.id: one for one in found.mine}
    assert {case.id for case in mine} <= listed.keys()
    assert [n.text for n in listed[mine[0].id].notes] == [TEXT]
    assert found.due
    assert all(row.clocks.decision_due <= found.until for row in found.due)
    assert {row.case.id for row in found.urged} == {
        case.id for case in cases if case.urged_at is not None
    }
