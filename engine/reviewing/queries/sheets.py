"""Papers on a sheet: which file they are, and whether it still is what was handed in."""

from __future__ import annotations

import hmac

from engine.kernel import errors
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.reviewing import model


def paper(q: Reader, code: str, label: str | Text, blob_id: str) -> model.Paper:
    """A kept file as a paper of a sheet; `code` is what reasons point at."""
    row = q.row("SELECT media_type, plaintext_mac FROM blob WHERE id = ?", (blob_id,))
    return model.Paper(
        code=code,
        label=label,
        blob_id=blob_id,
        media_type=row["media_type"] if row else "",
        digest=bytes(row["plaintext_mac"]).hex() if row else "",
    )


def still_holds(q: Reader, found: model.Paper) -> bool:
    """Whether the content of a paper is, byte for byte, what its digest says.

    False also where the file is gone or does not open under its key any more.
    """
    try:
        content = q.blob(found.blob_id)
    except errors.EngineError:
        return False
    mac = q.parts.keyring.mac("blind-index", b"blob" + content)
    return hmac.compare_digest(mac.hex(), found.digest)
