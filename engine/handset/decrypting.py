"""What a phone does with encryption keys: take its share, keep it under the PIN, open envelopes (CRT-6).

The share was drawn by whoever divided the key, and lies on the phone as a signing share does: a uniform
string under a stream that the PIN gives, which tells nobody whether a PIN is right. What is decrypted is
veiled first, and only this phone can take the veil off.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from cryptography import x509

from engine.handset.confirming import Confirms
from engine.handset.held_keys import HeldKey, KeyMissing
from engine.kernel import challenges, errors
from engine.pki import decrypting, envelopes, handing, splitting

_SCHEME = "agency"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


class Decrypts(Confirms):
    """The part of a phone that has to do with encryption keys."""

    def take_encryption_share(
        self, certificate_id: str, opens_with: str, pin: str
    ) -> dict[str, Any]:
        """Take the phone's share of an encryption key under a certificate's PIN: the pair is complete.

        Cut off anywhere it takes it again: until the phone has shown that it holds the share, the share
        waits for it. Raises: KeyMissing, and what the engine refuses.
        """
        given = self.prove(
            "issuing.take_encryption_share",
            {"certificate_id": certificate_id, "opens_with": opens_with},
            opens_with,
            pin,
            lambda try_id: challenges.of_encryption_share(
                certificate_id=certificate_id, try_id=try_id
            ),
        )
        share = base64.b64decode(given["share"])
        public_key = base64.b64decode(given["public_key"])
        self.store.put(
            f"encryption/{certificate_id}", self._hidden(share, public_key, pin).to_bytes()
        )
        # By whose PIN: a change of that moves the share too.
        self.store.put(f"opens-with/{certificate_id}", opens_with.encode())
        sample = decrypting.sample_for(public_key, certificate_id)
        half = decrypting.of(public_key).half(sample.value, share)
        confirmed: dict[str, Any] = self.door.perform(
            "issuing.confirm_encryption_share",
            {"certificate_id": certificate_id, "half": _text(half)},
            key=self._key(),
        )
        return confirmed

    def _hidden(self, share: bytes, public_key: bytes, pin: str) -> HeldKey:
        salt = self.entropy(16)
        number = int.from_bytes(share, "big")
        sealed = splitting.hidden(number, pin, salt, self._cost, len(share))
        return HeldKey(scheme=_SCHEME, material=public_key, salt=salt, sealed=sealed)

    def _share(self, held: HeldKey, pin: str) -> bytes:
        shown = splitting.shown(held.sealed, pin, held.salt, self._cost)
        return shown.to_bytes(len(held.sealed), "big")

    def decrypt(self, certificate_id: str, opens_with: str, pin: str, value: bytes) -> bytes:
        """What a value decrypts to, by this phone's half and the platform's.

        A share that a PIN change was cut off from moving is under the PIN before it or the one after it.
        Raises: KeyMissing, and what the engine refuses (a wrong PIN too).
        """
        names = [f"encryption/{certificate_id}", f"encryption-next/{certificate_id}"]
        kept = [found for found in map(self.store.get, names) if found is not None]
        if not kept:
            raise KeyMissing(what="key")
        for number, found in enumerate(kept, 1):
            held = HeldKey.from_bytes(found)
            try:
                return self._decrypt(held, certificate_id, opens_with, pin, value)
            except errors.EngineError as refusal:
                if refusal.code != "pki.half_wrong" or number == len(kept):
                    raise
        raise KeyMissing(what="key")

    def bring_over(self, certificate_id: str, opens_with: str, pin: str, old_pin: str) -> None:
        """Put the key of an older pair under the PIN of the certificate that took its place.

        It is tried before the old one is forgotten. Raises: KeyMissing, decrypting.HalfWrong for a wrong
        old PIN, and what the engine refuses (a wrong new one).
        """
        kept = self.store.get(f"encryption/{certificate_id}")
        if kept is None:
            raise KeyMissing(what="key")
        held = HeldKey.from_bytes(kept)
        moved = self._hidden(self._share(held, old_pin), held.material, pin)
        sample = decrypting.sample_for(held.material, certificate_id)
        opened = self._decrypt(moved, certificate_id, opens_with, pin, sample.value)
        if opened != sample.expected:
            raise decrypting.HalfWrong
        self.store.put(f"encryption/{certificate_id}", moved.to_bytes())
        self.store.put(f"opens-with/{certificate_id}", opens_with.encode())

    def _decrypt(
        self, held: HeldKey, certificate_id: str, opens_with: str, pin: str, value: bytes
    ) -> bytes:
        divided = decrypting.of(held.material)
        veiled, unveil = divided.blind(value, self.entropy)
        half = divided.half(veiled, self._share(held, pin))
        joined = self.prove(
            "issuing.open_envelope",
            {
                "certificate_id": certificate_id,
                "opens_with": opens_with,
                "value": _text(veiled),
                "half": _text(half),
            },
            opens_with,
            pin,
            challenges.of_opening(certificate_id=certificate_id, value=veiled),
        )
        return unveil(base64.b64decode(joined))

    def open_envelope(
        self, certificate_id: str, certificate: bytes, opens_with: str, pin: str, envelope: bytes
    ) -> bytes:
        """The content of an envelope (CMS, DER) that is addressed to an encryption certificate (DER).

        Raises: envelopes.EnvelopeRefused, envelopes.NotForThisCertificate, and those of `decrypt`.
        """
        found = envelopes.read(envelope, x509.load_der_x509_certificate(certificate))
        return found.open(self.decrypt(certificate_id, opens_with, pin, found.value))

    def open_at_pc(
        self, ticket: Mapping[str, Any], pin: str, *, number: str = ""
    ) -> dict[str, Any]:
        """Confirm a scanned 扫码解密: the file's key is opened by halves and handed to the PC's browser.

        Of several keys that the file is for the first that this phone holds is taken. `number` are the two
        digits on the PC, where they are asked for. Raises: KeyMissing, and what the engine refuses.
        """
        candidates = self.door.ask("enveloping.to_be_opened", {"ticket_id": ticket["id"]})
        for one in candidates:
            kept = self.store.get(f"encryption/{one['certificate_id']}")
            opens_with = self.store.get(f"opens-with/{one['certificate_id']}")
            if kept is not None and opens_with is not None:
                held = HeldKey.from_bytes(kept)
                content_key = self._content_key(ticket, held, one, opens_with.decode(), pin, number)
                break
        else:
            raise KeyMissing(what="key")
        browser = bytes.fromhex(ticket["payload"]["browser_key"])
        sealed = handing.seal(content_key, browser, ticket["id"].encode(), self.entropy)
        handed: dict[str, Any] = self.door.perform(
            "enveloping.hand_over_key",
            {"ticket_id": ticket["id"], "sealed": _text(sealed)},
            key=self._key(),
        )
        return handed

    def _content_key(
        self,
        ticket: Mapping[str, Any],
        held: HeldKey,
        one: Mapping[str, Any],
        opens_with: str,
        pin: str,
        number: str,
    ) -> bytes:
        divided = decrypting.of(held.material)
        veiled, unveil = divided.blind(base64.b64decode(one["value"]), self.entropy)
        message = challenges.of_file_opening(
            ticket=challenges.of_scanned(ticket), certificate_id=one["certificate_id"], value=veiled
        )
        given = {
            "ticket_id": ticket["id"],
            "certificate_id": one["certificate_id"],
            "opens_with": opens_with,
            "value": _text(veiled),
            "half": _text(divided.half(veiled, self._share(held, pin))),
            "number": number,
        }
        joined = self.prove("enveloping.confirm_opening", given, opens_with, pin, message)
        addressed = envelopes.Addressed(
            value=base64.b64decode(one["value"]),
            oaep=one["oaep"],
            wrapped=base64.b64decode(one["wrapped"]),
            wrap_bytes=one["wrap_bytes"],
            digest=one["digest"],
            about=base64.b64decode(one["about"]),
        )
        return addressed.content_key(unveil(base64.b64decode(joined)))

    def change_pin(self, certificate_id: str, pin: str, new_pin: str) -> None:
        """Give a certificate another PIN, and with it the encryption keys that open by that.

        Raises: those of `Confirms.change_pin`.
        """
        opened = [
            name.partition("/")[2]
            for name in self.store.names("opens-with/")
            if self.store.get(name) == certificate_id.encode()
        ]
        for one in opened:
            kept = self.store.get(f"encryption/{one}")
            if kept is not None:
                held = HeldKey.from_bytes(kept)
                moved = self._hidden(self._share(held, pin), held.material, new_pin)
                # Beside the old one until the new PIN stands: cut off between, either is there.
                self.store.put(f"encryption-next/{one}", moved.to_bytes())
        super().change_pin(certificate_id, pin, new_pin)
        for one in opened:
            moved_kept = self.store.get(f"encryption-next/{one}")
            if moved_kept is not None:
                self.store.put(f"encryption/{one}", moved_kept)
                self.store.forget(f"encryption-next/{one}")
