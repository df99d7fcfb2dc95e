"""The SQL of the prints of pictures that were handed in as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.kernel.operation import Operation
from engine.kernel.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePrint:
    """A picture's print, and who handed it in."""

    blob_id: str
    account_id: str
    print: str


def keep_print(op: Operation, found: PicturePrint) -> None:
    """Note a picture's print."""
    op.unlogged(
        "INSERT INTO picture_print (blob_id, account_id, print, created_at) VALUES (?, ?, ?, ?)",
        (found.blob_id, found.account_id, found.print, op.now),
    )


def prints_of(q: Reader, blob_ids: Sequence[str]) -> list[PicturePrint]:
    """The prints of these pictures."""
    marks = ", ".join("?" for _ in blob_ids)
    sql = f"SELECT blob_id, account_id, print FROM picture_print WHERE blob_id IN ({marks})"  # noqa: S608
    return q.all(PicturePrint, sql, tuple(blob_ids)) if blob_ids else []


def prints_of_others(q: Reader, account_id: str, most: int) -> list[PicturePrint]:
    """The newest pictures that other people handed in."""
    sql = (
        "SELECT blob_id, account_id, print FROM picture_print WHERE account_id <> ?"
        " ORDER BY created_at DESC, blob_id LIMIT ?"
    )
    return q.all(PicturePrint, sql, (account_id, most))
