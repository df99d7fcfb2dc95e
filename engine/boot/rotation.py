"""Changing the key-encryption key of a world, as a fact of its log (PI-7)."""

from __future__ import annotations

from engine.boot.world import World
from engine.kernel import actors, rotation, vault
from engine.kernel.operation import Operation


def _record(op: Operation, *, name: str, count: int) -> None:
    """Emits: keys.rotated."""
    op.record("keys.rotated", name, count=count)


def rotate(world: World) -> int:
    """Give a world a new key-encryption key, or finish what was begun; how many data keys it wraps anew.

    The world may be in use meanwhile.
    Emits: keys.rotated. Raises: KeysNotInAFolder.
    """
    if world.path is None:
        raise rotation.KeysNotInAFolder(file="world.toml", problem="This one is in memory.")
    parts = world.engine.parts
    count = rotation.rotate(parts, world.path / "keys", parts.entropy)
    world.engine.perform(
        _record,
        {"name": vault.name_of_wrapping(parts.keyring), "count": count},
        actor=actors.System(job="rotate_keys"),
    )
    return count
