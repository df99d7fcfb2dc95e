"""The linter that every certificate passes before its issuer's key touches it.

Own rules of RFC 5280's clauses and of the profile's (`rules`), looked for in the encoding itself
(`checks`), fast enough for each issue. A foreign linter judges one certificate of each profile in the
tests. Whether the subject's data are true is not asked here.
"""

from __future__ import annotations

from cryptography import x509

from engine.kernel import errors
from engine.pki.certificates import Urls
from engine.pki.lint.checks import CHECKS
from engine.pki.lint.examined import UNREADABLE, Finding, read
from engine.pki.lint.rules import RULES, Rule
from engine.pki.profiles import Profile

__all__ = ["RULES", "Finding", "LintRefused", "Rule", "examine", "require"]


class LintRefused(errors.PolicyRefused):
    """The certificate would not meet its profile: {findings}. Nothing was signed."""


def examine(
    encoded: bytes, profile: Profile, *, issuer: x509.Certificate | None, urls: Urls
) -> tuple[Finding, ...]:
    """Every rule that the encoded certificate breaks; none is well."""
    try:
        examined = read(encoded, profile, issuer=issuer, urls=urls)
        if isinstance(examined, Finding):
            return (examined,)
        return tuple(finding for check in CHECKS for finding in check(examined))
    except UNREADABLE as problem:
        return (Finding(code="unreadable", detail=str(problem)),)


def require(
    encoded: bytes, profile: Profile, *, issuer: x509.Certificate | None, urls: Urls
) -> None:
    """Refuse a certificate that does not meet its profile.

    Raises: LintRefused naming every finding.
    """
    findings = examine(encoded, profile, issuer=issuer, urls=urls)
    if findings:
        raise LintRefused(findings="; ".join(str(finding) for finding in findings))
