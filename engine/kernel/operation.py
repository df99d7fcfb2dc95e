"""An operation: one transaction, one instant, one actor, one source of ids, one list of facts.

Doors never make one: they call `Engine.perform`. An action receives it as `op`, reads through it,
writes through `insert`, `update` and `delete` (which the log remembers), records facts, stages jobs,
and never opens a transaction, reads a clock or calls a provider.
"""

from __future__ import annotations

import functools
import hmac
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from engine.kernel import actors, codec, database, errors, events, ids, records, vault
from engine.kernel.reader import Parts, Reader


class AlreadyTaken(errors.Conflict):
    """This already exists."""


class WriteWithoutFact(AssertionError):
    """An action changed a logged table and recorded no fact for it: a bug."""


@functools.cache
def _insert_sql(table: str, names: tuple[str, ...]) -> str:
    marks = ", ".join("?" for _ in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608


@functools.cache
def _update_sql(
    table: str, names: tuple[str, ...], was: tuple[str, ...], was_null: tuple[str, ...]
) -> str:
    changes = ", ".join(f"{name} = ?" for name in names)
    conditions = [f" AND {name} = ?" for name in was] + [
        f" AND {name} IS NULL" for name in was_null
    ]
    return f"UPDATE {table} SET {changes} WHERE id = ?" + "".join(conditions)  # noqa: S608


class Operation(Reader):
    """What an action works with."""

    def __init__(
        self,
        parts: Parts,
        connection: database.Connection,
        now: int,
        actor: actors.Actor,
        *,
        action: str,
        draw: Callable[[], bytes],
        head: events.Head,
        source: actors.Source,
    ) -> None:
        super().__init__(parts, connection, now, actor)
        self.action = action
        self.source = source
        self.head = head
        self._draw = draw
        self.jobs: list[str] = []
        self._written: list[tuple[str, str, Mapping[str, Any] | None]] = []
        self._facts: deque[events.Event] = deque()

    @functools.cached_property
    def entropy(self) -> ids.Entropy:
        """The operation's own chance, from a seed that it draws when it first needs some.

        What notes that a session is in use, is replayed or is refused early draws nothing: what chance
        brings to others does not depend on how often somebody looked or knocked.
        """
        return ids.Stream(self._draw())

    @functools.cached_property
    def id(self) -> str:
        """The operation's own id, which its facts carry."""
        return self.new_id("op")

    def require_system(self) -> None:
        """Only the platform itself acts: its jobs, and what a ceremony sets up.

        Raises: NotPermitted.
        """
        if not isinstance(self.actor, actors.System):
            raise errors.NotPermitted()

    def new_id(self, prefix: str) -> str:
        """A typed, time-ordered id."""
        return ids.new_id(prefix, self.now, self.entropy)

    # -- logged rows -------------------------------------------------------------------------

    def insert(self, table: str, record: Any) -> None:
        """Write a new row (a dataclass or a mapping with an `id`).

        Raises: AlreadyTaken when a unique constraint refuses it.
        """
        if isinstance(record, Mapping):
            values = {name: records.column(value) for name, value in record.items()}
        else:
            values = records.columns(record)
        try:
            self.connection.run(_insert_sql(table, tuple(values)), tuple(values.values()))
        except database.UniqueViolated as problem:
            raise AlreadyTaken() from problem
        self._written.append((table, values["id"], values))

    def update(
        self, table: str, row_id: str, changes: Mapping[str, Any], was: Mapping[str, Any]
    ) -> None:
        """Change a row that still is as it `was` (its old status or version; None: not set yet).

        Raises: Conflict when it no longer is.
        """
        values = {name: records.column(value) for name, value in changes.items()}
        old = {name: records.column(value) for name, value in was.items() if value is not None}
        unset = tuple(name for name, value in was.items() if value is None)
        sql = _update_sql(table, tuple(values), tuple(old), unset)
        try:
            touched = self.connection.run(sql, (*values.values(), row_id, *old.values()))
        except database.UniqueViolated as problem:
            raise AlreadyTaken() from problem
        if touched != 1:
            raise errors.Conflict()
        self._written.append((table, row_id, values))

    def delete(self, table: str, row_id: str) -> None:
        """Delete a row.

        Raises: Conflict when it is gone already.
        """
        if self.connection.run(f"DELETE FROM {table} WHERE id = ?", (row_id,)) != 1:  # noqa: S608
            raise errors.Conflict()
        self._written.append((table, row_id, None))

    def record(self, kind: str, subject: str, /, **facts: Any) -> None:
        """Say what happened: one event, which carries the rows written since the last one."""
        body = {"facts": facts, "rows": self._written}
        text = codec.canonical(body)
        event = events.Event(
            seq=self.head.seq + 1,
            occurred_at=self.now,
            operation=self.id,
            actor=self.actor.text,
            action=self.action,
            kind=kind,
            version=1,
            subject=subject,
            body=body,
        )
        self.head = events.append(self.connection, self.parts.keyring, self.head, event, text)
        self._written = []
        self._facts.append(event)

    def settle(self) -> None:
        """Run what follows from the facts, until nothing does; called by the engine alone."""
        while self._facts:
            event = self._facts.popleft()
            for reaction in self.parts.reactions.get(event.kind, ()):
                reaction(self, event)
        if self._written:
            raise WriteWithoutFact(f"{self.action}: {self._written[0][0]}")

    # -- what the log does not hold ------------------------------------------------------------

    def unlogged(self, sql: str, parameters: tuple[Any, ...] = ()) -> int:
        """Change a table that is outside the log (a secret, a session, a derived index)."""
        try:
            return self.connection.run(sql, parameters)
        except database.UniqueViolated as problem:
            raise AlreadyTaken() from problem

    def enqueue(
        self,
        kind: str,
        subject: str,
        body: Mapping[str, Any] | None = None,
        *,
        due_at: int | None = None,
    ) -> str:
        """Stage a job for the worker; its id, which the provider gets as idempotency key.

        The body is encrypted in the database and destroyed with the job.
        """
        job_id = self.new_id("job")
        sealed = None
        if body is not None:
            secret = self.parts.keyring.secret("jobs")
            text = codec.canonical(body).encode()
            sealed = vault.seal(secret, text, f"job|body|{job_id}", self.entropy)
        self.connection.run(
            "INSERT INTO job (id, kind, subject, body, due_at, status, created_at)"
            " VALUES (?, ?, ?, ?, ?, 'ready', ?)",
            (job_id, kind, subject, sealed, self.now if due_at is None else due_at, self.now),
        )
        self.jobs.append(job_id)
        return job_id

    def finish_job(self, job_id: str) -> None:
        """A job is done with what this operation writes: its row goes in the same transaction.

        Where a worker is killed later nothing is left to be done again; its own word that the job is done
        then finds nothing, and costs no synchronization of the disk.
        """
        self.connection.run("DELETE FROM job WHERE id = ?", (job_id,))

    def new_subject(self, subject_id: str, kind: str) -> None:
        """Make a data subject with two data keys; the caller records the fact."""
        self.insert("data_subject", {"id": subject_id, "kind": kind, "created_at": self.now})
        for purpose in ("profile", "evidence"):
            wrapped, by = vault.wrap(self.parts.keyring, self.entropy(32))
            self.connection.run(
                "INSERT INTO data_key (subject_id, purpose, wrapped, wrapped_by)"
                " VALUES (?, ?, ?, ?)",
                (subject_id, purpose, wrapped, by),
            )

    def destroy_key(self, subject_id: str, purpose: vault.Purpose) -> None:
        """Destroy a data key: whatever it protected is gone for good."""
        self.connection.run(
            "DELETE FROM data_key WHERE subject_id = ? AND purpose = ?", (subject_id, purpose)
        )
        self._data_keys.pop((subject_id, purpose), None)

    def lock_evidence(self, subject_id: str) -> None:
        """From now on only who names the archive opens this subject's evidence."""
        self.connection.run(
            "UPDATE data_key SET purpose = 'archive' WHERE subject_id = ? AND purpose = 'evidence'",
            (subject_id,),
        )
        self._data_keys.pop((subject_id, "evidence"), None)

    def seal(
        self, subject_id: str, place: str, text: str, purpose: vault.Purpose = "profile"
    ) -> bytes:
        """A personal text as its column keeps it. `place` is `table|column|row id`."""
        return vault.seal(self.data_key(subject_id, purpose), text.encode(), place, self.entropy)

    def index(self, kind: str, value: str, row_id: str) -> None:
        """Make a protected value findable by exact match; replaces what the row had."""
        digest = vault.blind(self.parts.keyring, kind, value)
        self.unlogged("DELETE FROM blind_index WHERE kind = ? AND row_id = ?", (kind, row_id))
        self.unlogged(
            "INSERT INTO blind_index (kind, digest, row_id) VALUES (?, ?, ?)",
            (kind, digest, row_id),
        )

    def put_blob(
        self,
        content: bytes,
        *,
        media_type: str,
        subject_id: str,
        purpose: vault.Purpose = "profile",
    ) -> str:
        """Keep a file under its subject's key; its id. The content is durable before the row."""
        blob_id = self.new_id("blb")
        key = self.data_key(subject_id, purpose)
        sealed = vault.seal(key, content, f"blob|content|{blob_id}", self.entropy)
        digest = self.parts.blobs.write(self.connection, sealed)
        self.insert(
            "blob",
            {
                "id": blob_id,
                "digest": digest,
                "plaintext_mac": self.parts.keyring.mac("blind-index", b"blob" + content),
                "size": len(content),
                "media_type": media_type,
                "subject_id": subject_id,
                "purpose": purpose,
                "created_at": self.now,
            },
        )
        return blob_id

    def same_secret(self, one: bytes, other: bytes) -> bool:
        """Compare two secrets in constant time."""
        return hmac.compare_digest(bytes(one), bytes(other))
