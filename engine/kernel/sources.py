"""How often a source of requests came of late, such as an address or a browser, by a keyed digest alone.

What is counted, how many are allowed and in which time is the caller's rule; the time is an hour at most.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel import clock
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader

KEPT_MS = clock.HOUR


def counted(q: Reader, digest: bytes, within_ms: int) -> list[int]:
    """When a source was counted in the last milliseconds, oldest first."""
    sql = (
        "SELECT created_at FROM source_count WHERE digest = ? AND created_at > ?"
        " ORDER BY created_at"
    )
    return [row["created_at"] for row in q.rows(sql, (digest, q.now - within_ms))]


def often(q: Reader, digests: Iterable[bytes], most: int, within_ms: int) -> bool:
    """Whether one of several sources was counted so many times already."""
    return any(len(counted(q, digest, within_ms)) >= most for digest in digests)


def count(op: Operation, digest: bytes) -> None:
    """Count a source once, and forget what is older than an hour."""
    op.unlogged("DELETE FROM source_count WHERE created_at <= ?", (op.now - KEPT_MS,))
    op.unlogged("INSERT INTO source_count (digest, created_at) VALUES (?, ?)", (digest, op.now))
