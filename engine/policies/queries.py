"""Which setting is in force."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, TypeVar

from engine.kernel import actors, catalog, errors
from engine.kernel.reader import Reader
from engine.policies import model

S = TypeVar("S", bound=model.Setting)
# What is asked of the versions in force stands before it.
_APPROVED = (
    " FROM policy_version p WHERE kind = ? AND approved_at IS NOT NULL AND effective_at <= ?"
)
_IN_FORCE = f"{_APPROVED} AND name = ? ORDER BY version DESC LIMIT 1"
_ALL_IN_FORCE = (
    f"SELECT name, body{_APPROVED} AND NOT EXISTS (SELECT 1 FROM policy_version n"  # noqa: S608
    " WHERE n.kind = p.kind AND n.name = p.name AND n.version > p.version"
    " AND n.approved_at IS NOT NULL AND n.effective_at <= ?) ORDER BY id"
)


class SettingUnknown(errors.NotFound):
    """There is no {kind} called “{name}”."""


class MayNotSet(errors.NotPermitted):
    """Your role does not allow you to change settings."""


def require_manager(q: Reader, kind: str = "") -> actors.Staff:
    """The actor, who must be staff that manages settings; what roles allow is set by who grants them.

    Raises: MayNotSet.
    """
    needed = model.Right.MANAGE_STAFF if kind == model.Role.KIND else model.Right.MANAGE_SETTINGS
    actor = q.actor
    if not isinstance(actor, actors.Staff) or not any(
        needed in grant.rights for grant in actor.grants
    ):
        raise MayNotSet()
    return actor


@functools.lru_cache(maxsize=512)
def _parsed(cls: type[model.Setting], body: str) -> Any:
    return cls.of_body(body)


def _read(q: Reader) -> dict[tuple[str, ...], Any]:
    """What was read in this snapshot: by kind and name one setting, by kind alone all of it by name."""
    found: dict[tuple[str, ...], Any] = q.memo.setdefault("settings in force", {})
    return found


def forget(q: Reader) -> None:
    """What is in force has changed within this operation: read it anew."""
    _read(q).clear()


def in_force(q: Reader, cls: type[S], name: str = "") -> S:
    """The setting of a kind (and name) in force at `q.now`.

    Raises: SettingUnknown.
    """
    read = _read(q)
    if (cls.KIND, name) not in read:
        found = q.row(f"SELECT body{_IN_FORCE}", (cls.KIND, q.now, name))
        if found is None:
            raise SettingUnknown(kind=cls.KIND, name=name)
        read[cls.KIND, name] = _parsed(cls, found["body"])
    setting: S = read[cls.KIND, name]
    return setting


def version_in_force(q: Reader, cls: type[S], name: str = "") -> model.PolicyVersion:
    """The version in force at `q.now`: what an order, review or invoice keeps.

    Raises: SettingUnknown.
    """
    found = q.first(model.PolicyVersion, f"SELECT *{_IN_FORCE}", (cls.KIND, q.now, name))
    if found is None:
        raise SettingUnknown(kind=cls.KIND, name=name)
    return found


def all_in_force(q: Reader, cls: type[S]) -> dict[str, S]:
    """Every setting of a kind in force at `q.now`, by name, in the order they were first made."""
    read = _read(q)
    if (cls.KIND,) not in read:
        rows = q.rows(_ALL_IN_FORCE, (cls.KIND, q.now, q.now))
        read[cls.KIND,] = {row["name"]: _parsed(cls, row["body"]) for row in rows}
    return dict(read[cls.KIND,])


def of_version(q: Reader, cls: type[S], version_id: str) -> S:
    """The setting as it was in one version: what an order was made under.

    Raises: NotFound.
    """
    setting: S = _parsed(cls, q.value("policy_version", version_id, "body"))
    return setting


def approved(q: Reader, kind: str, name: str) -> model.PolicyVersion | None:
    """The newest approved version of a setting, in force already or not yet."""
    return q.first(
        model.PolicyVersion,
        "SELECT * FROM policy_version WHERE kind = ? AND name = ? AND approved_at IS NOT NULL"
        " ORDER BY version DESC LIMIT 1",
        (kind, name),
    )


def proposals(q: Reader) -> list[model.PolicyVersion]:
    """What was proposed and neither approved nor ended, oldest first."""
    return q.all(
        model.PolicyVersion,
        "SELECT * FROM policy_version WHERE approved_at IS NULL AND ended_at IS NULL ORDER BY id",
    )


def history(q: Reader, kind: str, name: str) -> list[model.PolicyVersion]:
    """Every version of a setting, newest first."""
    return q.all(
        model.PolicyVersion,
        "SELECT * FROM policy_version WHERE kind = ? AND name = ? ORDER BY version DESC",
        (kind, name),
    )


def unknown_kinds(q: Reader) -> set[str]:
    """The kinds of setting that the world has none of: those that came with a newer engine."""
    known = {row["kind"] for row in q.rows("SELECT DISTINCT kind FROM policy_version")}
    return {kind for kind, _name, _setting in declared()} - known


def declared(directory: Path = catalog.DATA) -> list[tuple[str, str, model.Setting]]:
    """What the TOML files declare: (kind, name, setting); strict, read again only when a file changed.

    Raises: ConfigurationError naming the file and the key.
    """
    return list(
        _declared(directory, tuple(catalog.state(_file(directory, k)) for k in model.KINDS))
    )


def _file(directory: Path, kind: str) -> Path:
    """The file that declares version 1 of a kind of setting."""
    folder, name = ("reasons", "reasons") if kind == "reason" else ("policies", kind)
    return directory / folder / f"{name}.toml"


@functools.lru_cache(maxsize=8)
def _declared(directory: Path, states: tuple[int, ...]) -> list[tuple[str, str, model.Setting]]:
    found: list[tuple[str, str, model.Setting]] = []
    for kind, cls in model.KINDS.items():
        path = _file(directory, kind)
        tables = catalog.read(path)
        if kind == "reason":
            tables = {row.pop("code"): row for row in tables.get("reason", [])}
        if not cls.NAMED:
            found.append((kind, "", catalog.build(tables, cls, path.name)))
            continue
        for name, table in tables.items():
            found.append((kind, name, catalog.build(table, cls, f"{path.name} [{name}]")))
    return found
