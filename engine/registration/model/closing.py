"""How an account ends: by its person or by staff, and what the law keeps of it (ACC-7, PI-4).

One table for both ways. A cancellation is asked for by its person and decided by staff. A termination is
proposed by one member of staff and decided by another; then its person has a notice period in which they
may appeal once, and the clock stands still until somebody else has answered. What is closed stays closed:
nothing leads out of it. The evidence behind certificates is locked into an archive until its release
date; two members of staff open it together, for a day, and every reading is a fact of the log.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass

from engine.kernel import calendar, clock, notes
from engine.kernel.catalog import Text
from engine.kernel.workflow import Workflow
from engine.registration.model.claims import ReasonTold

# What a blocker is called that goes away when the person lets their certificates be revoked.
CERTIFICATE_LIVE = "blocker.certificate_live"
READING_MS = clock.DAY


class ClosingKind(enum.StrEnum):
    """Who wants the account closed."""

    CANCELLATION = "cancellation"
    TERMINATION = "termination"


class ClosingStatus(enum.StrEnum):
    """Where a closing stands."""

    IN_REVIEW = "in_review"  # staff decide
    NOTICE = "notice"  # the person may appeal until it is due
    APPEALED = "appealed"  # other staff decide; the clock stands still
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LIFTED = "lifted"  # the appeal was right


_S = ClosingStatus
CLOSING = Workflow(
    "account closing",
    _S.IN_REVIEW,
    {
        _S.IN_REVIEW: {
            "close": _S.CLOSED,
            "give_notice": _S.NOTICE,
            "reject": _S.REJECTED,
            "withdraw": _S.WITHDRAWN,
        },
        _S.NOTICE: {"appeal": _S.APPEALED, "close": _S.CLOSED},
        _S.APPEALED: {"uphold": _S.LIFTED, "dismiss": _S.NOTICE},
        _S.CLOSED: {},
        _S.REJECTED: {},
        _S.WITHDRAWN: {},
        _S.LIFTED: {},
    },
)


class ArchiveStatus(enum.StrEnum):
    """Where an archive stands."""

    LOCKED = "locked"  # until its release date
    DESTROYED = "destroyed"


ARCHIVE = Workflow(
    "archive",
    ArchiveStatus.LOCKED,
    {ArchiveStatus.LOCKED: {"destroy": ArchiveStatus.DESTROYED}, ArchiveStatus.DESTROYED: {}},
)


class ReadingStatus(enum.StrEnum):
    """Where a request to read an archive stands."""

    IN_REVIEW = "in_review"  # a second member of staff decides
    GRANTED = "granted"
    REJECTED = "rejected"


READING = Workflow(
    "archive request",
    ReadingStatus.IN_REVIEW,
    {
        ReadingStatus.IN_REVIEW: {
            "grant": ReadingStatus.GRANTED,
            "reject": ReadingStatus.REJECTED,
        },
        ReadingStatus.GRANTED: {},
        ReadingStatus.REJECTED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One closing of an account. `note` (of staff) and `appeal` (of the person) are ciphertexts."""

    id: str
    account_id: str
    kind: ClosingKind
    status: ClosingStatus
    revoke_certificates: int
    reason: str
    reasons: tuple[str, ...]
    note: bytes | None
    appeal: bytes | None
    proposed_by: str
    decided_by: str | None
    created_at: int
    decided_at: int | None
    due_at: int | None
    appealed_at: int | None
    ended_at: int | None

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return not CLOSING.terminal(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class MyClosing:
    """A closing as its person sees it: `possible` are the verbs that are theirs now."""

    id: str
    kind: ClosingKind
    status: ClosingStatus
    reason: str
    reason_text: Text | None
    reasons: tuple[ReasonTold, ...]
    created_at: int
    due_at: int | None
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePreview:
    """What the law keeps, and until when; None when nothing is kept."""

    clause: Text | None
    release_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationPreview:
    """What stands in the way, what would follow, and what the law keeps."""

    blockers: tuple[notes.Note, ...]
    consequences: tuple[notes.Note, ...]
    archive: ArchivePreview


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The evidence of a cancelled account. `policy_version` is the rule of keeping it was made under."""

    id: str
    account_id: str
    subject_id: str
    closing_id: str
    status: ArchiveStatus
    policy_version: str | None
    release_at: int
    created_at: int
    destroyed_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRequest:
    """One request to read an archive; granted, it is open to its requester until `open_until`."""

    id: str
    archive_id: str
    requester: str
    reason: str
    status: ReadingStatus
    reasons: tuple[str, ...]
    decided_by: str | None
    created_at: int
    decided_at: int | None
    open_until: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRow:
    """An archive as staff see it in the list, with their own newest request for it."""

    archive: Archive
    clause: Text | None
    request: ArchiveRequest | None
    readable: bool


Row = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What an archive holds: the proven name, the proofs behind it and the certificates they led to."""

    archive_id: str
    name: str
    resident_id: str
    proofs: tuple[Row, ...]
    certificates: tuple[Row, ...]
    open_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MyData:
    """Everything kept of a person, for them to take along: table → rows (PI-5)."""

    account_id: str
    taken_at: int
    sections: Mapping[str, tuple[Row, ...]]


def notice_ends(at_ms: int, business_days: int) -> int:
    """The end of the last of so many business days after the day of an instant."""
    days, day, left = calendar.china(), clock.civil_date(at_ms), business_days
    while left > 0:
        day += datetime.timedelta(days=1)
        left -= days.is_business_day(day)
    return clock.start_of(day + datetime.timedelta(days=1))


def after_standing_still(due_at: int, stopped_at: int, now: int) -> int:
    """When a notice is due whose clock stood still from `stopped_at` until now."""
    days = calendar.china()
    return max(now, days.add_business_ms(now, days.business_ms(stopped_at, due_at)))


def years_after(at_ms: int, years: int) -> int:
    """The same business date so many years later, at its end: at least that long."""
    day = clock.civil_date(at_ms)
    try:
        later = day.replace(year=day.year + years)
    except ValueError:
        later = datetime.date(day.year + years, 3, 1)
    return clock.start_of(later + datetime.timedelta(days=1))
