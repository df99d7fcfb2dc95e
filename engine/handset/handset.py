"""What a phone does: sign in, make keys, scan, show, and confirm with the certificate PIN.

Everything outside the phone goes through a `Door`. What a person confirms is signed here, over bytes
that the phone makes from what it showed; a QR that is not the platform's is refused before anything is
asked.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from engine.handset import store as phone_store
from engine.handset.signing_in import Door, SignsIn
from engine.handset.store import HandsetStore
from engine.kernel import challenges, errors, ids
from engine.kernel.reader import Hashing
from engine.pki import keys


class ForeignCode(errors.InvalidInput):
    """This QR code is not one of this platform. Check the address of the page that shows it."""


class DocumentDiffers(errors.Conflict):
    """What should be signed is not the document that was shown. Nothing was signed."""


@dataclass
class Handset(SignsIn):
    """One phone. `entropy` is the device's own source.

    With an `intent` the keys of its acts follow from that, so that what is repeated is one act.
    """

    store: HandsetStore
    door: Door
    entropy: ids.Entropy
    hashing: Hashing = field(default_factory=Hashing)
    intent: str = ""
    _acts: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        token = self.store.get("session")
        if token is not None:
            self.door.sign_in(token.decode())

    def _key(self) -> str:
        self._acts += 1
        return f"{self.intent}-{self._acts}" if self.intent else ids.token(self.entropy, 16)

    # -- certificates ------------------------------------------------------------------------

    def request_certificate(self, order_id: str, pin: str, *, digits: int = 6) -> dict[str, Any]:
        """Make a key under a PIN and ask for the certificate of an approved order.

        Raises: PinInvalid, and what the engine refuses.
        """
        phone_store.check_pin(pin, digits)
        pending = self.store.get(f"pending/{order_id}")
        if pending is None:
            key = keys.generate(self.entropy)
            sealed = phone_store.seal_key(key, pin, self.entropy, self.hashing)
            # Kept before it is asked for: a crash in between must not orphan a certificate.
            self.store.put(f"pending/{order_id}", sealed.salt + sealed.sealed)
        else:
            sealed = phone_store.SealedKey(salt=pending[:16], sealed=pending[16:])
            key = phone_store.open_key(sealed, pin, self.hashing)
        public_key = keys.public_to_der(key.public_key())
        proof = keys.sign(key, challenges.of_request(order_id=order_id, public_key=public_key))
        certificate: dict[str, Any] = self.door.perform(
            "issuing.request_certificate",
            {
                "order_id": order_id,
                "public_key": base64.b64encode(public_key).decode(),
                "proof": base64.b64encode(proof).decode(),
            },
            key=self._key(),
        )
        self.store.keep_key(certificate["id"], sealed)
        self.store.forget(f"pending/{order_id}")
        return certificate

    def activate(self, certificate_id: str, der: bytes, pin: str) -> dict[str, Any]:
        """Take a certificate into use: the PIN is set and proved.

        Raises: KeyMissing, and what the engine refuses.
        """
        message = challenges.of_activation(
            certificate_id=certificate_id, certificate_digest=hashlib.sha256(der).digest()
        )
        activated: dict[str, Any] = self.door.perform(
            "issuing.activate",
            {
                "certificate_id": certificate_id,
                "signature": self._sign(certificate_id, pin, message),
            },
            key=self._key(),
        )
        return activated

    def _sign(self, certificate_id: str, pin: str, message: bytes) -> str:
        kept = self.store.sealed_key(certificate_id)
        key = phone_store.open_key(kept, pin, self.hashing)
        return base64.b64encode(keys.sign(key, message)).decode()

    # -- scanning ----------------------------------------------------------------------------

    def scan(self, qr_text: str) -> dict[str, Any]:
        """Read a QR code: what it is for, as the phone shows it; an invitation is no ticket and only shown.

        Raises: ForeignCode before anything is asked; what the engine refuses.
        """
        self._recognize(qr_text)
        if qr_text.split(":")[2] == "join":
            invitation = self.door.ask("registration.invitation", {"qr_text": qr_text})
            return {"purpose": "join", "qr_text": qr_text, "invitation": invitation}
        ticket: dict[str, Any] = self.door.perform(
            "scanning.scan", {"qr_text": qr_text}, key=self._key()
        )
        return ticket

    def _recognize(self, qr_text: str) -> None:
        known = self.store.get("qr-key")
        head, _, signature = qr_text.strip().rpartition(":")
        if known is None or not head.startswith("YX1:") or head.count(":") < 2:
            raise ForeignCode()
        try:
            raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
            ed25519.Ed25519PublicKey.from_public_bytes(known).verify(raw, head.encode())
        except (InvalidSignature, ValueError):
            raise ForeignCode() from None

    def confirm(self, ticket: Mapping[str, Any], certificate_id: str, pin: str) -> dict[str, Any]:
        """Confirm a scanned ticket with a certificate and its PIN.

        Raises: KeyMissing, DocumentDiffers, and what the engine refuses (a wrong PIN too).
        """
        purpose = ticket["purpose"]
        if purpose == "sign":
            message = self._document(ticket)
        else:
            message = challenges.of_ticket(
                ticket_id=ticket["id"],
                purpose=purpose,
                kind=ticket["kind"],
                platform_id=ticket["platform_id"],
                nonce_hash=base64.b64decode(ticket["nonce_hash"]),
                payload=ticket["payload"],
                created_at=ticket["created_at"],
            )
        action = {
            "bind": "binding.confirm_binding",
            "login": "binding.confirm_login",
            "sign": "signing.confirm_signature",
        }[purpose]
        arguments = {
            "ticket_id": ticket["id"],
            "signature": self._sign(certificate_id, pin, message),
        }
        if purpose != "sign":
            arguments["certificate_id"] = certificate_id
        confirmed: dict[str, Any] = self.door.perform(action, arguments, key=self._key())
        return confirmed

    def _document(self, ticket: Mapping[str, Any]) -> bytes:
        """What a PDF signature covers, which must hold the digest that the ticket showed."""
        answer = self.door.ask("signing.to_be_signed", {"ticket_id": ticket["id"]})
        message = base64.b64decode(answer)
        if bytes.fromhex(ticket["payload"]["digest"]) not in message:
            raise DocumentDiffers()
        return message
