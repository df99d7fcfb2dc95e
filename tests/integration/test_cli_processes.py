"""`yinxin serve` and `yinxin work` as processes: they answer, they come back, they stop."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from engine import boot
from engine.cli import shell
from engine.kernel import actors
from engine.registration import actions as registration
from engine.registration.model import CodePurpose
from tests.integration.test_cli import run

PHONE = "13900000002"
COMMAND = Path(sys.executable).parent / "yinxin"
pytestmark = pytest.mark.xdist_group("processes")


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether something comes to hold within some seconds."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not holds():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.2)
    return True


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def child(process: psutil.Process, word: str) -> psutil.Process | None:
    """The supervisor's living child whose command line holds a word."""
    for one in process.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in one.cmdline():
                return one
    return None


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "world"
    assert run("world", "make", path).exit_code == 0
    return path


def ask_for_code(path) -> None:
    world = boot.open_world(path)
    asked = {"phone": PHONE, "purpose": CodePurpose.SIGN_IN, "terms_accepted": True}
    world.engine.perform(registration.request_code, asked, actor=actors.System(job="test"))
    shell.close(world)


def messages(path) -> int:
    world = boot.open_world(path)
    found = len(world.sms.outbox(PHONE))
    shell.close(world)
    return found


def start(*arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        [str(COMMAND), *(str(one) for one in arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def stop(process: subprocess.Popen, how: int) -> str:
    process.send_signal(how)
    told, _ = process.communicate(timeout=40)
    return told


def test_serve_answers_restarts_a_killed_process_and_stops_both(made):
    port = free_port()
    process = start("serve", "--port", port, "--world", made)
    try:
        assert until(lambda: healthy(port), 60), "the console does not answer"
        supervisor = psutil.Process(process.pid)
        first = child(supervisor, "work")
        first.kill()
        assert until(lambda: (child(supervisor, "work") or first).pid != first.pid, 20)
        ask_for_code(made)
        assert until(lambda: messages(made) == 1, 60), "the worker that came back does not work"
        console = child(supervisor, "streamlit")
        console.kill()
        assert until(lambda: (child(supervisor, "streamlit") or console).pid != console.pid, 20)
        assert until(lambda: healthy(port), 60), "the console did not come back"
        taken = run("serve", "--port", port, "--world", made)
        assert (taken.exit_code, str(port) in taken.stderr) == (2, True)
        children = supervisor.children()
        told = stop(process, signal.SIGINT)
    finally:
        if process.poll() is None:
            process.kill()
    assert process.returncode == 0
    assert not [one for one in children if one.is_running() and one.status() != "zombie"]
    assert f"http://127.0.0.1:{port}/" in told
    assert told.count("is started again") == 2
    assert "Traceback" not in told


def test_work_does_jobs_until_it_is_told_to_stop(made):
    process = start("work", "--world", made)
    try:
        ask_for_code(made)
        assert until(lambda: messages(made) == 1, 60)
        told = stop(process, signal.SIGTERM)
    finally:
        if process.poll() is None:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in told
