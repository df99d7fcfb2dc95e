"""What a phone does with certificates and their PINs: make keys, prove them, change a PIN.

A proof goes to the engine in two acts: a try, which counts, and the act that it is for, with the phone's
half. The phone writes its new share in the place of the old one only once it has heard that the act was
done: until a proof with the new one has come the engine takes either, so that a phone which is cut off
anywhere between loses nothing. What would tell a right PIN from a wrong one is never written down: no
prime, no exponent, no half, no share of the server's.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from engine.handset import held_keys, pins
from engine.handset.held_keys import HeldKey
from engine.handset.signing_in import Door
from engine.handset.store import HandsetStore
from engine.kernel import challenges, errors, ids
from engine.kernel.reader import Hashing
from engine.pki import splitting

# What the engine says to a request that it does not know and whose key does not prove itself.
_ASKED_ANEW = frozenset(
    {
        "issuing.key_known",
        "issuing.key_not_proved",
        "issuing.requested_already",
        "pki.share_refused",
        "pki.modulus_refused",
    }
)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


class Confirms:
    """The part of a phone that has to do with certificates' keys."""

    store: HandsetStore
    door: Door
    entropy: ids.Entropy
    hashing: Hashing
    # How new keys are held. A whole key is for simulated populations alone.
    scheme: str

    def _key(self) -> str:
        raise AssertionError("a phone makes its keys from its own entropy")

    @property
    def _cost(self) -> splitting.Cost:
        return splitting.Cost(memory_kib=self.hashing.memory_kib, passes=self.hashing.passes)

    # -- making ------------------------------------------------------------------------------

    def request_certificate(self, order_id: str, pin: str) -> dict[str, Any]:
        """Make a key under a PIN and ask for the certificate of an approved order.

        Asked again after a crash, it finds the request that was made then. Raises: pins.PinInvalid,
        pins.PinGuessable, and what the engine refuses.
        """
        pins.check(pin, self.door.ask("issuing.pin_rules", {"order_id": order_id}))
        pending = self.store.get(f"pending/{order_id}")
        if pending is not None:
            held = HeldKey.from_bytes(pending)
            try:
                return self._requested(order_id, held, held.material, b"", b"")
            except errors.EngineError as refusal:
                # Cut off before the engine had it: its other part is gone, so another key is made.
                if refusal.code not in _ASKED_ANEW:
                    raise
        scheme = held_keys.SCHEMES[self.scheme]
        made = scheme.make(self.entropy)
        held = held_keys.hide(
            self.scheme, made.material, made.secret, pin, self.entropy, self._cost
        )
        # Kept before it is asked for: a crash in between must not orphan a certificate.
        self.store.put(f"pending/{order_id}", held.to_bytes())
        message = challenges.of_request(order_id=order_id, scheme=self.scheme, key=made.material)
        proof = scheme.half(made.secret, made.material, message)
        return self._requested(order_id, held, made.material, made.server_share, proof)

    def _requested(
        self, order_id: str, held: HeldKey, material: bytes, server_share: bytes, proof: bytes
    ) -> dict[str, Any]:
        certificate: dict[str, Any] = self.door.perform(
            "issuing.request_certificate",
            {
                "order_id": order_id,
                "scheme": held.scheme,
                "public_material": _text(material),
                "server_share": _text(server_share),
                "proof": _text(proof),
            },
            key=self._key(),
        )
        self.store.keep_key(certificate["id"], held)
        self.store.forget(f"pending/{order_id}")
        return certificate

    # -- proving -----------------------------------------------------------------------------

    def prove(
        self,
        action: str,
        arguments: dict[str, Any],
        certificate_id: str,
        pin: str,
        message: bytes | Sequence[bytes] | Callable[[str], bytes],
        *,
        new_pin: str = "",
    ) -> Any:
        """Do an act that a certificate's key has to confirm; some messages name the try (its id is given).

        Several messages are confirmed with the PIN entered once: a half for each, with one share. With a
        `new_pin` the phone's share lies under that from then on.
        Raises: KeyMissing, and what the engine refuses (a wrong PIN too).
        """
        held = self.store.held_key(certificate_id)
        try_id = self._open_try(certificate_id)
        if callable(message):
            message = message(try_id)
        messages = [message] if isinstance(message, bytes) else message
        scheme = held_keys.SCHEMES[held.scheme]
        secret = scheme.show(held, pin, self._cost)
        following, refresh = scheme.renew(secret, self.entropy)
        renewed = held
        if refresh or new_pin:
            renewed = held_keys.hide(
                held.scheme, held.material, following, new_pin or pin, self.entropy, self._cost
            )
        first, *more = [_text(scheme.half(secret, held.material, one)) for one in messages]
        proof: dict[str, Any] = {"try_id": try_id, "half": first, "refresh": _text(refresh)}
        if more:
            proof["more"] = more
        done = self.door.perform(action, {**arguments, "proof": proof}, key=self._key())
        if renewed is not held:
            self.store.keep_key(certificate_id, renewed)
        return done

    def _open_try(self, certificate_id: str) -> str:
        nonce = self.entropy(16)
        message = challenges.of_try(certificate_id=certificate_id, nonce=nonce)
        opened = self.door.perform(
            "issuing.open_try",
            {
                "certificate_id": certificate_id,
                "nonce": _text(nonce),
                "device_signature": _text(self.store.device_signs(message)),
            },
            key=self._key(),
        )
        return str(opened["id"])

    def activate(self, certificate_id: str, der: bytes, pin: str) -> dict[str, Any]:
        """Take a certificate into use: the PIN is set and proved.

        Raises: KeyMissing, and what the engine refuses.
        """
        message = challenges.of_activation(
            certificate_id=certificate_id, certificate_digest=hashlib.sha256(der).digest()
        )
        arguments = {"certificate_id": certificate_id}
        activated: dict[str, Any] = self.prove(
            "issuing.activate", arguments, certificate_id, pin, message
        )
        return activated

    def change_pin(self, certificate_id: str, pin: str, new_pin: str) -> None:
        """Give a certificate another PIN (修改证书密码).

        Raises: KeyMissing, pins.PinInvalid, pins.PinGuessable, and what the engine refuses.
        """
        rules = self.door.ask("issuing.pin_rules", {"certificate_id": certificate_id})
        pins.check(new_pin, rules)
        arguments = {"certificate_id": certificate_id}

        def message(try_id: str) -> bytes:
            return challenges.of_pin_change(certificate_id=certificate_id, try_id=try_id)

        self.prove("issuing.change_pin", arguments, certificate_id, pin, message, new_pin=new_pin)
