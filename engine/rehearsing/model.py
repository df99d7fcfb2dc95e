"""Trouble: which outside party, what of the four kinds, until when; and the parties as declared."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from engine.kernel import catalog, clock

# A call that meets a slow party is answered so much later.
SLOW_MS = 90 * clock.SECOND
# For how long trouble can be ordered; the first is what is offered.
MINUTES = (10, 30, 120)


class Kind(enum.StrEnum):
    """What an outside party does."""

    SLOW = "slow"
    DOWN = "down"
    LYING = "lying"
    DOUBLED = "doubled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Trouble of a party: in force from `begun_at` until `until`, or `ended_at` where that came first."""

    id: str
    party: str
    kind: Kind
    begun_at: int
    until: int
    ended_at: int | None = None


class Party(catalog.Declared):
    """An outside party: its port, which of several it is, and what comes of each kind of trouble."""

    label: catalog.Text
    port: str
    among: str = ""
    ends: Mapping[Kind, catalog.Text] = Field(min_length=len(Kind))


class _Parties(catalog.Declared):
    party: Mapping[str, Party]


def parties() -> Mapping[str, Party]:
    """The outside parties of data/rehearsals.toml by their ids, in its order.

    Raises: ConfigurationError naming the key that is wrong.
    """
    return catalog.load(catalog.DATA / "rehearsals.toml", _Parties).party
