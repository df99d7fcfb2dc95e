"""Who computes the shards: this process, or processes of its own beside it.

Every worker runs `run_shard` and nothing else. A worker that dies costs time and no results: its shard
begins again with another one. Workers of a run whose parent is gone end by themselves.
"""

from __future__ import annotations

import collections
import contextlib
import multiprocessing
import multiprocessing.connection
import multiprocessing.context
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.kernel import errors
from simulations import background, shards
from simulations.background import Order
from simulations.runs.tally import Tally
from simulations.shards import Outcome, Progress, Spec, Stopped

# A shard that takes its worker along this often does it again the next time.
MOST_TRIES = 4
_LOOK_S = 0.2
_END_S = 10.0


class WorkerLost(errors.ProviderUnavailable):
    """The worker of shard {shard} of replication {replication} died {times} times (last exit code {code}).
    Often the machine has too little memory: take fewer workers or more shards, then resume the run."""


class ShardFailed(errors.ProviderUnavailable):
    """Shard {shard} of replication {replication} failed: {why}."""


# What an executor needs of its run: where to tell, and what it was told.
Watch = background.Watch[Tally]


def inline(specs: list[Spec], watch: Watch) -> Iterator[Outcome]:
    """Everything here, one after the other."""

    def tell(progress: Progress) -> None:
        watch.tally.hear(progress)
        watch.obey()

    for spec in specs:
        watch.obey()
        yield shards.run_shard(spec, tell)


# -- a pool ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Worker:
    process: multiprocessing.context.SpawnProcess
    line: multiprocessing.connection.Connection
    spec: Spec | None = None


def pool(specs: list[Spec], workers: int, watch: Watch) -> Iterator[Outcome]:
    """Processes of our own, each with one shard at a time.

    Raises: WorkerLost; Stopped.
    """
    crew = _Crew(specs, watch)
    try:
        for _ in range(min(workers, len(specs))):
            crew.engage()
        while crew.busy():
            crew.pass_on(watch.orders())
            yield from crew.heard()
            watch.tally.beat()
    finally:
        crew.dismiss()


class _Crew:
    """The workers of a pool and the shards that wait for one."""

    def __init__(self, specs: list[Spec], watch: Watch) -> None:
        self._waiting = collections.deque(specs)
        self._tally = watch.tally
        self._workers: list[_Worker] = []
        self._deaths: collections.Counter[tuple[int, int]] = collections.Counter()
        self._told: Order = "go"
        self._pause: contextlib.ExitStack | None = None
        # Never fork: the parent may be a threaded server.
        self._context = multiprocessing.get_context("spawn")

    def engage(self) -> None:
        """Start a worker, with the next shard."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process=process, line=ours)
        self._workers.append(worker)
        self._assign(worker)

    def _assign(self, worker: _Worker) -> None:
        worker.spec = self._waiting.popleft() if self._waiting else None
        with contextlib.suppress(OSError):
            # Where it is dead, its end is heard of in a moment.
            worker.line.send(worker.spec)
            if worker.spec is not None and self._told != "go":
                worker.line.send(self._told)

    def busy(self) -> bool:
        """Whether any shard is not done."""
        return any(worker.spec is not None for worker in self._workers)

    def pass_on(self, order: Order) -> None:
        """Tell the workers what the run was told.

        Raises: Stopped.
        """
        if order != self._told:
            self._told = order
            for worker in self._workers:
                with contextlib.suppress(OSError):
                    worker.line.send(order)
            if order != "stop":
                self._tally.becomes("paused" if order == "pause" else "running")
        if order == "stop":
            self._tally.becomes("stopping")
            raise Stopped

    def heard(self) -> Iterator[Outcome]:
        """What the workers have told since: outcomes come out, progress is passed on."""
        lines: dict[Any, _Worker] = {worker.line: worker for worker in self._workers}
        for line in multiprocessing.connection.wait(list(lines), timeout=_LOOK_S):
            worker = lines[line]
            try:
                told = worker.line.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if isinstance(told, Progress):
                self._tally.hear(told)
            elif isinstance(told, Outcome):
                self._assign(worker)
                yield told
            else:
                raise_failed(told)

    def _replace(self, worker: _Worker) -> None:
        """Another worker in the place of one that died, which begins its shard again.

        Raises: WorkerLost.
        """
        self._workers.remove(worker)
        worker.line.close()
        worker.process.join(_END_S)
        spec, code = worker.spec, worker.process.exitcode
        if spec is None:
            return
        key = (spec.replication, spec.shard)
        self._deaths[key] += 1
        self._tally.lost(*key)
        if self._deaths[key] >= MOST_TRIES:
            raise WorkerLost(
                shard=spec.shard, replication=spec.replication, times=MOST_TRIES, code=str(code)
            )
        self._waiting.appendleft(spec)
        self.engage()

    def dismiss(self) -> None:
        """End every worker."""
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.line.send("stop")
        for worker in self._workers:
            worker.process.join(_END_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join(_END_S)
            worker.line.close()


def _work(line: multiprocessing.connection.Connection) -> None:
    """The whole life of a worker: a shard, another one, and its end when there is none."""
    # Ctrl-C reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def tell(progress: Progress) -> None:
        line.send(progress)
        paused = False
        while paused or line.poll():
            order = line.recv()
            if order == "stop":
                raise Stopped
            paused = order == "pause"

    # A parent that is gone closes the line: then there is nobody to work for.
    with contextlib.suppress(EOFError, OSError, Stopped):
        while (spec := line.recv()) not in (None, "stop"):
            if isinstance(spec, Spec):
                line.send(outcome_or_failure(spec, tell))


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a shard failed, as it travels between processes."""

    replication: int
    shard: int
    why: str
    errno: int = 0


def outcome_or_failure(spec: Spec, tell: Callable[[Progress], None]) -> Outcome | Failed:
    """A shard's outcome, or what it failed of, for who can't catch what is raised here."""
    try:
        return shards.run_shard(spec, tell)
    except (Stopped, EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as problem:  # noqa: BLE001 (the parent tells of it and ends the run)
        why, number = f"{type(problem).__name__}: {problem}", getattr(problem, "errno", 0) or 0
        return Failed(replication=spec.replication, shard=spec.shard, why=why, errno=number)


def raise_failed(failed: Failed) -> None:
    """Raise what a shard failed of.

    Raises: OSError, where the system refused something; ShardFailed.
    """
    if failed.errno:
        raise OSError(failed.errno, f"shard {failed.replication}-{failed.shard}: {failed.why}")
    raise ShardFailed(shard=failed.shard, replication=failed.replication, why=failed.why)
