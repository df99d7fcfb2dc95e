"""The PKI of a world: made by a ceremony out of the settings, and what a change of key adds to it.

An agency's first issuing authority is called after the agency, the next ones `<agency>-g2` and so on: each
generation has addresses, revocation lists and responders of its own, and the serials of what it issues
begin with its number. Roots are called alike, `root` and `root-g2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509

from engine.kernel import catalog, clock, ids
from engine.pki import authority, ceremony, certificates, profiles
from engine.pki.profiles import Profile
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.providers import outsiders

if TYPE_CHECKING:
    from engine.boot.world import WorldFile

ROOT_CRL_LIFETIME_MS = 5 * 365 * clock.DAY
ROOT_ORGANIZATION = "印信电子认证根"
PRACTICES = catalog.DATA / "practices"
# Whose keys demo and run worlds make beside their own, to have somebody else's certificates to recognize.
OUTSIDERS = ("beifang",)


@dataclass(frozen=True, kw_only=True)
class KeptRoot:
    """A root by its label, with the revocation list that it published last."""

    label: str
    certificate: x509.Certificate
    crl: bytes


@dataclass(frozen=True, kw_only=True)
class Pki:
    """Roots (the first one first), agencies by generation, seal makers, and who signs the trust list.

    `root_key` is there right after a ceremony only. `cross` are the certificates that bridge roots.
    """

    roots: tuple[KeptRoot, ...]
    root_key: ceremony.Credential | None
    cross: tuple[x509.Certificate, ...] = ()
    agencies: Mapping[str, ceremony.AgencyKeys]
    seal_makers: Mapping[str, ceremony.Credential]
    list_signer: ceremony.Credential
    outsiders: Mapping[str, outsiders.Outsider] = field(default_factory=dict)
    profiles: Mapping[str, Profile]

    @property
    def root(self) -> x509.Certificate:
        """The newest root."""
        return self.roots[-1].certificate

    @property
    def root_crl(self) -> bytes:
        """The newest root's revocation list."""
        return self.roots[-1].crl

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """The roots in DER, the first one first."""
        return tuple(certificates.to_der(one.certificate) for one in self.roots)

    @property
    def present(self) -> dict[str, int]:
        """Each agency with the number of its present generation."""
        names = dict.fromkeys(map(agency_of, self.agencies))
        return {name: len(self.generations(name)) for name in names}

    def generations(self, agency_id: str) -> list[ceremony.AgencyKeys]:
        """An agency's issuing authorities, the first one first."""
        return [kept for label, kept in self.agencies.items() if agency_of(label) == agency_id]

    def practised(self, agency_id: str) -> Mapping[str, Profile]:
        """The profiles as an agency issues by them."""
        return practised(self.profiles, agency_id)


def practised(known: Mapping[str, Profile], agency_id: str) -> Mapping[str, Profile]:
    """The profiles as an agency issues by them."""
    return profiles.adapted(known, profiles.practice_of(PRACTICES, agency_id))


def label_of(name: str, generation: int) -> str:
    """What the authority of a generation is called, in files and addresses."""
    return name if generation == 1 else f"{name}-g{generation}"


def agency_of(label: str) -> str:
    """The agency that an authority belongs to."""
    return label.partition("-g")[0]


def generation_of(label: str) -> int:
    """The number of an authority's generation."""
    return int(label.partition("-g")[2] or 1)


def urls_of(file: WorldFile, label: str) -> certificates.Urls:
    """Where an authority's status and certificate are found; an offline root answers no OCSP."""
    base = f"{file.public_url}/w/{file.id}"
    return certificates.Urls(
        ocsp="" if agency_of(label) == "root" else f"{base}/ocsp/{label}",
        crl=f"{base}/crl/{label}.crl",
        delta="" if agency_of(label) == "root" else f"{base}/crl/{label}-delta.crl",
        ca_issuers=f"{base}/ca/{label}.cer",
    )


def declared_agencies() -> dict[str, policies.CertificateAgency]:
    """The agencies whose keys a world has."""
    return {
        name: setting
        for _, name, setting in policy_queries.declared()
        if isinstance(setting, policies.CertificateAgency)
    }


def declared_makers() -> dict[str, policies.SealAgency]:
    """The seal agencies whose keys a world has."""
    return {
        name: setting
        for _, name, setting in policy_queries.declared()
        if isinstance(setting, policies.SealAgency)
    }


def make(file: WorldFile, now: int, entropy: ids.Entropy) -> Pki:
    """Hold the ceremony: a root, an issuing authority per agency, its delegates, seal makers.

    And who signs the trust list, and the outside agencies of worlds that are no production ones.
    Everything is valid from a day before `now`, so that clocks which differ a little agree.
    """
    known = profiles.load_profiles(catalog.DATA / "profiles")
    start = now - clock.DAY
    root = ceremony.make_root(
        profiles=known,
        organization=ROOT_ORGANIZATION,
        common_name=root_name(1),
        urls=urls_of(file, "root"),
        now_ms=start,
        entropy=entropy,
        test=file.kind != "production",
    )
    agencies = {
        label: make_authority(root, file, label, agency, known, start, entropy)
        for label, agency in declared_agencies().items()
    }
    makers = ceremony.make_seal_makers(
        agencies=tuple(agencies.values()),
        specs=[
            ceremony.SealMakerSpec(
                label=label,
                organization=maker.organization,
                uscc=maker.code,
                issued_by=next(iter(agencies)),
            )
            for label, maker in declared_makers().items()
        ],
        profiles=practised(known, next(iter(agencies))),
        now_ms=start,
        entropy=entropy,
    )
    return Pki(
        roots=(KeptRoot(label="root", certificate=root.certificate, crl=first_list(root, start)),),
        root_key=ceremony.Credential(key=root.key, certificate=root.certificate),
        agencies=agencies,
        seal_makers=makers,
        list_signer=ceremony.make_trust_list_signer(
            root=root, profiles=known, now_ms=start, entropy=entropy
        ),
        outsiders={} if file.kind == "production" else _outside(known, start, entropy),
        profiles=known,
    )


def root_name(generation: int) -> str:
    """The common name of a generation's root."""
    return f"印信根证书 R{generation}"


def first_list(root: authority.IssuingAuthority, now: int) -> bytes:
    """A root's first revocation list, which is empty."""
    return root.crl(
        revoked=[], number=1, this_update_ms=now, next_update_ms=now + ROOT_CRL_LIFETIME_MS
    )


def make_authority(
    root: authority.IssuingAuthority,
    file: WorldFile,
    label: str,
    agency: policies.CertificateAgency,
    known: Mapping[str, Profile],
    now: int,
    entropy: ids.Entropy,
) -> ceremony.AgencyKeys:
    """An issuing authority of an agency, by its label, with its delegates."""
    spec = ceremony.AuthoritySpec(
        label=label,
        organization=agency.organization,
        uscc=agency.code,
        common_name=f"{agency.label.zh} 签发 CA G{generation_of(label)}",
        urls=urls_of(file, label),
    )
    [made] = ceremony.make_issuing_authorities(
        root=root,
        specs=[spec],
        profiles=practised(known, agency_of(label)),
        now_ms=now,
        entropy=entropy,
    )
    return made


def _outside(
    known: Mapping[str, Profile], now: int, entropy: ids.Entropy
) -> dict[str, outsiders.Outsider]:
    settings = {
        name: setting
        for _, name, setting in policy_queries.declared()
        if isinstance(setting, policies.RecognizedAgency)
    }
    return {
        label: outsiders.make(
            label,
            organization=settings[label].organization,
            uscc=settings[label].code,
            common_name=settings[label].label.zh,
            profiles=known,
            now_ms=now,
            entropy=entropy,
        )
        for label in OUTSIDERS
    }
