"""An incident as its record tells it, and a stop of issuing, which one person sets and two lift.

The record has what the CCADB asks of an incident report: summary, timeline, cause, lessons, and action
items with purpose, owner and date. A stop holds for one certification authority or for all; what was issued
before goes on as it was, lists and answers about it too (RFC 3647 4.4, 5.7).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from engine.kernel.workflow import Workflow

LONGEST_TITLE = 120
LONGEST_TEXT = 4_000
# The agency of a stop that holds for all of them.
ALL = ""


class IncidentStatus(enum.StrEnum):
    """Where an incident is. Contained: it does no more harm; closed: it is understood and reported."""

    OPEN = "open"
    CONTAINED = "contained"
    CLOSED = "closed"


_I = IncidentStatus
INCIDENT: Workflow[IncidentStatus] = Workflow(
    "incident",
    _I.OPEN,
    {
        _I.OPEN: {"contain": _I.CONTAINED},
        _I.CONTAINED: {"close": _I.CLOSED, "reopen": _I.OPEN},
        _I.CLOSED: {"reopen": _I.OPEN},
    },
)


class ItemStatus(enum.StrEnum):
    """Where an action item is."""

    TO_DO = "to_do"
    DONE = "done"
    DROPPED = "dropped"


_T = ItemStatus
ITEM: Workflow[ItemStatus] = Workflow(
    "action item",
    _T.TO_DO,
    {_T.TO_DO: {"do": _T.DONE, "drop": _T.DROPPED}, _T.DONE: {}, _T.DROPPED: {}},
)


class Purpose(enum.StrEnum):
    """What an action item is for, in the words of incident reports."""

    MITIGATE = "mitigate"
    DETECT = "detect"
    PREVENT = "prevent"


class StopStatus(enum.StrEnum):
    """Where a stop of issuing is. While lifting is asked for it holds as before."""

    IN_FORCE = "in_force"
    LIFTING = "lifting"
    LIFTED = "lifted"


_S = StopStatus
STOP: Workflow[StopStatus] = Workflow(
    "stop of issuing",
    _S.IN_FORCE,
    {
        _S.IN_FORCE: {"ask": _S.LIFTING},
        _S.LIFTING: {"refuse": _S.IN_FORCE, "lift": _S.LIFTED},
        _S.LIFTED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident: since when as far as is known, and by when it should do no more harm (`contain_by`)."""

    id: str
    number: str
    kind: str
    title: str
    status: IncidentStatus
    began_at: int
    opened_at: int
    opened_by: str
    contain_by: int
    summary: str = ""
    cause: str = ""
    lessons: str = ""
    contained_at: int | None = None
    closed_at: int | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote into the timeline of an incident."""

    id: str
    incident_id: str
    text: str
    noted_by: str
    noted_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A record that an incident is about, by its id: what happens to it is part of the timeline."""

    id: str
    incident_id: str
    subject_id: str
    named_by: str
    named_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An action item: what is to be done, what for, by whom, until which day (`2026-12-01`)."""

    id: str
    incident_id: str
    purpose: Purpose
    what: str
    owner: str
    due_on: str
    status: ItemStatus
    created_at: int
    created_by: str
    result: str = ""
    ended_at: int | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop of issuing: of which agency (`ALL`: all), why, by whom; who asked for its end, who agreed."""

    id: str
    agency_id: str
    incident_id: str | None
    reason: str
    status: StopStatus
    stopped_at: int
    stopped_by: str
    lift_reason: str = ""
    asked_at: int | None = None
    asked_by: str | None = None
    lifted_at: int | None = None
    lifted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of a timeline: a fact of the log. Of a note `text` is what was written."""

    seq: int
    occurred_at: int
    kind: str
    by: str
    subject: str
    text: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An incident with its timeline, its action items, its stops, and what it is about."""

    incident: Incident
    timeline: tuple[Moment, ...]
    items: tuple[Item, ...]
    stops: tuple[Stop, ...]
    subjects: tuple[Subject, ...]
    verbs: tuple[str, ...]
