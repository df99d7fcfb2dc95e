"""Literal transition tables: status → verb → status.

One table per aggregate, in the stage's `model`. The same table guards the action (`advance`),
supplies the old status for the WHERE, says which buttons a page shows (`verbs`), draws the diagram
(`mermaid`) and drives the property tests. A status that depends on time (expired, overdue) is never
in a table: it is derived from facts when it is asked for.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import ClassVar, Generic, TypeVar

from engine.kernel import errors

S = TypeVar("S", bound=enum.StrEnum)


class NotPossibleNow(errors.IllegalTransition):
    """This is not possible now: the {subject} is {status}. Look at it again to see what is."""


class Workflow(Generic[S]):
    """A state machine as data. `subject` names the aggregate, `initial` its first status."""

    # Called with (subject, status, verb) of each move that is asked for: coverage listens here.
    watchers: ClassVar[list[Callable[[str, str, str], None]]] = []

    def __init__(self, subject: str, initial: S, transitions: Mapping[S, Mapping[str, S]]) -> None:
        self.subject = subject
        self.initial = initial
        self.transitions = {status: dict(verbs) for status, verbs in transitions.items()}

    def advance(self, status: S, verb: str) -> S:
        """The status after `verb`.

        Raises: NotPossibleNow when the table has no such move; nothing has changed then.
        """
        try:
            found = self.transitions[status][verb]
        except KeyError:
            raise NotPossibleNow(subject=self.subject, status=status.value) from None
        for watcher in self.watchers:
            watcher(self.subject, status.value, verb)
        return found

    def allows(self, status: S, verb: str) -> bool:
        """Whether `verb` is possible in `status`."""
        return verb in self.transitions.get(status, {})

    def verbs(self, status: S) -> tuple[str, ...]:
        """What can be done in `status`: the buttons of a page."""
        return tuple(self.transitions.get(status, {}))

    def terminal(self, status: S) -> bool:
        """Whether nothing more can happen."""
        return not self.transitions.get(status)

    def statuses(self) -> tuple[S, ...]:
        """Every status of the table, in its order."""
        return tuple(self.transitions)

    def mermaid(self, lit: S | None = None) -> str:
        """The table as a Mermaid state diagram, with the present state lit."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        for status, verbs in self.transitions.items():
            lines += [f"    {status.value} --> {to.value}: {verb}" for verb, to in verbs.items()]
            if not verbs:
                lines.append(f"    {status.value} --> [*]")
        if lit is not None:
            lines += ["    classDef lit fill:#C8102E,color:#fff", f"    class {lit.value} lit"]
        return "\n".join(lines)
