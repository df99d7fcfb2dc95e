"""Shards on the machines of a cluster, by dask.distributed (the extra `cluster`), with TLS always.

A worker that is lost costs time and no results: the scheduler hands its shard to another one. Files come
home in the result where a worker does not see the run's disk. Without an address, a cluster of this
machine's processes is made for the run alone.
"""

from __future__ import annotations

import contextlib
import os
import queue
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.kernel import clock
from simulations.background import Order
from simulations.cluster import credentials
from simulations.runs.executing import MOST_TRIES, Failed, Watch, WorkerLost, raise_failed
from simulations.runs.refusals import ClusterUnreachable, NoClusterHere
from simulations.scenario import code_version
from simulations.shards import Outcome, Progress, Spec, Stopped

if TYPE_CHECKING:
    import distributed

    from simulations.cluster.shard_away import Errand, Home

# The folder of the credentials with which a run meets the scheduler of a cluster.
CREDENTIALS = "YINXIN_CLUSTER_CREDENTIALS"
_LOOK_S = 0.2
MEET_S = 30


def outcomes(
    specs: list[Spec], folder: Path, workers: int, address: str, watch: Watch
) -> Iterator[Outcome]:
    """Every shard's outcome, as they are done.

    Raises: NoClusterHere, ClusterUnreachable, CredentialsMissing; WorkerLost, ShardFailed; Stopped.
    """
    try:
        import distributed  # noqa: F401 (whether the extra is there)
    except ImportError as problem:
        raise NoClusterHere(file="pyproject.toml", problem=str(problem)) from problem
    from simulations.cluster import shard_away

    mark = folder / ".mark"
    # Another one for each process of a run, so that what was told of an earlier one is not this one's.
    name = f"{os.getpid()}-{clock.SystemClock().now_ms()}"
    mark.write_text(name, encoding="utf-8")
    errand = shard_away.Errand(name=name, code=code_version(), mark=mark.resolve(), marked=name)
    try:
        with _met(workers, address) as client:
            yield from _Campaign(client, errand, watch).outcomes(specs)
    finally:
        mark.unlink(missing_ok=True)


@contextlib.contextmanager
def _met(workers: int, address: str) -> Iterator[distributed.Client]:
    """A client of the cluster, or of one that is made for it here.

    Raises: ClusterUnreachable; CredentialsMissing.
    """
    import dask
    import distributed

    with contextlib.ExitStack() as end:
        end.enter_context(dask.config.set(SETTINGS))
        if not address:
            place = Path(end.enter_context(tempfile.TemporaryDirectory(prefix="yinxin-cluster-")))
            credentials.make(place / "credentials")
            security = security_of(place / "credentials")
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                protocol="tls",
                security=security,
                dashboard_address="127.0.0.1:0",
                worker_dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                local_directory=str(place),
                silence_logs=50,
            )
            end.enter_context(cluster)
            yield end.enter_context(distributed.Client(cluster, security=security))
            return
        security = security_of(Path(os.environ.get(CREDENTIALS, "cluster")))
        try:
            client = distributed.Client(address, security=security, timeout=MEET_S)
        except (OSError, TimeoutError) as problem:
            raise ClusterUnreachable(address=address, why=str(problem)[:200]) from problem
        yield end.enter_context(client)


# No port without TLS is opened beside those of the cluster, and nobody without it is spoken to.
SETTINGS: dict[str, Any] = {
    "distributed.comm.require-encryption": True,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.scheduler.allowed-failures": MOST_TRIES - 1,
}


def security_of(folder: Path) -> distributed.Security:
    """What `distributed` is told of credentials.

    Raises: CredentialsMissing.
    """
    import distributed

    return distributed.Security(require_encryption=True, **credentials.files(folder))


class _Campaign:
    """The shards of a run on a cluster."""

    def __init__(self, client: distributed.Client, errand: Errand, watch: Watch) -> None:
        self._client, self._errand, self._watch = client, errand, watch
        self._told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._order: Order = "go"

    def outcomes(self, specs: list[Spec]) -> Iterator[Outcome]:
        """Hand the shards out and take their outcomes in.

        Raises: WorkerLost, ShardFailed, OSError; Stopped.
        """
        from simulations.cluster import shard_away

        topic = self._errand.event("progress")
        self._client.subscribe_topic(topic, lambda event: self._told.put(event[1]["told"]))
        waiting = {
            self._client.submit(
                shard_away.compute,
                spec,
                self._errand,
                pure=False,
                key=f"yinxin-{self._errand.name}-{spec.replication}-{spec.shard}",
            ): spec
            for spec in specs
        }
        try:
            while waiting:
                self._obey()
                self._hear()
                for future in [one for one in waiting if one.done()]:
                    yield self._home(waiting.pop(future), future)
                    future.release()
        except BaseException:
            self._event("stop").set()
            self._client.cancel(list(waiting))
            raise
        finally:
            self._client.unsubscribe_topic(topic)

    def _home(self, spec: Spec, future: distributed.Future) -> Outcome:
        import distributed

        from simulations.cluster import shard_away

        try:
            home: Home = future.result()
        except distributed.KilledWorker as problem:
            raise WorkerLost(
                shard=spec.shard, replication=spec.replication, times=MOST_TRIES, code="?"
            ) from problem
        if isinstance(home.told, Failed):
            raise_failed(home.told)
            raise AssertionError("a failure is raised")
        shard_away.bring_home(spec.out, home.files)
        return home.told

    def _hear(self) -> None:
        """Pass on what the workers have told, for a moment."""
        with contextlib.suppress(queue.Empty):
            self._watch.tally.hear(Progress(**self._told.get(timeout=_LOOK_S)))
            while True:
                self._watch.tally.hear(Progress(**self._told.get_nowait()))
        self._watch.tally.beat()

    def _obey(self) -> None:
        """Pass on what the run was told.

        Raises: Stopped.
        """
        order = self._watch.orders()
        if order == "stop":
            self._watch.tally.becomes("stopping")
            raise Stopped
        if order != self._order:
            self._order = order
            if order == "pause":
                self._event("pause").set()
            else:
                self._event("pause").clear()
            self._watch.tally.becomes("paused" if order == "pause" else "running")

    def _event(self, what: str) -> distributed.Event:
        import distributed

        return distributed.Event(self._errand.event(what), client=self._client)
