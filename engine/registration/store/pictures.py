"""The SQL of the prints of pictures that were handed in as evidence, and of which are alike."""

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


def keep_print(op: Operation, found: PicturePrint, bands: Sequence[int]) -> None:
    """Note a picture's print, and the parts that it is found by."""
    op.unlogged(
        "INSERT INTO picture_print (blob_id, account_id, print, created_at) VALUES (?, ?, ?, ?)",
        (found.blob_id, found.account_id, found.print, op.now),
    )
    for band in bands:
        op.unlogged("INSERT INTO picture_band (band, blob_id) VALUES (?, ?)", (band, found.blob_id))


def candidates(q: Reader, account_id: str, bands: Sequence[int], most: int) -> list[PicturePrint]:
    """The pictures of other people that share a part with a print, the newest first."""
    marks = ", ".join("?" for _ in bands)
    sql = (
        "SELECT p.blob_id, p.account_id, p.print FROM picture_print p WHERE p.account_id <> ?"  # noqa: S608
        f" AND p.blob_id IN (SELECT blob_id FROM picture_band WHERE band IN ({marks}))"
        " ORDER BY p.blob_id DESC LIMIT ?"
    )
    return q.all(PicturePrint, sql, (account_id, *bands, most))


def keep_match(op: Operation, one: str, other: str) -> None:
    """Note that two pictures are alike, for the reviewers of both."""
    for pair in ((one, other), (other, one)):
        op.unlogged("INSERT INTO picture_match (blob_id, other_id) VALUES (?, ?)", pair)


def matched(q: Reader, blob_ids: Sequence[str]) -> list[str]:
    """Those of these pictures that other people handed in too."""
    sql = "SELECT 1 FROM picture_match WHERE blob_id = ? LIMIT 1"
    return [blob_id for blob_id in blob_ids if q.row(sql, (blob_id,))]


def others(q: Reader, blob_ids: Sequence[str], most: int) -> list[str]:
    """The accounts of other people who handed these pictures in too, in order of when they did."""
    marks = ", ".join("?" for _ in blob_ids)
    sql = (
        "SELECT p.account_id FROM picture_match m JOIN picture_print p ON p.blob_id = m.other_id"  # noqa: S608
        f" WHERE m.blob_id IN ({marks}) GROUP BY p.account_id ORDER BY MIN(m.other_id) LIMIT ?"
    )
    found = q.rows(sql, (*blob_ids, most)) if blob_ids else []
    return [row["account_id"] for row in found]


def forget(op: Operation, account_id: str) -> None:
    """Delete what was derived from the pictures of an account."""
    own = "(SELECT blob_id FROM picture_print WHERE account_id = ?)"
    for table, column in (
        ("picture_match", "blob_id"),
        ("picture_match", "other_id"),
        ("picture_band", "blob_id"),
    ):
        op.unlogged(f"DELETE FROM {table} WHERE {column} IN {own}", (account_id,))  # noqa: S608
    op.unlogged("DELETE FROM picture_print WHERE account_id = ?", (account_id,))
