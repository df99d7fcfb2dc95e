"""A message, and how its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.messaging.model.places import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `subject` is what it is about. A to-do is `done_at` once its step was taken."""

    id: str
    account_id: str
    kind: str
    params: dict[str, str]
    subject: str
    todo: int
    created_at: int
    read_at: int | None = None
    done_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as its reader gets it: with its category and its link, `<screen>`, `<screen>/<id>`
    or `<screen>/<id>/<field>`.

    `open_todo` is 1 while a step is asked for.
    """

    id: str
    account_id: str
    kind: str
    category: Category
    link: str
    params: dict[str, str]
    subject: str
    todo: int
    open_todo: int
    created_at: int
    read_at: int | None
    done_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many messages of a category are unread, and how many to-dos are open."""

    unread: int = 0
    todo: int = 0
