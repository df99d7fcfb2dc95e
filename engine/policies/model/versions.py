"""A version of a setting, and what a proposal of one would change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One version of a setting. It holds once approved, from its effective date.

    A proposal that was withdrawn or rejected is `ended_at`, by whom and why; it never holds.
    """

    id: str
    kind: str
    name: str
    version: int
    body: str
    effective_at: int
    author: str
    approved_by: str | None
    approved_at: int | None
    created_at: int
    ended_at: int | None = None
    ended_by: str | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value of a setting before and after a proposal; `path` leads to it, parts joined by dots."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something can't be proposed: the field, the refusal's code, its message id and parameters."""

    field: str
    code: str
    message: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a proposal would change, and whether it could be made."""

    valid: bool
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A proposal that waits for a second person, with what it would change."""

    version: PolicyVersion
    changes: tuple[Change, ...]
    mine: bool
