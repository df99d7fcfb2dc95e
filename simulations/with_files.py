"""What a person does with files at a PC: 扫码生成文件 and 扫码解密, as the page there does it.

The content stays in the browser: it is hashed, encrypted and decrypted here, and the doors see name, size,
digests and what names the recipients.
"""

from __future__ import annotations

import base64
import hashlib
import io
from typing import TYPE_CHECKING, Any

from cryptography import x509

from engine.http.doors import DirectDoor
from engine.kernel import ids
from engine.pki import decrypting, envelopes, handing, keys, signed_files
from simulations.at_pc import b64

if TYPE_CHECKING:
    from engine.handset.handset import Handset
    from simulations.people import Identity

_BROWSER = "Chrome · Windows"
# As much of a file as the page reads to find out for whom it is.
_HEADING_BYTES = 64 * 1024


class WithFiles:
    """The part of a person that makes files for others and opens theirs."""

    identity: Identity
    browser: DirectDoor
    handset: Handset
    entropy: ids.Entropy
    certificate_id: str
    enterprise_id: str

    def key(self) -> str:
        """A fresh idempotency key."""
        raise AssertionError("a person makes their keys from their own entropy")

    def own_nonce(self) -> str:
        """By what this person's browser is known."""
        raise AssertionError("a person's browser has its nonce")

    def digits_on_pc(self, ticket_id: str) -> str:
        """The two digits beside a QR, if the PC shows any."""
        raise AssertionError("a person's PC shows its digits")

    def files(self) -> list[dict[str, Any]]:
        """What the account's list of files shows."""
        found: list[dict[str, Any]] = self.browser.ask("enveloping.rows", {})
        return found

    def can_be_sent_to(self, wanted: str = "") -> list[dict[str, Any]]:
        """For whom a file can be encrypted."""
        found: list[dict[str, Any]] = self.browser.ask("enveloping.recipients", {"wanted": wanted})
        return found

    def _shown(self, action: str, given: dict[str, Any]) -> dict[str, Any]:
        opened: dict[str, Any] = self.browser.perform(
            action,
            {**given, "kind": "platform", "nonce": self.own_nonce(), "browser_name": _BROWSER},
            key=self.key(),
        )
        return opened

    def _taken(self, action: str, ticket_id: str) -> dict[str, Any]:
        given = {"ticket_id": ticket_id, "nonce": self.own_nonce()}
        found: dict[str, Any] = self.browser.perform(action, given, key=self.key())
        return found

    # -- making --------------------------------------------------------------------------------

    def show_file_qr(self, name: str, content: bytes, recipients: list[str]) -> tuple[str, str]:
        """Choose a file and for whom it is; the file's id and the QR's text."""
        asked = self.browser.perform(
            "enveloping.ask_file",
            {
                "name": name,
                "size": len(content),
                "digest_hex": hashlib.sha256(content).hexdigest(),
                "recipients": recipients,
            },
            key=self.key(),
        )
        opened = self._shown("enveloping.open_file_ticket", {"file_id": asked["id"]})
        self.ticket_id = str(opened["ticket"]["id"])
        return str(asked["id"]), str(opened["qr_text"])

    def encrypt_signed(self, content: bytes) -> bytes:
        """The file that the phone confirmed, signed and encrypted."""
        taken = self._taken("enveloping.take_signature", self.ticket_id)
        head, tail = (base64.b64decode(taken[name]) for name in ("head", "tail"))
        inside, target = head + content + tail, io.BytesIO()
        envelopes.seal(
            (inside,),
            target,
            certificates=[
                x509.load_der_x509_certificate(base64.b64decode(one)) for one in taken["recipients"]
            ],
            entropy=self.entropy,
            size=len(inside),
            cipher=envelopes.AES_256_CBC,
        )
        made = target.getvalue()
        self.browser.perform(
            "enveloping.record_made",
            {
                "file_id": taken["file_id"],
                "sealed_size": len(made),
                "sealed_digest_hex": hashlib.sha256(made).hexdigest(),
            },
            key=self.key(),
        )
        return made

    def make_file(self, name: str, content: bytes, recipients: list[str]) -> bytes:
        """扫码生成文件 from the choice of a file to what is sent on."""
        _, qr_text = self.show_file_qr(name, content, recipients)
        ticket = self.handset.scan(qr_text)
        self.handset.confirm(ticket, self.certificate_id, self.identity.pin)
        return self.encrypt_signed(content)

    # -- opening -------------------------------------------------------------------------------

    def show_opening_qr(self, name: str, sealed: bytes) -> str:
        """Choose an encrypted file; the QR's text."""
        asked = self.browser.perform(
            "enveloping.ask_opening",
            {
                "name": name,
                "sealed_size": len(sealed),
                "sealed_digest_hex": hashlib.sha256(sealed).hexdigest(),
                "heading": b64(sealed[:_HEADING_BYTES]),
            },
            key=self.key(),
        )
        self.opening_id = str(asked["id"])
        self.browser_key = keys.generate(self.entropy)
        point = b64(handing.point_of(self.browser_key))
        opened = self._shown(
            "enveloping.open_decryption_ticket",
            {"opening_id": self.opening_id, "browser_key": point},
        )
        self.ticket_id = str(opened["ticket"]["id"])
        return str(opened["qr_text"])

    def confirm_on_phone(self, qr_text: str, pin: str | None = None) -> None:
        """Scan the code of 扫码解密 and hand the file's key to the PC."""
        ticket = self.handset.scan(qr_text)
        asked = self.handset.door.ask("scanning.asked", {"ticket_id": ticket["id"]})
        number = self.digits_on_pc(ticket["id"]) if asked["step_up"] else ""
        self.handset.open_at_pc(ticket, pin or self.identity.pin, number=number)

    def decrypt_here(self, sealed: bytes) -> tuple[bytes, dict[str, Any]]:
        """What is in the file whose key the phone handed over, and who signed it."""
        taken = self._taken("enveloping.take_key", self.ticket_id)
        content_key = handing.unseal(
            base64.b64decode(taken["sealed"]), self.browser_key, self.ticket_id.encode()
        )
        inside = io.BytesIO()
        try:
            envelopes.Reading(io.BytesIO(sealed)).open(content_key, inside)
            return self._told(inside.getvalue())
        except (decrypting.NotOpened, envelopes.EnvelopeRefused, signed_files.SignedFileRefused):
            self.browser.perform(
                "enveloping.record_damaged", {"opening_id": self.opening_id}, key=self.key()
            )
            raise

    def _told(self, inside: bytes) -> tuple[bytes, dict[str, Any]]:
        """The content of what was decrypted; who signed it is asked of the platform.

        Raises: signed_files.SignedFileRefused for what begins as a signed file and cannot be read.
        """
        given: dict[str, Any] = {"opening_id": self.opening_id}
        content = inside
        plain = io.BytesIO()
        try:
            signed_files.read(io.BytesIO(inside), plain.write)
        except signed_files.NotSigned:
            pass
        except signed_files.FileChanged:
            # What the platform is told all the same: it says what that means.
            content = plain.getvalue()
        else:
            content = plain.getvalue()
        if plain.getvalue() or content is not inside:
            start = inside.index(content) if content else inside.index(b"\x04\x00") + 2
            given |= {
                "size": len(content),
                "digest_hex": hashlib.sha256(content).hexdigest(),
                "head": b64(inside[:start]),
                "tail": b64(inside[start + len(content) :]),
            }
        signer: dict[str, Any] = self.browser.perform(
            "enveloping.record_read", given, key=self.key()
        )
        return content, signer

    def open_file(self, name: str, sealed: bytes) -> tuple[bytes, dict[str, Any]]:
        """扫码解密 from the choice of a file to what is in it, and who signed it."""
        self.confirm_on_phone(self.show_opening_qr(name, sealed))
        return self.decrypt_here(sealed)
