"""Operations of the JSON API that stand beside the table of `routes`: several acts in one call.

The engine has none of its own. Whoever composes the web process offers them, so that the engine needs
nothing above it; they are the staff's, need a right, and are described in the OpenAPI like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import boot
from engine.http import arguments
from engine.http.routing import Route, asks, does
from engine.kernel import actors
from engine.staffing import queries as staffing
from engine.staffing.model import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One such operation. `route.function` does it: acting as nobody, in the process's world."""

    route: Route
    rights: tuple[Right, ...]

    def serve(self, staff: actors.Staff, given: Mapping[str, Any]) -> Any:
        """Do it for a member of staff; the result as JSON values.

        Raises: ArgumentInvalid; staffing.MayNot; whatever it raises itself.
        """
        checked = arguments.parse(self.route.function, given)
        boot.current().engine.ask(_require, staff, self.rights)
        return arguments.to_json(self.route.function(**checked))


def _require(q: Any, rights: tuple[Right, ...]) -> None:
    # Any one of them will do; where none does, the first is named.
    if not any(staffing.has(q.actor, one, anywhere=True) for one in rights):
        staffing.require(q, rights[0], anywhere=True)


OFFERED: dict[str, Beside] = {}


def offer(function: Callable[..., Any], note: str, *rights: Right, changes: bool) -> None:
    """Offer an operation to members of staff who hold one of these rights; twice is once."""
    route = (does if changes else asks)("staff", function, note)
    OFFERED[route.name] = Beside(route=route, rights=rights)
