"""Reading QR codes: one that is not the platform's is refused before anything is asked."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from engine.handset.signing_in import SignsIn
from engine.kernel import errors


class ForeignCode(errors.InvalidInput):
    """This QR code is not one of this platform. Check the address of the page that shows it."""


class Scans(SignsIn):
    """The part of a phone that reads QR codes."""

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
