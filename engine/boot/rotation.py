"""Changes of a world's keys as facts of its log: of what seals its secrets (PI-7), of its authorities."""

from __future__ import annotations

from collections.abc import Callable

from engine.boot import tables
from engine.boot.world import World
from engine.kernel import actors, rotation, vault
from engine.kernel.operation import Operation
from engine.trusting import jobs as trusting

# The server's shares of divided keys and of encryption keys, in use and waiting.
SHARES = rotation.Rotated(name=vault.SHARES, anew=tables.seal_shares_anew, left=tables.shares_left)


def _keys_rotated(op: Operation, *, name: str, count: int) -> None:
    """Emits: keys.rotated."""
    op.record("keys.rotated", name, count=count)


def _shares_rotated(op: Operation, *, name: str, count: int) -> None:
    """Emits: shares.rotated."""
    op.record("shares.rotated", name, count=count)


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
    return _rotated(world, rotation.DATA_KEYS, _keys_rotated)


def rotate_shares(world: World) -> int:
    """Give a world a new key over the server's shares, or finish what was begun; of how many keys.

    The world may be in use meanwhile: who signs during it signs by either.
    Emits: shares.rotated. Raises: KeysNotInAFolder. Source: KM-3, decision 6.
    """
    return _rotated(world, SHARES, _shares_rotated)


def _rotated(world: World, what: rotation.Rotated, record: Callable[..., None]) -> int:
    if world.path is None:
        raise rotation.KeysNotInAFolder(file="world.toml", problem="This one is in memory.")
    parts = world.engine.parts
    count = rotation.rotate(parts, world.path / "keys", parts.entropy, what)
    world.engine.perform(
        record,
        {"name": vault.name_of(parts.keyring, what.name), "count": count},
        actor=actors.System(job="rotate_keys"),
    )
    return count
