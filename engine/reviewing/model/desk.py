"""What people at the desk keep for themselves and for each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel import clock, codec
from engine.reviewing.model.case import Case
from engine.reviewing.model.wanted import QueueRow, Wanted

# Whoever looked at a case this recently is looking at it; a look is noted this often at most.
LOOKING_MS = 30 * clock.SECOND
LOOK_AGAIN_MS = 10 * clock.SECOND
# A count older than this says since when, and is counted anew.
FRESH_MS = 30 * clock.SECOND
LONGEST_NOTE = 2_000
LONGEST_NAME = 40
# What is said at a handover can be read for this long, by which time it is history.
HANDOVER_KEPT_MS = 30 * clock.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A filter over the queue under a name, as its row keeps it."""

    id: str
    staff_id: str
    name: str
    wanted: Mapping[str, Any]
    shared: int
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved view as its reader sees it: whose it is, and how many cases it shows them.

    `count` is None until it was counted; `counted_at` says when, `stale` that it was not lately. `gone`
    are the kinds, platforms and agencies it names that do not exist any more: it shows nothing of them.
    """

    id: str
    name: str
    wanted: Wanted
    shared: bool
    mine: bool
    owner: str
    count: int | None
    more: bool
    counted_at: int | None
    stale: bool
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """A colleague who has a case before them."""

    staff_id: str
    name: str
    looked_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """An internal note on a case, as its row keeps it."""

    id: str
    case_id: str
    staff_id: str
    data_subject_id: str
    body: bytes
    written_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An internal note on a case in the clear; `text` is None once the person it is about was forgotten."""

    id: str
    staff_id: str
    name: str
    text: str | None
    written_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenHandover:
    """A shift handed over, as its row keeps it; to a colleague, or to whoever comes."""

    id: str
    from_staff: str
    to_staff: str | None
    cases: tuple[str, ...]
    said: bytes
    given_at: int
    taken_by: str | None = None
    taken_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedHandover:
    """A handover that waits for its reader to take it; `text` is None once it was forgotten."""

    id: str
    from_name: str
    to_me: bool
    text: str | None
    given_at: int
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    """A case in a handover list, with what colleagues noted on it."""

    row: QueueRow
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverList:
    """What the next shift has to know: what I have, what is due before it ends, what is urged, what waits.

    `until` is the end of the next shift.
    """

    until: int
    mine: tuple[HandoverRow, ...]
    due: tuple[QueueRow, ...]
    urged: tuple[QueueRow, ...]
    received: tuple[ReceivedHandover, ...]


def wanted_of(stored: Mapping[str, Any]) -> Wanted:
    """A filter as it was stored."""
    found: Wanted = codec.adapter_for(Wanted).validate_python(dict(stored))
    return found


def about(case: Case) -> str:
    """Whom a case is about, as an actor text: the account that its title names, or who made it."""
    return f"person:{case.title}" if case.title.startswith("acc_") else case.maker
