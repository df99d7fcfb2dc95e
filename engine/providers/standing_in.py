"""Standing in for an outside party: what is asked of it goes through somebody who may disturb the call.

A run's faults and a demo world's rehearsed trouble are both put between the engine and its ports by this.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

P = TypeVar("P")

# Port → what is asked of it. What a port offers beside these is not a call to anybody outside.
CALLS: Mapping[str, frozenset[str]] = {
    "sms": frozenset({"send"}),
    "carrier": frozenset({"number_of"}),
    "real_name": frozenset({"check"}),
    "register": frozenset({"check"}),
    "payment": frozenset({"create", "state", "close", "refund", "refund_state", "statement"}),
    "agencies": frozenset({"issue"}),
    "key_centre": frozenset({"make", "recover"}),
    "seal_makers": frozenset({"make"}),
    "seal_register": frozenset({"file"}),
    "timestamps": frozenset({"stamp"}),
    "validation": frozenset({"material"}),
    "tax": frozenset({"issue", "reverse", "outcome", "list_of", "print_paper"}),
    "courier": frozenset({"order", "track"}),
}
# What happens to a call: the party's own method, the method's name, and what it is asked with.
Between = Callable[[Callable[..., Any], str, tuple[Any, ...], Mapping[str, Any]], Any]


class StandIn:
    """A party of a port, with `between` in the way of whatever is asked of it."""

    def __init__(self, party: object, port: str, between: Between) -> None:
        self._party = party
        self._port = port
        self._between = between

    def __getattr__(self, name: str) -> Any:
        """What the party itself has under this name, disturbed where it is a call."""
        found = getattr(self._party, name)
        if name not in CALLS[self._port]:
            return found
        return functools.partial(self._call, found, name)

    def _call(self, found: Callable[..., Any], name: str, *args: Any, **given: Any) -> Any:
        return self._between(found, name, args, given)


def stand_in(party: P, port: str, between: Between) -> P:
    """Somebody who can be asked like the party itself."""
    return cast(P, StandIn(party, port, between))


def digest(party: str, name: str, args: tuple[Any, ...], given: Mapping[str, Any]) -> str:
    """What tells one question from another: whom, what, and with what, as hexadecimal SHA-256."""
    asked = f"{party}.{name}{args!r}"
    told = f"{sorted(given.items())!r}" if given else ""
    return hashlib.sha256(f"{asked}{told}".encode()).hexdigest()
