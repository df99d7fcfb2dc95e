"""Chains, revocation and time of one signature, offline, from what the file and the caller hold.

The instant at which a signer's chain is judged is the one its valid time-stamp proves; without one
it is the instant of verification. Revocation data counts when it was in force then or was issued
later (a revocation with an earlier date then counts too). A time-stamp's own chain is judged twice:
at the instant it proves, with revocation data, and at the control time (the next document
time-stamp after it, or the instant of verification), where it must not have expired or be known as
revoked. Nothing is ever fetched.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import collections
import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    SignatureStatus,
    StandardCMSSignatureStatus,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleTrustManager

GOOD, UNKNOWN, REVOKED = "good", "unknown", "revoked"

# Chinese signing certificates carry both; either alone is for signing too.
_SIGNING_USAGE = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)
_MAX_CERTIFICATES = 64
_MAX_NAMESAKES = 4

_CODES: dict[object, str] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "untrusted_issuer",
    AdESIndeterminate.REVOKED_NO_POE: "certificate_revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "issuer_revoked",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "certificate_out_of_validity",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "certificate_out_of_validity",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "certificate_not_for_this_use",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "weak_algorithm",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "weak_algorithm",
}


class TooComplex(Exception):
    """More certificates than any honest document needs; path building on them may never end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a chain may be built from."""

    roots: Sequence[asn1_x509.Certificate]
    certificates: Sequence[asn1_x509.Certificate]
    crls: Sequence[asn1_crl.CertificateList]
    ocsps: Sequence[asn1_ocsp.OCSPResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one CMS signature: `reason` is empty when its chain holds."""

    intact: bool
    trusted: bool
    revocation: str
    reason: str
    status: SignatureStatus


def require_simple(certificates: Iterable[asn1_x509.Certificate]) -> None:
    """Refuse bags of certificates on which path building explodes.

    Raises: TooComplex.
    """
    distinct = {certificate.dump(): certificate for certificate in certificates}
    subjects = collections.Counter(c.subject.dump() for c in distinct.values())
    if len(distinct) > _MAX_CERTIFICATES or max(subjects.values(), default=0) > _MAX_NAMESAKES:
        raise TooComplex


def _context(material: Material, moment: datetime.datetime, mode: str) -> ValidationContext:
    return ValidationContext(
        # Never the machine's own list, also when no root is given.
        trust_manager=SimpleTrustManager.build(trust_roots=list(material.roots)),
        other_certs=list(material.certificates),
        crls=list(material.crls),
        ocsps=list(material.ocsps),
        moment=moment,
        best_signature_time=moment,
        allow_fetching=False,
        revocation_mode=mode,
        retroactive_revinfo=True,
    )


def _code(status: SignatureStatus) -> str:
    indication = status.trust_problem_indic
    if indication is None:
        return "" if status.trusted else "chain_invalid"
    if (
        indication is AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE
        and status.error_time_horizon is not None
    ):
        # An issuer above the signer had expired; pyHanko says so only by the date.
        return "certificate_out_of_validity"
    return _CODES.get(indication, "chain_invalid")


_Validate = Callable[[ValidationContext], Any]


async def _judge(validate: _Validate, material: Material, moment: datetime.datetime) -> Judged:
    """Validate with revocation required; where only revocation fails, say that it is unknown."""
    status: SignatureStatus = await validate(_context(material, moment, "require"))
    if not status.intact or not status.valid:
        reason = "digest_mismatch" if not status.intact else "signature_wrong"
        return Judged(intact=False, trusted=False, revocation=UNKNOWN, reason=reason, status=status)
    if status.trusted:
        return Judged(intact=True, trusted=True, revocation=GOOD, reason="", status=status)
    code = _code(status)
    if code in ("certificate_revoked", "issuer_revoked"):
        return Judged(intact=True, trusted=False, revocation=REVOKED, reason=code, status=status)
    bare: SignatureStatus = await validate(_context(material, moment, "none"))
    if bare.trusted:
        return Judged(
            intact=True, trusted=True, revocation=UNKNOWN, reason="revocation_unknown", status=bare
        )
    return Judged(intact=True, trusted=False, revocation=UNKNOWN, reason=_code(bare), status=bare)


async def judge_signer(
    signed_data: cms.SignedData, digest: bytes, material: Material, moment: datetime.datetime
) -> Judged:
    """The signer of a detached CMS signature over `digest`, judged at `moment`."""

    async def validate(context: ValidationContext) -> StandardCMSSignatureStatus:
        made = await generic_cms.cms_basic_validation(
            signed_data,
            raw_digest=digest,
            validation_context=context,
            key_usage_settings=_SIGNING_USAGE,
        )
        return StandardCMSSignatureStatus(**made)

    return await _judge(validate, material, moment)


async def judge_timestamp(
    token: cms.SignedData,
    imprint: Callable[[str], bytes],
    material: Material,
    control: datetime.datetime,
) -> tuple[Judged, datetime.datetime]:
    """A time-stamp token, and the instant it proves; see the head of this module."""

    async def validate(context: ValidationContext) -> TimestampSignatureStatus:
        made = await generic_cms.validate_tst_signed_data(token, context, imprint)
        return TimestampSignatureStatus(**made)

    instant = token["encap_content_info"]["content"].parsed["gen_time"].native
    then = await _judge(validate, material, instant)
    if not then.intact or not then.trusted:
        return then, instant
    if instant > control + datetime.timedelta(minutes=5):
        return _with(then, "timestamp_in_the_future"), instant
    now = await _judge(validate, material, control)
    return (then if now.trusted else now), instant


def _with(judged: Judged, reason: str) -> Judged:
    return Judged(
        intact=judged.intact,
        trusted=False,
        revocation=judged.revocation,
        reason=reason,
        status=judged.status,
    )


def signature_tokens(signer_info: cms.SignerInfo) -> list[cms.SignedData]:
    """The signature time-stamps inside a SignerInfo."""
    return list(generic_cms.extract_tst_data_iter(signer_info, signed=False))


def imprint_of_signature(signer_info: cms.SignerInfo) -> Callable[[str], bytes]:
    """What a signature time-stamp must have stamped."""
    checker: Callable[[str], bytes] = generic_cms.message_imprint_checker(signer_info)
    return checker
