"""Joining the parts of a world: database, keys, PKI, clock and chance, and the drivers behind the ports."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from engine.boot import hierarchy, keys_kept, tables, telling
from engine.boot.matters import MATTERS
from engine.boot.world import World, WorldFile
from engine.issuing import queries as issuing
from engine.kernel import blobs, clock, database, ids, ports, vault
from engine.kernel.engine import Engine
from engine.kernel.reader import Hashing, Parts
from engine.pki import ceremony, certificates, listing
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.providers import (
    authorities,
    bank,
    carrier,
    courier,
    escrow,
    identity,
    messages,
    receivers,
    register,
    seal_register,
    seals,
    sending_out,
    store,
    tax,
    troubled,
    trust_scheme,
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
    parts = _parts(file, path, db, keyring, pki, the_clock, entropy, hashing)
    engine = Engine(parts)
    memory = store.Memory(parts, engine.now, engine.moment)
    board = troubled.Board(memory) if file.kind == "demo" else None
    the_bank = _bank(memory, board)
    sms = messages.SimulatedSms(memory)
    the_carrier = carrier.SimulatedCarrier(memory, carrier.load_rules())
    agencies = {name: _agency(pki, name) for name in pki.present}
    online = _online(engine, memory, pki, agencies, board)
    the_scheme = _scheme(pki)
    received = _receivers(memory)
    sender = received or sending_out.HttpSender(anywhere=False)
    found = _ports(memory, pki, online, agencies, the_bank, sms, the_carrier, the_scheme, sender)
    return World(
        id=file.id,
        kind=file.kind,
        path=path,
        public_url=file.public_url,
        engine=engine,
        ports=found if board is None else troubled.behind(board, found),
        authorities=online,
        bank=the_bank,
        sms=sms,
        carrier=the_carrier,
        trust_scheme=the_scheme,
        receivers=received,
        outsiders=pki.outsiders,
        roots=tuple(one.certificate for one in reversed(pki.roots)),
    )


def _receivers(memory: store.Memory) -> receivers.SimulatedReceivers | None:
    """Who receives webhooks here: a run sends nowhere else, a production world has nobody simulated."""
    if memory.parts.kind == "production":
        return None
    beyond = sending_out.HttpSender(anywhere=True) if memory.parts.kind == "demo" else None
    return receivers.SimulatedReceivers(memory, receivers.load_rules(), beyond)


def _bank(memory: store.Memory, board: troubled.Board | None) -> bank.SimulatedBank:
    rules = bank.load_rules()
    if board is None:
        return bank.SimulatedBank(memory, rules)
    return troubled.TroubledBank(memory, rules, board)


def _parts(
    file: WorldFile,
    path: Path | None,
    db: database.Database,
    keyring: vault.Keyring,
    pki: keys_kept.Pki,
    the_clock: clock.Clock,
    entropy: ids.Entropy,
    hashing: Hashing,
) -> Parts:
    return Parts(
        world_id=file.id,
        kind=file.kind,
        public_url=file.public_url,
        db=db,
        keyring=keyring,
        clock=the_clock,
        entropy=entropy,
        blobs=blobs.FolderBlobs(path / "blobs") if path else blobs.DatabaseBlobs(),
        hashing=hashing,
        heads=_heads(file, path),
        head_note=path / "newest-head.json" if path else None,
        policy=policy_queries.in_force,
        policies=policy_queries.all_in_force,
        reactions=tables.REACTIONS,
        consequences=telling.CONSEQUENCES,
        blockers=telling.BLOCKERS,
        kept=telling.KEPT,
        owned=telling.OWNED,
        evidence=tables.evidence,
        data_subject=tables.data_subject,
        conflicts=telling.CONFLICTS,
        holding=issuing.holding,
        stranded=telling.STRANDED,
        working=telling.WORKING,
        payables=telling.PAYABLES,
        matters=MATTERS,
        anchors=pki.anchors,
        links=_links(pki),
        generations=pki.present,
    )


def _heads(file: WorldFile, path: Path | None) -> Path | None:
    """Where a world's tree heads are kept: `YINXIN_HEADS`, a folder for each world in it, or its own."""
    if path is None:
        return None
    elsewhere = os.environ.get("YINXIN_HEADS", "")
    return Path(elsewhere) / file.id if elsewhere else path / "heads"


def _links(pki: keys_kept.Pki) -> tuple[bytes, ...]:
    """Every generation of every issuing authority, and what one root says of another."""
    issuing = (kept.authority.certificate for name in pki.present for kept in pki.generations(name))
    return tuple(certificates.to_der(one) for one in (*issuing, *pki.cross))


def _agency(pki: keys_kept.Pki, name: str) -> authorities.Agency:
    *earlier, present = pki.generations(name)
    return authorities.Agency(keys=present, profiles=pki.practised(name), earlier=tuple(earlier))


def _scheme(pki: keys_kept.Pki) -> trust_scheme.SimulatedTrustScheme:
    """Who keeps the trust list: it knows this world's agencies, and those that are simulated outside."""
    known = {
        name: [kept.authority.certificate for kept in pki.generations(name)] for name in pki.present
    }
    outside = {name: [one.issuing.certificate] for name, one in pki.outsiders.items()}
    return trust_scheme.SimulatedTrustScheme(
        credential=pki.list_signer, known=known | outside, bridges=pki.cross
    )


def _online(
    engine: Engine,
    memory: store.Memory,
    pki: keys_kept.Pki,
    agencies: Mapping[str, authorities.Agency],
    board: troubled.Board | None,
) -> authorities.Authorities:
    by_label = {
        kept.authority.label: authorities.Agency(
            keys=kept, profiles=agencies[name].profiles, earlier=tuple(before)
        )
        for name in agencies
        for *before, kept in _grown(pki.generations(name))
    }
    made = authorities.Authorities if board is None else board.authorities
    return made(
        roots={
            one.label: authorities.OfflineRoot(certificate=one.certificate, crl=one.crl)
            for one in pki.roots
        },
        agencies=by_label,
        current={name: agency.keys.authority.label for name, agency in agencies.items()},
        memory=memory,
        status_of=lambda label, serial: _status(engine, label, serial),
        revocations_of=lambda label, after, whole: _revocations(engine, label, after, whole),
        revision_of=lambda label: engine.ask(
            issuing.revision, tables.INSIDE, agency_id=hierarchy.agency_of(label)
        ),
        makers=[kept.certificate for kept in pki.seal_makers.values()],
        cross=pki.cross,
    )


def _grown(generations: list[ceremony.AgencyKeys]) -> list[list[ceremony.AgencyKeys]]:
    return [generations[: place + 1] for place in range(len(generations))]


def _is_of(label: str, serial: int) -> bool:
    return certificates.serial_prefix(serial) == hierarchy.generation_of(label)


def _status(engine: Engine, label: str, serial: int) -> tuple[str, int, str]:
    """What an authority says of a serial; of another generation's it knows nothing."""
    if not _is_of(label, serial):
        return "unknown", 0, ""
    return engine.ask(
        issuing.status_for_ocsp,
        tables.INSIDE,
        agency_id=hierarchy.agency_of(label),
        serial=serial,
    )


def _revocations(engine: Engine, label: str, after: int, whole: bool) -> listing.Standing:
    """What an authority's list has to tell: its own generation's part of what the agency revoked."""
    return engine.ask(
        issuing.revocations,
        tables.INSIDE,
        agency_id=hierarchy.agency_of(label),
        after=after,
        generation=hierarchy.generation_of(label),
        whole=whole,
    )


def _ports(
    memory: store.Memory,
    pki: keys_kept.Pki,
    online: authorities.Authorities,
    agencies: Mapping[str, authorities.Agency],
    the_bank: bank.SimulatedBank,
    sms: messages.SimulatedSms,
    the_carrier: carrier.SimulatedCarrier,
    the_scheme: trust_scheme.SimulatedTrustScheme,
    sender: ports.WebhookSender,
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
        seal_register=seal_register.SimulatedSealRegister(seal_register.load_rules(), memory),
        timestamps=online,
        validation=online,
        tax=tax.SimulatedTaxService(memory, tax.load_rules()),
        courier=courier.SimulatedCourier(memory, courier.load_rules()),
        trust_scheme=the_scheme,
        webhooks=sender,
    )
