"""A scheduler and two workers in network namespaces with private disks, one cut off in the middle.

Namespaces need root and `ip`; where that is not allowed the test counts as run 0 times.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.kernel import catalog
from simulations import runs
from simulations.cluster import credentials
from tests.support import short_way

ROOT = catalog.DATA.parent
PATIENCE_S = 400
PORT = 8786
_DRIVER = """
import sys
from pathlib import Path
import distributed
from simulations import cluster, runs
from tests.support import short_way
address, credentials, folder = sys.argv[1:]
with distributed.Client(address, security=cluster.security_of(Path(credentials))) as client:
    client.wait_for_workers(2, timeout=300)
plan = short_way.plan(6, shard_count=6, executor="cluster", cluster=address)
runs.carry_out(plan, runs.Folder(Path(folder)))
"""


def run(*command: str) -> None:
    """A command that has to succeed."""
    subprocess.run(command, check=True, capture_output=True)


def allowed() -> bool:
    """Whether this machine lets us make network and mount namespaces."""
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which("unshare"):
        return False
    name = f"yx{os.getpid()}p"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if made.returncode:
        return False
    tried = subprocess.run(
        ["ip", "netns", "exec", name, "unshare", "--mount", "true"],
        capture_output=True,
        check=False,
    )
    run("ip", "netns", "del", name)
    return tried.returncode == 0


class Machines:
    """Three network namespaces: a scheduler with a bridge, and two workers on it."""

    def __init__(self) -> None:
        prefix = f"yx{os.getpid()}"
        self.hub, self.one, self.two = (f"{prefix}{letter}" for letter in "hab")

    @contextlib.contextmanager
    def up(self) -> Iterator[Machines]:
        """The machines, joined; gone afterwards."""
        try:
            for name in (self.hub, self.one, self.two):
                run("ip", "netns", "add", name)
                run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", self.hub, "link", "add", "bridge", "type", "bridge")
            run("ip", "-n", self.hub, "addr", "add", "10.99.7.1/24", "dev", "bridge")
            run("ip", "-n", self.hub, "link", "set", "bridge", "up")
            for number, name in enumerate((self.one, self.two), start=2):
                port = f"port{number}"
                run(
                    *("ip", "-n", self.hub, "link", "add", port, "type", "veth"),
                    *("peer", "name", "eth0", "netns", name),
                )
                run("ip", "-n", self.hub, "link", "set", port, "master", "bridge", "up")
                run("ip", "-n", name, "addr", "add", f"10.99.7.{number}/24", "dev", "eth0")
                run("ip", "-n", name, "link", "set", "eth0", "up")
            yield self
        finally:
            for name in (self.hub, self.one, self.two):
                subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)

    def cut(self) -> None:
        """Pull the second worker's cable."""
        run("ip", "-n", self.hub, "link", "set", "port3", "down")


@contextlib.contextmanager
def process(log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with all that it starts, ended afterwards."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.wait(10)


def wait_until(done: Callable[[], bool], while_running: subprocess.Popen[bytes], log: Path) -> None:
    """Look again and again; fails when the process has ended first, or when it takes far too long."""
    wait = threading.Event()
    for _ in range(PATIENCE_S * 20):
        if done():
            return
        assert while_running.poll() is None, log.read_text(encoding="utf-8")
        wait.wait(0.05)
    raise AssertionError("it did not come")


@pytest.mark.row("SIM-7")
def test_a_campaign_over_machines_of_which_one_is_cut_off(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    times = int(allowed())
    for _ in range(count(times, times)):
        campaign(tmp_path)


def campaign(tmp_path: Path) -> None:
    """Six shards on two machines that see nothing of each other's disks; the second loses its link."""
    keys, hidden = tmp_path / "credentials", tmp_path / "disk"
    hidden.mkdir()
    credentials.make(keys)
    here = runs.carry_out(short_way.plan(6, shard_count=6), runs.Folder(tmp_path / "here"))
    yinxin = [sys.executable, "-c", "from simulations.cli import main; main()", "cluster"]
    address = f"tls://10.99.7.1:{PORT}"
    folder = runs.Folder(hidden / "run")
    with Machines().up() as machines, contextlib.ExitStack() as running:

        def begin(where: str, log: str, *command: str) -> subprocess.Popen[bytes]:
            inside = ("ip", "netns", "exec", where, *command)
            return running.enter_context(process(tmp_path / log, *inside))

        given = ["--credentials", str(keys), "--lost-after", "15"]
        begin(machines.hub, "scheduler.log", *yinxin, "scheduler", "--host", "10.99.7.1", *given)
        for number, where in enumerate((machines.one, machines.two), start=2):
            # Its own disk where the run's is, and where files of a shard go meanwhile.
            private = f'mount -t tmpfs tmpfs {hidden} && TMPDIR={hidden} exec "$0" "$@"'
            worker = [*yinxin, "worker", address, "--host", f"10.99.7.{number}", *given]
            begin(where, f"worker-{number}.log", "unshare", "--mount", "sh", "-c", private, *worker)
        os.environ["YINXIN_CLUSTER_CREDENTIALS"] = str(keys)
        try:
            driver = begin(
                machines.hub,
                "driver.log",
                sys.executable,
                "-c",
                _DRIVER,
                *(address, str(keys), str(folder.path)),
            )
        finally:
            del os.environ["YINXIN_CLUSTER_CREDENTIALS"]
        wait_until(lambda: len(folder.boards()) >= 2, driver, tmp_path / "driver.log")
        machines.cut()
        assert driver.wait(PATIENCE_S) == 0, (tmp_path / "driver.log").read_text()
    manifest = folder.manifest()
    assert manifest is not None
    assert (manifest["digest"], manifest["violations"]) == (here.digest, 0)
    assert len(folder.worlds()) == 6
    # The scheduler missed the worker whose cable was pulled, and none of its files was seen from here.
    log = (tmp_path / "scheduler.log").read_text(encoding="utf-8")
    assert "Remove worker addr: tls://10.99.7.3" in log
