"""States on demand through the JSON API: staff of a demo or run world list them and have them made."""

from __future__ import annotations

from engine import boot
from engine.http import beside
from engine.kernel import errors
from engine.staffing.model import Right
from simulations.states import making

# A call waits for all of them.
_MOST = 20


class TooMany(errors.InvalidInput):
    """At most {most} at a time through this door. The command makes more."""


def list_states() -> list[making.State]:
    """Every state of every state machine, and why some cannot be made."""
    return making.listed()


def make_states(
    *, state: str, n: int = 1, seed: int = 7, let_time_pass: bool = False
) -> list[making.Made]:
    """So many of a thing in a state, in the process's world.

    Raises: TooMany; what `making.make` raises.
    """
    if not 1 <= n <= _MOST:
        raise TooMany(field="n", most=_MOST)
    return making.make(boot.current(), state, n, seed, let_time_pass=let_time_pass)


def offer() -> None:
    """Offer both to whoever may simulate or show the demo."""
    rights = (Right.SIMULATE, Right.DEMO)
    beside.offer(list_states, "Every state that can be made on demand", *rights, changes=False)
    beside.offer(make_states, "Make so many of a thing in a state", *rights, changes=True)
