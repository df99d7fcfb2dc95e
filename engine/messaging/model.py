"""A message tells a person of a change that concerns them; a to-do also asks for a step.

Stored as a code and parameters, rendered in the reader's language when read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `subject` is what it is about: the deep link."""

    id: str
    account_id: str
    kind: str
    params: dict[str, str]
    subject: str
    todo: int
    created_at: int
    read_at: int | None = None
