"""What a phone brings to an act that confirms several things with one entry of the PIN."""

from __future__ import annotations

from collections.abc import Sequence

from engine.boot import World
from engine.issuing import model
from engine.kernel import actors
from tests.support import key_proofs


def prove(
    world: World,
    person: actors.Person,
    certificate_id: str,
    key: key_proofs.PartyKey,
    messages: Sequence[bytes],
) -> model.KeyProof:
    """A counted try, and a half for each of the messages."""
    opened = key_proofs.open_try(world, person, certificate_id)
    first, *more = [key_proofs.half(key, one) for one in messages]
    return model.KeyProof(try_id=opened.id, half=first, more=tuple(more))
