"""Who may ask in SQL, what a question may take, and the saved questions that the actor sees."""

from __future__ import annotations

from engine.asking import model, store
from engine.kernel import actors, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import queries as staffing
from engine.staffing.model import Right

INVARIANTS = {
    "a saved question is of somebody": (
        "SELECT q.id FROM saved_question q LEFT JOIN staff s ON s.id = q.staff_id"
        " WHERE s.id IS NULL"
    ),
}


def asker(q: Reader) -> actors.Staff:
    """The actor, who must hold the right to ask in SQL everywhere: the copy is of every platform and CA.

    Raises: MayNot.
    """
    return staffing.require(q, Right.OWN_SQL)


def rules(q: Reader) -> policies.OwnSqlRules:
    """What one question of the actor's may take: seconds, memory, rows.

    Raises: MayNot.
    """
    asker(q)
    return q.policy(policies.OwnSqlRules)


def questions(q: Reader) -> list[model.Question]:
    """The actor's saved questions, and then those that colleagues share.

    Raises: MayNot.
    """
    me = asker(q).staff_id
    return [seen(q, kept, me) for kept in store.questions(q, me)]


def question(q: Reader, question_id: str) -> model.Question:
    """A saved question of the actor's own, or one that is shared.

    Raises: MayNot, NotFound.
    """
    me = asker(q).staff_id
    kept = q.get(model.KeptQuestion, "saved_question", question_id)
    if kept.staff_id != me and not kept.shared:
        raise errors.NotFound(what="saved question")
    return seen(q, kept, me)


def seen(q: Reader, kept: model.KeptQuestion, reader: str) -> model.Question:
    """A saved question as somebody sees it."""
    return model.Question(
        id=kept.id,
        name=kept.name,
        sql=kept.sql,
        drawing=model.drawing_of(kept.drawing),
        shared=bool(kept.shared),
        mine=kept.staff_id == reader,
        owner=staffing.name_of(q, kept.staff_id),
        changed_at=kept.changed_at,
    )
