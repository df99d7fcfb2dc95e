"""A `Reader`: one snapshot, one instant, one actor, and the means to open what is protected.

Queries take a reader as `q`; an `Operation` is a reader that can write, so actions use the same
queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from engine.kernel import (
    actors,
    blobs,
    catalog,
    clock,
    database,
    errors,
    ids,
    notes,
    records,
    vault,
)

if TYPE_CHECKING:
    from engine.kernel import events
    from engine.kernel.operation import Operation

R = TypeVar("R")
P = TypeVar("P", bound=catalog.Declared)
WorldKind = Literal["production", "demo", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashing:
    """The cost of hashing secrets (Argon2id); small only in runs, and said in their manifest."""

    memory_kib: int = 65_536
    passes: int = 3


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a world is made of, joined once in `boot`."""

    world_id: str
    kind: WorldKind
    public_url: str
    db: database.Database
    keyring: vault.Keyring
    clock: clock.Clock
    entropy: ids.Entropy
    blobs: blobs.BlobStore
    # The folder of the log's signed tree heads, outside the database, and the world's own note of the
    # newest; None where the world keeps none: in memory.
    heads: Path | None = None
    head_note: Path | None = None
    hashing: Hashing = field(default_factory=Hashing)
    # (reader, model class, name) → the setting in force; `policies` provides it.
    policy: Callable[[Reader, type[Any], str], Any]
    policies: Callable[[Reader, type[Any]], dict[str, Any]]
    # Fact kind → what follows from it in other stages, in order (`boot`'s table).
    reactions: Mapping[str, Sequence[Callable[[Operation, events.Event], None]]] = field(
        default_factory=dict
    )
    # What keeps an account from being closed, and what follows from a change of an enterprise, as the
    # stages above the people's know it (`boot`'s tables).
    blockers: Sequence[Callable[[Reader, str], Sequence[notes.Note]]] = ()
    consequences: Sequence[Callable[[Reader, str, frozenset[str]], Sequence[notes.Note]]] = ()
    # What the law has kept beyond an account, and which rows are a person's own, as the stages above the
    # people's know them.
    kept: Sequence[Callable[[Reader, str], Sequence[notes.Kept]]] = ()
    owned: Sequence[notes.Owned] = ()
    # (reader, kind of case, subject id) → the digest of what its reviewer sees, as it is now.
    evidence: Callable[[Reader, str, str], str] = lambda q, kind, subject_id: ""
    # (reader, actor text) → the data subject of who that is; None where it is nobody with an account.
    data_subject: Callable[[Reader, str], str | None] = lambda q, actor: None
    # (reader, own accounts) → whose cases somebody with these accounts as a customer must not decide.
    conflicts: Sequence[Callable[[Reader, frozenset[str]], frozenset[str]]] = ()
    # A certificate by its id, as the stage above orders knows it; None where there is none.
    holding: Callable[[Reader, str], notes.Holding | None] = lambda q, certificate_id: None
    # What works now or is under way, as each stage knows it: what an act would stop is what it takes away.
    working: Sequence[Callable[[Reader, notes.Within], Sequence[notes.Note]]] = ()
    # What could not be opened any more without a certificate, as the stages that keep files know it.
    stranded: Sequence[Callable[[Reader, str], Sequence[notes.Note]]] = ()
    # The roots (DER) that the world trusts: who signs the list of recognized authorities leads to one.
    anchors: tuple[bytes, ...] = ()
    # The certificates of the issuing authorities (DER), between those and what they certified.
    links: tuple[bytes, ...] = ()
    # Which generation of its keys an agency issues by; the serials reserved now begin with it.
    generations: Mapping[str, int] = field(default_factory=dict)
    # How the stages above orders take the payments of theirs: the prefix of such an order's id → how.
    payables: Mapping[str, notes.Payable] = field(default_factory=dict)
    # What is unfinished of a person, as each stage tells it to who answers their call.
    matters: Sequence[notes.Matters] = ()


class Reader:
    """Questions within one snapshot."""

    def __init__(
        self, parts: Parts, connection: database.Connection, now: int, actor: actors.Actor
    ) -> None:
        self.parts = parts
        self.connection = connection
        self.now = now
        self.actor = actor
        self._data_keys: dict[tuple[str, str], bytes] = {}
        # What a query worked out once for this snapshot and actor, by a name of its own.
        self.memo: dict[str, Any] = {}

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[database.Row]:
        """Every row of a question."""
        return self.connection.rows(sql, parameters)

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> database.Row | None:
        """The first row of a question, or None."""
        found = self.connection.rows(sql, parameters)
        return found[0] if found else None

    def all(self, cls: type[R], sql: str, parameters: Sequence[Any] = ()) -> list[R]:
        """Every row of a question as `cls`."""
        return [records.make(cls, row) for row in self.connection.rows(sql, parameters)]

    def first(self, cls: type[R], sql: str, parameters: Sequence[Any] = ()) -> R | None:
        """The first row of a question as `cls`, or None."""
        found = self.row(sql, parameters)
        return None if found is None else records.make(cls, found)

    def get(self, cls: type[R], table: str, row_id: str) -> R:
        """The row of `table` with this id.

        Raises: NotFound.
        """
        found = self.row(f"SELECT * FROM {table} WHERE id = ?", (row_id,))  # noqa: S608
        if found is None:
            raise errors.NotFound(what=table.replace("_", " "))
        return records.make(cls, found)

    def value(self, table: str, row_id: str, column: str) -> Any:
        """One column of the row of `table` with this id, as it is kept.

        Raises: NotFound.
        """
        found = self.row(f"SELECT {column} FROM {table} WHERE id = ?", (row_id,))  # noqa: S608
        if found is None:
            raise errors.NotFound(what=table.replace("_", " "))
        return found[column]

    def policy(self, model: type[P], name: str = "") -> P:
        """The setting of this kind (and name) in force at `now`."""
        found: P = self.parts.policy(self, model, name)
        return found

    def policies(self, model: type[P]) -> dict[str, P]:
        """Every setting of this kind in force at `now`, by name."""
        found: dict[str, P] = self.parts.policies(self, model)
        return found

    def find(self, kind: str, value: str) -> list[str]:
        """Ids of the rows whose indexed value equals `value` exactly."""
        digest = vault.blind(self.parts.keyring, kind, value)
        found = self.rows(
            "SELECT row_id FROM blind_index WHERE kind = ? AND digest = ? ORDER BY row_id",
            (kind, digest),
        )
        return [row["row_id"] for row in found]

    def data_key(self, subject_id: str, purpose: vault.Purpose) -> bytes:
        """A data key of a subject.

        Raises: vault.Destroyed once it has been destroyed.
        """
        known = self._data_keys.get((subject_id, purpose))
        if known is not None:
            return known
        found = self.row(
            "SELECT wrapped FROM data_key WHERE subject_id = ? AND purpose = ?",
            (subject_id, purpose),
        )
        if found is None:
            raise vault.Destroyed(what="key")
        key = vault.unwrap(self.parts.keyring, bytes(found["wrapped"]))
        self._data_keys[subject_id, purpose] = key
        return key

    def open(
        self, subject_id: str, place: str, sealed: bytes, purpose: vault.Purpose = "profile"
    ) -> str:
        """A protected text in the clear. `place` is `table|column|row id`.

        Raises: vault.Destroyed, vault.Unreadable.
        """
        return vault.unseal(self.data_key(subject_id, purpose), sealed, place).decode()

    def blob(self, blob_id: str) -> bytes:
        """The content of a blob in the clear.

        Raises: NotFound, vault.Destroyed.
        """
        row = self.row("SELECT * FROM blob WHERE id = ?", (blob_id,))
        if row is None:
            raise errors.NotFound(what="file")
        # A content whose key was destroyed may have been swept.
        key = self.data_key(row["subject_id"], row["purpose"])
        content = self.parts.blobs.read(self.connection, row["digest"])
        return vault.unseal(key, content, f"blob|content|{blob_id}")
