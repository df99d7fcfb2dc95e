"""A party whose certificates come as a pair, with their phone in the test's hands."""

from __future__ import annotations

import base64
import dataclasses
import re

from engine import worker
from engine.boot import World
from engine.handset.handset import Handset
from engine.handset.store import HandsetStore
from engine.http.doors import DirectDoor
from engine.issuing import model, queries
from engine.kernel import actors, clock, ids
from engine.pki import keys
from tests.support import parties, registering, worlds
from tests.support.worlds import SYSTEM

PIN = "280517"


def phone(world: World, number: str, *, device: str = "", scheme: str = "split_rsa") -> Handset:
    """A phone signed in with a number: the one its person signed up on, or another `device`."""
    worlds.clock_of(world).advance(2 * clock.MINUTE)
    entropy = ids.seeded(f"{number}{device}{world.engine.now()}", "phone")
    store = HandsetStore(None, entropy)
    store.put("device-key", keys.to_pkcs8(registering.device_key(device or number), None))
    made = Handset(
        store=store,
        door=DirectDoor(world.engine),
        entropy=entropy,
        hashing=world.engine.parts.hashing,
        scheme=scheme,
    )
    asked = made.request_code(number, terms_accepted=True)
    worker.run_due(world)
    found = re.search(r"\d{6}", world.sms.outbox(number)[0].text)
    assert found is not None
    made.sign_in(asked["request_id"], number, found.group(), "Pixel 9")
    return made


@dataclasses.dataclass(frozen=True, kw_only=True)
class Paired:
    """A party, its phone, and the ids of both certificates."""

    party: parties.Party
    phone: Handset
    signing: str
    encryption: str


def downloaded(world: World, party: parties.Party, number: str, scheme: str) -> Paired:
    """The approved order's certificates are issued, and the signing one is in use."""
    handset = phone(world, number, scheme=scheme)
    asked = handset.request_certificate(party.order_id, PIN)
    worker.run_due(world)
    signing, encryption = world.engine.ask(queries.pair, SYSTEM, asked["id"])
    handset.activate(signing.id, signing.der or b"", PIN)
    made = dataclasses.replace(party, certificate_id=signing.id)
    return Paired(party=made, phone=handset, signing=signing.id, encryption=encryption.id)


def approved(world: World, number: int = 1) -> parties.Party:
    """A party whose order is approved and paid."""
    reviewers = parties.Reviewers.of(world)
    party = parties.order(world, parties.enterprise(world, reviewers, number=number))
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    return party


def waiting(world: World, *, scheme: str = "split_rsa", number: int = 1) -> Paired:
    """A pair whose encryption key waits to be taken."""
    return downloaded(world, approved(world, number), f"1380013{number:04d}", scheme)


def complete(world: World, *, scheme: str = "split_rsa", number: int = 1) -> Paired:
    """A complete pair."""
    found = waiting(world, scheme=scheme, number=number)
    found.phone.take_encryption_share(found.encryption, found.signing, PIN)
    return found


def certificate(world: World, certificate_id: str) -> model.Certificate:
    """A certificate as it is now."""
    return world.engine.ask(queries.certificate, SYSTEM, certificate_id)


def on(found: Paired, device_id: str) -> actors.Person:
    """The same person on another phone."""
    return dataclasses.replace(found.party.person, device_id=device_id)


def text(content: bytes) -> str:
    """Bytes as the door takes them."""
    return base64.b64encode(content).decode()
