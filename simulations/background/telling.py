"""What such work tells of itself, and what it can be told."""

from __future__ import annotations

from typing import Literal

from engine.kernel import catalog

State = Literal[
    "starting", "running", "paused", "stopping", "stopped", "finished", "broken", "failed", "killed"
]
Order = Literal["go", "pause", "stop"]
MOVING = ("starting", "running", "paused", "stopping")


class WorkProgress(catalog.Declared):
    """How far it is. `state` is `killed` where whoever worked is gone without a word."""

    state: State
    # Of everything, 0 to 1.
    share: float = 0.0
    # What is left, in seconds; None where that cannot be told yet.
    eta_s: float | None = None
    seconds: float = 0.0
    pid: int = 0
    host: str = ""
    heartbeat_ms: int = 0
    # Why it failed: a code and what the system said.
    problem: str = ""

    @property
    def moving(self) -> bool:
        """Whether somebody computes it now."""
        return self.state in MOVING
