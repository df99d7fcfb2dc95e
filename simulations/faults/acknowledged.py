"""What clients were told had happened, so that it can be held against the log afterwards (I8, I9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from engine.kernel import codec, database


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An act that somebody was told of: who did what, under which key, and the newest event then."""

    actor: str
    action: str
    key: str
    seq: int


class Ledger:
    """Every acknowledged act of a run with faults, and every answer that differed from the first."""

    def __init__(self) -> None:
        self._acts: list[Acknowledged] = []
        self._answers: dict[tuple[str, str, str], bytes] = {}
        # Answers that were not the first one, and what a failed write left.
        self.differing: list[str] = []
        # Codes by what their request is called, that more than one act was done with.
        self.spent_twice: list[str] = []
        self._spent: set[str] = set()
        self.left_behind: list[str] = []

    def __len__(self) -> int:
        return len(self._acts)

    def told(self, actor: str, action: str, key: str, seq: int, answer: object) -> None:
        """Somebody was answered; with a key the answer is remembered."""
        if seq:
            self._acts.append(Acknowledged(actor, action, key, seq))
        if not key:
            return
        digest = _digest(answer)
        known = self._answers.setdefault((actor, action, key), digest)
        if known != digest:
            self.differing.append(f"{action} of {actor} under {key}")

    def refused(self, actor: str, action: str, key: str, code: str) -> None:
        """Somebody was refused, and nothing was kept of it: what was answered before is not so any more."""
        if (actor, action, key) in self._answers:
            self.differing.append(f"{action} of {actor} under {key}: {code}")

    def spent(self, request_id: str) -> None:
        """An act was done with the code of a request, which may be once."""
        if request_id in self._spent:
            self.spent_twice.append(request_id)
        self._spent.add(request_id)

    def missing(self, connection: database.Connection) -> list[str]:
        """Acknowledged acts whose events are not in the log as theirs."""
        wrong = []
        for one in self._acts:
            rows = connection.rows("SELECT actor, action FROM event WHERE seq = ?", (one.seq,))
            if [(row["actor"], row["action"]) for row in rows] != [(one.actor, one.action)]:
                wrong.append(f"{one.seq}: {one.action} of {one.actor}")
        return wrong


def _digest(answer: Any) -> bytes:
    if isinstance(answer, Exception):
        answer = [type(answer).__name__, str(answer)]
    return hashlib.sha256(codec.canonical(answer).encode()).digest()
