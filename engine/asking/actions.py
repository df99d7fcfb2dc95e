"""Saving questions, and writing down that one was asked."""

from __future__ import annotations

import hashlib

from engine.asking import model, queries
from engine.kernel import codec, errors, identifiers
from engine.kernel.operation import AlreadyTaken, Operation


class QuestionNameMissing(errors.InvalidInput):
    """Give the question a name of at most 60 characters."""


class QuestionNameTaken(errors.Conflict):
    """You have a question of this name already. Choose another name, or change that question."""


class QuestionEmpty(errors.InvalidInput):
    """Write a question of at most 20,000 characters before it is saved."""


class DrawingUnknown(errors.InvalidInput):
    """A saved question is drawn as a bar, line or area chart or a pivot table, or not at all."""


class PersonalInQuestion(errors.InvalidInput):
    """The question seems to hold somebody's phone, ID or card number. The copy has none, and what is saved is kept: take it out."""  # noqa: E501


class NotYourQuestion(errors.NotPermitted):
    """Only who saved a question changes or deletes it. Save one of your own."""


def save_question(
    op: Operation, *, name: str, sql: str, drawing: model.Drawing, shared: bool = False
) -> model.Question:
    """Keep a question under a name; `shared` shows it to colleagues who may ask too.

    Emits: question.saved.
    Raises: MayNot, QuestionNameMissing, QuestionNameTaken, QuestionEmpty, DrawingUnknown,
    PersonalInQuestion.
    """
    me = queries.asker(op).staff_id
    kept = model.KeptQuestion(
        id=op.new_id("que"),
        staff_id=me,
        name=_name(name),
        sql=_sql(sql),
        drawing=codec.plain(_drawing(drawing)),
        shared=int(shared),
        changed_at=op.now,
    )
    try:
        op.insert("saved_question", kept)
    except AlreadyTaken as taken:
        raise QuestionNameTaken(field="name") from taken
    op.record("question.saved", kept.id, shared=shared)
    return queries.seen(op, kept, me)


def change_question(
    op: Operation,
    *,
    question_id: str,
    name: str,
    sql: str,
    drawing: model.Drawing,
    shared: bool = False,
) -> model.Question:
    """Change a question of one's own: its name, SQL and drawing, and whether colleagues see it.

    Emits: question.changed.
    Raises: MayNot, NotFound, NotYourQuestion, QuestionNameMissing, QuestionNameTaken, QuestionEmpty,
    DrawingUnknown, PersonalInQuestion.
    """
    kept = _own(op, question_id)
    changes = {
        "name": _name(name),
        "sql": _sql(sql),
        "drawing": codec.plain(_drawing(drawing)),
        "shared": int(shared),
        "changed_at": op.now,
    }
    try:
        op.update("saved_question", kept.id, changes, was={"changed_at": kept.changed_at})
    except AlreadyTaken as taken:
        raise QuestionNameTaken(field="name") from taken
    op.record("question.changed", kept.id, shared=shared)
    return queries.question(op, kept.id)


def delete_question(op: Operation, *, question_id: str) -> None:
    """Delete a question of one's own, for colleagues too.

    Emits: question.deleted. Raises: MayNot, NotFound, NotYourQuestion.
    """
    kept = _own(op, question_id)
    op.delete("saved_question", kept.id)
    op.record("question.deleted", kept.id)


def note_asked(op: Operation, *, sql: str, rows: int = 0, refusal: str = "") -> None:
    """Write down that the actor asked a question: its digest, and what came of it. The text is not kept.

    Emits: question.asked. Raises: MayNot.
    """
    me = queries.asker(op).staff_id
    digest = hashlib.sha256(sql.encode()).hexdigest()
    op.record("question.asked", me, sha256=digest, rows=rows, refusal=refusal)


def _name(name: str) -> str:
    given = " ".join(name.split())
    if not given or len(given) > model.LONGEST_NAME:
        raise QuestionNameMissing(field="name")
    return _impersonal(given, "name")


def _sql(sql: str) -> str:
    if not sql.strip() or len(sql) > model.LONGEST_SQL or "\0" in sql:
        raise QuestionEmpty(field="sql")
    return _impersonal(sql.strip(), "sql")


def _impersonal(text: str, field: str) -> str:
    if identifiers.holds_number(text):
        raise PersonalInQuestion(field=field)
    return text


def _drawing(drawing: model.Drawing) -> model.Drawing:
    if drawing.kind not in model.CHARTS or drawing.sums not in model.SUMS:
        raise DrawingUnknown(field="drawing")
    for name in (drawing.x, drawing.y, drawing.split):
        if len(name) > model.LONGEST_NAME * 4:
            raise DrawingUnknown(field="drawing")
        _impersonal(name, "drawing")
    return drawing


def _own(op: Operation, question_id: str) -> model.KeptQuestion:
    me = queries.asker(op).staff_id
    kept = op.get(model.KeptQuestion, "saved_question", question_id)
    if kept.staff_id != me:
        raise NotYourQuestion() if kept.shared else errors.NotFound(what="saved question")
    return kept
