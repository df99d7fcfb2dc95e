"""Staged jobs: what has to be done outside, kept until it is done.

A job is claimed with a lease, so that a killed worker's job is found again. Its id is the idempotency
key of whatever is done for it. A worker whose lease has run out cannot postpone a job that another one
has taken over: the number of the attempt says so. Job rows are bookkeeping, outside the log: the intent
and the outcome are facts of their stages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.kernel import clock, codec, database, vault
from engine.kernel.reader import Parts

LEASE_MS = 60 * clock.SECOND
# Waits after each attempt that reached nobody: soon at first, then every hour for three days, which is
# longer than a weekend. After the last one the job is `stuck` and a human looks at it.
BACKOFF_MS = tuple(s * clock.SECOND for s in (2, 10, 60, 300, 1_800, *[3_600] * 71))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed job. `body` is decrypted; `created_at` is when it was enqueued."""

    id: str
    kind: str
    subject: str
    body: dict[str, Any]
    attempts: int
    created_at: int

    @property
    def key(self) -> str:
        """Under which what comes of it is recorded once; another one when a human has it done anew."""
        return f"{self.id}/{self.created_at}"

    @property
    def is_last_attempt(self) -> bool:
        """Whether nobody is asked any more once this attempt has reached nobody either."""
        return self.attempts > len(BACKOFF_MS)

    @property
    def postponed_ms(self) -> int:
        """How long the job has been put off so far because nobody was reached."""
        return sum(BACKOFF_MS[: self.attempts - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A job that waits for a human: what it was to do, since when, and the code of what was in its way."""

    id: str
    kind: str
    subject: str
    problem: str
    attempts: int
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """Jobs of a kind that reached nobody so far: how many, the oldest one's age, the next attempt."""

    kind: str
    count: int
    since: int
    next_at: int


def claim(
    parts: Parts, connection: database.Connection, *, now: int, owner: str, subject: str | None
) -> Job | None:
    """Take the next due job (of `subject`, where given) under a lease, or None."""
    only = " AND subject = ?" if subject else ""
    found = connection.rows(
        "UPDATE job SET lease_owner = ?, lease_until = ?, attempts = attempts + 1 WHERE id ="  # noqa: S608
        " (SELECT id FROM job WHERE status = 'ready' AND due_at <= ? AND lease_until <= ?"
        f"{only} ORDER BY due_at, id LIMIT 1) RETURNING id, kind, subject, body, attempts, created_at",
        (owner, now + LEASE_MS, now, now, *((subject,) if subject else ())),
    )
    return _claimed(parts, found[0]) if found else None


def claim_alike(
    parts: Parts, connection: database.Connection, job: Job, *, now: int, owner: str, most: int
) -> list[Job]:
    """Take more due jobs of a job's kind under a lease, oldest first, to be done together with it."""
    found = connection.rows(
        "UPDATE job SET lease_owner = ?, lease_until = ?, attempts = attempts + 1 WHERE id IN"
        " (SELECT id FROM job WHERE kind = ? AND status = 'ready' AND due_at <= ?"
        " AND lease_until <= ? ORDER BY due_at, id LIMIT ?)"
        " RETURNING id, kind, subject, body, attempts, created_at, due_at",
        (owner, now + LEASE_MS, job.kind, now, now, most),
    )
    return [_claimed(parts, row) for row in sorted(found, key=lambda r: (r["due_at"], r["id"]))]


def _claimed(parts: Parts, row: database.Row) -> Job:
    body: dict[str, Any] = {}
    if row["body"] is not None:
        place = f"job|body|{row['id']}"
        text = vault.unseal(parts.keyring.secret("jobs"), row["body"], place)
        body = codec.load(text.decode())
    return Job(
        id=row["id"],
        kind=row["kind"],
        subject=row["subject"],
        body=body,
        attempts=row["attempts"],
        created_at=row["created_at"],
    )


def finish(connection: database.Connection, job: Job) -> None:
    """The job is done: its row, and with it its body, goes."""
    connection.run("DELETE FROM job WHERE id = ?", (job.id,))


def postpone(connection: database.Connection, job: Job, *, now: int, problem: str) -> None:
    """Try again later, or give up to a human after the last wait."""
    if job.is_last_attempt:
        stick(connection, job, now=now, problem=problem)
        return
    connection.run(
        "UPDATE job SET due_at = ?, lease_until = 0, last_error = ? WHERE id = ? AND attempts = ?",
        (now + BACKOFF_MS[job.attempts - 1], problem, job.id, job.attempts),
    )


def wait(connection: database.Connection, job: Job, *, until: int) -> None:
    """Ask again at an instant; the call did not fail, so it does not count as an attempt."""
    connection.run(
        "UPDATE job SET due_at = ?, lease_until = 0, attempts = attempts - 1, last_error = NULL"
        " WHERE id = ? AND attempts = ?",
        (until, job.id, job.attempts),
    )


def stick(connection: database.Connection, job: Job, *, now: int, problem: str) -> None:
    """Give the job to a human; it is due to them from now on."""
    connection.run(
        "UPDATE job SET status = 'stuck', due_at = ?, lease_until = 0, last_error = ?"
        " WHERE id = ? AND attempts = ?",
        (now, problem, job.id, job.attempts),
    )


def take_up(connection: database.Connection, job_id: str, *, now: int) -> bool:
    """Have a stuck job done as if it was staged now; False where there is no such job."""
    return (
        connection.run(
            "UPDATE job SET status = 'ready', due_at = ?, created_at = ?, attempts = 0"
            " WHERE id = ? AND status = 'stuck'",
            (now, now, job_id),
        )
        == 1
    )


_STUCK = (
    "SELECT id, kind, subject, last_error AS problem, attempts, due_at AS since FROM job"
    " WHERE status = 'stuck'"
)


def stuck(connection: database.Connection, *, kind: str = "", most: int = 1 << 31) -> list[Stuck]:
    """The jobs (of a kind, where given) that wait for a human, the one that waits longest first."""
    only = " AND kind = ?" if kind else ""
    sql = f"{_STUCK}{only} ORDER BY due_at, id LIMIT ?"
    return [Stuck(**row) for row in connection.rows(sql, (*((kind,) if kind else ()), most))]


def stuck_one(connection: database.Connection, job_id: str) -> Stuck | None:
    """A job that waits for a human; None where it does not, or where there is none."""
    found = connection.rows(f"{_STUCK} AND id = ?", (job_id,))
    return Stuck(**found[0]) if found else None


def stuck_by_kind(connection: database.Connection) -> dict[str, int]:
    """How many jobs of each kind wait for a human."""
    sql = "SELECT kind, COUNT(*) AS n FROM job WHERE status = 'stuck' GROUP BY kind ORDER BY kind"
    return {row["kind"]: row["n"] for row in connection.rows(sql)}


def failing(connection: database.Connection) -> list[Failing]:
    """The jobs that will be tried again by themselves because nobody was reached, by kind."""
    sql = (
        "SELECT kind, COUNT(*) AS count, MIN(created_at) AS since, MIN(due_at) AS next_at FROM job"
        " WHERE status = 'ready' AND attempts > 0 AND last_error IS NOT NULL GROUP BY kind ORDER BY kind"
    )
    return [Failing(**row) for row in connection.rows(sql)]


# When a job that waits will be done: not before whoever has it under a lease gives it up.
_WAITING = (
    "SELECT kind, subject, CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END AS due"
    " FROM job WHERE status = 'ready'"
)


def due_between(
    connection: database.Connection, after: int, until: int
) -> list[tuple[int, str, str]]:
    """Instant, kind and subject of the jobs that come due after one instant and up to another."""
    sql = f"SELECT due, kind, subject FROM ({_WAITING}) AS waiting WHERE due > ? AND due <= ?"  # noqa: S608
    found = connection.rows(sql, (after, until))
    return [(row["due"], row["kind"], row["subject"]) for row in found]


def next_due(connection: database.Connection, after: int = -1) -> int | None:
    """When the next job is due (after an instant) that nobody has under a lease by then, or None."""
    sql = f"SELECT MIN(due) AS due FROM ({_WAITING}) AS waiting WHERE due > ?"  # noqa: S608
    found = connection.rows(sql, (after,))
    due: int | None = found[0]["due"]
    return due


def in_hand(connection: database.Connection, now: int) -> bool:
    """Whether somebody is at work on a job that was due by now."""
    sql = (
        "SELECT 1 AS x FROM job WHERE status = 'ready' AND due_at <= ? AND lease_until > ? LIMIT 1"
    )
    return bool(connection.rows(sql, (now, now)))
