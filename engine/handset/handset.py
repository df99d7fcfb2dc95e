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

from engine.handset.decrypting import Decrypts
from engine.handset.scanning import ForeignCode, Scans
from engine.handset.signing_in import Door
from engine.handset.store import HandsetStore
from engine.kernel import challenges, errors, ids
from engine.kernel.reader import Hashing

__all__ = ["DocumentDiffers", "ForeignCode", "Handset"]


class DocumentDiffers(errors.Conflict):
    """What should be signed is not the document that was shown. Nothing was signed."""


@dataclass
class Handset(Scans, Decrypts):
    """One phone. `entropy` is the device's own source.

    With an `intent` the keys of its acts follow from that, so that what is repeated is one act.
    """

    store: HandsetStore
    door: Door
    entropy: ids.Entropy
    hashing: Hashing = field(default_factory=Hashing)
    scheme: str = "split_rsa"
    intent: str = ""
    _acts: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        token = self.store.get("session")
        if token is not None:
            self.door.sign_in(token.decode())

    def _key(self) -> str:
        self._acts += 1
        return f"{self.intent}-{self._acts}" if self.intent else ids.token(self.entropy, 16)

    def _device_key(self) -> bytes:
        return self.store.device_public_key()

    def confirm(
        self,
        ticket: Mapping[str, Any],
        certificate_id: str,
        pin: str,
        *,
        number: str = "",
        particulars: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Confirm a scanned ticket with a certificate and its PIN.

        `number` are the two digits on the PC, where the ticket asks for them; `particulars` is what
        主体注册 asks at an enterprise's first binding.
        Raises: KeyMissing, DocumentDiffers, and what the engine refuses (a wrong PIN too).
        """
        purpose = ticket["purpose"]
        message: bytes | list[bytes]
        if purpose == "sign":
            message = self._documents(ticket)
        elif purpose == "make_file":
            message = self._file(ticket, certificate_id)
        else:
            message = challenges.of_scanned(ticket)
        action = {
            "bind": "binding.confirm_binding",
            "login": "binding.confirm_login",
            "sign": "signing.confirm_signature",
            "make_file": "enveloping.confirm_file",
        }[purpose]
        arguments: dict[str, Any] = {"ticket_id": ticket["id"]}
        if purpose != "sign":
            arguments["certificate_id"] = certificate_id
        if purpose in ("bind", "login") or (purpose == "sign" and number):
            arguments["number"] = number
        if purpose == "bind":
            arguments["particulars"] = dict(particulars or {})
        confirmed: dict[str, Any] = self.prove(action, arguments, certificate_id, pin, message)
        return confirmed

    def _file(self, ticket: Mapping[str, Any], certificate_id: str) -> bytes:
        """What a file's signature covers, which must hold the digest that the ticket showed."""
        given = {"ticket_id": ticket["id"], "certificate_id": certificate_id}
        message = base64.b64decode(self.door.ask("enveloping.file_to_be_signed", given))
        if bytes.fromhex(ticket["payload"]["digest"]) not in message:
            raise DocumentDiffers()
        return message

    def _documents(self, ticket: Mapping[str, Any]) -> list[bytes]:
        """What the PDF signatures cover: each must hold the digest of a document that was shown.

        The ticket has the digest of the one document, or over the digests of all of them.
        """
        given = {"ticket_id": ticket["id"]}
        messages = [base64.b64decode(one) for one in self.door.ask("signing.to_be_signed", given)]
        payload = ticket["payload"]
        digests = [payload["digest"]]
        if payload.get("batch"):
            digests = [one["digest"] for one in self.door.ask("signing.asked_to_sign", given)]
            over = hashlib.sha256("\n".join(digests).encode()).hexdigest()
            if over != payload["digest"]:
                raise DocumentDiffers()
        if len(digests) != len(messages) or not all(
            bytes.fromhex(digest) in message
            for digest, message in zip(digests, messages, strict=True)
        ):
            raise DocumentDiffers()
        return messages
