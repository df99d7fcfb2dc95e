"""A world in which the planned faults strike: its engine, its outside parties, and its worker.

Without a site that is switched on, the world is the very one that it was.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TypeVar

from engine import worker
from engine.boot import World
from engine.kernel import errors, ports
from engine.providers import bank
from simulations.faults import parties
from simulations.faults.clocks import UnsteadyClock
from simulations.faults.disk import FailingDatabase
from simulations.faults.doors import UnheardEngine, WorkerKilled
from simulations.faults.injector import Injector
from simulations.faults.notices import WatchedBank

P = TypeVar("P")


def with_faults(world: World, faults: Injector, later: parties.Later) -> World:
    """The world as it is when these faults strike; the outside parties' own clocks and books are sound."""
    if not faults:
        return world
    parts = world.engine.parts
    failing = dataclasses.replace(
        parts, db=FailingDatabase(parts.db, faults), clock=UnsteadyClock(parts.clock, faults)
    )
    the_bank = _unheard(world, faults)
    return dataclasses.replace(
        world,
        engine=UnheardEngine(world.engine, failing, faults, later),
        bank=the_bank,
        ports=_behind(dataclasses.replace(world.ports, payment=the_bank), world, faults, later),
    )


def _unheard(world: World, faults: Injector) -> bank.SimulatedBank:
    the_bank = world.bank
    if not isinstance(the_bank, WatchedBank):
        return the_bank
    return the_bank.unheard(faults)


def _behind(
    found: ports.Ports, world: World, faults: Injector, later: parties.Later
) -> ports.Ports:
    """Every port behind a network that fails."""
    downtime = parties.Downtime(faults, world.engine.now)

    def one(party: P, name: str) -> P:
        return parties.behind(party, name, faults, downtime)

    return dataclasses.replace(
        found,
        sms=one(parties.LossyNetwork(found.sms, faults, later), "sms"),
        carrier=one(found.carrier, "carrier"),
        real_name={
            label: one(party, f"real_name/{label}") for label, party in found.real_name.items()
        },
        register=one(found.register, "register"),
        payment=one(found.payment, "payment"),
        agencies={
            label: one(party, f"agencies/{label}") for label, party in found.agencies.items()
        },
        key_centre=one(found.key_centre, "key_centre"),
        seal_makers={
            label: one(party, f"seal_makers/{label}") for label, party in found.seal_makers.items()
        },
        seal_register=one(found.seal_register, "seal_register"),
        tax=one(found.tax, "tax"),
        courier=one(parties.LosingCourier(found.courier, faults), "courier"),
        webhooks=parties.HardToReach(found.webhooks, faults, downtime, later),
    )


def tick(world: World, *, owner: str) -> bool:
    """One round of the worker; whether it lived through it.

    A dead one is started again by whoever supervises it. A database that fails ends the round, as it
    does in `yinxin work`.
    """
    within = (
        world.engine.as_worker()
        if isinstance(world.engine, UnheardEngine)
        else contextlib.nullcontext()
    )
    try:
        with within:
            worker.tick(world, owner=owner)
    except WorkerKilled:
        return False
    except errors.ProviderUnavailable:
        if not isinstance(world.engine, UnheardEngine):
            raise
    return True
