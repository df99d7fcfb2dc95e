"""What comes to the desk: cases of many people, in chains, with everything about them drawn up front.

A case opens at an instant of its own, or when the one that it follows has been decided and its person has
taken the time that they take. How much work it is and where it stands among equals belongs to the case,
whoever takes it and when: so that another roster meets the same work (common random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Task:
    """A case to come. Instants and durations are whole milliseconds.

    `effort` is a draw from the standard normal distribution. `luck` says how the case fares among equals
    when it is taken for the first time, the second and so on; the last one stands for good. A task that
    `follows` another (its place in the demand) opens when that has been decided and then `delay` has
    passed; else the delay counts from the beginning of time. `apart`: nobody who took part in the one it
    follows may take it. A `blind` one is a second look, of which the people learn nothing. `rejected`
    cases need one look alone, whatever the rule says.
    """

    kind: str
    delay: int
    effort: float
    luck: tuple[float, ...] = (0.0,)
    follows: int | None = None
    apart: bool = False
    blind: bool = False
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """All tasks, those that follow after those that they follow, and who follows whom."""

    tasks: Sequence[Task]
    followers: dict[int, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for place, task in enumerate(self.tasks):
            if task.follows is None:
                continue
            if not 0 <= task.follows < place:
                raise ValueError("a task follows one that stands before it")
            self.followers.setdefault(task.follows, []).append(place)

    def begins(self) -> list[tuple[int, int]]:
        """When the tasks that follow nothing open, and their places, in order."""
        return sorted(
            (task.delay, place) for place, task in enumerate(self.tasks) if task.follows is None
        )
