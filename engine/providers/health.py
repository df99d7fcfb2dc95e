"""How the outside parties are: their answers and failures of late, kept for a day (IDV-5)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import clock
from engine.kernel.reader import Reader
from engine.providers.store import Memory

KEPT_MS = clock.DAY
WINDOW_MS = clock.HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderHealth:
    """A provider in the last hour, and its last answer and failure in the last day."""

    provider: str
    answers: int
    failures: int
    latency_ms: int
    last_answer_at: int | None
    last_failure_at: int | None


def note(memory: Memory, provider: str, key: str, *, answered: bool, latency_ms: int) -> None:
    """Note how a call ended; what is older than a day goes."""
    now = memory.now()
    with memory.parts.db.write() as connection:
        connection.run(
            "DELETE FROM provider_answer WHERE provider = ? AND occurred_at < ?",
            (provider, now - KEPT_MS),
        )
        if not connection.rows("SELECT id FROM provider_answer WHERE id = ?", (key,)):
            connection.run(
                "INSERT INTO provider_answer (id, provider, occurred_at, answered, latency_ms)"
                " VALUES (?, ?, ?, ?, ?)",
                (key, provider, now, int(answered), latency_ms),
            )


def provider_health(q: Reader) -> list[ProviderHealth]:
    """Every provider that was asked in the last day, by name; `latency_ms` is the mean of its answers."""
    found = q.rows(
        "SELECT provider,"
        " SUM(CASE WHEN answered = 1 AND occurred_at >= ? THEN 1 ELSE 0 END) AS answers,"
        " SUM(CASE WHEN answered = 0 AND occurred_at >= ? THEN 1 ELSE 0 END) AS failures,"
        " SUM(CASE WHEN answered = 1 AND occurred_at >= ? THEN latency_ms ELSE 0 END) AS waited,"
        " MAX(CASE WHEN answered = 1 THEN occurred_at END) AS last_answer_at,"
        " MAX(CASE WHEN answered = 0 THEN occurred_at END) AS last_failure_at"
        " FROM provider_answer WHERE occurred_at >= ? GROUP BY provider ORDER BY provider",
        (*(q.now - WINDOW_MS,) * 3, q.now - KEPT_MS),
    )
    return [
        ProviderHealth(
            provider=row["provider"],
            answers=int(row["answers"]),
            failures=int(row["failures"]),
            latency_ms=int(row["waited"]) // max(1, int(row["answers"])),
            last_answer_at=row["last_answer_at"],
            last_failure_at=row["last_failure_at"],
        )
        for row in found
    ]
