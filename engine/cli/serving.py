"""`yinxin serve` and `yinxin work`: the two processes of a running world, and who watches over them.

The console answers people; the worker is the only one that speaks to outside parties. Killing either
loses nothing, and the supervisor starts it again (decision 3).
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine import worker
from engine.cli import shell
from engine.kernel import catalog, clock, errors

if TYPE_CHECKING:
    from engine import boot
    from engine.cli.lan import Lan

HOST = "127.0.0.1"
_HERE = catalog.DATA.parent
_STEP_S = 0.2
_FIRST_ANSWER_S = 120
_GRACE_S = 10
# A child that ends sooner than this after its start has not really started.
_SHORT_LIFE_S = 10.0
_SHORT_LIVES = 5
_SWEEP_MS = clock.MINUTE
_PR_SET_PDEATHSIG = 1


class PortTaken(errors.ConfigurationError):
    """Port {port} is in use. Stop what uses it, or choose another: yinxin serve --port {other}"""


def _die_with_parent() -> None:
    """Linux: a child does not outlive a supervisor that was killed, and keeps no port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process, started again when it ends."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.short_lives = 0
        self._command = command
        self._environment = environment
        self._due = 0.0
        self._began = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process."""
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            cwd=_HERE,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches the supervisor alone, which stops both in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def watch(self) -> int | None:
        """Start it again where it has ended; the exit code that was seen just now."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._due:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            return None
        short = now - self._began < _SHORT_LIFE_S
        self.short_lives = self.short_lives + 1 if short else 0
        self._due = now + (0.0 if self.short_lives <= 1 else _STEP_S * 2**self.short_lives)
        self._process = None
        return code

    def stop(self) -> None:
        """End it, gently first."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Where the console is to be found."""

    port: int
    world: Path
    lan: Lan | None = None

    @property
    def address(self) -> str:
        """Its address for a browser on this machine."""
        scheme = "http" if self.lan is None else "https"
        return f"{scheme}://{HOST}:{self.port}/"

    def answers(self) -> bool:
        """Whether it answers."""
        try:
            health = f"{self.address}_stcore/health"
            trusting = None if self.lan is None else self.lan.trusting()
            with urllib.request.urlopen(health, timeout=2, context=trusting) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def _children(console: Console) -> list[Child]:
    environment = {**os.environ, "YINXIN_WORLD": str(console.world), "PYTHONUTF8": "1"}
    web = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    web += ["--server.port", str(console.port), "--server.headless", "true"]
    if console.lan is None:
        web += ["--server.address", HOST]
    else:
        web += console.lan.options()
        hosts = environment.get("YINXIN_HOSTS", "")
        environment |= console.lan.environment(console.port, hosts)
    work_on = [sys.executable, "-m", "engine.cli", "work", "--world", str(console.world)]
    return [Child("console", web, environment), Child("worker", work_on, environment)]


def _require_free(port: int, host: str = HOST) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise PortTaken(file="port", problem="", port=port, other=port + 1) from problem


def _announce(console: Console, stop: threading.Event) -> None:
    deadline = time.monotonic() + _FIRST_ANSWER_S
    while not stop.wait(_STEP_S) and time.monotonic() < deadline:
        if console.answers():
            shell.say("Yinxin 印信 is open at {address}", address=console.address)
            shell.say("World: {path}. Ctrl-C stops it.", path=console.world)
            if console.lan is not None:
                _announce_lan(console.lan, console.port, stop)
            return


def _announce_lan(lan: Lan, port: int, stop: threading.Event) -> None:
    from engine.cli import lan as on_lan

    giver = on_lan.give_root(lan, port)
    on_lan.announce(lan, port, None if giver is None else port + 1)
    stop.wait()
    if giver is not None:
        giver.shutdown()
        giver.server_close()


def _supervise(children: list[Child], stop: threading.Event) -> bool:
    """Keep the children running until `stop`; whether it came to that."""
    while not stop.wait(_STEP_S):
        for child in children:
            code = child.watch()
            if code is None:
                continue
            if child.short_lives >= _SHORT_LIVES:
                shell.say(
                    "The {name} does not stay up (exit code {code}): see above.",
                    name=child.name,
                    code=code,
                    err=True,
                )
                return False
            shell.say(
                "The {name} ended (exit code {code}) and is started again.",
                name=child.name,
                code=code,
                err=True,
            )
    return True


def _lan_of(folder: Path, names: list[str]) -> Lan:
    # Here, because it loads the whole engine.
    from engine.cli import lan

    return lan.of_world(folder, names)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The console's port.")] = 8501,
    world: shell.WorldOption = None,
    lan: Annotated[
        bool,
        typer.Option("--lan", help="Serve phones in this network too, over TLS (demo worlds)."),
    ] = False,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", help="With --lan: another name or address of this machine."),
    ] = None,
) -> None:
    """Open the console of a world, and the worker that does its jobs.

    Two processes are watched and started again when they end: the console at http://127.0.0.1:PORT/
    (this machine only) and [bold]yinxin work[/bold]. Ctrl-C stops both. Exit code 2 when there is no world
    or the port is taken; 1 when a process does not stay up.

    With [bold]--lan[/bold] the console listens on every address of this machine, with a TLS certificate of
    the world's own CA, and prints the QR that opens the handset on a phone and the root it has to trust.
    """
    with shell.refusals():
        folder = shell.place(world)
        _require_free(port, "0.0.0.0" if lan else HOST)
        console = Console(port=port, world=folder, lan=_lan_of(folder, host or []) if lan else None)
        if not lan:
            # Brings the database up to date, and tells of a wrong configuration here and once.
            from engine.boot import anchoring

            with shell.opened(console.world) as found:
                anchoring.require_sound(found)
    shell.say("Opening {path}…", path=console.world)
    children = _children(console)
    with shell.stopping() as stop:
        for child in children:
            child.start()
        herald = threading.Thread(target=_announce, args=(console, stop), daemon=True)
        herald.start()
        try:
            asked = _supervise(children, stop)
        finally:
            stop.set()
            for child in children:
                child.stop()
            herald.join()
    shell.say("Stopped.")
    raise typer.Exit(0 if asked else 1)


def work(
    world: shell.WorldOption = None,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
) -> None:
    """Do a world's jobs: text messages, payments, certificates, seals, signatures, invoices.

    [bold]yinxin serve[/bold] runs it; several may run on one world, because a job is leased to one of
    them. Being killed loses nothing. It ends on Ctrl-C or SIGTERM, after the job in hand.
    """
    from engine.boot import anchoring

    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    logging.getLogger("pikepdf").setLevel(logging.WARNING)
    with shell.refusals(), shell.opened(world) as found, shell.stopping() as stop:
        anchoring.require_sound(found)
        owner = f"worker-{os.getpid()}"
        if once:
            shell.say("{count} things done", count=worker.tick(found, owner=owner))
        else:
            with anchoring.Keeper():
                _work_until(found, owner, stop)


def _work_until(world: boot.World, owner: str, stop: threading.Event) -> None:
    log, swept_at = logging.getLogger(__name__), 0
    while not stop.is_set():
        done = 0
        try:
            done = worker.run_due(world, owner=owner, limit=1) + world.deliver_due()
            if world.engine.now() >= swept_at + _SWEEP_MS:
                swept_at = world.engine.now()
                worker.sweep(world)
                world.look_after()
        except errors.ProviderUnavailable as busy:
            log.warning("%s", busy.code)
        if not done:
            stop.wait(worker.IDLE_MS / 1000)
