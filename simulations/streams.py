"""Chance, named: each entity has its own stream for each purpose.

The seed of a stream is SHA-256(run's seed, purpose, entity), so that entity `i` is the same whatever
the number of others, shards or workers, and adding a purpose moves no other one (`simulation.md` 1).
Nothing else here draws: no shared generator is consumed in the order of events.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]


def _material(seed: int, purpose: str, entity: str | int) -> bytes:
    return hashlib.sha256(f"{seed}/{purpose}/{entity}".encode()).digest()


def generator(seed: int, purpose: str, entity: str | int) -> np.random.Generator:
    """The generator of one entity for one purpose."""
    return np.random.Generator(
        np.random.PCG64(int.from_bytes(_material(seed, purpose, entity), "big"))
    )


def words(seed: int, purpose: str, entities: Iterable[int]) -> Words:
    """Four 64-bit words an entity, as the rows of an array: the vectorised form of a stream."""
    prefix = hashlib.sha256(f"{seed}/{purpose}/".encode())
    rows = []
    for entity in entities:
        one = prefix.copy()
        one.update(str(entity).encode())
        rows.append(one.digest())
    return np.frombuffer(b"".join(rows), dtype=">u8").astype(np.uint64).reshape(-1, 4)


def fraction(column: Words) -> NDArray[np.float64]:
    """Words as numbers in [0, 1)."""
    return (column >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def entropy(seed: int, purpose: str, entity: str | int) -> bytes:
    """32 bytes for an entity's own byte stream (`ids.Stream`), such as a phone's."""
    return _material(seed, purpose, entity)
