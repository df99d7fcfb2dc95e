"""A document judged by what a world trusts: its roots, its authorities' certificates and newest lists."""

from __future__ import annotations

from engine.boot.world import World
from engine.kernel import errors
from engine.pki import certificates
from engine.verifying import examining, judging


def trust(world: World) -> judging.Trust:
    """What the world's own verification rests on; an authority that does not answer adds nothing."""
    online = world.authorities
    links: list[bytes] = [certificates.to_der(one) for one in online.cross]
    lists: list[bytes] = []
    for label in (*online.agencies, *online.roots):
        try:
            lists.append(online.crl(label))
            if label in online.agencies:
                links.append(online.certificate(label))
        except errors.EngineError:
            continue
    return judging.Trust(
        roots=[certificates.to_der(one) for one in world.roots], certificates=links, crls=lists
    )


def examine(world: World, content: bytes) -> judging.Told:
    """The judgment of a document now, in a process of its own.

    Raises: TooBusy.
    """
    return examining.examine(content, trust(world), world.engine.now())
