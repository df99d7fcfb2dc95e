"""The steps from an approved order to an active certificate, one by one, with any key or actor."""

from __future__ import annotations

import dataclasses
import hashlib

from engine.boot import World
from engine.issuing import actions, model, queries
from engine.kernel import actors, challenges
from engine.ordering import model as orders
from engine.ordering import queries as order_queries
from tests.support import key_proofs, parties
from tests.support.worlds import SYSTEM


def approved(world: World, reviewers: parties.Reviewers, **about: object) -> parties.Party:
    """A party whose order is paid and approved by both."""
    party = parties.order(world, parties.enterprise(world, reviewers, **about))  # type: ignore[arg-type]
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    return party


def request(
    world: World,
    party: parties.Party,
    *,
    key: key_proofs.PartyKey | None = None,
    actor: actors.Actor | None = None,
    **changes: object,
) -> model.Certificate:
    """Ask for the certificate with a key (the party's own unless told otherwise)."""
    arguments = {**key_proofs.request_arguments(party.order_id, key or party.key), **changes}
    return world.engine.perform(actions.request_certificate, arguments, actor=actor or party.person)


def found(world: World, certificate_id: str) -> model.Certificate:
    """The certificate as it is now."""
    return world.engine.ask(queries.certificate, SYSTEM, certificate_id)


def activate(
    world: World,
    party: parties.Party,
    certificate: model.Certificate,
    *,
    key: key_proofs.PartyKey | None = None,
    actor: actors.Actor | None = None,
    proof: model.KeyProof | None = None,
) -> model.Certificate:
    """Prove the PIN that was set; another key is what another PIN opens."""
    digest = hashlib.sha256(certificate.der or b"").digest()
    message = challenges.of_activation(certificate_id=certificate.id, certificate_digest=digest)
    by = actor or party.person
    proof = proof or key_proofs.prove(
        world, by, certificate.id, key or party.key, message, owner=party.person
    )
    arguments = {"certificate_id": certificate.id, "proof": proof}
    return world.engine.perform(actions.activate, arguments, actor=actor or party.person)


def other_phone(party: parties.Party) -> actors.Person:
    """The same person on another device."""
    return dataclasses.replace(party.person, device_id="dev_other")


def order_status(world: World, party: parties.Party) -> orders.OrderStatus:
    """Where the party's order stands."""
    return world.engine.ask(order_queries.order, SYSTEM, party.order_id).status
