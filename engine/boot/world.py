"""An open world: its engine, its outside parties, and what drives it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography import x509

from engine.boot import tables
from engine.evidence import growing
from engine.integrating import jobs as integrating
from engine.issuing import jobs as issuing
from engine.kernel import actors, catalog, errors, jobs, ports, vault
from engine.kernel.engine import Engine
from engine.kernel.reader import WorldKind
from engine.ordering import actions as ordering
from engine.providers import (
    authorities,
    bank,
    carrier,
    messages,
    outsiders,
    receivers,
    trust_scheme,
)
from engine.registration import actions as registration
from engine.sealing import jobs as sealing
from engine.trusting import jobs as trusting
from engine.worker import Handler, Together

_log = logging.getLogger(__name__)


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
    carrier: carrier.SimulatedCarrier
    trust_scheme: trust_scheme.SimulatedTrustScheme
    # Who receives webhooks in a demonstration or a run; none in a production world.
    receivers: receivers.SimulatedReceivers | None
    # Agencies of somebody else, simulated: none in a production world.
    outsiders: Mapping[str, outsiders.Outsider]
    roots: tuple[x509.Certificate, ...]

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Job kind → what does it."""
        return tables.HANDLERS

    @property
    def together(self) -> Mapping[str, Together]:
        """Job kind → what does several at once."""
        return tables.TOGETHER

    @property
    def keyring(self) -> vault.Keyring:
        """The world's secrets."""
        return self.engine.parts.keyring

    def next_due(self, after: int = -1) -> int | None:
        """When the next job or notice is due (after an instant), or None: what a worker waits for."""
        with self.engine.parts.db.read() as connection:
            job = jobs.next_due(connection, after)
        times = [due for due in (job, self.bank.next_due(after)) if due is not None]
        return min(times, default=None)

    def deliver_due(self, payment_id: str = "") -> int:
        """Deliver what outside parties owe us: notices of payments, the next trust list; how many.

        A refused notice was parked. With a payment's id, that payment's notices alone.
        """
        lists = 0 if payment_id else trusting.publish_due(self)
        due = self.bank.due(payment_id=payment_id)
        for notice in due:
            try:
                self.engine.perform(
                    ordering.receive_callback,
                    {"body": notice.callback.body, "signature": notice.callback.signature},
                    actor=actors.Machine(name="payment"),
                    key=notice.id,
                )
            except errors.EngineError as refusal:
                # A refusal that was recorded is an answer; any other leaves the notice undelivered.
                if not refusal.commits:
                    return 0
            self.bank.delivered(notice.id)
        return lists + len(due) + self.deliver_transfers()

    def deliver_transfers(self, trade_no: str = "") -> int:
        """Deliver the notices of transfers that are due (a named one at once); how many."""
        due = self.bank.transfers_due(trade_no=trade_no)
        for notice in due:
            try:
                self.engine.perform(
                    registration.receive_transfer,
                    {"body": notice.callback.body, "signature": notice.callback.signature},
                    actor=actors.Machine(name="bank"),
                    key=notice.id,
                )
            except errors.EngineError as refusal:
                if not refusal.commits:
                    return 0
            self.bank.transfer_delivered(notice.id)
        return len(due)

    def look_after(self) -> int:
        """See to what older engines have left undone; how much. The worker does this now and then."""
        return issuing.look_after(self) + sealing.look_after(self) + integrating.look_after(self)

    def close(self) -> None:
        """Sign a head over what is new of the log, and give the database's connections back."""
        if self.engine.parts.heads is not None and not self.engine.parts.db.frozen:
            try:
                growing.grow(self.engine.parts)
            except Exception as problem:  # noqa: BLE001
                # Whoever opens it next is told, and nobody is kept from closing it.
                _log.info("no head signed over the log of %s: %s", self.id, problem)
        self.engine.parts.db.close()
