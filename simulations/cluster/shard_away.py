"""A shard on a worker of a cluster: computed on its own disk, told of, its files brought home."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import distributed

from simulations.runs.executing import Failed, outcome_or_failure
from simulations.scenario import code_version
from simulations.shards import Outcome, Progress, Spec, Stopped

_ASK_EVERY_S = 1.0
_WAIT_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a worker needs of a run beside the shard."""

    name: str
    code: str
    # A file of the run's folder that only its own disk shows, and what is in it.
    mark: Path
    marked: str

    def event(self, what: str) -> str:
        """The name of an event of the cluster that tells the workers something."""
        return f"yinxin-{self.name}-{what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What comes back: the outcome or the failure, and the files where the disks are not shared."""

    told: Outcome | Failed
    files: dict[str, bytes] = dataclasses.field(default_factory=dict)


def compute(spec: Spec, errand: Errand) -> Home:
    """Run one shard; it may have been begun before by a worker that is gone."""
    if code_version() != errand.code:
        why = "the worker has another version of the program"
        return Home(told=Failed(replication=spec.replication, shard=spec.shard, why=why))
    with tempfile.TemporaryDirectory(prefix="yinxin-shard-") as place:
        there = Path(place)
        told = outcome_or_failure(dataclasses.replace(spec, out=there), _teller(errand))
        if isinstance(told, Failed):
            return Home(told=told)
        found = sorted(path for path in there.iterdir() if path.is_file())
        files = {path.name: path.read_bytes() for path in found}
    if shares_disk(errand):
        bring_home(spec.out, files)
        return Home(told=told)
    return Home(told=told, files=files)


def shares_disk(errand: Errand) -> bool:
    """Whether a worker sees the disk of the run."""
    with contextlib.suppress(OSError):
        return errand.mark.read_text(encoding="utf-8") == errand.marked
    return False


def bring_home(out: Path, files: dict[str, bytes]) -> None:
    """Put the files of a shard where they belong, each whole or not at all.

    Two workers may bring the same one, where the first was thought dead: they bring the same bytes.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        number, draft = tempfile.mkstemp(prefix=f"{name}.", suffix=".new", dir=out)
        with os.fdopen(number, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(out / name)


def _teller(errand: Errand) -> Callable[[Progress], None]:
    worker = distributed.get_worker()
    stop, pause = (distributed.Event(errand.event(what)) for what in ("stop", "pause"))
    asked = 0.0

    def tell(progress: Progress) -> None:
        nonlocal asked
        told: dict[str, Any] = dataclasses.asdict(progress)
        worker.log_event(errand.event("progress"), {"told": told})
        moment = time.monotonic()
        if moment < asked:
            return
        asked = moment + _ASK_EVERY_S
        never = threading.Event()
        while pause.is_set() and not stop.is_set():
            never.wait(_WAIT_S)
        if stop.is_set():
            raise Stopped

    return tell
