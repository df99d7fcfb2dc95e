"""The shapes of a record as the console and the API give it; no personal value in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.kernel import clock
from engine.kernel.catalog import Text

KindName = Literal[
    "account", "enterprise", "order", "service_order", "certificate", "seal", "contract", "invoice",
    "file",
]  # fmt: skip
Form = Literal["text", "label", "named", "money", "time", "record", "masked", "deleted"]
# What a hit can be beside a record: a case is looked at on the desk, an account of the mall nowhere else.
HitKind = Literal[KindName, "case"]
REVEALED_MS = 30 * clock.SECOND
LONGEST_NAME = 40
# More are not found at once: then more has to be said.
MOST_FOUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found: its kind, its id, how it is called, and the code of the state that it is in."""

    kind: HitKind
    id: str
    title: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value in words, not yet in a language.

    `text` is the text itself, a label's code, or what a mask leaves; `number` is fen or UTC milliseconds;
    `words` a text of a setting; `record` the id of what it leads to. `place` is where a masked value is
    kept: what `reveal` takes. Of what was deleted with its person only the form is left.
    """

    form: Form
    text: str = ""
    number: int = 0
    words: Text | None = None
    record: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value under the code of its name."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is kept sealed in one row that belongs to a record: an address, a proof, a title."""

    table: str
    id: str
    since: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A state that a record came to, and when (UTC milliseconds)."""

    status: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The states of a kind as its own table of transitions has them, and where this record went.

    `family` begins the label's code of each state. `moves` are (from, verb, to).
    """

    family: str
    initial: str
    present: str
    names: tuple[str, ...]
    moves: tuple[tuple[str, str, str], ...]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file that belongs to a record: what it is called, of what type, how large; never its content."""

    called: Value
    media_type: str
    size: int
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record whole, but for its history, which comes in pages."""

    kind: KindName
    id: str
    title: str
    status: str
    created_at: int
    facts: tuple[Fact, ...]
    held: tuple[Held, ...]
    states: States
    papers: tuple[Paper, ...]
    linked: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A column's value before and after an event; None where there was or is none."""

    table: str
    name: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a history: when, what (a fact's kind), who, and what it changed."""

    seq: int
    occurred_at: int
    kind: str
    who: Value
    subject: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of a history, newest first. `following` is where the next one begins, 0 at the end."""

    entries: tuple[Entry, ...]
    following: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A filter over the records of one kind; empty is any. Times: UTC milliseconds, `until` exclusive."""

    kind: KindName
    status: str = ""
    platform_id: str = ""
    agency_id: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list can be filtered by: states with their labels' codes, platforms and agencies by name."""

    states: Mapping[str, str]
    platforms: Mapping[str, Text]
    agencies: Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record in a list: what it is called, its state, and its kind's columns in their order."""

    hit: Hit
    created_at: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of a list, newest first. `names` are the codes of the columns, `following` begins the next."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    following: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A filter under a name, as its row keeps it."""

    id: str
    staff_id: str
    name: str
    wanted: Mapping[str, Any]
    shared: int
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved list as its reader sees it, and whose it is."""

    id: str
    name: str
    wanted: Wanted
    shared: bool
    mine: bool
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """A protected value in the clear, and until when a screen may show it."""

    name: str
    value: str
    shown_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """That somebody looked behind a mask: who, at what (a name's code), on which ground, when."""

    id: str
    revealed_at: int
    who: str
    name: str
    ground: Value
