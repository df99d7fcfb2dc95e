"""Which moves of the state machines the tests made, gathered over all processes of a run.

With `--transitions` a run fails when a move of any table in `engine` was never made: so `make test`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import engine
from engine.kernel import workflow

Move = tuple[str, str, str]
_advance = workflow.Workflow.advance


def tables() -> dict[str, workflow.Workflow[Any]]:
    """Every state machine of the engine, by what it is about."""
    found: dict[str, workflow.Workflow[Any]] = {}
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, workflow.Workflow):
                found[value.subject] = value
    return found


def moves() -> Iterator[Move]:
    """Every move that there is: subject, status, verb."""
    for subject, table in tables().items():
        for status, verbs in table.transitions.items():
            for verb in verbs:
                yield subject, str(status.value), verb


class Watch:
    """A pytest plugin that notes each move as it is made."""

    def __init__(self) -> None:
        self.made: set[Move] = set()
        self.all: set[Move] = set()
        self.missing: list[Move] = []

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """What there is to be made is known before the first test."""
        if session.config.getoption("--transitions"):
            self.all = set(moves())

    def start(self) -> None:
        """Note moves from now on."""
        made = self.made

        def advance(table: workflow.Workflow[Any], status: Any, verb: str) -> Any:
            found = _advance(table, status, verb)
            made.add((table.subject, str(status.value), verb))
            return found

        workflow.Workflow.advance = advance  # type: ignore[method-assign]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker tells the controller what it saw; the controller judges."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told["moves"] = sorted(self.made)
        elif session.config.getoption("--transitions"):
            self.missing = sorted(self.all - self.made)
            if self.missing and session.exitstatus == 0:
                session.exitstatus = 1

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker has ended: take over what it saw."""
        self.made |= {tuple(one) for one in getattr(node, "workeroutput", {}).get("moves", [])}

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many moves there are and which were not made."""
        if not terminalreporter.config.getoption("--transitions"):
            return
        total = len(self.all)
        terminalreporter.write_line(
            f"transitions: {total - len(self.missing)} of {total} made by a test"
        )
        for subject, status, verb in self.missing:
            terminalreporter.write_line(f"  not made: {subject}: {status} → {verb}")
