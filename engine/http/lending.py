"""What a persona of a stage has on their phone, lent to the browsers that show it.

On a stage one and the same phone is played by a story, shown beside the PC, and held by somebody as a real
phone. Its keys lie in one place, the stage's file of that phone, so that whoever acts next has them. A
browser takes the device's key out of reach of scripts (`apps/handset/keys/lent.js`); a certificate's share
stays sealed under its PIN. In a world that is no stage nothing is lent, and no phone's file holds a key.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import serialization

from engine import boot
from engine.boot import stages
from engine.handset.held_keys import HeldKey
from engine.handset.store import Items
from engine.http.phone_acts import Phone
from engine.kernel import errors
from engine.kernel.reader import Hashing
from engine.pki import keys

# The stage's own mark on the file of a persona's phone.
LENT = "lent"
DEVICE = "device-key"
# What only a browser reads is kept as it gave it.
_PLAIN = "web/"
_HELD = ("key/", "encryption/")


class NothingLent(errors.NotFound):
    """Nothing is lent here: this is not the phone of somebody on a stage."""


def is_lent(world: boot.World, store: Items) -> bool:
    """Whether a phone's file is that of a stage's persona."""
    return stages.is_stage(world) and store.get(LENT) is not None


def lent(held: Phone, *, name: str) -> dict[str, Any]:
    """What is kept under a name on the persona's phone: the value, bytes as base64; null where nothing is.

    Raises: NothingLent.
    """
    store = _store(held)
    if name == "device":
        return {"value": _device(store)}
    if name.startswith(_HELD):
        return {"value": _held(store, name, held.world.engine.parts.hashing)}
    kept = store.get(_PLAIN + name)
    return {"value": None if kept is None else json.loads(kept)}


def lent_names(held: Phone, *, prefix: str) -> list[str]:
    """The names that begin like this.

    Raises: NothingLent.
    """
    store = _store(held)
    plain = [one.removeprefix(_PLAIN) for one in store.names(_PLAIN)]
    return [one for one in (*store.names(prefix), *plain) if one.startswith(prefix)]


def keep(held: Phone, *, changes: dict[str, str]) -> dict[str, Any]:
    """Keep what the persona's phone has now: name → JSON, empty to forget.

    Raises: NothingLent.
    """
    store = _store(held)
    for name, told in changes.items():
        if name.startswith(_HELD):
            _keep_held(store, name, json.loads(told) if told else None)
        elif told:
            store.put(_PLAIN + name, told.encode())
        else:
            store.forget(_PLAIN + name)
    return {"kept": len(changes)}


def _store(held: Phone) -> Items:
    store = held.handset.store
    if not is_lent(held.world, store):
        raise NothingLent(what="phone")
    return store


def _device(store: Items) -> dict[str, str]:
    private = keys.from_pkcs8(store.get(DEVICE) or b"", None)
    point = private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    key = private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "key": base64.b64encode(key).decode(),
        "point": base64.b64encode(point).decode(),
    }


def _held(store: Items, name: str, hashing: Hashing) -> dict[str, Any] | None:
    kept = store.get(name)
    if kept is None:
        return None
    key = HeldKey.from_bytes(kept)
    found: dict[str, Any] = {
        "scheme": key.scheme,
        "material": {"$b": base64.b64encode(key.material).decode()},
        "salt": {"$b": base64.b64encode(key.salt).decode()},
        "sealed": {"$b": base64.b64encode(key.sealed).decode()},
        "cost": {"memory_kib": hashing.memory_kib, "passes": hashing.passes},
    }
    opens_with = store.get(_opens_with(name))
    return found if opens_with is None else {**found, "opensWith": opens_with.decode()}


def _keep_held(store: Items, name: str, told: dict[str, Any] | None) -> None:
    if told is None:
        store.forget(name)
        store.forget(_opens_with(name))
        return
    parts = {one: base64.b64decode(told[one]["$b"]) for one in ("material", "salt", "sealed")}
    store.put(name, HeldKey(scheme=str(told["scheme"]), **parts).to_bytes())
    if "opensWith" in told:
        store.put(_opens_with(name), str(told["opensWith"]).encode())


def _opens_with(name: str) -> str:
    return f"opens-with/{name.partition('/')[2]}"
