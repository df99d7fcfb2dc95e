"""Writing notes on cases, and handing a shift over."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.reviewing import model, queries
from engine.reviewing.model import desk
from engine.staffing import queries as staffing


class NoteEmpty(errors.InvalidInput):
    """Write something first, at most 2,000 characters."""


class NothingToHandOver(errors.InvalidInput):
    """Choose the cases to hand over, or write what the next shift has to know."""


class ReceiverUnknown(errors.InvalidInput):
    """This colleague does not work at the desk. Choose another one, or hand over to whoever comes."""


class HandoverTaken(errors.Conflict):
    """A colleague has taken this handover already."""


class NotForYou(errors.NotPermitted):
    """This handover is meant for a colleague."""


def note_case(op: Operation, *, case_id: str, text: str) -> desk.Note:
    """Write an internal note on a case; it is never changed, and applicants never see it.

    The text is sealed under the key of the person the case is about, so that it goes when they do.
    Emits: case.noted. Raises: NoteEmpty, NotFound, MayNot.
    """
    staff = queries.reviewer(op)
    case = queries.case(op, case_id)
    text = _text(text)
    note_id = op.new_id("nte")
    subject_id = _about(op, case)
    row = desk.CaseNote(
        id=note_id,
        case_id=case.id,
        staff_id=staff.staff_id,
        data_subject_id=subject_id,
        body=op.seal(subject_id, queries.place_of_note(note_id), text),
        written_at=op.now,
    )
    op.insert("case_note", row)
    op.record("case.noted", case.id, note_id=note_id)
    return desk.Note(
        id=note_id,
        staff_id=staff.staff_id,
        name=staffing.name_of(op, staff.staff_id),
        text=text,
        written_at=op.now,
    )


def _text(text: str) -> str:
    given = text.strip()
    if not given or len(given) > desk.LONGEST_NOTE:
        raise NoteEmpty(field="text")
    return given


def _about(op: Operation, case: model.Case) -> str:
    """The data subject whose keys protect what is written about a case."""
    found = op.parts.data_subject(op, model.about(case))
    if found is not None:
        return found
    # About nobody who has an account: the notes have a subject of their own.
    own = f"notes:{case.id}"
    if op.row("SELECT id FROM data_subject WHERE id = ?", (own,)) is None:
        op.new_subject(own, "case_notes")
    return own


def hand_over(
    op: Operation,
    *,
    case_ids: tuple[str, ...] = (),
    to_staff_id: str | None = None,
    text: str = "",
) -> str:
    """Hand the shift over, to a colleague or to whoever comes; its id.

    Nothing changes hands by it: leases run out, held cases can be resumed by anybody entitled, and
    `reassign` gives a case to somebody. What is said is forgotten after 30 days.
    Emits: shift.handed_over. Raises: NothingToHandOver, ReceiverUnknown, NoteEmpty, NotFound, MayNot.
    """
    giver = queries.reviewer(op)
    cases = tuple(queries.case(op, case_id).id for case_id in dict.fromkeys(case_ids))
    if not cases and not text.strip():
        raise NothingToHandOver(field="case_ids")
    if to_staff_id is not None:
        receiver = staffing.actor(op, to_staff_id)
        if receiver is None or to_staff_id == giver.staff_id or not _works_here(receiver):
            raise ReceiverUnknown(field="to_staff_id")
    handover_id = op.new_id("hov")
    op.new_subject(handover_id, "handover")
    said = _text(text) if text.strip() else ""
    row = desk.GivenHandover(
        id=handover_id,
        from_staff=giver.staff_id,
        to_staff=to_staff_id,
        cases=cases,
        said=op.seal(handover_id, queries.place_of_handover(handover_id), said),
        given_at=op.now,
    )
    op.insert("handover", row)
    op.record("shift.handed_over", handover_id, to_staff=to_staff_id or "", cases=list(cases))
    op.enqueue("forget_handover", handover_id, due_at=op.now + desk.HANDOVER_KEPT_MS)
    return handover_id


def _works_here(staff: actors.Staff) -> bool:
    return any(staffing.has(staff, right, anywhere=True) for right in model.RIGHT_FOR.values())


def take_handover(op: Operation, *, handover_id: str) -> None:
    """Say that one has read a handover and goes on from there.

    Emits: shift.taken_over. Raises: HandoverTaken, NotForYou, NotFound, MayNot.
    """
    me = queries.reviewer(op).staff_id
    given = op.get(desk.GivenHandover, "handover", handover_id)
    if given.from_staff == me or given.to_staff not in (None, me):
        raise NotForYou()
    if given.taken_at is not None:
        raise HandoverTaken()
    op.update(
        "handover",
        given.id,
        {"taken_by": me, "taken_at": op.now},
        was={"taken_at": None},
    )
    op.record("shift.taken_over", given.id, from_staff=given.from_staff)


def forget_handover(op: Operation, *, handover_id: str) -> None:
    """Destroy what was said at a handover a month ago. Called by its job.

    Emits: shift.forgotten.
    """
    for purpose in ("profile", "evidence"):
        op.destroy_key(handover_id, purpose)
    op.record("shift.forgotten", handover_id)
