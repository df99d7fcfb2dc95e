"""Certification authorities outside of this platform, simulated in demo and run worlds.

Each has a root and an issuing authority of its own; nothing here leads to the world's root. What their
certificates count for is said by the trust list alone (PKI-4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.kernel import clock
from engine.kernel.ids import Entropy
from engine.pki import ceremony
from engine.pki.authority import IssuingAuthority
from engine.pki.certificates import Subject, Urls
from engine.pki.profiles import Profile

LIST_LIFETIME_MS = 7 * clock.DAY


@dataclass(frozen=True, kw_only=True)
class Outsider:
    """An agency of somebody else: it certifies its own customers, and publishes whom it revoked."""

    label: str
    root: IssuingAuthority
    issuing: IssuingAuthority
    profiles: Mapping[str, Profile]

    def certify(
        self, *, organization: str, uscc: str, now_ms: int, years: int, entropy: Entropy
    ) -> ceremony.Credential:
        """A customer of its own: an enterprise's key and certificate."""
        subject = Subject(common_name=organization, organization=organization, uscc=uscc)
        profile = self.profiles["enterprise"]
        return ceremony.certify(self.issuing, profile, subject, now_ms, years, entropy)


def make(
    label: str,
    *,
    organization: str,
    uscc: str,
    common_name: str,
    profiles: Mapping[str, Profile],
    now_ms: int,
    entropy: Entropy,
) -> Outsider:
    """An outside agency with fresh keys; its root says TEST."""
    root = ceremony.make_root(
        profiles=profiles,
        organization=organization,
        common_name=f"{common_name} 根 CA",
        urls=_urls(label, "root"),
        now_ms=now_ms,
        entropy=entropy,
        test=True,
    )
    own = ceremony.certify(
        root,
        profiles["issuing_ca"],
        Subject(common_name=f"{common_name} 签发 CA", organization=organization, uscc=uscc),
        now_ms,
        ceremony.AUTHORITY_YEARS,
        entropy,
    )
    return of(
        label,
        root=ceremony.Credential(key=root.key, certificate=root.certificate),
        issuing=own,
        profiles=profiles,
    )


def of(
    label: str,
    *,
    root: ceremony.Credential,
    issuing: ceremony.Credential,
    profiles: Mapping[str, Profile],
) -> Outsider:
    """An outside agency over keys that were kept."""
    return Outsider(
        label=label,
        root=IssuingAuthority(
            label="root", certificate=root.certificate, key=root.key, urls=_urls(label, "root")
        ),
        issuing=IssuingAuthority(
            label=label,
            certificate=issuing.certificate,
            key=issuing.key,
            urls=_urls(label, "issuing"),
            parents=(root.certificate,),
        ),
        profiles=profiles,
    )


def _urls(label: str, name: str) -> Urls:
    # Names that nobody can register (RFC 2606): an outsider's services are not of this world.
    base = f"http://{label}.example/{name}"
    return Urls(ocsp=f"{base}/ocsp", crl=f"{base}/list.crl", ca_issuers=f"{base}/ca.cer")
