"""Enveloped files (CMS EnvelopedData and AuthEnvelopedData): written, read, and opened.

`suites` names the algorithms, `recipients` encrypts a content's key for a certificate and finds it again,
`writing` and `reading` carry files of any size through in pieces. Opening takes the content's key, which a
recipient's key decrypts: of that the halves are in two places (`decrypting`), so nothing here but
`Addressed.opened_by` asks for a private key.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from cryptography import x509

from engine.pki.envelopes.reading import Heading, Reading, open_file, read_heading
from engine.pki.envelopes.recipients import Addressed
from engine.pki.envelopes.refusals import (
    EnvelopeRefused,
    NotForThisCertificate,
    RecipientUnusable,
)
from engine.pki.envelopes.suites import AES_256_CBC, AES_256_GCM, ContentCipher
from engine.pki.envelopes.writing import pieces_of, seal

__all__ = [
    "AES_256_CBC",
    "AES_256_GCM",
    "Addressed",
    "ContentCipher",
    "Envelope",
    "EnvelopeRefused",
    "Heading",
    "NotForThisCertificate",
    "Reading",
    "RecipientUnusable",
    "open_file",
    "pieces_of",
    "read",
    "read_heading",
    "seal",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A small envelope, of which one recipient's part was read."""

    addressed: Addressed
    _encoded: bytes = field(repr=False)

    @property
    def value(self) -> bytes:
        """What the recipient's key decrypts."""
        return self.addressed.value

    def open(self, decrypted: bytes) -> bytes:
        """The content, from what decrypting the value gave.

        Raises: decrypting.NotOpened, EnvelopeRefused.
        """
        target = io.BytesIO()
        Reading(io.BytesIO(self._encoded)).open(self.addressed.content_key(decrypted), target)
        return target.getvalue()


def read(encoded: bytes, recipient: x509.Certificate) -> Envelope:
    """The part of a small envelope that is addressed to a certificate; it is whole, as far as can be seen.

    Raises: EnvelopeRefused, NotForThisCertificate.
    """
    reading = Reading(io.BytesIO(encoded))
    addressed = reading.heading.for_certificate(recipient)
    reading.check()
    return Envelope(addressed=addressed, _encoded=encoded)
