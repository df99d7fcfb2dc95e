"""The judgment of a seal, in the order of GB/T 38540-2020: every step is told, none hides another.

Format, maker's signature, maker's certificate (a unit's), the seal's validity, whether the signer is
listed, the signer's certificate. The steps after these (signature value, document digest, time) are
of a signature made with the seal, and whoever checks the document does them.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from engine.pki import certificates, chains, paths
from engine.ses import structures
from engine.ses.structures import INTERNATIONAL, Seal, Suite


class Step(enum.StrEnum):
    """The steps, in the order of the standard."""

    FORMAT = "format"
    MAKER_SIGNATURE = "maker_signature"
    MAKER_CERTIFICATE = "maker_certificate"
    SEAL_VALIDITY = "seal_validity"
    SIGNER_LISTED = "signer_listed"
    SIGNER_CERTIFICATE = "signer_certificate"


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

    def reasons(self, certificate: x509.Certificate) -> tuple[str, ...]:
        """Why no path leads from the certificate to a root; empty when one does."""
        verdict = chains.verify_chain(
            certificate, self.intermediates, self.roots, self.at_ms, self.crls
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
        reasons = (str(problem.params["problem"]),)
        unread = [StepResult(step=step, outcome=Outcome.NOT_CHECKED) for step in Step][1:]
        return [StepResult(step=Step.FORMAT, outcome=Outcome.FAILED, reason_codes=reasons), *unread]
    results = [_result(Step.FORMAT, ())]
    results.extend(_maker(seal, trust, suite))
    valid = seal.valid_from_ms <= at_ms < seal.valid_to_ms
    lapse = "not_yet_valid" if at_ms < seal.valid_from_ms else "expired"
    results.append(_result(Step.SEAL_VALIDITY, () if valid else (lapse,)))
    if signer_certificate is None:
        later = (Step.SIGNER_LISTED, Step.SIGNER_CERTIFICATE)
        results.extend(StepResult(step=step, outcome=Outcome.NOT_CHECKED) for step in later)
    else:
        listed = seal.lists(signer_certificate, suite)
        results.append(_result(Step.SIGNER_LISTED, () if listed else ("not_listed",)))
        results.append(_result(Step.SIGNER_CERTIFICATE, trust.reasons(signer_certificate)))
    return results


def first_failure(results: Sequence[StepResult]) -> StepResult | None:
    """The step to report first, when one failed."""
    return next((one for one in results if one.outcome is Outcome.FAILED), None)


def _maker(seal: Seal, trust: Trust, suite: Suite) -> Iterator[StepResult]:
    try:
        maker = certificates.from_bytes(seal.maker_certificate)
        key = maker.public_key()
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
