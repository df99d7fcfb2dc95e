"""One-tap sign-in, what a person sees of their devices and sessions, and getting an account back."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
from engine.registration.model.accounts import CodePurpose


class OneTapStatus(enum.StrEnum):
    """Where a one-tap sign-in stands."""

    PENDING = "pending"  # the carrier moves next
    CONFIRMED = "confirmed"  # the phone takes its session next
    REFUSED = "refused"
    TAKEN = "taken"


ONE_TAP = Workflow(
    "one tap",
    OneTapStatus.PENDING,
    {
        OneTapStatus.PENDING: {
            "confirm": OneTapStatus.CONFIRMED,
            "refuse": OneTapStatus.REFUSED,
        },
        OneTapStatus.CONFIRMED: {"take": OneTapStatus.TAKEN},
        OneTapStatus.REFUSED: {},
        OneTapStatus.TAKEN: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTap:
    """A one-tap sign-in on its way. Whoever holds the secret gets the session, once."""

    id: str
    secret_hash: bytes
    device_key: bytes
    device_label: str
    status: OneTapStatus
    account_id: str | None
    new_account: int
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTapRequested:
    """The carrier is being asked: what the phone comes back with."""

    request_id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevice:
    """A phone of the account, as its person sees it; `current` is the one in their hand."""

    id: str
    label: str
    created_at: int
    last_seen_at: int | None
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingSession:
    """A sign-in that has not ended."""

    id: str
    device_id: str
    device_label: str
    way: str
    created_at: int
    last_seen_at: int
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSignIn:
    """One sign-in, as it can be looked up afterwards."""

    signed_in_at: int
    way: str
    device_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What a person sees of the ways into their account."""

    has_password: bool
    devices: tuple[KnownDevice, ...]
    sessions: tuple[LivingSession, ...]
    sign_ins: tuple[PastSignIn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """An account that its person gets back by a fresh proof of their name.

    `account_id` is empty where the particulars fit no account: it looks the same from outside.
    `new_phone` is a ciphertext.
    """

    id: str
    request_id: str
    purpose: CodePurpose
    account_id: str | None
    proof_id: str
    new_phone: bytes | None
    refusal: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryStarted:
    """The identity is being checked."""

    proof_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryOutcome:
    """How far the check is: what somebody who is not signed in may know of it."""

    status: str
    reason: str
    mismatched: tuple[str, ...]
