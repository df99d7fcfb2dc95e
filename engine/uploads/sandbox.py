"""Work on untrusted bytes in a process of its own, one for each piece of work, under hard limits.

A small process is started once and has the parsers loaded; for each job it forks a child that limits
itself (memory, CPU time, file size, open files, an alarm on the wall clock), answers, and ends. Whatever
the bytes do to the child, the caller gets a refusal. Needs neither `multiprocessing` nor a thread, so
that it works under Streamlit, in the worker and inside any pool.
"""

from __future__ import annotations

import array
import contextlib
import gc
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_HEADER = struct.Struct(">IQ")
# A document of 64 MiB, and what is asked about it.
_MOST = 66 * 1024 * 1024

Answer = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use (`security.md` 3.5)."""

    memory_bytes: int = 700 * 1024 * 1024
    cpu_seconds: int = 8
    file_bytes: int = 32 * 1024 * 1024
    open_files: int = 64
    wall_seconds: float = 12


class Killed(Exception):
    """The child did not live to answer: it hit a limit, or crashed."""


def _send(channel: socket.socket, told: dict[str, Any], content: bytes) -> None:
    head = json.dumps(told).encode()
    channel.sendall(_HEADER.pack(len(head), len(content)) + head)
    channel.sendall(content)


def _receive(channel: socket.socket) -> Answer:
    head_size, size = _HEADER.unpack(_exactly(channel, _HEADER.size))
    if head_size + size > _MOST:
        raise Killed
    told: dict[str, Any] = json.loads(_exactly(channel, head_size))
    return told, _exactly(channel, size)


def _exactly(channel: socket.socket, size: int) -> bytes:
    got = bytearray()
    while len(got) < size:
        piece = channel.recv(min(size - len(got), 1 << 20))
        if not piece:
            raise Killed
        got += piece
    return bytes(got)


class Sandbox:
    """The caller's side; one for a process, safe for threads. `module` is what the process runs."""

    def __init__(self, module: str, limits: Limits | None = None) -> None:
        self._module, self._limits = module, limits or Limits()
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def run(self, task: dict[str, Any], content: bytes) -> Answer:
        """What the child makes of `content`.

        Raises: Killed.
        """
        ours, theirs = socket.socketpair()
        with ours:
            ours.settimeout(self._limits.wall_seconds + 3)
            with theirs:
                self._hand_over(theirs)
            try:
                _send(ours, task, content)
                return _receive(ours)
            except (OSError, ValueError) as problem:
                raise Killed from problem

    def _hand_over(self, channel: socket.socket) -> None:
        rights = array.array("i", [channel.fileno()])
        message = ([b"j"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        with self._lock:
            try:
                self._started().sendmsg(*message)
            except OSError:
                self._end()
                self._started().sendmsg(*message)

    def _started(self) -> socket.socket:
        if self._control is not None and self._owner == os.getpid():
            return self._control
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # One thread a library, and nothing of our own environment or open files.
            environment = {
                "PYTHONPATH": str(_ROOT),
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
                "PATH": os.environ.get("PATH", ""),
            }
            told = [str(theirs.fileno()), json.dumps(asdict(self._limits))]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", self._module, *told],
                pass_fds=(theirs.fileno(),),
                env=environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control, self._owner = control, os.getpid()
        return control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
        self._control, self._process = None, None


Work = Callable[[dict[str, Any], bytes], Answer]


def serve(arguments: list[str], work: Work, warm: Callable[[], None]) -> None:
    """The process that forks: one child for each channel that comes in, until its caller is gone.

    `arguments` are the control socket's descriptor and the limits, as `Sandbox` gives them.
    """
    limits = Limits(**json.loads(arguments[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    warm()
    # What lives now lives for good: a child's collector need not touch (and so copy) it.
    gc.freeze()
    with socket.socket(fileno=int(arguments[0])) as control:
        while True:
            message, rights, _, _ = control.recvmsg(1, socket.CMSG_SPACE(4))
            if not message:
                return
            for _, _, packed in rights:
                channel = socket.socket(fileno=struct.unpack("i", packed[:4])[0])
                if os.fork() == 0:
                    control.close()
                    _be_child(channel, work, limits)
                channel.close()


def _be_child(channel: socket.socket, work: Work, limits: Limits) -> None:
    try:
        limit(limits)
        task, content = _receive(channel)
        _send(channel, *work(task, content))
    finally:
        # Whatever happened: no clean-up of the parent's state, no traceback of somebody's file.
        os._exit(0)


def limit(limits: Limits) -> None:
    """Put this process under its limits; nothing can lift them again."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


PAPERS = Sandbox("engine.uploads.child")
FACES = Sandbox("engine.uploads.face_child")
IMPRESSIONS = Sandbox("engine.uploads.impression_child")
VIEWS = Sandbox("engine.uploads.viewing_child")
# Every page of a contract is drawn before and after.
CONTRACTS = Sandbox("engine.uploads.contract_child", Limits(cpu_seconds=40, wall_seconds=60))
