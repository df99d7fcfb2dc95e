"""What a run tells of itself, and what it can be told."""

from __future__ import annotations

from typing import Literal

from engine.kernel import catalog

State = Literal[
    "starting", "running", "paused", "stopping", "stopped", "finished", "broken", "failed", "killed"
]
Order = Literal["go", "pause", "stop"]
MOVING = ("starting", "running", "paused", "stopping")


class RunProgress(catalog.Declared):
    """How far a run is. `state` is `killed` where whoever ran it is gone without a word."""

    state: State
    shards: int = 0
    shards_done: int = 0
    people: int = 0
    arrived: int = 0
    finished: int = 0
    actions: int = 0
    # Actions a second of this machine, over the last seconds.
    rate: float = 0.0
    # The present of the shard that is furthest behind (UTC milliseconds), or the start.
    now_ms: int = 0
    # Of everything, 0 to 1.
    share: float = 0.0
    # What is left, in seconds; None where that cannot be told yet.
    eta_s: float | None = None
    seconds: float = 0.0
    violations: int = 0
    # How many times a worker died and its shards were begun again.
    retries: int = 0
    pid: int = 0
    host: str = ""
    heartbeat_ms: int = 0
    # Why it failed: a code and what the system said.
    problem: str = ""

    @property
    def moving(self) -> bool:
        """Whether somebody computes it now."""
        return self.state in MOVING
