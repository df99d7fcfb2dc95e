"""Saved questions: whose they are, who sees them, what they may hold, and that asking is on record."""

from __future__ import annotations

import hashlib
import json

import pytest

from engine.asking import actions, model, queries
from engine.boot import World
from engine.kernel import errors
from engine.policies import model as policies
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import worlds

BARS = model.Drawing(kind="bar", x="day", y="n", split="platform_id")


def save(world: World, who, name="每日订单", sql="SELECT 1", shared=False, drawing=BARS):
    given = {"name": name, "sql": sql, "drawing": drawing, "shared": shared}
    return world.engine.perform(actions.save_question, given, actor=who)


@pytest.mark.row("RPT-5")
def test_a_question_is_saved_changed_shared_and_deleted(any_world):
    world = any_world
    mine, other = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.AUDITOR)
    kept = save(world, mine, sql="  SELECT 1\n")
    assert (kept.sql, kept.drawing, kept.mine, kept.shared) == ("SELECT 1", BARS, True, False)
    assert world.engine.ask(queries.questions, other) == []
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.question, other, kept.id)

    pivot = model.Drawing(kind="pivot", x="day", y="n", split="agency_id", sums="mean")
    given = {
        "question_id": kept.id,
        "name": "共享的问题",
        "sql": "SELECT 2",
        "drawing": pivot,
        "shared": True,
    }
    changed = world.engine.perform(actions.change_question, given, actor=mine)
    assert (changed.name, changed.sql, changed.drawing) == ("共享的问题", "SELECT 2", pivot)
    seen = world.engine.ask(queries.questions, other)
    assert [(one.id, one.mine, one.owner) for one in seen] == [(kept.id, False, "王审核")]
    for action, more in (
        (actions.change_question, given),
        (actions.delete_question, {"question_id": kept.id}),
    ):
        with worlds.unchanged(world), pytest.raises(actions.NotYourQuestion):
            world.engine.perform(action, more, actor=other)

    world.engine.perform(actions.delete_question, {"question_id": kept.id}, actor=mine)
    assert world.engine.ask(queries.questions, mine) == []
    told = [kind for kind in worlds.kinds(world) if kind.startswith("question.")]
    assert told == ["question.saved", "question.changed", "question.deleted"]


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"name": "  "}, actions.QuestionNameMissing),
        ({"name": "x" * 61}, actions.QuestionNameMissing),
        ({"sql": " \n "}, actions.QuestionEmpty),
        ({"sql": "x" * 20_001}, actions.QuestionEmpty),
        ({"sql": "SELECT 1 \0"}, actions.QuestionEmpty),
        ({"drawing": model.Drawing(kind="pie")}, actions.DrawingUnknown),
        ({"drawing": model.Drawing(kind="pivot", sums="eval")}, actions.DrawingUnknown),
        ({"drawing": model.Drawing(kind="bar", x="x" * 300)}, actions.DrawingUnknown),
        ({"sql": "SELECT '13800138000'"}, actions.PersonalInQuestion),
        ({"sql": "SELECT '１３８００１３８０００'"}, actions.PersonalInQuestion),
        ({"name": "11010119900307627X"}, actions.PersonalInQuestion),
        ({"sql": "SELECT 6222021234567890123"}, actions.PersonalInQuestion),
    ],
)
def test_what_cannot_be_saved(world, given, refusal):
    lead = worlds.staff(world, Role.LEAD)
    with worlds.unchanged(world), pytest.raises(refusal):
        save(world, lead, **given)


def test_names_are_ones_own_and_numbers_of_events_are_no_personal_values(world):
    lead, other = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.QA)
    save(world, lead)
    save(world, other)
    with worlds.unchanged(world), pytest.raises(actions.QuestionNameTaken):
        save(world, lead)
    again = save(world, lead, name="B", sql="SELECT 1780243200000 AS from_ms")
    with worlds.unchanged(world), pytest.raises(actions.QuestionNameTaken):
        world.engine.perform(
            actions.change_question,
            {"question_id": again.id, "name": "每日订单", "sql": "SELECT 1", "drawing": BARS},
            actor=lead,
        )


@pytest.mark.row("RPT-5")
def test_asking_is_on_record_without_its_text(world):
    lead = worlds.staff(world, Role.LEAD)
    given = {"sql": "SELECT 'secret'", "rows": 3}
    world.engine.perform(actions.note_asked, given, actor=lead)
    row = worlds.rows(world, "SELECT * FROM event WHERE kind = 'question.asked'")[0]
    assert (row["subject"], row["actor"]) == (lead.staff_id, lead.text)
    facts = json.loads(row["body"])["facts"]
    digest = hashlib.sha256(b"SELECT 'secret'").hexdigest()
    assert facts == {"sha256": digest, "rows": 3, "refusal": ""}
    assert "secret" not in row["body"]


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize(
    "who",
    [
        {"roles": (Role.ADMINISTRATOR,)},
        {"roles": (Role.AGENT,)},
        {"roles": (Role.LEAD,), "scope_kind": "platform", "scope_id": "guangzheng"},
    ],
    ids=["without the right", "reports alone", "one platform alone"],
)
def test_the_copy_is_of_everything_so_the_right_must_be_too(world, who):
    staff = worlds.staff(world, *who.pop("roles"), **who)
    for query in (queries.rules, queries.questions):
        with pytest.raises(staffing.MayNot):
            world.engine.ask(query, staff)
    with worlds.unchanged(world), pytest.raises(staffing.MayNot):
        save(world, staff)


def test_what_a_question_may_take_is_a_setting(world):
    rules = world.engine.ask(queries.rules, worlds.staff(world, Role.QA))
    assert rules == policies.OwnSqlRules(seconds=10, memory_mb=512, most_rows=10_000)
