"""What such work tells of itself, and what it can be told."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from engine.kernel import catalog, errors

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
    # Why it failed, in English; and the refusal that it was, for readers of another language.
    problem: str = ""
    refused: str = ""
    params: dict[str, Any] = Field(default_factory=dict)

    @property
    def moving(self) -> bool:
        """Whether somebody computes it now."""
        return self.state in MOVING

    def refusal(self) -> errors.EngineError | None:
        """What it was refused, as an error; None where it did not fail of one that is known."""
        kind = errors.type_of_code.get(self.refused)
        try:
            return None if kind is None else kind(**self.params)
        except KeyError:
            # It was written by other code, which told other parts of it.
            return None
