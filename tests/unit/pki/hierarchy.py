"""A small hierarchy for tests: a root, two agencies, a seal maker and an enterprise, from a seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import types

from engine.kernel import catalog, clock, ids
from engine.pki import authority, ceremony, certificates, keys, profiles
from engine.pki.certificates import Subject, Urls

NOW = 1_790_000_000_000
YEAR = 365 * clock.DAY
PROFILES = profiles.load_profiles(Path(catalog.DATA) / "profiles")
COMPANY = Subject(
    common_name="江苏东方科技有限公司",
    organization="江苏东方科技有限公司",
    uscc="91320100MA1K00001X",
    organizational_unit="阳光采购平台",
    state="江苏省",
    locality="南京市",
)


def urls(label: str) -> Urls:
    return Urls(
        ocsp=f"http://pki.example/ocsp/{label}",
        crl=f"http://pki.example/crl/{label}.crl",
        delta="" if label == "root" else f"http://pki.example/crl/{label}-delta.crl",
        ca_issuers=f"http://pki.example/ca/{label}.cer",
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hierarchy:
    root: authority.IssuingAuthority
    east: ceremony.AgencyKeys
    south: ceremony.AgencyKeys
    maker: ceremony.Credential
    company: ceremony.Credential
    entropy: ids.Entropy


def make(seed: int = 1) -> Hierarchy:
    entropy = ids.seeded(seed, "pki")
    root = ceremony.make_root(
        profiles=PROFILES,
        organization="印信电子认证",
        common_name="印信根 CA",
        urls=urls("root"),
        now_ms=NOW,
        entropy=entropy,
        test=True,
    )
    specs = [
        ceremony.AuthoritySpec(
            label=label,
            organization=f"{name}电子认证服务有限公司",
            uscc=uscc,
            common_name=f"{name} 签发 CA",
            urls=urls(label),
        )
        for label, name, uscc in (
            ("east", "东方", "91310000MA1K00001X"),
            ("south", "南方", "91440000MA1K00002X"),
        )
    ]
    east, south = ceremony.make_issuing_authorities(
        root=root, specs=specs, profiles=PROFILES, now_ms=NOW, entropy=entropy
    )
    maker_spec = ceremony.SealMakerSpec(
        label="seals",
        organization="东方印章制作有限公司",
        uscc="91310000MA1K00003X",
        issued_by="east",
    )
    makers = ceremony.make_seal_makers(
        agencies=[east, south], specs=[maker_spec], profiles=PROFILES, now_ms=NOW, entropy=entropy
    )
    company = ceremony.certify(east.authority, PROFILES["enterprise"], COMPANY, NOW, 1, entropy)
    return Hierarchy(
        root=root, east=east, south=south, maker=makers["seals"], company=company, entropy=entropy
    )


SUBJECTS = {
    "enterprise": COMPANY,
    "individual": Subject(common_name="张伟", surname="张", given_name="伟", serial_number="P-7"),
    "event": Subject(common_name="李娜", serial_number="E-20260101-000001"),
    "delegated": dataclasses.replace(COMPANY, serial_number="D-7"),
    "enterprise_encryption": COMPANY,
    "individual_encryption": Subject(common_name="张伟", surname="张", given_name="伟"),
    "trust_list": Subject(common_name="信任列表 1", organization="印信电子认证根"),
    "seal_maker": Subject(
        common_name="东方印章制作有限公司",
        organization="东方印章制作有限公司",
        uscc="91310000MA1K00003X",
    ),
    "tsa": Subject(common_name="时间戳 1", organization="东方电子认证服务有限公司"),
    "ocsp": Subject(common_name="OCSP 1", organization="东方电子认证服务有限公司"),
    "server": Subject(
        common_name="console.example",
        organization="东方电子认证服务有限公司",
        hosts=("console.example", "192.0.2.2", "2001:db8::2"),
    ),
}


def one_of_each(world: Hierarchy) -> dict[str, tuple[x509.Certificate, x509.Certificate | None]]:
    """A certificate of every profile, with its issuer's (None for the root)."""
    found: dict[str, tuple[x509.Certificate, x509.Certificate | None]] = {
        "root": (world.root.certificate, None),
        "issuing_ca": (world.east.authority.certificate, world.root.certificate),
        "cross": (cross(world), world.root.certificate),
    }
    for label, subject in SUBJECTS.items():
        issuer = world.root if label == "trust_list" else world.east.authority
        found[label] = (issued(world, label, subject, issuer), issuer.certificate)
    return found


def issued(
    world: Hierarchy,
    label: str,
    subject: Subject,
    issuer: authority.IssuingAuthority,
    public_key: types.CertificatePublicKeyTypes | None = None,
    known: Mapping[str, profiles.Profile] = PROFILES,
) -> x509.Certificate:
    """One certificate of a profile, for a day."""
    return issuer.issue(
        profile=known[label],
        subject=subject,
        public_key=public_key or keys.generate(world.entropy).public_key(),
        serial=certificates.serial_from(world.entropy),
        not_before_ms=NOW,
        not_after_ms=NOW + clock.DAY,
    )


def cross(world: Hierarchy) -> x509.Certificate:
    """The next root as the present one vouches for it."""
    subject = Subject(common_name="TEST 印信根 CA 2", organization="TEST 印信电子认证")
    return issued(world, "cross", subject, world.root)
