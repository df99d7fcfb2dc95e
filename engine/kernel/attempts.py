"""What somebody tried, as whoever follows a run hears of it: a replay tells a way by these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.kernel import actors, errors, replies

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T]):
    """How an act ended that is kept: what it returned, or a refusal that counts.

    `seq` is that of its last fact; 0 where it was done before and is told again.
    """

    outcome: T | errors.EngineError
    seq: int

    @property
    def repeated(self) -> bool:
        """Whether this was done before, by the same key."""
        return self.seq == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Something that somebody tried: how it ended, and where in the log.

    `seq` is that of its last fact; 0 where nothing of it was kept, because it was refused or is a replay.
    """

    action: str
    actor: str
    arguments: Mapping[str, Any]
    seq: int = 0
    refusal: errors.EngineError | None = None


Watcher = Callable[[Attempt], None]


def tell(
    watchers: Sequence[Watcher],
    action: Callable[..., Any],
    actor: actors.Actor,
    arguments: Mapping[str, Any],
    seq: int,
    outcome: object,
) -> None:
    """Tell everybody who watches of one attempt."""
    attempt = Attempt(
        action=replies.name_of(action),
        actor=actor.text,
        arguments=arguments,
        seq=seq,
        refusal=outcome if isinstance(outcome, errors.EngineError) else None,
    )
    for watcher in watchers:
        watcher(attempt)
