"""By what a run is known: scenario, seed, people and the code that computes it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from engine.kernel import catalog
from simulations.scenario.whole import Scenario

_ROOT = catalog.DATA.parent
# What a run reads of the tree: code, schemas and declared data. Scenarios count by what they say, and what
# is only shown to people (the guide, notebooks, reports' texts) counts for nothing.
_READ = {
    "engine": (".py", ".sql"),
    "simulations": (".py",),
    "data": (".toml", ".po", ".json", ".txt", ".typ", ".csv"),
}
_BESIDE = {"var", "scenarios", "guide", "notebooks", "reports"}


def _sources() -> Iterator[Path]:
    for folder, endings in _READ.items():
        for top in sorted((_ROOT / folder).iterdir()):
            if folder == "data" and top.name in _BESIDE:
                continue
            inside = sorted(top.rglob("*")) if top.is_dir() else [top]
            yield from (path for path in inside if path.suffix in endings)


@functools.cache
def code_version() -> str:
    """SHA-256 over the names and contents of all files that a run reads; looked at once a process."""
    running = hashlib.sha256()
    for path in _sources():
        content = path.read_bytes()
        name = path.relative_to(_ROOT).as_posix()
        running.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return running.hexdigest()


def identity(scenario: Scenario, seed: int, people: int, code: str = "") -> str:
    """The identity of a run: the same one gives the same log, byte for byte.

    `code` is the version of the code, where it is not the present one.
    """
    told = {
        "scenario": scenario.digest,
        "seed": seed,
        "people": people,
        "code": code or code_version(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
