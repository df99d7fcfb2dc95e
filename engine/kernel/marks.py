"""How an action is marked: what its session must have proved, what is prepared before it, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.kernel import actors, clock, errors
from engine.kernel.reader import Reader

F = TypeVar("F", bound=Callable[..., Any])
SECOND_FACTOR_MS = 5 * clock.MINUTE


class SecondFactorNeeded(errors.NotPermitted):
    """Confirm that it is you first: enter a code sent to your phone number."""


class StepUpNeeded(errors.NotPermitted):
    """Confirm that it is you first: enter a code from your authenticator app."""


class PeopleOnly(errors.NotPermitted):
    """A person does this, and confirms that it is them. A machine never does."""


def step_up(action: F) -> F:
    """Mark an act that cannot be undone: staff need a second factor at most 5 minutes old (S-AUTH-3)."""
    action.step_up = True  # type: ignore[attr-defined]
    return action


def _proved_lately(q: Reader, proved_at: int | None) -> bool:
    return proved_at is not None and q.now - proved_at < SECOND_FACTOR_MS


def require_person(q: Reader) -> None:
    """Refuse a machine: it has no password, no second factor, and nothing of its own to change.

    Raises: PeopleOnly.
    """
    if isinstance(q.actor, actors.Staff) and q.actor.machine:
        raise PeopleOnly()


def require_step_up(q: Reader) -> None:
    """Refuse a member of staff whose session has not proved a second factor in the last 5 minutes.

    Raises: StepUpNeeded; PeopleOnly for a machine, which has none.
    """
    require_person(q)
    if isinstance(q.actor, actors.Staff) and not _proved_lately(q, q.actor.second_factor_at):
        raise StepUpNeeded()


def second_factor(action: F) -> F:
    """Mark an action that a person's session may do only within 5 minutes of a second factor (AUTH-3)."""
    action.second_factor = True  # type: ignore[attr-defined]
    return action


def look_only(action: F) -> F:
    """Mark an action that a person may do whose session never proved a second factor.

    Whoever has the password alone may look, confirm who they are, leave, and stop harm; nothing else.
    """
    action.look_only = True  # type: ignore[attr-defined]
    return action


def unstored(action: F) -> F:
    """Mark an action whose result is shown once and never kept for a replay: a personal value in the clear.

    Asked twice with one key it is done twice, and each time is a fact of its own.
    """
    action.unstored = True  # type: ignore[attr-defined]
    return action


def require_second_factor(q: Reader) -> None:
    """Refuse a person whose session has not proved a second factor in the last 5 minutes (AUTH-3).

    Raises: SecondFactorNeeded.
    """
    if isinstance(q.actor, actors.Person) and not _proved_lately(q, q.actor.second_factor_at):
        raise SecondFactorNeeded()


def require_session(q: Reader, action: Callable[..., Any]) -> None:
    """Refuse a session that has not proved what an action is marked with.

    Raises: SecondFactorNeeded, StepUpNeeded.
    """
    if getattr(action, "second_factor", False):
        require_second_factor(q)
    if getattr(action, "step_up", False):
        require_step_up(q)
    looks = isinstance(q.actor, actors.Person) and q.actor.second_factor_at is None
    if looks and not getattr(action, "look_only", False):
        raise SecondFactorNeeded()


def prepared_by(prepare: Callable[..., Any]) -> Callable[[F], F]:
    """Mark an action whose long work (hashing, typesetting) is done before its transaction.

    `prepare(q, **arguments)` runs on a snapshot; what it returns is given to the action as `prepared`.
    It does not run for a replay, nor for a session that may not do the action.
    """

    def mark(action: F) -> F:
        action.prepare = prepare  # type: ignore[attr-defined]
        return action

    return mark
