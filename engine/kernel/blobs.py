"""Blobs: files of the platform, encrypted under their subject's key, named by ciphertext digest.

The content is on disk and synced before the row that names it commits; a content without a row (the
operation failed) is swept. Memory worlds keep contents in the database.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Protocol

from engine.kernel import database, errors


class BlobMissing(errors.NotFound):
    """The file cannot be found in the store. Tell the operations staff."""


class BlobStore(Protocol):
    """Where ciphertexts are kept."""

    def write(self, connection: database.Connection, content: bytes) -> str:
        """Keep `content` durably; its digest."""

    def read(self, connection: database.Connection, digest: str) -> bytes:
        """The content of a digest."""


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

    def sweep(self, connection: database.Connection) -> int:
        """Delete contents that no row names; how many."""
        named = {row["digest"] for row in connection.rows("SELECT digest FROM blob")}
        gone = 0
        for path in self._directory.glob("??/*"):
            if path.name not in named:
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
