"""A ticket: what a QR stands for (decision 22, LOG-1, `security.md` 3.1).

created → scanned → confirmed → consumed; it can end as cancelled or refused. Expiry is derived: a
ticket that is 180 s old does nothing more. The QR's text carries a random token and the platform's
signature, so that a handset refuses foreign codes before it asks anything; the server keeps only the
token's hash. The first phone that scans holds the ticket. The browser that asked for it proves itself
by a nonce whose hash the ticket carries, so a photographed QR opens nothing for anybody else.
"""

from __future__ import annotations

import base64
import enum
import functools
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from engine.kernel import challenges, vault
from engine.kernel.workflow import Workflow


class Purpose(enum.StrEnum):
    """What a ticket is for; one made for one purpose serves no other."""

    BIND = "bind"
    LOGIN = "login"
    SIGN = "sign"


class TicketKind(enum.StrEnum):
    """Which certificates a QR accepts: the platform's own, or any recognized CA's."""

    PLATFORM = "platform"
    NATIONAL = "national"


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

    def expired(self, now: int) -> bool:
        """Whether its time is over: 180 s after it was made, exclusive at the boundary."""
        return now >= self.expires_at and self.status not in (_S.CONSUMED, _S.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTicket:
    """A new ticket and the text of its QR, which is shown once and not kept."""

    ticket: Ticket
    qr_text: str


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
