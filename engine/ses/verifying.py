"""The judgment of a seal, and of a signature made with it, in the order of GB/T 38540-2020.

Format, maker's signature, maker's certificate (a unit's), the seal's validity, whether the signer is
listed, the signer's certificate; then the signature's value, the document's digest, the time-stamp. Every
step is told, none hides another. In a PDF the last three are of the PDF's own signature.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from engine.pki import certificates, chains, paths
from engine.pki.profiles import Purpose
from engine.ses import signatures, structures
from engine.ses.signatures import SealSignature
from engine.ses.structures import Seal
from engine.ses.suites import INTERNATIONAL, Suite
from engine.ses.time_stamps import StampUnreadable, read_stamp

# Clocks of signers and of time-stamp services may differ by so much.
_SLACK_MS = 5 * 60 * 1000


class Step(enum.StrEnum):
    """The steps, in the order of the standard."""

    FORMAT = "format"
    MAKER_SIGNATURE = "maker_signature"
    MAKER_CERTIFICATE = "maker_certificate"
    SEAL_VALIDITY = "seal_validity"
    SIGNER_LISTED = "signer_listed"
    SIGNER_CERTIFICATE = "signer_certificate"
    SIGNATURE_VALUE = "signature_value"
    DOCUMENT_DIGEST = "document_digest"
    TIME_STAMP = "time_stamp"


# The steps that are of a seal by itself.
SEAL_STEPS = tuple(Step)[:6]


class Outcome(enum.StrEnum):
    """How a step ended; `not_checked` when it had nothing to look at."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One step and how it ended; `reason_codes` say why it failed."""

    step: Step
    outcome: Outcome
    reason_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What certificates are judged by: roots, links between, revocation lists, and the instant."""

    roots: Sequence[x509.Certificate]
    intermediates: Sequence[x509.Certificate]
    crls: Sequence[x509.CertificateRevocationList] | None
    at_ms: int

    def reasons(
        self, certificate: x509.Certificate, purpose: Purpose | None = None
    ) -> tuple[str, ...]:
        """Why no path leads from the certificate to a root; empty when one does."""
        verdict = chains.verify_chain(
            certificate,
            self.intermediates,
            self.roots,
            self.at_ms,
            self.crls,
            purpose=purpose,
        )
        return tuple(reason.value for reason in verdict.reason_codes)


def verify(
    encoded: bytes,
    *,
    roots: Sequence[x509.Certificate],
    at_ms: int,
    signer_certificate: x509.Certificate | None = None,
    intermediates: Sequence[x509.Certificate] = (),
    crls: Sequence[x509.CertificateRevocationList] | None = None,
    suite: Suite = INTERNATIONAL,
) -> list[StepResult]:
    """Every step for a seal in DER at an instant (UTC milliseconds), in order.

    Without `crls` (None) revocation is not asked. A step that cannot be done because an earlier one
    left nothing to look at is `not_checked`.
    """
    trust = Trust(roots=roots, intermediates=intermediates, crls=crls, at_ms=at_ms)
    try:
        seal = structures.parse(encoded)
    except structures.SealUnreadable as problem:
        return _unread(str(problem.params["problem"]), SEAL_STEPS)
    unknown = _unknown(seal.extensions)
    return [_result(Step.FORMAT, unknown), *_seal(seal, trust, suite, signer_certificate)]


def verify_signature(
    encoded: bytes,
    *,
    document_digest: bytes | None,
    roots: Sequence[x509.Certificate],
    at_ms: int,
    intermediates: Sequence[x509.Certificate] = (),
    crls: Sequence[x509.CertificateRevocationList] | None = None,
    suite: Suite = INTERNATIONAL,
) -> list[StepResult]:
    """Every step for a signature made with a seal (SES_Signature in DER), in order.

    Seal and certificates are judged at the instant of signing, as the signature has it. Without the
    document's digest (None) that step is `not_checked`, and so is the last without a time-stamp.
    """
    try:
        read = signatures.parse(encoded)
    except structures.SealUnreadable as problem:
        return _unread(str(problem.params["problem"]), tuple(Step))
    trust = Trust(roots=roots, intermediates=intermediates, crls=crls, at_ms=read.signed_at_ms)
    try:
        signer = certificates.from_bytes(read.certificate)
        known = suite.public_key(read.certificate)
    except (certificates.CertificateUnreadable, *paths.UNREADABLE):
        signer, known = None, None
    unknown = _unknown((*read.seal.extensions, *read.extensions))
    results = [_result(Step.FORMAT, unknown), *_seal(read.seal, trust, suite, signer)]
    if signer is None:
        results[5] = _result(Step.SIGNER_CERTIFICATE, ("signer_certificate_unreadable",))
    results.append(_value(read, known, suite))
    if document_digest is None:
        results.append(StepResult(step=Step.DOCUMENT_DIGEST, outcome=Outcome.NOT_CHECKED))
    else:
        same = read.document_digest == document_digest
        results.append(_result(Step.DOCUMENT_DIGEST, () if same else ("document_changed",)))
    results.append(_stamp(read, trust, at_ms))
    return results


def _unknown(extensions: Sequence[structures.Extension]) -> tuple[str, ...]:
    # We know none: a critical one means what we cannot judge.
    return ("critical_extension",) if any(one.critical for one in extensions) else ()


def _unread(problem: str, steps: Sequence[Step]) -> list[StepResult]:
    rest = [StepResult(step=step, outcome=Outcome.NOT_CHECKED) for step in steps[1:]]
    return [StepResult(step=steps[0], outcome=Outcome.FAILED, reason_codes=(problem,)), *rest]


def _seal(
    seal: Seal, trust: Trust, suite: Suite, signer: x509.Certificate | None
) -> Iterator[StepResult]:
    """The steps of a seal after its format."""
    yield from _maker(seal, trust, suite)
    valid = seal.valid_from_ms <= trust.at_ms < seal.valid_to_ms
    lapse = "not_yet_valid" if trust.at_ms < seal.valid_from_ms else "expired"
    yield _result(Step.SEAL_VALIDITY, () if valid else (lapse,))
    if signer is None:
        for step in (Step.SIGNER_LISTED, Step.SIGNER_CERTIFICATE):
            yield StepResult(step=step, outcome=Outcome.NOT_CHECKED)
        return
    listed = seal.lists(signer, suite)
    yield _result(Step.SIGNER_LISTED, () if listed else ("not_listed",))
    yield _result(Step.SIGNER_CERTIFICATE, trust.reasons(signer))


def _value(read: SealSignature, key: object | None, suite: Suite) -> StepResult:
    if key is None:
        return StepResult(step=Step.SIGNATURE_VALUE, outcome=Outcome.NOT_CHECKED)
    if read.signature_oid != suite.signature_oid:
        return _result(Step.SIGNATURE_VALUE, ("signature_algorithm",))
    holds = suite.verify(key, read.signature, read.signed)
    return _result(Step.SIGNATURE_VALUE, () if holds else ("bad_signature",))


def _stamp(read: SealSignature, trust: Trust, at_ms: int) -> StepResult:
    """The time-stamp over the signature's value; the instant of signing is not after it, nor after now."""
    reasons: list[str] = []
    if read.signed_at_ms > at_ms + _SLACK_MS:
        reasons.append("signed_in_the_future")
    if not read.time_stamp:
        if reasons:
            return _result(Step.TIME_STAMP, tuple(reasons))
        return StepResult(step=Step.TIME_STAMP, outcome=Outcome.NOT_CHECKED)
    try:
        stamp = read_stamp(read.time_stamp)
    except StampUnreadable:
        return _result(Step.TIME_STAMP, (*reasons, "time_stamp_unreadable"))
    if stamp.digest != stamp.digest_of(read.signature):
        reasons.append("time_stamp_of_another")
    if read.signed_at_ms > stamp.at_ms + _SLACK_MS:
        reasons.append("signed_after_time_stamp")
    then = dataclasses.replace(
        trust, at_ms=stamp.at_ms, intermediates=(*trust.intermediates, *stamp.others)
    )
    reasons.extend(then.reasons(stamp.signer, Purpose.TIME_STAMPING))
    return _result(Step.TIME_STAMP, tuple(reasons))


def first_failure(results: Sequence[StepResult]) -> StepResult | None:
    """The step to report first, when one failed."""
    return next((one for one in results if one.outcome is Outcome.FAILED), None)


def _maker(seal: Seal, trust: Trust, suite: Suite) -> Iterator[StepResult]:
    try:
        maker = certificates.from_bytes(seal.maker_certificate)
        key = suite.public_key(seal.maker_certificate)
    except (certificates.CertificateUnreadable, *paths.UNREADABLE):
        yield _result(Step.MAKER_SIGNATURE, ("maker_certificate_unreadable",))
        yield StepResult(step=Step.MAKER_CERTIFICATE, outcome=Outcome.NOT_CHECKED)
        return
    if seal.signature_oid != suite.signature_oid:
        yield _result(Step.MAKER_SIGNATURE, ("signature_algorithm",))
    else:
        signed = suite.verify(key, seal.signature, seal.signed)
        yield _result(Step.MAKER_SIGNATURE, () if signed else ("bad_signature",))
    yield _result(Step.MAKER_CERTIFICATE, (*trust.reasons(maker), *_unit(maker)))


def _unit(maker: x509.Certificate) -> Iterator[str]:
    # The standard's note: the maker's certificate is a unit's, so it names an organization.
    try:
        if not maker.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME):
            yield "not_a_unit"
        usage = maker.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            yield "key_usage"
    except x509.ExtensionNotFound:
        yield "key_usage"
    except paths.UNREADABLE:
        yield "unreadable"


def _result(step: Step, reasons: tuple[str, ...]) -> StepResult:
    outcome = Outcome.FAILED if reasons else Outcome.PASSED
    return StepResult(step=step, outcome=outcome, reason_codes=reasons)
