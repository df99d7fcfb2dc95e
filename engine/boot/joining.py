"""Joining the parts of a world: database, keys, PKI, clock and chance, and the drivers behind the ports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.boot import keys_kept, tables
from engine.boot.matters import MATTERS
from engine.boot.world import World, WorldFile
from engine.issuing import queries as issuing
from engine.kernel import blobs, clock, database, ids, ports, vault
from engine.kernel.engine import Engine
from engine.kernel.reader import Hashing, Parts
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.providers import (
    authorities,
    bank,
    carrier,
    escrow,
    identity,
    messages,
    register,
    seals,
    store,
    tax,
)


def join(
    *,
    file: WorldFile,
    path: Path | None,
    db: database.Database,
    keyring: vault.Keyring,
    pki: keys_kept.Pki,
    the_clock: clock.Clock,
    entropy: ids.Entropy,
    hashing: Hashing,
) -> World:
    """The parts of a world, joined: the only place where a driver meets its port."""
    parts = Parts(
        world_id=file.id,
        kind=file.kind,
        public_url=file.public_url,
        db=db,
        keyring=keyring,
        clock=the_clock,
        entropy=entropy,
        blobs=blobs.FolderBlobs(path / "blobs") if path else blobs.DatabaseBlobs(),
        hashing=hashing,
        policy=policy_queries.in_force,
        policies=policy_queries.all_in_force,
        reactions=tables.REACTIONS,
        consequences=tables.CONSEQUENCES,
        blockers=tables.BLOCKERS,
        kept=tables.KEPT,
        owned=tables.OWNED,
        evidence=tables.evidence,
        data_subject=tables.data_subject,
        conflicts=tables.CONFLICTS,
        holding=issuing.holding,
        stranded=tables.STRANDED,
        matters=MATTERS,
    )
    engine = Engine(parts)
    memory = store.Memory(parts, engine.now)
    the_bank = bank.SimulatedBank(memory, bank.load_rules())
    sms = messages.SimulatedSms(memory)
    the_carrier = carrier.SimulatedCarrier(memory, carrier.load_rules())
    agencies = {
        label: authorities.Agency(keys=kept, profiles=pki.profiles)
        for label, kept in pki.agencies.items()
    }
    online = _online(engine, memory, pki, agencies)
    return World(
        id=file.id,
        kind=file.kind,
        path=path,
        public_url=file.public_url,
        engine=engine,
        ports=_ports(memory, pki, online, agencies, the_bank, sms, the_carrier),
        authorities=online,
        bank=the_bank,
        sms=sms,
        carrier=the_carrier,
        roots=(pki.root,),
    )


def _online(
    engine: Engine,
    memory: store.Memory,
    pki: keys_kept.Pki,
    agencies: Mapping[str, authorities.Agency],
) -> authorities.Authorities:
    return authorities.Authorities(
        root=pki.root,
        root_crl=pki.root_crl,
        agencies=agencies,
        memory=memory,
        status_of=lambda label, serial: engine.ask(
            issuing.status_for_ocsp, tables.INSIDE, agency_id=label, serial=serial
        ),
        revocations_of=lambda label, after: engine.ask(
            issuing.revocations, tables.INSIDE, agency_id=label, after=after
        ),
        revision_of=lambda label: engine.ask(issuing.revision, tables.INSIDE, agency_id=label),
        makers=[kept.certificate for kept in pki.seal_makers.values()],
    )


def _ports(
    memory: store.Memory,
    pki: keys_kept.Pki,
    online: authorities.Authorities,
    agencies: Mapping[str, authorities.Agency],
    the_bank: bank.SimulatedBank,
    sms: messages.SimulatedSms,
    the_carrier: carrier.SimulatedCarrier,
) -> ports.Ports:
    rules = identity.load_rules()
    declared = policy_queries.declared()
    return ports.Ports(
        sms=sms,
        carrier=the_carrier,
        real_name={
            name: identity.SimulatedIdentity(name, rules, memory)
            for kind, name, _ in declared
            if kind == policies.RealNameWay.KIND
        },
        register=register.SimulatedRegister(register.load_rules()),
        payment=the_bank,
        agencies=agencies,
        key_centre=escrow.SimulatedKeyCentre(memory),
        seal_makers={
            label: seals.SealAgency(credential=kept) for label, kept in pki.seal_makers.items()
        },
        timestamps=online,
        validation=online,
        tax=tax.SimulatedTaxService(memory),
    )
