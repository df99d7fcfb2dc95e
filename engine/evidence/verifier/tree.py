"""The Merkle tree over the log's events (RFC 9162 2.1): leaves, roots and both kinds of proof."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

EMPTY = hashlib.sha256(b"").digest()


def line(columns: Sequence[Any]) -> bytes:
    """An event as one line of an exported log, and what its leaf is the digest of."""
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()


def leaf(told: bytes) -> bytes:
    """The digest of one event's line."""
    return hashlib.sha256(b"\0" + told).digest()


def joined(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(b"\1" + left + right).digest()


def above(level: list[bytes]) -> list[bytes]:
    """The nodes above those that have a partner."""
    hashed, prefix = hashlib.sha256, b"\1"
    pairs = zip(level[::2], level[1::2], strict=False)
    return [hashed(prefix + left + right).digest() for left, right in pairs]


class Frontier:
    """All that a growing tree needs to know of itself for its root: one node a level, or none."""

    def __init__(self) -> None:
        self.size = 0
        self._nodes: list[bytes | None] = []

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves at the right."""
        level, height = list(leaves), 0
        self.size += len(level)
        while level:
            if height == len(self._nodes):
                self._nodes.append(None)
            waiting = self._nodes[height]
            if waiting is not None:
                level.insert(0, waiting)
            self._nodes[height] = level[-1] if len(level) % 2 else None
            level = above(level)
            height += 1

    def root(self) -> bytes:
        """The root over the leaves so far; of none at all the digest of nothing."""
        made = None
        for node in self._nodes:
            if node is not None:
                made = node if made is None else joined(node, made)
        return EMPTY if made is None else made


def root_of(own: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162 2.1.3.2); empty where it leads nowhere."""
    if not 0 <= index < size:
        return b""
    at, last, made = index, size - 1, own
    for other in path:
        if last == 0:
            return b""
        if at % 2 or at == last:
            made = joined(other, made)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            made = joined(made, other)
        at, last = at >> 1, last >> 1
    return made if last == 0 else b""


def grew(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the tree of `first` leaves is the beginning of that of `second` (RFC 9162 2.1.4.2)."""
    if first == second or first == 0:
        return first <= second and not path and (first == 0 or first_root == second_root)
    proof = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if first > second or not proof:
        return False
    at, last = first - 1, second - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    old = new = proof[0]
    for other in proof[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            old, new = joined(other, old), joined(other, new)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            new = joined(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
