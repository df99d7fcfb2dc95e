"""The Merkle tree over the event log (RFC 9162 2.1): its root, and the proof that an event is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from engine.evidence.verifier.chain import leaf, root_of

__all__ = ["Tree", "leaf", "root_of"]


def _above(level: list[bytes]) -> list[bytes]:
    """The level above: pairs are joined, a last one without a partner goes up as it is."""
    joined = [
        hashlib.sha256(b"\1" + level[at] + level[at + 1]).digest()
        for at in range(0, len(level) - 1, 2)
    ]
    return joined + level[len(level) - len(level) % 2 :]


class Tree:
    """The tree of some leaves; its levels are kept, so that proofs cost a few lookups each."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """The root; of no leaves at all the digest of nothing."""
        return self._levels[-1][0] if self._levels[-1] else hashlib.sha256(b"").digest()

    def path(self, index: int) -> list[bytes]:
        """The proof that the leaf with this index (from 0) is in the tree."""
        made = []
        for level in self._levels[:-1]:
            other = index ^ 1
            if other < len(level):
                made.append(level[other])
            index >>= 1
        return made
