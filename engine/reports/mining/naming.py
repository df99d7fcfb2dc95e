"""What an activity is called on a map, short enough for a box."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from pydantic import RootModel

from engine.kernel import catalog, texts

_FILE = catalog.DATA / "reports" / "activities.toml"


class Activities(RootModel[dict[str, catalog.Text]]):
    """Kind of fact → its short name in both languages."""


@functools.cache
def names() -> dict[str, catalog.Text]:
    """The short names of activities, by the kind of their fact."""
    return catalog.load(_FILE, Activities).root


def name_of(activity: str, language: str, parts: Mapping[str, str]) -> str:
    """An activity in words; `parts` names what may stand behind its colon: kinds of review, a party's part.

    What has no short name is told in the words of the log.
    """
    kind, _, part = activity.partition(":")
    known = names().get(kind)
    told = known.in_language(language) if known else texts.of_code(kind, language).rstrip("。.")
    return f"{told} · {parts.get(part, part)}" if part else told
