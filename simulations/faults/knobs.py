"""The knobs of the outside parties: delays of notices, and first calls that find nobody."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from engine.boot import World
from engine.kernel import ports
from engine.providers import bank, courier, identity, store, tax
from simulations.faults.notices import WatchedBank
from simulations.faults.outages import Outage

if TYPE_CHECKING:
    # A scenario holds a fault plan, which stands in this folder.
    from simulations.scenario import Providers

R = TypeVar("R", bound=BaseModel)


@dataclasses.dataclass(frozen=True)
class UnreliableSms:
    """An SMS gateway behind an outage."""

    gateway: ports.SmsGateway
    outage: Outage

    def send(self, phone: str, text: str, *, idempotency_key: str) -> None:
        """Hand one message to the network."""
        self.outage.strike(idempotency_key)
        self.gateway.send(phone, text, idempotency_key=idempotency_key)


@dataclasses.dataclass(frozen=True)
class UnreliableRealName:
    """An identity provider behind an outage."""

    provider: ports.RealNameProvider
    outage: Outage

    def check(self, identity: ports.Identity, *, idempotency_key: str) -> ports.Verdict:
        """Whether the fields belong together."""
        self.outage.strike(idempotency_key)
        return self.provider.check(identity, idempotency_key=idempotency_key)


@dataclasses.dataclass(frozen=True)
class UnreliableAgency:
    """A certification authority behind an outage."""

    agency: ports.CertificateAgency
    outage: Outage

    def issue(self, request: ports.CertificateRequest) -> bytes:
        """The certificate (DER)."""
        self.outage.strike(str(request.serial))
        return self.agency.issue(request)

    def chain(self) -> Sequence[bytes]:
        """The CA's certificates from the issuing one up to the root (DER)."""
        return self.agency.chain()


def _lifelike(provider: ports.RealNameProvider) -> ports.RealNameProvider:
    """The provider with the latency and the outages that are declared for it."""
    if isinstance(provider, identity.SimulatedIdentity):
        return dataclasses.replace(provider, lifelike=True)
    return provider


def _with_faults(rules: R, faults: BaseModel) -> R:
    return rules.model_copy(update={"faults": faults})


def with_knobs(world: World, knobs: Providers, seed: int, nudge: Callable[[], None]) -> World:
    """The world with its outside parties as the scenario wants them."""
    rules = bank.load_rules()
    memory = store.Memory(world.engine.parts, world.engine.now)
    the_bank = WatchedBank(
        memory,
        rules.model_copy(
            update={
                "callback_delays_seconds": knobs.callback_delays_seconds,
                "faults": knobs.payment,
            }
        ),
        nudge,
    )
    agency_outage = Outage(seed, "agency", knobs.agency_unreachable)
    real_name_outage = Outage(seed, "real-name", knobs.real_name_unreachable)
    return dataclasses.replace(
        world,
        bank=the_bank,
        ports=dataclasses.replace(
            world.ports,
            payment=the_bank,
            tax=tax.SimulatedTaxService(memory, _with_faults(tax.load_rules(), knobs.tax)),
            courier=courier.SimulatedCourier(
                memory, _with_faults(courier.load_rules(), knobs.courier)
            ),
            sms=UnreliableSms(world.ports.sms, Outage(seed, "sms", knobs.sms_unreachable)),
            real_name={
                label: UnreliableRealName(_lifelike(provider), real_name_outage)
                for label, provider in world.ports.real_name.items()
            },
            agencies={
                label: UnreliableAgency(agency, agency_outage)
                for label, agency in world.ports.agencies.items()
            },
        ),
    )
