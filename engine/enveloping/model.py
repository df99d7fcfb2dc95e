"""A file that is made by scan, and the opening of one (ENC-2, ENC-3).

Making: the PC tells name, size, SHA-256 and for whom; the phone shows that and signs the digest with the
certificate's PIN; the PC takes the signature and encrypts file and signature together. Opening: the PC
tells to whom a file says it is; the phone shows that, its key is opened by halves under the PIN, and
sealed to the browser that asked. Name, size and digests are kept, and who opened what when; a content
never is.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from engine.kernel.workflow import Workflow

LONGEST_NAME = 200
# As much of a file as names its recipients: a thousand with RSA keys need half of it.
LARGEST_HEADING = 1024 * 1024
BROWSER_KEY = "browser_key"


class FileStatus(enum.StrEnum):
    """Where a file that is made stands."""

    ASKED = "asked"  # the phone moves next
    SIGNED = "signed"  # the PC moves next
    MADE = "made"
    DROPPED = "dropped"


class OpeningStatus(enum.StrEnum):
    """Where the opening of a file stands."""

    ASKED = "asked"  # the phone moves next
    OPENED = "opened"  # both halves of its key were joined
    TAKEN = "taken"  # the PC has its key
    READ = "read"  # and has read the whole of it
    DAMAGED = "damaged"  # and it was not what it said to be


_F, _O = FileStatus, OpeningStatus
FILE = Workflow(
    "file",
    _F.ASKED,
    {
        _F.ASKED: {"sign": _F.SIGNED, "drop": _F.DROPPED},
        _F.SIGNED: {"make": _F.MADE, "drop": _F.DROPPED},
        _F.MADE: {},
        _F.DROPPED: {},
    },
)
OPENING = Workflow(
    "file opening",
    _O.ASKED,
    {
        _O.ASKED: {"open": _O.OPENED},
        _O.OPENED: {"take": _O.TAKEN},
        _O.TAKEN: {"read": _O.READ, "find_damaged": _O.DAMAGED},
        _O.READ: {},
        _O.DAMAGED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file that an enterprise made: what it was, and what became of it."""

    id: str
    platform_id: str
    mall_account_id: str
    enterprise_id: str
    name: str
    size: int
    digest_hex: str
    status: FileStatus
    account_id: str | None
    certificate_id: str | None
    attributes: bytes | None
    signature: bytes | None
    sealed_size: int | None
    sealed_digest_hex: str | None
    created_at: int
    signed_at: int | None
    made_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecipient:
    """One certificate that a file is encrypted for."""

    id: str
    file_id: str
    enterprise_id: str
    certificate_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpening:
    """An encrypted file that somebody wants to read. `heading` is what of it names its recipients."""

    id: str
    platform_id: str
    mall_account_id: str
    enterprise_id: str
    file_id: str | None
    name: str
    sealed_size: int
    sealed_digest_hex: str
    heading: bytes = field(repr=False)
    status: OpeningStatus
    ticket_id: str | None
    account_id: str | None
    certificate_id: str | None
    opens_with: str | None
    confirmation: bytes | None
    created_at: int
    opened_at: int | None
    taken_at: int | None
    read_at: int | None
    signer_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedKey:
    """A file's key, sealed to the browser that asked, until that has taken it."""

    ticket_id: str
    sealed: bytes
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """An enterprise that a file can be encrypted for, and its certificates for that."""

    enterprise_id: str
    enterprise: str
    uscc: str
    own: bool
    certificates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be, and for how many enterprises it is."""

    largest_bytes: int
    most_recipients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSignature:
    """What a PC encrypts: `head`, the file, `tail`, for these certificates (DER)."""

    file_id: str
    head: bytes
    tail: bytes
    recipients: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToOpen:
    """What a phone opens of a file with one of its keys; the fields are those of `envelopes.Addressed`."""

    certificate_id: str
    value: bytes
    oaep: str
    wrapped: bytes
    wrap_bytes: int
    digest: str
    about: bytes
    key_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenKey:
    """A file's key as the PC takes it: sealed to its own."""

    opening_id: str
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signed what was in a file. `verdict`: trusted, revoked, untrusted, unsigned."""

    verdict: str
    enterprise: str = ""
    signed_at: int | None = None
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """Who opened a file when, as both sides may see it."""

    enterprise: str
    person: str
    login: str
    status: OpeningStatus
    opened_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file as the list shows it. `own` says whether the account's enterprise made it."""

    file: FileRecord
    own: bool
    sender: str
    signer: str
    recipients: tuple[str, ...]
    openings: tuple[OpeningRow, ...]
