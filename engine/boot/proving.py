"""An evidence pack out of a world: what the tables and the log say, with what its authorities add."""

from __future__ import annotations

import hashlib

from engine.boot import reporting
from engine.boot.world import World
from engine.evidence import actions, packing, queries
from engine.kernel import actors, errors, ids
from engine.pki import certificates


def _stamp(world: World, digest: bytes) -> bytes:
    return world.ports.timestamps.stamp(digest, now=world.engine.now())


def _authorities(world: World, agencies: tuple[str, ...]) -> packing.Authorities:
    """The certificates and lists of these agencies; without a time-stamp where none can be had now."""
    links, lists = world.ports.validation.material(agencies)
    roots = [certificates.to_der(one) for one in world.roots]
    return packing.Authorities(
        roots=roots,
        links=[one for one in links if one not in roots],
        lists=lists,
        stamp=lambda digest: _stamp(world, digest),
    )


def evidence_pack(world: World, actor: actors.Actor, contract_id: str) -> bytes:
    """The evidence of a contract as a ZIP, made for somebody, which the log remembers (AUD-2).

    The signing report goes with it. Raises: NotFound, MayNot, StepUpNeeded, NotAdministrator,
    NothingSigned, TooBusy.
    """
    gathered = world.engine.ask(queries.evidence, actor, contract_id)
    authorities = _authorities(world, gathered.agencies)
    report = reporting.signing_report(world, actor, contract_id).content
    try:
        made = packing.pack(gathered, authorities, world.keyring, report=report)
    except errors.ProviderUnavailable:
        bare = packing.Authorities(
            roots=authorities.roots, links=authorities.links, lists=authorities.lists, stamp=None
        )
        made = packing.pack(gathered, bare, world.keyring, report=report)
    world.engine.perform(
        actions.record_pack,
        {
            "contract_id": contract_id,
            "digest_hex": hashlib.sha256(made).hexdigest(),
            "size": len(made),
        },
        actor=actor,
        key=ids.token(ids.system_entropy),
    )
    return made
