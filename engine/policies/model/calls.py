"""What is said to somebody who calls, and the rules of answering (OPS-8)."""

from __future__ import annotations

import string
from typing import Annotated

from pydantic import AfterValidator, Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting

# What a sentence about a matter can fill in, and what an ending can.
OF_MATTER = frozenset({"name", "number", "since", "until"})
OF_ENDING = frozenset({"time", "count"})


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _checked(text: Text, known: frozenset[str]) -> Text:
    unknown = sorted((_fields(text.zh) | _fields(text.en)) - known)
    if unknown:
        raise ValueError(f"{{{unknown[0]}}} cannot be filled in here")
    if _fields(text.zh) != _fields(text.en):
        raise ValueError("both languages must fill in the same")
    return text


Said = Annotated[Text, AfterValidator(lambda text: _checked(text, OF_MATTER))]
Ending = Annotated[Text, AfterValidator(lambda text: _checked(text, OF_ENDING))]


class CallSaying(Setting):
    """What is said of a matter that stands somewhere; its name is the matter's code."""

    KIND = "call_saying"
    NAMED = True
    title: Said
    stands: Said
    next: Said
    say: Said

    def plain_title(self, language: str) -> str:
        """What such a matter is called, without anybody's name or number."""
        empty = dict.fromkeys(OF_MATTER, "")
        return self.title.in_language(language).format(**empty).strip(" ：:（）()")


class CallRules(Setting):
    """How calls are answered: how long a person stays looked up, and how often somebody can be."""

    KIND = "call_rules"
    open_minutes: Annotated[int, Field(ge=5, le=240)]
    lookups_per_hour: Annotated[int, Field(ge=1, le=1000)]
    unknown_days: Annotated[int, Field(ge=1, le=3650)]
    # Fewer than these many lately say nothing about how long it takes.
    usual_at_least: Annotated[int, Field(ge=1, le=50)]
    expected: Ending
    late: Ending
    offer: Ending
    held: Ending
    nothing: Ending
    urged: Ending
