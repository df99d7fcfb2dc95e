"""A ticket: what a QR stands for (decision 22, LOG-1, `security.md` 3.1).

created → scanned → confirmed → consumed; it can end as cancelled or refused. Expiry is derived: a
ticket that is 180 s old does nothing more. The QR's text carries a random token and the platform's
signature, so that a handset refuses foreign codes before it asks anything; the server keeps only the
token's hash. Its picture changes every 30 s, and any picture of the living ticket works (LOG-1). The
first phone that scans holds the ticket. The browser that asked for it proves itself by a nonce whose
hash the ticket carries, so a photographed QR opens nothing for anybody else.

Where phone and browser are not where they usually are, two digits step it up: they stand on the PC
alone, are typed on the phone, and follow from a key and the ticket's id, so that no row holds them.
What confirmed a ticket is kept with it: the certificate's signature over the whole of it.
"""

from __future__ import annotations

import base64
import enum
import functools
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519

from engine.kernel import challenges, vault
from engine.kernel.workflow import Workflow
from engine.pki import keys
from engine.scanning import networks

# What a ticket's payload says of the browser that asked: the id of its place, and its name.
PLACE, BROWSER = "place", "browser"
LONGEST_NAME = 64
_SMALLEST_NUMBER, _NUMBERS = 10, 90


class Purpose(enum.StrEnum):
    """What a ticket is for; one made for one purpose serves no other."""

    BIND = "bind"
    LOGIN = "login"
    SIGN = "sign"
    MAKE_FILE = "make_file"
    DECRYPT = "decrypt"


class TicketKind(enum.StrEnum):
    """Which certificates a QR accepts: the platform's own, or any recognized CA's."""

    PLATFORM = "platform"
    NATIONAL = "national"


# Which purposes ask for the two digits: what is signed otherwise shows its own document. What is decrypted
# stands on the PC afterwards, so that has to be the person's own.
STEPPED_UP = frozenset({Purpose.BIND, Purpose.LOGIN, Purpose.DECRYPT})


class StepUp(enum.StrEnum):
    """Why a ticket asks for the two digits."""

    NETWORK = "network"  # the phone is elsewhere than the PC
    BROWSER = "browser"  # nobody of this person's has signed in on that browser before
    SENT = "sent"  # no phone scanned it: it was sent to the one that holds the certificate


class TicketStatus(enum.StrEnum):
    """Where a ticket stands."""

    CREATED = "created"  # a phone moves next
    SCANNED = "scanned"  # the person who scanned moves next
    CONFIRMED = "confirmed"  # the browser that asked moves next
    CONSUMED = "consumed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


_S = TicketStatus
TICKET = Workflow(
    "QR code",
    _S.CREATED,
    {
        _S.CREATED: {"scan": _S.SCANNED, "cancel": _S.CANCELLED},
        _S.SCANNED: {
            "confirm": _S.CONFIRMED,
            "refuse": _S.REFUSED,
            "cancel": _S.CANCELLED,
            "end": _S.CANCELLED,
        },
        _S.CONFIRMED: {"consume": _S.CONSUMED, "end": _S.CANCELLED},
        _S.CONSUMED: {},
        _S.CANCELLED: {},
        _S.REFUSED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket. `payload` is what the phone shows and what its confirmation covers."""

    id: str
    token_hash: bytes
    purpose: Purpose
    kind: TicketKind
    platform_id: str
    nonce_hash: bytes
    requester: str
    payload: dict[str, str]
    status: TicketStatus
    created_at: int
    expires_at: int
    account_id: str | None
    device_id: str | None
    scanned_at: int | None
    confirmed_at: int | None
    result: dict[str, str]
    # Where the phone was, why two digits are asked for (comma between), and what went wrong with them.
    scanned_from: str = ""
    step_up: str = ""
    wrong_numbers: int = 0
    second_scans: int = 0
    # What confirmed it: a certificate, and its signature over `challenge_of` the ticket.
    certificate_id: str | None = None
    confirmation: bytes | None = None

    def expired(self, now: int) -> bool:
        """Whether its time is over: 180 s after it was made, exclusive at the boundary."""
        return now >= self.expires_at and self.status not in (_S.CONSUMED, _S.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The text of a ticket's QR from a moment on: milliseconds after the ticket was made."""

    qr_text: str
    after_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTicket:
    """A new ticket and the texts of its QR, which are shown and not kept: the first, and the later ones."""

    ticket: Ticket
    qr_text: str
    later: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A ticket as the browser beside it may watch it. `number` is there once two digits are asked for.

    `why` says what ended it, where it was not the person's own no.
    """

    ticket_id: str
    status: str
    expires_at: int
    number: str
    second_scans: int
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a phone shows of a ticket it holds: where the PC is, where it is itself, what is asked for."""

    ticket_id: str
    status: str
    created_at: int
    expires_at: int
    place: networks.Place
    browser: str
    own_place: networks.Place
    step_up: tuple[str, ...]
    second_scans: int
    result: dict[str, str]


def challenge_of(ticket: Ticket) -> bytes:
    """What a certificate's key signs to confirm: the whole ticket, so nothing can be exchanged."""
    return challenges.of_ticket(
        ticket_id=ticket.id,
        purpose=ticket.purpose.value,
        kind=ticket.kind.value,
        platform_id=ticket.platform_id,
        nonce_hash=ticket.nonce_hash,
        payload=ticket.payload,
        created_at=ticket.created_at,
    )


def confirmation_holds(ticket: Ticket, public_key: bytes) -> bool:
    """Whether what is kept of a confirmation is a signature over this very ticket, by this key (DER).

    It needs the row and the certificate alone: years later and without the platform (`security.md` 3.1).
    """
    try:
        key = keys.public_from_der(public_key)
    except (keys.KeyUnreadable, UnsupportedAlgorithm):
        return False
    return ticket.confirmation is not None and keys.verify(
        key, ticket.confirmation, challenge_of(ticket)
    )


def number_of(keyring: vault.Keyring, ticket_id: str) -> str:
    """The two digits of a ticket: known to the platform, shown on the PC alone."""
    mac = keyring.mac("pepper", b"ticket number|" + ticket_id.encode())
    return str(_SMALLEST_NUMBER + int.from_bytes(mac[:8], "big") % _NUMBERS)


def clean_name(name: str) -> str:
    """A browser's or phone's own name as it may be shown: printable, without controls, 64 characters."""
    kept = "".join(one if one.isprintable() else " " for one in name)
    return " ".join(kept.split())[:LONGEST_NAME].rstrip()


def picture_text(
    keyring: vault.Keyring, world_id: str, purpose: str, token: str, number: int
) -> str:
    """The text of the QR's picture of this number, counted from 0."""
    return qr_text(keyring, world_id, purpose, f"{token}.{number}")


def token_of(read: str) -> tuple[str, int] | None:
    """Token and number of a picture, or None where it is no ticket's."""
    token, dot, number = read.rpartition(".")
    return (token, int(number)) if dot and number.isdecimal() and number.isascii() else None


def signing_key(keyring: vault.Keyring) -> ed25519.Ed25519PrivateKey:
    """The key that signs the texts of QR codes."""
    return _signing_key(keyring.secret("tickets"))


@functools.lru_cache(maxsize=8)
def _signing_key(secret: bytes) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(secret)


def qr_text(keyring: vault.Keyring, world_id: str, purpose: str, token: str) -> str:
    """`YX1:<world>:<purpose>:<token>:<signature>`: at most 180 characters."""
    head = f"YX1:{world_id}:{purpose}:{token}"
    signature = signing_key(keyring).sign(head.encode())
    return f"{head}:{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def read_qr(text: str, public_key: bytes) -> tuple[str, str, str] | None:
    """World, purpose and token of a QR's text, or None when it is not one of ours."""
    parts = text.strip().split(":")
    if len(parts) != 5 or parts[0] != "YX1":
        return None
    head = ":".join(parts[:4])
    try:
        signature = base64.urlsafe_b64decode(parts[4] + "=" * (-len(parts[4]) % 4))
        ed25519.Ed25519PublicKey.from_public_bytes(public_key).verify(signature, head.encode())
    except (InvalidSignature, ValueError):
        return None
    return parts[1], parts[2], parts[3]
