"""What a run tells of itself while it runs."""

from __future__ import annotations

from simulations.background import WorkProgress


class RunProgress(WorkProgress):
    """How far a run is."""

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
    violations: int = 0
    # How many times a worker died and its shards were begun again.
    retries: int = 0
