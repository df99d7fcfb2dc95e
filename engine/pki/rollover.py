"""A root's change of key (RFC 4210 4.4): the next root, and the two certificates that bridge to it.

Whoever trusts the old root reaches what the new one issues by `new_with_old`; whoever trusts only the new
one reaches what the old one issued by `old_with_new`. Both end with the old root, whose certificates and
revocation list live on until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from engine.kernel import clock, errors
from engine.kernel.ids import Entropy
from engine.pki import ceremony, certificates
from engine.pki.authority import IssuingAuthority
from engine.pki.certificates import Subject, Urls
from engine.pki.profiles import Profile


class OldRootEnded(errors.PolicyRefused):
    """The old root has expired, so it can vouch for no other. Hold a new ceremony."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollover:
    """The next root and the two cross certificates."""

    root: IssuingAuthority
    new_with_old: x509.Certificate
    old_with_new: x509.Certificate


def roll(
    old: IssuingAuthority,
    *,
    profiles: Mapping[str, Profile],
    organization: str,
    common_name: str,
    urls: Urls,
    now_ms: int,
    entropy: Entropy,
    test: bool,
) -> Rollover:
    """Make the next root, of another name than the old one, and have each vouch for the other.

    Raises: OldRootEnded, LintRefused, name errors.
    """
    end = clock.from_datetime(old.certificate.not_valid_after_utc)
    if end <= now_ms:
        raise OldRootEnded
    new = ceremony.make_root(
        profiles=profiles,
        organization=organization,
        common_name=common_name,
        urls=urls,
        now_ms=now_ms,
        entropy=entropy,
        test=test,
    )

    def vouch(issuer: IssuingAuthority, other: IssuingAuthority) -> x509.Certificate:
        return issuer.issue(
            profile=profiles["cross"],
            subject=_subject(other.certificate),
            public_key=other.certificate.public_key(),
            serial=certificates.serial_from(entropy),
            not_before_ms=now_ms,
            not_after_ms=end,
        )

    return Rollover(root=new, new_with_old=vouch(old, new), old_with_new=vouch(new, old))


def _subject(certificate: x509.Certificate) -> Subject:
    def text(oid: x509.ObjectIdentifier) -> str:
        return str(certificate.subject.get_attributes_for_oid(oid)[0].value)

    return Subject(
        common_name=text(NameOID.COMMON_NAME), organization=text(NameOID.ORGANIZATION_NAME)
    )
