"""Something that is done to many (OPS-4): its course, its frozen list, and a result for each item."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.kernel import clock, codec
from engine.kernel.workflow import Workflow

# What an item's result is called where the act was done; everything else is the code of a refusal.
DONE = "done"
LONGEST_NOTE = 500
# So many items to a job of the worker: progress is written down, and others get their turn.
TO_A_JOB = 100
# The rate that is shown is that of so long a time.
_LATELY_MS = clock.MINUTE


class BulkStatus(enum.StrEnum):
    """Where it stands."""

    REHEARSING = "rehearsing"  # the list is frozen; the dry run is under way
    REHEARSED = "rehearsed"  # who made it starts it, or a second person agrees first
    APPROVED = "approved"  # a second person agreed; who made it starts it
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"  # every item has its result
    STOPPED = "stopped"  # some items have a result; the others were left alone
    DROPPED = "dropped"  # never begun


_S = BulkStatus
BULK = Workflow(
    "bulk act",
    _S.REHEARSING,
    {
        _S.REHEARSING: {"rehearse": _S.REHEARSED, "drop": _S.DROPPED},
        _S.REHEARSED: {
            "approve": _S.APPROVED,
            "start": _S.RUNNING,
            "rehearse_again": _S.REHEARSING,
            "drop": _S.DROPPED,
        },
        _S.APPROVED: {
            "start": _S.RUNNING,
            "rehearse_again": _S.REHEARSING,
            "drop": _S.DROPPED,
        },
        _S.RUNNING: {"pause": _S.PAUSED, "stop": _S.STOPPED, "finish": _S.DONE},
        _S.PAUSED: {"go_on": _S.RUNNING, "stop": _S.STOPPED},
        _S.DONE: {},
        _S.STOPPED: {},
        _S.DROPPED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an act is told beside its item, the same for all of them; what it does not take is empty.

    `reasons` are codes of reasons to reject, `reason` the code or the words of one, `note` free words,
    `staff_id` a colleague.
    """

    reasons: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    staff_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """An act upon many. Digests are SHA-256 in hexadecimal, of the list and of what the dry run foresaw.

    `places` are what its items ask of who acts upon them, each once: (right, platform, authority). `turn`
    counts its starts: a worker of an earlier one does nothing more. `proved_at` is when who started it
    proved their second factor. `ran_ms` is how long it ran before `ran_from`. `why` is the code of what
    paused or stopped it.
    """

    id: str
    act: str
    given: Mapping[str, Any]
    wanted: Mapping[str, Any]
    note: str
    size: int
    list_digest: str
    places: tuple[tuple[str, str | None, str | None], ...]
    status: BulkStatus
    turn: int
    made_by: str
    made_at: int
    rehearsed_at: int | None = None
    rehearsal_digest: str = ""
    approved_by: str | None = None
    approved_at: int | None = None
    started_at: int | None = None
    proved_at: int | None = None
    ran_from: int | None = None
    ran_ms: int = 0
    ended_at: int | None = None
    why: str = ""

    def ran(self, now: int) -> int:
        """How long it has run so far, pauses left out; milliseconds."""
        return self.ran_ms + (0 if self.ran_from is None else max(0, now - self.ran_from))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of many: what was foreseen of it (`done`, or a refusal's code), and what came of it.

    `seen` is the digest of what the dry run had before it; empty where an act looks at nothing.
    """

    id: str
    bulk_id: str
    position: int
    item_id: str
    foreseen: str
    seen: str = ""
    outcome: str | None = None
    done_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What the dry run says of one item."""

    outcome: str
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """That an item was refused in the run, and with which code."""

    position: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many items were foreseen to end so, and ended so; `outcome` is empty while they are open."""

    foreseen: str
    outcome: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a bulk act is: of `size` items, how many were tried, done, refused and are left.

    `otherwise` ended otherwise than foreseen. `rate` is items a minute lately, `left_ms` the time that the
    rest will take at that rate; None where nothing can be said.
    """

    size: int
    rehearsed: int
    would: int
    done: int
    refused: int
    otherwise: int
    foreseen: Mapping[str, int]
    outcomes: Mapping[str, int]
    rate: int | None = None
    left_ms: int | None = None

    @property
    def left(self) -> int:
        """How many have no result yet."""
        return self.size - self.done - self.refused


def item_key(bulk_id: str, position: int) -> str:
    """The id of an item's row."""
    return f"{bulk_id}.{position:06d}"


def list_digest(items: Sequence[str]) -> str:
    """The digest of a frozen list: of its ids in their order."""
    return hashlib.sha256("\n".join(items).encode()).hexdigest()


def rehearsal_digest(bulk: Bulk, items: Sequence[Item]) -> str:
    """The digest of what is agreed to: act, what it is told, list, and what was foreseen of each."""
    told = [[one.item_id, one.foreseen, one.seen] for one in items]
    whole = {"act": bulk.act, "given": bulk.given, "list": bulk.list_digest, "items": told}
    return hashlib.sha256(codec.canonical(whole).encode()).hexdigest()


def progress(size: int, counts: Sequence[Count], *, lately: int, ran_ms: int) -> Progress:
    """How far it is, from the counts of its items.

    `lately` items got their result within the last minute, or within `ran_ms` where it ran for less.
    """
    foreseen: dict[str, int] = {}
    outcomes: dict[str, int] = {}
    for one in counts:
        foreseen[one.foreseen] = foreseen.get(one.foreseen, 0) + one.n
        if one.outcome:
            outcomes[one.outcome] = outcomes.get(one.outcome, 0) + one.n
    ended = sum(outcomes.values())
    span = min(max(ran_ms, 1), _LATELY_MS)
    rate = lately * clock.MINUTE // span if lately else None
    left = size - ended
    return Progress(
        size=size,
        rehearsed=sum(foreseen.values()),
        would=foreseen.get(DONE, 0),
        done=outcomes.get(DONE, 0),
        refused=ended - outcomes.get(DONE, 0),
        otherwise=sum(one.n for one in counts if one.outcome and one.outcome != one.foreseen),
        foreseen=foreseen,
        outcomes=outcomes,
        rate=rate,
        left_ms=left * clock.MINUTE // rate if rate else None,
    )
