"""Changes of a world's keys as facts of its log: of the key-encryption key (PI-7), of its authorities."""

from __future__ import annotations

from engine.boot.world import World
from engine.kernel import actors, rotation, vault
from engine.kernel.operation import Operation
from engine.trusting import jobs as trusting


def _record(op: Operation, *, name: str, count: int) -> None:
    """Emits: keys.rotated."""
    op.record("keys.rotated", name, count=count)


def _root_rolled(op: Operation, *, label: str, digest: str) -> None:
    """Emits: root.rolled."""
    op.record("root.rolled", label, transcript=digest)


def _authority_rotated(op: Operation, *, label: str, digest: str) -> None:
    """Emits: authority.rotated."""
    op.record("authority.rotated", label, transcript=digest)


def record_ceremony(world: World, *, kind: str, label: str, digest: str) -> None:
    """Tell a world's log of new keys, by the digest of the transcript, and have the trust list carry them.

    Emits: root.rolled or authority.rotated, trust_list.adopted.
    """
    action = {"root.rolled": _root_rolled, "authority.rotated": _authority_rotated}[kind]
    arguments = {"label": label, "digest": digest}
    world.engine.perform(action, arguments, actor=actors.System(job="ceremony"))
    trusting.publish_next(world)


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
