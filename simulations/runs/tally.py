"""What a run tells while it runs: all its shards together, twice a second at most, and the live boards."""

from __future__ import annotations

import collections
import os
import socket
import time
from collections.abc import Callable

from simulations import invariants
from simulations.background import Teller, write_json
from simulations.runs.folder import Folder
from simulations.runs.plan import Plan
from simulations.runs.telling import RunProgress
from simulations.shards import Outcome, Progress

_RATE_OVER_S = 10.0
# A shard at its horizon still has to be checked and written.
_NOT_DONE = 0.99
_Key = tuple[int, int]


class Tally(Teller):
    """Adds up what the shards tell, and writes it where whoever watches finds it."""

    def __init__(
        self, plan: Plan, folder: Folder, known: list[Outcome], listen: Callable[[Progress], None]
    ) -> None:
        self._plan, self._listen = plan, listen
        self._shards = plan.replications * plan.scenario.shards
        self._done: dict[_Key, Outcome] = {(one.replication, one.shard): one for one in known}
        self._live: dict[_Key, Progress] = {}
        self._seen: collections.deque[tuple[float, int]] = collections.deque()
        self.retries = 0
        super().__init__(folder, len(self._done) / self._shards)

    # -- hearing ---------------------------------------------------------------------------------

    def hear(self, progress: Progress) -> None:
        """A shard has told where it is."""
        key = (progress.replication, progress.shard)
        if key in self._done:
            return
        before = self._live.get(key)
        if before is not None and progress.now_ms < before.now_ms:
            # Somebody else has begun it again: whoever had it is gone.
            self.retries += 1
        self._live[key] = progress
        if progress.board is not None:
            self._write_board(progress)
        if self._state == "starting":
            self._state = "running"
        self.write(soon=False)
        self._listen(progress)

    def lost(self, replication: int, shard: int) -> None:
        """Whoever computed a shard is gone; it begins again."""
        self._live.pop((replication, shard), None)
        self.retries += 1
        self.write()

    def done(self, outcome: Outcome) -> None:
        """A shard is done."""
        key = (outcome.replication, outcome.shard)
        self._live.pop(key, None)
        self._done[key] = outcome
        self.write(soon=False)

    def paused(self, wait: Callable[[], None]) -> None:
        """Wait, in the state paused; the rate of before says nothing of what comes after."""

        def waiting() -> None:
            wait()
            self._seen.clear()

        super().paused(waiting)

    # -- telling ---------------------------------------------------------------------------------

    def progress(self, problem: str = "") -> RunProgress:
        """Everything together."""
        done, live = self._done.values(), self._live.values()
        actions = sum(one.actions for one in done) + sum(one.actions for one in live)
        share = (len(done) + sum(min(one.share, _NOT_DONE) for one in live)) / self._shards
        ended = self._state in ("finished", "broken")
        start, end = self._plan.scenario.start_ms, self._plan.scenario.end_ms
        return RunProgress(
            state=self._state,
            shards=self._shards,
            shards_done=len(done),
            people=self._plan.people * self._plan.replications,
            arrived=sum(one.people for one in done) + sum(one.arrived for one in live),
            finished=sum(one.finished for one in done) + sum(one.finished for one in live),
            actions=actions,
            rate=self._rate(actions),
            now_ms=min((one.now_ms for one in live), default=end if done else start),
            share=1.0 if ended else share,
            eta_s=0.0 if ended else self.left(share),
            seconds=round(self.seconds, 2),
            violations=sum(invariants.broken(one.findings) for one in done),
            retries=self.retries,
            pid=os.getpid(),
            host=socket.gethostname(),
            heartbeat_ms=self._wall.now_ms(),
            problem=problem,
        )

    def _rate(self, actions: int) -> float:
        moment = time.monotonic()
        # A shard that begins again takes its actions back: the rate then begins again too.
        if self._seen and self._seen[-1][1] > actions:
            self._seen.clear()
        self._seen.append((moment, actions))
        while len(self._seen) > 2 and moment - self._seen[0][0] > _RATE_OVER_S:
            self._seen.popleft()
        since, before = self._seen[0]
        if moment - since < 0.2 or self._state in ("paused", "stopped", "failed"):
            return 0.0
        return round((actions - before) / (moment - since), 1)

    def _write_board(self, progress: Progress) -> None:
        if progress.board is not None:
            name = f"board-{progress.replication}-{progress.shard}.json"
            write_json(self._folder.path / name, progress.board)
