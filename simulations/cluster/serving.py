"""The processes of a cluster: a scheduler, and workers that are restarted when they die."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from engine.kernel import errors
from simulations import cluster

# So long a worker's process may take to begin, and look for its scheduler.
_BEGIN_S = 120


class ClusterAddressUnusable(errors.ConfigurationError):
    """The cluster's address {address} cannot be used: {why}"""


def _settings(lost_after: int) -> dict[str, object]:
    silence = f"{lost_after}s"
    return cluster.SETTINGS | {
        "distributed.scheduler.worker-ttl": silence,
        "distributed.comm.timeouts.tcp": silence,
        "distributed.comm.timeouts.connect": silence,
        "distributed.admin.log-format": "%(asctime)s %(message)s",
    }


def scheduler(folder: Path, host: str, port: int, lost_after: int) -> None:
    """Be a scheduler until the end is asked for.

    Raises: CredentialsMissing; ClusterAddressUnusable.
    """
    import dask
    import distributed

    security = cluster.security_of(folder)

    async def serve(ended: asyncio.Event) -> None:
        async with distributed.Scheduler(
            host=host,
            port=port,
            protocol="tls",
            security=security,
            dashboard=False,
            dashboard_address="127.0.0.1:0",
        ):
            await ended.wait()

    with dask.config.set(_settings(lost_after)):
        _run(serve, f"{host}:{port}")


def worker(folder: Path, address: str, host: str, processes: int, lost_after: int) -> None:
    """Be workers of a scheduler until the end is asked for, or the scheduler is gone.

    Raises: CredentialsMissing; ClusterAddressUnusable.
    """
    import dask
    import distributed

    security = cluster.security_of(folder)

    async def serve(ended: asyncio.Event) -> None:
        async with contextlib.AsyncExitStack() as crew:
            place = crew.enter_context(tempfile.TemporaryDirectory(prefix="yinxin-worker-"))
            nannies = [
                await crew.enter_async_context(
                    distributed.Nanny(
                        address,
                        nthreads=1,
                        host=host or None,
                        protocol="tls",
                        security=security,
                        local_directory=place,
                        dashboard_address="127.0.0.1:0",
                        death_timeout=_BEGIN_S,
                        config=_settings(lost_after),
                    )
                )
                for _ in range(processes)
            ]
            gone = [asyncio.ensure_future(one.finished()) for one in nannies]
            await asyncio.wait(
                [*gone, asyncio.ensure_future(ended.wait())], return_when=asyncio.FIRST_COMPLETED
            )

    with dask.config.set(_settings(lost_after)):
        _run(serve, address)


def _run(serve: Callable[[asyncio.Event], Awaitable[None]], address: str) -> None:
    async def until_told() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        await serve(ended)

    try:
        asyncio.run(until_told())
    except (OSError, RuntimeError, TimeoutError, ValueError) as problem:
        raise ClusterAddressUnusable(
            file=address, problem="", address=address, why=str(problem.__cause__ or problem)[:200]
        ) from problem
