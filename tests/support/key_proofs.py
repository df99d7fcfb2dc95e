"""What a phone brings to an act that a certificate's key confirms, with any key or none."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec, utils

from engine.boot import World
from engine.issuing import actions, model
from engine.kernel import actors, challenges, ids
from engine.pki import keys, splitting
from engine.registration import queries as people
from tests.support import registering
from tests.support.worlds import SYSTEM

PartyKey = ec.EllipticCurvePrivateKey | splitting.PhoneKey
# What a try changes before the act that it is for is refused.
TRIES = frozenset({"pin_guard", "pin_try"})
_NONCES = ids.seeded(0, "nonces of tries")


def device_signature(
    world: World, person: actors.Person, certificate_id: str, nonce: bytes
) -> bytes:
    """The signature of the phone that this person acts with."""
    phone = world.engine.ask(people.person_phone, SYSTEM, person.account_id)
    message = challenges.of_try(certificate_id=certificate_id, nonce=nonce)
    r, s = utils.decode_dss_signature(keys.sign(registering.device_key(phone), message))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def open_try(
    world: World, person: actors.Actor, certificate_id: str, owner: actors.Person | None = None
) -> model.Try:
    """Begin a try; `owner` holds the device's key where it isn't who acts."""
    nonce = _NONCES(16)
    signer = owner or person
    assert isinstance(signer, actors.Person)
    arguments = {
        "certificate_id": certificate_id,
        "nonce": nonce,
        "device_signature": device_signature(world, signer, certificate_id, nonce),
    }
    return world.engine.perform(actions.open_try, arguments, actor=person)


def half(key: PartyKey, message: bytes) -> bytes:
    """The phone's part of a signature."""
    if isinstance(key, splitting.PhoneKey):
        return key.signs(message)
    return keys.sign(key, message)


def prove(
    world: World,
    person: actors.Actor,
    certificate_id: str,
    key: PartyKey,
    message: bytes,
    *,
    owner: actors.Person | None = None,
) -> model.KeyProof:
    """A counted try, and the half of a signature over `message`."""
    opened = open_try(world, person, certificate_id, owner)
    return model.KeyProof(try_id=opened.id, half=half(key, message))


def request_arguments(order_id: str, key: PartyKey) -> dict[str, object]:
    """What asks for the certificate of an order with this key."""
    if isinstance(key, splitting.PhoneKey):
        scheme, material = "split_rsa", key.material
        share = key.server_share.to_bytes(splitting.SHARE_BYTES, "big")
    else:
        scheme, material, share = "seeded_ec", keys.public_to_der(key.public_key()), b""
    message = challenges.of_request(order_id=order_id, scheme=scheme, key=material)
    return {
        "order_id": order_id,
        "scheme": scheme,
        "public_material": material,
        "server_share": share,
        "proof": half(key, message),
    }
