"""Blobs: files of the platform, encrypted under their subject's key, named by ciphertext digest.

The content is on disk and synced before the row that names it commits. Swept are a content without a row
(the operation failed) and one that nothing opens any more because its data key was destroyed; the row
stays, for the log holds its digest. Memory worlds keep contents in the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Protocol

from engine.kernel import clock, database, errors

# An operation is over long before: what it wrote and no row names by then, none will.
_SETTLED_MS = clock.HOUR
# What can be opened, or could be by the archive's guardians.
_KEPT_SQL = (
    "SELECT b.digest FROM blob b JOIN data_key k ON k.subject_id = b.subject_id"
    " AND (k.purpose = b.purpose OR (k.purpose = 'archive' AND b.purpose = 'evidence'))"
)


def kept(connection: database.Connection) -> set[str]:
    """The digests of all contents that somebody may open, now or for the law."""
    return {row["digest"] for row in connection.rows(_KEPT_SQL)}


class BlobMissing(errors.NotFound):
    """The file cannot be found in the store. Tell the operations staff."""


class BlobStore(Protocol):
    """Where ciphertexts are kept."""

    def write(self, connection: database.Connection, content: bytes) -> str:
        """Keep `content` durably; its digest."""

    def read(self, connection: database.Connection, digest: str) -> bytes:
        """The content of a digest."""

    def sweep(self, db: database.Database) -> int:
        """Delete contents that no row names or that nothing opens any more; how many."""


class FolderBlobs:
    """Ciphertexts as files in two-letter folders, each written, synced and renamed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path_of(self, digest: str) -> Path:
        """Where a digest is kept."""
        return self._directory / digest[:2] / digest

    def write(self, connection: database.Connection, content: bytes) -> str:
        """Keep `content` durably; its digest."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path_of(digest)
        if path.exists():
            # It may be another operation's that failed: from now on it is this one's.
            path.touch()
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return digest

    def read(self, connection: database.Connection, digest: str) -> bytes:
        """The content of a digest.

        Raises: BlobMissing.
        """
        try:
            return self.path_of(digest).read_bytes()
        except FileNotFoundError as problem:
            raise BlobMissing() from problem

    def sweep(self, db: database.Database) -> int:
        """Delete contents that no row names or that nothing opens any more; how many.

        A file younger than an hour may belong to an operation that has not committed yet.
        """
        with db.read() as connection:
            known = kept(connection)
        newest_s = (clock.SystemClock().now_ms() - _SETTLED_MS) / 1000
        gone = 0
        for path in self._directory.glob("??/*"):
            # Another worker may sweep at the same time.
            with contextlib.suppress(FileNotFoundError):
                if path.name not in known and path.stat().st_mtime <= newest_s:
                    path.unlink()
                    gone += 1
        return gone


class DatabaseBlobs:
    """Ciphertexts in the database: worlds in memory."""

    def write(self, connection: database.Connection, content: bytes) -> str:
        """Keep `content`; its digest."""
        digest = hashlib.sha256(content).hexdigest()
        if not connection.rows("SELECT 1 AS x FROM blob_content WHERE digest = ?", (digest,)):
            connection.run(
                "INSERT INTO blob_content (digest, content) VALUES (?, ?)", (digest, content)
            )
        return digest

    def read(self, connection: database.Connection, digest: str) -> bytes:
        """The content of a digest.

        Raises: BlobMissing.
        """
        found = connection.rows("SELECT content FROM blob_content WHERE digest = ?", (digest,))
        if not found:
            raise BlobMissing()
        return bytes(found[0]["content"])

    def sweep(self, db: database.Database) -> int:
        """Delete contents that nothing opens any more; how many. One without a row cannot be here."""
        with db.write() as connection:
            return connection.run(f"DELETE FROM blob_content WHERE digest NOT IN ({_KEPT_SQL})")  # noqa: S608
