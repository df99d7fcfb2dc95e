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
