"""A file and who signed it: CMS SignedData around any size, in pieces (RFC 5652 5), or beside it.

The signature covers attributes that hold the file's SHA-256, the time that the signer claims, and which
certificate it is by (CAdES-BES, RFC 5035). Whoever holds only digest and size makes what stands around the
file: `around` gives the bytes before and behind it, so that the file itself need not come along. Keys are
P-256 or RSA, divided ones included: an ordinary signature is all that is asked for.
"""

from engine.pki.signed_files.making import around, attributes_of, sign
from engine.pki.signed_files.reading import (
    FileChanged,
    NotSigned,
    SignedFile,
    SignedFileRefused,
    holds,
    read,
    read_around,
    verify_beside,
)

__all__ = [
    "FileChanged",
    "NotSigned",
    "SignedFile",
    "SignedFileRefused",
    "around",
    "attributes_of",
    "holds",
    "read",
    "read_around",
    "sign",
    "verify_beside",
]
