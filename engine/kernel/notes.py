"""What one stage tells of itself to another that does not know it: a code, its parameters, its subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to be listed to a person: `code` is a text's code, `subject` what it is about (an id)."""

    code: str
    subject: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record that the law has kept beyond the account it was made for.

    `keeper` is whose rule of keeping applies (a CA's label); `ended_at` is when the record ended, or will.
    """

    kind: str
    id: str
    keeper: str
    ended_at: int
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Which rows and columns of a table are a person's own data (the right to a copy, PI-5).

    `by` is the column with the account's id; `sealed` says which key each protected column is under.
    """

    table: str
    columns: tuple[str, ...]
    sealed: Mapping[str, str] = field(default_factory=dict)
    by: str = "account_id"
