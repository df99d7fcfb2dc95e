"""Receipts: that what somebody did is in the log, by a proof to a signed head; proofs that it only grew.

A receipt is JSON that the stand-alone verifier reads (`verifier.receipts`). Whoever did a thing gets the
leaf: it binds the platform to one content of the event without giving away what else the event holds.
Auditors get the event itself.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.evidence import growing, store
from engine.evidence.keeping import HeadFolder, folder_of
from engine.evidence.merkle import Tree
from engine.evidence.verifier.heads import TreeHead
from engine.evidence.verifier.receipts import GROWTH_FORMAT, RECEIPT_FORMAT
from engine.evidence.verifier.tree import grew, leaf, line, root_of
from engine.kernel import errors
from engine.kernel.reader import Parts, Reader


class HeadMissing(errors.NotFound):
    """There is no signed head over {size} events."""


class HeadGivenUp(errors.PolicyRefused):
    """The head over {size} events was given up when the log went on from an older state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """One event in the tree: its place (from 0), what kind it is, and the nodes on the way to the root.

    `told` is the event's line, of which `leaf` is the digest; empty where the receipt keeps it back.
    """

    index: int
    kind: str
    occurred_at: int
    subject: str
    leaf: str
    proof: tuple[str, ...]
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That the events of an operation are under a signed head."""

    operation: str
    head: TreeHead
    events: tuple[Proved, ...]
    format: str = RECEIPT_FORMAT

    def told(self) -> bytes:
        """The receipt as a file."""
        return _file(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """That the log under one head is the beginning of the log under another."""

    first: TreeHead
    second: TreeHead
    proof: tuple[str, ...]
    format: str = GROWTH_FORMAT

    @property
    def holds(self) -> bool:
        """Whether the proof leads from one root to the other."""
        roots = bytes.fromhex(self.first.root), bytes.fromhex(self.second.root)
        path = [bytes.fromhex(one) for one in self.proof]
        return grew(self.first.size, roots[0], self.second.size, roots[1], path)

    def told(self) -> bytes:
        """The proof as a file."""
        return _file(self)


def _file(told: Receipt | Growth) -> bytes:
    return (json.dumps(dataclasses.asdict(told), ensure_ascii=False, indent=1) + "\n").encode()


def _folder(parts: Parts) -> HeadFolder:
    folder = folder_of(parts)
    if folder is None:
        raise growing.NoHeadsHere()
    return folder


def receipt(q: Reader, operation: str, *, whole: bool) -> Receipt:
    """The receipt of an operation; a head is signed for it where none is over it yet.

    `whole`: with the events themselves. Raises: NotFound, NoHeadsHere, LogNotSigned.
    """
    folder, columns = _folder(q.parts), store.of_operation(q, operation)
    if not columns:
        raise errors.NotFound(what="operation")
    newest = folder.newest()
    if newest is None or newest.size < columns[-1][0]:
        newest = growing.grow(q.parts)
    with folder.locked(), q.parts.db.read() as connection:
        newest = folder.newest() or newest
        tree = growing.tree_of(connection, folder, newest)
        proved = _proved(tree, columns, whole)
        if proved is None:
            # An inner node was damaged, or what the log has now is not what was signed: then this refuses.
            tree = growing.tree_of(connection, folder, newest, anew=True)
            proved = _proved(tree, columns, whole)
    if proved is None:
        raise growing.refused(growing.Problem.CHANGED)
    return Receipt(operation=operation, head=newest, events=proved)


def _proved(tree: Tree, columns: Sequence[list[Any]], whole: bool) -> tuple[Proved, ...] | None:
    """The events with their proofs; None where a proof does not lead to the root."""
    found = []
    for one in columns:
        told, index = line(one), int(one[0]) - 1
        own, path = leaf(told), tree.path(index)
        if root_of(own, index, tree.size, path) != tree.root():
            return None
        found.append(
            Proved(
                index=index,
                kind=one[5],
                occurred_at=one[1],
                subject=one[7],
                leaf=own.hex(),
                proof=tuple(node.hex() for node in path),
                told=told.decode() if whole else "",
            )
        )
    return tuple(found)


def head_over(folder: HeadFolder, size: int) -> TreeHead:
    """The newest head over so many events.

    Raises: HeadMissing.
    """
    found = None
    for head in folder.every():
        if head.size == size:
            found = head
    if found is None:
        raise HeadMissing(size=size)
    return found


def growth(q: Reader, first: int, second: int) -> Growth:
    """The proof that the log only grew from one signed head to another, named by their sizes.

    Raises: HeadMissing, HeadGivenUp, NoHeadsHere, LogNotSigned.
    """
    folder = _folder(q.parts)
    with folder.locked(), q.parts.db.read() as connection:
        heads = [head_over(folder, size) for size in sorted((first, second))]
        newest = folder.newest() or heads[1]
        if heads[1].size > newest.size:
            raise HeadGivenUp(size=heads[1].size)
        tree = growing.tree_of(connection, folder, newest)
        path = tree.consistency(heads[0].size, heads[1].size)
    return Growth(first=heads[0], second=heads[1], proof=tuple(one.hex() for one in path))
