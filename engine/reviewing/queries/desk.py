"""Views with their counts, who else is looking, notes, and what a shift hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.kernel import actors, calendar, codec, vault
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing.model import desk
from engine.reviewing.queries.cases import case
from engine.reviewing.queries.paging import page
from engine.reviewing.queries.queue import kinds_seen, sees
from engine.reviewing.store import by_ids
from engine.reviewing.store import desk as sql
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# A list to hand over is read by a person: beyond this the queue itself says it better.
_LISTED = 100


def reviewer(q: Reader) -> actors.Staff:
    """The reader, who must be staff that can decide something somewhere.

    Raises: staffing.MayNot.
    """
    if isinstance(q.actor, actors.Staff) and kinds_seen(q):
        return q.actor
    return staffing.require(q, Right.REVIEW_ENTERPRISE, anywhere=True)


def colleagues(q: Reader) -> list[tuple[str, str]]:
    """(Staff id, name) of who else works at the desk: active, and may decide something somewhere.

    Raises: staffing.MayNot.
    """
    me, found = reviewer(q).staff_id, []
    for one in staffing.everyone(q):
        actor = staffing.actor(q, one.id) if one.id != me else None
        if actor is not None and any(
            staffing.has(actor, right, anywhere=True) for right in set(model.RIGHT_FOR.values())
        ):
            found.append((one.id, one.name))
    return sorted(found, key=lambda one: (one[1], one[0]))


# -- views ---------------------------------------------------------------------------------------


def views(q: Reader) -> list[desk.View]:
    """The reader's saved views, then the shared ones of others, with what they showed lately.

    Raises: staffing.MayNot.
    """
    me = reviewer(q).staff_id
    counts = sql.counted(q, me)
    found = []
    for row in sql.views(q, me):
        counted = counts.get(row.id)
        if counted is not None and counted["wanted"] != codec.canonical(row.wanted):
            counted = None
        found.append(
            desk.View(
                id=row.id,
                name=row.name,
                wanted=desk.wanted_of(row.wanted),
                shared=bool(row.shared),
                mine=row.staff_id == me,
                owner=staffing.name_of(q, row.staff_id),
                count=counted["found"] if counted else None,
                more=bool(counted and counted["more"]),
                counted_at=counted["counted_at"] if counted else None,
                stale=counted is None or counted["counted_at"] <= q.now - desk.FRESH_MS,
                gone=gone(q, desk.wanted_of(row.wanted)),
            )
        )
    return found


def gone(q: Reader, wanted: model.Wanted) -> tuple[str, ...]:
    """The kinds, platforms and agencies of a filter that do not exist (any more)."""
    rules = q.policies(policies.ReviewRule)
    kinds = [kind for kind in wanted.kinds if kind not in rules or kind not in model.RIGHT_FOR]
    platforms = _missing(wanted.platforms, lambda: q.policies(policies.Platform))
    agencies = _missing(
        wanted.agencies,
        lambda: {**q.policies(policies.CertificateAgency), **q.policies(policies.SealAgency)},
    )
    return (*kinds, *platforms, *agencies)


def _missing(names: Sequence[str], known: Callable[[], Iterable[str]]) -> list[str]:
    if not names:
        return []
    there = set(known())
    return [name for name in names if name not in there]


# -- who is looking ------------------------------------------------------------------------------


def lookers(q: Reader, case_id: str) -> list[desk.Looker]:
    """The colleagues who have a case before them: seen there in the last half minute.

    Raises: NotFound; staffing.MayNot outside the reader's grants.
    """
    me, shown = reviewer(q).staff_id, case(q, case_id)
    return [
        desk.Looker(staff_id=staff_id, name=staffing.name_of(q, staff_id), looked_at=at)
        for staff_id, at in sql.looks(q, shown.id, q.now - desk.LOOKING_MS)
        if staff_id != me
    ]


# -- notes ---------------------------------------------------------------------------------------


def place_of_note(note_id: str) -> str:
    """Where the text of a note is kept, as its seal names it."""
    return f"case_note|body|{note_id}"


def notes(q: Reader, case_id: str) -> list[desk.Note]:
    """What colleagues noted on a case, oldest first.

    Raises: NotFound; staffing.MayNot outside the reader's grants.
    """
    return notes_of(q, [case(q, case_id).id]).get(case_id, [])


def notes_of(q: Reader, case_ids: Sequence[str]) -> dict[str, list[desk.Note]]:
    """The notes on cases that the reader may see, by case."""
    found: dict[str, list[desk.Note]] = {}
    for row in sql.notes(q, case_ids):
        text = _opened(q, row.data_subject_id, place_of_note(row.id), row.body)
        found.setdefault(row.case_id, []).append(
            desk.Note(
                id=row.id,
                staff_id=row.staff_id,
                name=staffing.name_of(q, row.staff_id),
                text=text,
                written_at=row.written_at,
            )
        )
    return found


def _opened(q: Reader, subject_id: str, place: str, sealed: bytes) -> str | None:
    try:
        return q.open(subject_id, place, sealed)
    except vault.Destroyed:
        return None


# -- handover ------------------------------------------------------------------------------------


def place_of_handover(handover_id: str) -> str:
    """Where what is said at a handover is kept, as its seal names it."""
    return f"handover|said|{handover_id}"


def handover(q: Reader) -> desk.HandoverList:
    """What the reader's shift hands over, and what was handed to them and waits to be taken.

    Due is what breaches before the next shift ends: the end of the next office hours that begin.
    Raises: staffing.MayNot.
    """
    reviewer(q)
    until = calendar.china().next_window(q.now)[1]
    mine = page(q, model.Wanted(state="mine"), limit=_LISTED, counted=False).rows
    due = page(q, model.Wanted(), limit=_LISTED, counted=False).rows
    notes_on = notes_of(q, [row.case.id for row in mine])
    return desk.HandoverList(
        until=until,
        mine=tuple(
            desk.HandoverRow(row=row, notes=tuple(notes_on.get(row.case.id, ()))) for row in mine
        ),
        due=tuple(row for row in due if not row.clocks.paused and row.clocks.decision_due <= until),
        urged=page(q, model.Wanted(urged=True), limit=_LISTED, counted=False).rows,
        received=tuple(received(q)),
    )


def received(q: Reader) -> list[desk.ReceivedHandover]:
    """The handovers that wait for the reader, or for whoever comes, with the cases they may see.

    Raises: staffing.MayNot.
    """
    me = reviewer(q).staff_id
    found = []
    for row in sql.open_handovers(q, me):
        cases = by_ids(q, row.cases)
        found.append(
            desk.ReceivedHandover(
                id=row.id,
                from_name=staffing.name_of(q, row.from_staff),
                to_me=row.to_staff == me,
                text=_opened(q, row.id, place_of_handover(row.id), row.said),
                given_at=row.given_at,
                cases=tuple(cases[case_id] for case_id in row.cases if sees(q, cases[case_id])),
            )
        )
    return found
