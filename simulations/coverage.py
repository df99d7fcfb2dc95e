"""What a run reached of what there is, and what never: states, moves, reasons, refusals, facts, faults.

Moves are heard as they are made and count once their act is committed; states are those that moves led to
or from, and those that rows are in at the end. Faults count how often they could have struck and how
often they did: one that never fired is a hole in the run, not a sign of health.
"""

from __future__ import annotations

import collections
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.boot import World
from engine.kernel import attempts, database, errors
from engine.kernel.workflow import Workflow
from engine.messaging import model as messaging
from engine.policies import queries as policies
from simulations.faults.injector import Injector
from simulations.faults.sites import SITES

Counts = dict[str, int]
Coverage = dict[str, Any]
# What is counted by its name alone; `faults` have a table of their own.
KINDS = ("states", "moves", "reasons", "refusals", "facts", "messages")


class Recorder:
    """Listens to a world while it lives."""

    def __init__(self, world: World, faults: Injector) -> None:
        self._world = world
        self._faults = faults
        self._asked: list[tuple[str, str, str]] = []
        self._moves: collections.Counter[tuple[str, str, str]] = collections.Counter()
        self._refusals: collections.Counter[str] = collections.Counter()
        Workflow.watchers.append(self._moved)
        world.engine.watchers.append(self._tried)

    def close(self) -> None:
        """Listen no more."""
        Workflow.watchers.remove(self._moved)
        self._world.engine.watchers.remove(self._tried)

    def _moved(self, subject: str, status: str, verb: str) -> None:
        self._asked.append((subject, status, verb))

    def _tried(self, attempt: attempts.Attempt) -> None:
        if attempt.refusal is not None:
            self._refusals[attempt.refusal.code] += 1
        if attempt.seq:
            self._moves.update(self._asked)
        self._asked.clear()

    def reached(self) -> Coverage:
        """What was reached so far."""
        with self._world.engine.parts.db.read() as connection:
            return {
                "states": self._states(connection),
                "moves": {
                    f"{_machine(subject)}.{status} {verb}": count
                    for (subject, status, verb), count in sorted(self._moves.items())
                },
                "reasons": _reasons(connection),
                "refusals": dict(sorted(self._refusals.items())),
                "facts": _counted(connection, "event"),
                "messages": _counted(connection, "message"),
                "faults": self._faults.report(),
            }

    def _states(self, connection: database.Connection) -> Counts:
        found: collections.Counter[str] = collections.Counter()
        for (subject, status, verb), count in self._moves.items():
            name = _machine(subject)
            found[f"{name}.{status}"] += count
            found[f"{name}.{_after(name, status, verb)}"] += count
        for name, machine in _machines().items():
            narrowed = f" WHERE {machine.where}" if machine.where else ""
            sql = f'SELECT status, COUNT(*) AS n FROM "{machine.table}"{narrowed} GROUP BY status'  # noqa: S608
            for row in connection.rows(sql):
                found[f"{name}.{row['status']}"] += int(row["n"])
        return dict(sorted(found.items()))


def merged(parts: Iterable[Coverage]) -> Coverage:
    """What several shards or runs reached together; a fault is on where it was on in any."""
    whole: dict[str, collections.Counter[str]] = {kind: collections.Counter() for kind in KINDS}
    faults = {
        name: {"planned": False, "on": False, "considered": 0, "fired": 0, "runs_on": 0}
        for name in SITES
    }
    for part in parts:
        for kind in KINDS:
            whole[kind].update(part[kind])
        for name, told in part["faults"].items():
            known = faults[name]
            known["planned"] |= told["planned"]
            known["on"] |= told["on"]
            known["considered"] += told["considered"]
            known["fired"] += told["fired"]
            known["runs_on"] += told.get("runs_on", int(told["on"]))
    return {**{kind: dict(sorted(whole[kind].items())) for kind in KINDS}, "faults": faults}


def never(reached: Coverage) -> dict[str, list[str]]:
    """Everything that there is and was not reached, by kind; of faults those that are planned."""
    told = {kind: sorted(set(known) - set(reached[kind])) for kind, known in possible().items()}
    told["faults"] = [
        name for name, one in reached["faults"].items() if one["planned"] and not one["fired"]
    ]
    return told


def possible() -> Mapping[str, tuple[str, ...]]:
    """Kind → everything of it that there is. Facts are told of as they come: there is no list of them."""
    machines = _machines()
    return {
        "states": tuple(
            f"{name}.{status}" for name, one in machines.items() for status in one.statuses()
        ),
        "moves": tuple(_moves()),
        "reasons": tuple(name for kind, name, _ in policies.declared() if kind == "reason"),
        "refusals": tuple(sorted(code for code in errors.type_of_code if "." in code)),
        "messages": tuple(messaging.KINDS),
    }


def report(reached: Coverage) -> dict[str, Any]:
    """What a run's folder keeps: what was reached, what never, and the shares."""
    missing, known = never(reached), possible()
    return {
        "reached": reached,
        "never": missing,
        "shares": {
            kind: {"reached": len(names) - len(missing[kind]), "of": len(names)}
            for kind, names in known.items()
        },
    }


# -- what there is -----------------------------------------------------------------------------------


def _machines() -> Mapping[str, Any]:
    # Here, because states on demand are made on a stage.
    from simulations.states.machines import MACHINES

    return MACHINES


def _moves() -> Iterator[str]:
    for name, machine in _machines().items():
        for status, verbs in machine.workflow.transitions.items():
            for verb in verbs:
                yield f"{name}.{status.value} {verb}"


def _machine(subject: str) -> str:
    """A machine's short name by what its table calls it."""
    return next(
        (name for name, one in _machines().items() if one.workflow.subject == subject), subject
    )


def _after(name: str, status: str, verb: str) -> str:
    machine = _machines().get(name)
    if machine is None:
        return status
    for known, verbs in machine.workflow.transitions.items():
        if known.value == status:
            return str(verbs[verb].value)
    return status


def _counted(connection: database.Connection, table: str) -> Counts:
    sql = f'SELECT kind, COUNT(*) AS n FROM "{table}" GROUP BY kind ORDER BY kind'  # noqa: S608
    return {row["kind"]: int(row["n"]) for row in connection.rows(sql)}


def _reasons(connection: database.Connection) -> Counts:
    found: collections.Counter[str] = collections.Counter()
    for row in connection.rows("SELECT reasons FROM review_case WHERE status = 'rejected'"):
        found.update(json.loads(row["reasons"]))
    return dict(sorted(found.items()))
