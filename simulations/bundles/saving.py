"""Writing a bundle: the error, the act, the world, the log around it, and versions; no personal value.

An argument is told by its name, its kind and its length unless it is an id or one of few declared words
(`replaying.traces`); an error by its type, its code and where in our source it was raised, never by its
text; a fact of the log like an argument. So nothing here can hold a name, a number or a secret.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import traceback
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from engine.boot import World, tables
from engine.boot.world import WorldFile
from engine.kernel import catalog, errors, events, ids
from simulations.replaying import traces

FORMAT = 1
MANIFEST, LOG, PICTURE, DIGEST = "bundle.json", "events.jsonl", "screen.svg", "digest.txt"
# So many facts before the error.
_SLICE = 120
_LIBRARIES = ("cryptography", "numpy", "pyarrow", "pydantic", "simpy", "streamlit")
_ROOT = Path(__file__).resolve().parents[2]
_BYTES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong: the error, and the act that it came out of where that is known."""

    problem: BaseException
    action: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    # Where: a page, a path of a door, a command.
    screen: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The run that a world comes from: with its plan the world can be made again."""

    folder: Path
    shard: int = 0
    replication: int = 0


def place(world: World | None) -> Path:
    """Where bundles of a world go: beside its database, or among the console's own files."""
    if world is not None and world.path is not None and (world.path / "world.toml").exists():
        return world.path / "bundles"
    return catalog.DATA / "var" / "bundles"


def save(
    failure: Failure,
    world: World | None,
    *,
    run: Run | None = None,
    out: Path | None = None,
    rights: tuple[str, ...] = (),
) -> Path:
    """Write a bundle of what went wrong; where it is."""
    incident = failure.incident or ids.token(ids.system_entropy, _BYTES)
    log, head = _log_of(world)
    told = {
        "format": FORMAT,
        "incident": incident,
        "error": _error(failure.problem),
        "act": {"action": failure.action, "arguments": traces.plain(failure.arguments)},
        "screen": failure.screen,
        "rights": sorted(rights),
        "world": _world(world),
        "log": head,
        "run": None if run is None else _run(run),
        "versions": _versions(),
    }
    manifest = json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    target = (out or place(world)) / f"bundle-{incident}.zip"
    _write(target, {MANIFEST: manifest.encode(), LOG: log})
    return target


def picture_added(path: Path, picture: bytes) -> None:
    """Add the screen as it was drawn."""
    with zipfile.ZipFile(path) as kept:
        files = {name: kept.read(name) for name in kept.namelist() if name != DIGEST}
    _write(path, {**files, PICTURE: picture})


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the names and contents of a bundle's files."""
    running = hashlib.sha256()
    for name in sorted(files):
        running.update(f"{name} {len(files[name])}\n".encode())
        running.update(files[name])
    return running.hexdigest()


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, DIGEST: digest_of(files).encode()}.items():
            # A fixed date: the file says nothing of when it was written but what the manifest says.
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.new")
    draft.write_bytes(made.getvalue())
    os.replace(draft, target)


# -- what is told ----------------------------------------------------------------------------------


def _error(problem: BaseException) -> dict[str, Any]:
    told: dict[str, Any] = {"type": type(problem).__name__, "module": type(problem).__module__}
    if isinstance(problem, errors.EngineError):
        told |= {"code": problem.code, "params": traces.plain(problem.params)}
    told["trace"] = [_frame(one) for one in traceback.extract_tb(problem.__traceback__)]
    cause = problem.__cause__ or problem.__context__
    return told | ({"cause": _error(cause)} if cause is not None else {})


def _frame(one: traceback.FrameSummary) -> str:
    path = Path(one.filename)
    inside = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path(path.name)
    # A library by its own name and not by where this machine keeps it.
    parts = inside.parts
    if "site-packages" in parts:
        inside = Path(*parts[parts.index("site-packages") + 1 :])
    return f"{inside}:{one.lineno} {one.name}"


def _world(world: World | None) -> dict[str, Any] | None:
    if world is None:
        return None
    told: dict[str, Any] = {"id": world.id, "kind": world.kind, "now": world.engine.now()}
    declared = None if world.path is None else world.path / "world.toml"
    if declared is not None and declared.exists():
        file = catalog.load(declared, WorldFile)
        told |= {"seed": file.seed, "reference_ms": file.reference_ms}
    return told


def _log_of(world: World | None) -> tuple[bytes, dict[str, Any] | None]:
    if world is None:
        return b"", None
    with world.engine.parts.db.read() as connection:
        head = events.head(connection)
        slice_ = events.read(connection, after=max(0, head.seq - _SLICE), limit=_SLICE)
    lines = [json.dumps(_event(one), ensure_ascii=False, sort_keys=True) for one in slice_]
    return "".join(f"{line}\n" for line in lines).encode(), {"seq": head.seq, "mac": head.mac.hex()}


def _event(one: events.Event) -> dict[str, Any]:
    """An event with ids, codes and the names of the columns that it wrote; no ciphertext."""
    rows = [[table, row_id, sorted(values or {})] for table, row_id, values in one.changes]
    return {
        "seq": one.seq,
        "occurred_at": one.occurred_at,
        "operation": one.operation,
        "actor": one.actor,
        "action": one.action,
        "kind": one.kind,
        "subject": one.subject,
        "facts": traces.plain(one.facts),
        "rows": rows,
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "name": run.folder.name,
        "shard": run.shard,
        "replication": run.replication,
        "plan": json.loads((run.folder / "plan.json").read_text(encoding="utf-8")),
    }


def _versions() -> dict[str, str]:
    libraries = {name: metadata.version(name) for name in _LIBRARIES}
    return {"engine": tables.ENGINE_VERSION, "python": platform.python_version(), **libraries}
