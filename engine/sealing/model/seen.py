"""A seal as the signed object that it is, read and verified step by step (SEA-4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step of the judgment (GB/T 38540, `domain-rules.md` 5) and its outcome; `reasons` are codes."""

    step: str
    outcome: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCertificate:
    """A certificate that the seal allows: its digest, and what the platform knows of it.

    `steps` are the two steps of the judgment that are about the signer. An unknown digest has no serial.
    """

    digest: str
    serial_hex: str
    certificate_id: str
    status: str
    not_after: int
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who made the seal, as the certificate in it says."""

    organization: str
    serial_hex: str
    issuer: str
    not_before: int
    not_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealData:
    """The fields of the signed object, and every step of its verification."""

    seal_id: str
    standard: str
    header_id: str
    version: int
    maker_id: str
    es_id: str
    kind: int
    name: str
    list_kind: int
    created_at: int
    valid_from: int
    valid_to: int
    picture_type: str
    picture_bytes: int
    picture_sha256: str
    width_mm: int
    height_mm: int
    signature_algorithm: str
    signature_hex: str
    sha256: str
    maker: Maker | None
    steps: tuple[StepShown, ...]
    listed: tuple[ListedCertificate, ...]
    # Usable certificates of the owner that the seal does not list yet: it is being signed anew for them.
    waiting: int
    genuine: bool
