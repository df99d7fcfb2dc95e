"""A world: a folder with a database, blobs, keys, a clock and `world.toml`; or all of it in memory.

The kind is written once. A production world has a system clock and CSPRNG entropy, refuses clock jumps
and needs roots made by `yinxin ceremony`; demo and run roots say TEST (decisions 5 and 6).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography import x509

from engine.boot import keys_kept, tables
from engine.issuing import queries as issuing
from engine.kernel import (
    actors,
    blobs,
    catalog,
    clock,
    database,
    errors,
    ids,
    migrating,
    ports,
    vault,
)
from engine.kernel.engine import Engine
from engine.kernel.reader import Hashing, Parts, WorldKind
from engine.ordering import actions as ordering
from engine.policies import actions as policy_actions
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.providers import authorities, bank, identity, messages, seals, store, tax
from engine.worker import Handler

DEFAULT_URL = "http://127.0.0.1:8501"
# Enough to keep hashing honest and a population quick; said in a run's manifest.
QUICK_HASHING = Hashing(memory_kib=64, passes=1)


class WorldExists(errors.ConfigurationError):
    """There already is a world in {file}: {problem}"""


class WorldFile(catalog.Declared):
    """`world.toml`."""

    id: str
    kind: Literal["production", "demo", "run"]
    public_url: str
    seed: int
    engine_version: str
    database: str
    reference_ms: int


@dataclass(frozen=True, kw_only=True)
class World:
    """An open world."""

    id: str
    kind: WorldKind
    path: Path | None
    public_url: str
    engine: Engine
    ports: ports.Ports
    authorities: authorities.Authorities
    bank: bank.SimulatedBank
    sms: messages.SimulatedSms
    roots: tuple[x509.Certificate, ...]

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Job kind → what does it."""
        return tables.HANDLERS

    @property
    def keyring(self) -> vault.Keyring:
        """The world's secrets."""
        return self.engine.parts.keyring

    def deliver_due(self, payment_id: str = "") -> int:
        """Deliver the payment notices that are due; how many. A refused one was parked."""
        due = self.bank.due(payment_id=payment_id)
        for notice in due:
            try:
                self.engine.perform(
                    ordering.receive_callback,
                    {"body": notice.callback.body, "signature": notice.callback.signature},
                    actor=actors.Machine(name="payment"),
                    key=notice.id,
                )
            except errors.ProviderUnavailable:
                return 0
            except errors.EngineError as refusal:
                # The refusal stands in the log as a fact of its own; the bank only needs an answer.
                _ = refusal
            self.bank.delivered(notice.id)
        return len(due)

    def close(self) -> None:
        """Give the database's connections back."""
        self.engine.parts.db.close()


# The open worlds of this process, by id.
worlds: dict[str, World] = {}


def _join(
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
    )
    engine = Engine(parts)
    memory = store.Memory(parts, engine.now)
    the_bank = bank.SimulatedBank(
        memory, catalog.load(catalog.DATA / "providers" / "payment.toml", bank.Rules)
    )
    sms = messages.SimulatedSms(memory)
    agencies = {
        label: authorities.Agency(keys=kept, profiles=pki.profiles)
        for label, kept in pki.agencies.items()
    }
    online = authorities.Authorities(
        root=pki.root,
        root_crl=pki.root_crl,
        agencies=agencies,
        memory=memory,
        status_of=lambda label, serial: engine.ask(
            issuing.status_for_ocsp, tables.INSIDE, agency_id=label, serial=serial
        ),
        revoked_of=lambda label: engine.ask(issuing.revocations, tables.INSIDE, agency_id=label),
    )
    rules = identity.load_rules()
    declared = policy_queries.declared()
    return World(
        id=file.id,
        kind=file.kind,
        path=path,
        public_url=file.public_url,
        engine=engine,
        ports=ports.Ports(
            sms=sms,
            real_name={
                name: identity.SimulatedIdentity(name, rules)
                for kind, name, _ in declared
                if kind == policies.RealNameWay.KIND
            },
            payment=the_bank,
            agencies=agencies,
            seal_makers={
                label: seals.SealAgency(credential=kept) for label, kept in pki.seal_makers.items()
            },
            timestamps=online,
            validation=online,
            tax=tax.SimulatedTaxService(memory),
        ),
        authorities=online,
        bank=the_bank,
        sms=sms,
        roots=(pki.root,),
    )


def memory_world(
    *,
    seed: int = 1,
    start: int = 1_780_272_000_000,
    world_id: str = "run",
    db: database.Database | None = None,
) -> World:
    """A throw-away run world in memory (or over a given empty database), all of it seeded.

    `start` is the first instant of its manual clock (default 2026-06-01 08:00 in Shanghai).
    """
    file = WorldFile(
        id=world_id,
        kind="run",
        public_url=DEFAULT_URL,
        seed=seed,
        engine_version=tables.ENGINE_VERSION,
        database="memory",
        reference_ms=start,
    )
    own = db or database.SqliteDatabase(None)
    migrating.migrate(own, tables.STAGES)
    world = _join(
        file=file,
        path=None,
        db=own,
        keyring=vault.Keyring.fresh(ids.seeded(seed, "keyring")),
        pki=keys_kept.make(file, start, ids.seeded(seed, "pki")),
        the_clock=clock.ManualClock(start),
        entropy=ids.seeded(seed, "operations"),
        hashing=QUICK_HASHING,
    )
    world.engine.perform(policy_actions.seed, {}, actor=actors.System(job="setup"))
    worlds[world.id] = world
    return world


def create_world(
    path: Path,
    *,
    kind: WorldKind,
    world_id: str,
    public_url: str = DEFAULT_URL,
    seed: int = 0,
    reference_ms: int | None = None,
    address: str = "sqlite",
) -> None:
    """Make a world's folder: keys, PKI (demo and run), database and settings of version 1.

    Raises: WorldExists; ConfigurationError for a production world whose ceremony was not held.
    """
    if (path / "world.toml").exists():
        raise WorldExists(file=str(path), problem="choose another folder")
    start = clock.SystemClock().now_ms() if reference_ms is None else reference_ms
    file = WorldFile(
        id=world_id,
        kind=kind,
        public_url=public_url,
        seed=seed,
        engine_version=tables.ENGINE_VERSION,
        database=address,
        reference_ms=start,
    )
    path.mkdir(parents=True, exist_ok=True)
    vault.Keyring.fresh(ids.system_entropy).save(path / "keys")
    if kind == "production":
        keys_kept.require_ceremony(path)
    else:
        keys_kept.save(path, keys_kept.make(file, start, ids.system_entropy))
    lines = [
        f"{name} = {value}" if isinstance(value, int) else f'{name} = "{value}"'
        for name, value in file.model_dump().items()
    ]
    draft = path / "world.toml.new"
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    world = open_world(path, file_name=draft.name, the_clock=clock.ManualClock(start))
    world.engine.perform(policy_actions.seed, {}, actor=actors.System(job="setup"), key="seed")
    world.close()
    worlds.pop(world.id, None)
    draft.rename(path / "world.toml")


def open_world(
    path: Path,
    *,
    file_name: str = "world.toml",
    the_clock: clock.Clock | None = None,
    entropy: ids.Entropy | None = None,
    hashing: Hashing | None = None,
) -> World:
    """Open the world in a folder and bring its database up to date.

    Raises: ConfigurationError for a wrong `world.toml`, missing keys, or what production refuses.
    """
    file = catalog.load(path / file_name, WorldFile)
    if file.kind == "production" and (the_clock or entropy or hashing):
        raise errors.ConfigurationError(
            file=file_name, problem="a production world has its own clock, entropy and hashing"
        )
    address = os.environ.get("YINXIN_DATABASE", file.database)
    db = database.open_database(str(path / "yinxin.sqlite3") if address == "sqlite" else address)
    migrating.migrate(db, tables.STAGES)
    world = _join(
        file=file,
        path=path,
        db=db,
        keyring=vault.Keyring.load(path / "keys"),
        pki=keys_kept.load(path, file),
        the_clock=the_clock or clock.SystemClock(),
        entropy=entropy or ids.system_entropy,
        hashing=hashing or Hashing(),
    )
    worlds[world.id] = world
    return world


def current() -> World:
    """The process's world: `YINXIN_WORLD`, by default `data/var/demo`; opened once."""
    path = Path(os.environ.get("YINXIN_WORLD", catalog.DATA / "var" / "demo"))
    for world in worlds.values():
        if world.path == path:
            return world
    return open_world(path)
