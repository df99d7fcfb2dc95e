"""What the platform should have done outside and could not."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckShown:
    """A stuck job, and the record that it concerns: kind and id, both empty where there is none."""

    job: jobs.Stuck
    record_kind: str
    record_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsShown:
    """Where the jobs stand that did not go through.

    `stuck` lists those that wait longest, `by_kind` counts them all; `failing` goes on by itself.
    """

    stuck: tuple[StuckShown, ...]
    by_kind: dict[str, int]
    failing: tuple[jobs.Failing, ...]

    @property
    def total(self) -> int:
        """How many jobs are stuck."""
        return sum(self.by_kind.values())
