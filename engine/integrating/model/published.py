"""What is published: the areas that machines are let into, and the kinds of events they are told of."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from pydantic import Field

from engine.kernel import catalog


class EventKind(catalog.Declared):
    """A published kind of event: which fact it tells, who may hear of it, and what it names."""

    label: catalog.Text
    about: catalog.Text
    fact: str
    version: int = Field(ge=1)
    # A client hears of it that holds this scope.
    scope: str
    # It belongs to no platform and no agency: a client that is limited to one does not hear of it.
    unscoped: bool = False
    # Name in the payload → name in the fact. Ids and states alone: never a value of a person's.
    tells: Mapping[str, str] = Field(default_factory=dict)


class _Catalogue(catalog.Declared):
    scope: Mapping[str, catalog.Text]
    event: Mapping[str, EventKind]


@functools.cache
def _catalogue() -> _Catalogue:
    return catalog.load(catalog.DATA / "webhooks.toml", _Catalogue)


def events() -> Mapping[str, EventKind]:
    """The published kinds of events by their public names (data/webhooks.toml).

    Raises: ConfigurationError naming the key that is wrong.
    """
    return _catalogue().event


def areas() -> Mapping[str, catalog.Text]:
    """The areas of the API that a machine can be let into: the stages of its operations, and what they are.

    Raises: ConfigurationError.
    """
    return _catalogue().scope


def scopes() -> tuple[str, ...]:
    """Every scope there is: reading and writing in each area."""
    return tuple(f"{area}:{act}" for area in areas() for act in ("read", "write"))


@functools.cache
def by_fact() -> Mapping[str, str]:
    """Which published kind tells of a fact."""
    return {kind.fact: name for name, kind in events().items()}
