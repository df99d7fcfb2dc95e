"""Accounts, their devices, codes and sessions."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
from engine.registration.model.enterprises import Enterprise


class AccountStatus(enum.StrEnum):
    """Where an account stands."""

    ACTIVE = "active"
    FROZEN = "frozen"  # its person moves next, by a fresh real-name proof
    CANCELLED = "cancelled"


ACCOUNT = Workflow(
    "account",
    AccountStatus.ACTIVE,
    {
        AccountStatus.ACTIVE: {
            "freeze": AccountStatus.FROZEN,
            "cancel": AccountStatus.CANCELLED,
        },
        AccountStatus.FROZEN: {
            "unfreeze": AccountStatus.ACTIVE,
            "cancel": AccountStatus.CANCELLED,
        },
        AccountStatus.CANCELLED: {},
    },
)


class CodePurpose(enum.StrEnum):
    """What a one-time code opens; one made for one purpose serves no other."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    FORGOTTEN_PASSWORD = "forgotten_password"
    CHANGE_NUMBER = "change_number"
    RECOVER_NUMBER = "recover_number"
    UNFREEZE = "unfreeze"
    REPORT_MISUSE = "report_misuse"
    ONBOARD = "onboard"
    BANK_CARD = "bank_card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's account. `phone`, `name` and `resident_id` are ciphertexts."""

    id: str
    subject_id: str
    status: AccountStatus
    phone: bytes
    name: bytes | None
    resident_id: bytes | None
    terms_version: str
    terms_digest: bytes
    real_name_at: int | None
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A phone that an account signed in on, by the device's own public key (SEC1 point)."""

    id: str
    account_id: str
    public_key: bytes
    label: str
    created_at: int
    removed_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequested:
    """A code is on its way: what the phone quotes when it is entered."""

    request_id: str
    expires_at: int
    next_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetSession:
    """A signed-in handset. The token is kept only as its hash; `qr_key` recognizes our QR codes."""

    token: str
    account_id: str
    device_id: str
    new_account: bool
    qr_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """What a person sees of their own account."""

    account_id: str
    phone: str
    name: str
    real_named: bool
    status: AccountStatus
    enterprises: tuple[Enterprise, ...]
