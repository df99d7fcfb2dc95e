"""A row of the tables of what can be done and asked through a door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

# What joins the stages for the desk is no stage of its own.
_STAGES = {"boot": "desk"}
Who = Literal["anybody", "person", "mall", "staff", "machine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row. `changes` says whether it is an action or a question; `paced`, that a source is counted."""

    function: Callable[..., Any]
    who: Who
    changes: bool
    note: str
    paced: bool = False

    @property
    def name(self) -> str:
        """`<stage>.<function>`."""
        package = self.function.__module__.split(".")[1]
        return f"{_STAGES.get(package, package)}.{self.function.__name__}"

    @property
    def path(self) -> str:
        """Where the JSON API offers it."""
        stage, function = self.name.split(".")
        return f"/api/v1/{stage}/{function.replace('_', '-')}"

    @property
    def scope(self) -> str:
        """Which scope a machine needs for it: `<stage>:read` or `<stage>:write`."""
        return f"{self.name.split('.')[0]}:{'write' if self.changes else 'read'}"

    @property
    def method(self) -> str:
        """POST for actions; questions too, so that no personal value stands in an address."""
        return "POST"


def does(who: Who, function: Callable[..., Any], note: str) -> Route:
    """A row for an action."""
    return Route(function=function, who=who, changes=True, note=note)


def asks(who: Who, function: Callable[..., Any], note: str, *, paced: bool = False) -> Route:
    """A row for a question."""
    return Route(function=function, who=who, changes=False, note=note, paced=paced)
