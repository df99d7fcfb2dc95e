"""The key ceremony: a root, the agencies' issuing authorities, and the delegates around them.

Pure: it returns objects and the bytes of files, and whoever calls it writes them (the root's key
into a place that no server opens). Certificates follow the profiles and are linted like all others.
The subject of a root made for a demonstration carries the word TEST.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engine.kernel import clock
from engine.kernel.ids import Entropy
from engine.pki import authority, certificates, keys
from engine.pki.authority import IssuingAuthority
from engine.pki.certificates import Subject, Urls
from engine.pki.profiles import Profile

ROOT_YEARS, AUTHORITY_YEARS, DELEGATE_YEARS = 25, 15, 10
# Its certificate cannot be revoked (no-check), and others follow it of themselves: it need not last.
RESPONDER_YEARS = 1
YEAR = 365 * clock.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key and the certificate of its public half."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def files(self, stem: str, password: bytes | None) -> dict[str, bytes]:
        """The certificate in PEM and the key in PKCS #8, by file name."""
        return {
            f"{stem}.cert.pem": certificates.to_pem(self.certificate),
            f"{stem}.key.pem": keys.to_pkcs8(self.key, password),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySpec:
    """An issuing authority to be made: its agency and where its answers will be found."""

    label: str
    organization: str
    uscc: str
    common_name: str
    urls: Urls


@dataclass(frozen=True, slots=True, kw_only=True)
class SealMakerSpec:
    """A seal agency to be certified, and the label of the authority that certifies it."""

    label: str
    organization: str
    uscc: str
    issued_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyKeys:
    """An issuing authority with its OCSP delegate and its time-stamping authority."""

    authority: IssuingAuthority
    ocsp: Credential
    tsa: Credential

    def files(self, password: bytes | None = None) -> dict[str, bytes]:
        """PEM files by name: the authority's, the delegate's, the time-stamper's, the chain."""
        own = Credential(key=self.authority.key, certificate=self.authority.certificate)
        label = self.authority.label
        chain = b"".join(certificates.to_pem(one) for one in self.authority.chain)
        return (
            own.files(label, password)
            | self.ocsp.files(f"{label}-ocsp", password)
            | self.tsa.files(f"{label}-tsa", password)
            | {f"{label}.chain.pem": chain}
        )


def make_root(
    *,
    profiles: Mapping[str, Profile],
    organization: str,
    common_name: str,
    urls: Urls,
    now_ms: int,
    entropy: Entropy,
    test: bool,
) -> IssuingAuthority:
    """A self-signed root, for 25 years from `now_ms`; a test root says so in its subject.

    `urls` are those of the root's own CRL and certificate. Raises: LintRefused, name errors.
    """
    key = keys.generate(entropy)
    if test:
        organization, common_name = f"TEST {organization}", f"TEST {common_name}"
    profile = profiles["root"]
    builder = certificates.build(
        profile=profile,
        subject=Subject(common_name=common_name, organization=organization),
        public_key=key.public_key(),
        serial=certificates.serial_from(entropy),
        not_before_ms=now_ms,
        not_after_ms=now_ms + ROOT_YEARS * YEAR,
        issuer=None,
        urls=urls,
    )
    certificate = authority.sign_linted(builder, key, profile=profile, issuer=None, urls=urls)
    return IssuingAuthority(label="root", certificate=certificate, key=key, urls=urls)


def root_files(root: IssuingAuthority, password: bytes | None = None) -> dict[str, bytes]:
    """The root's PEM files by name; the key belongs offline."""
    return Credential(key=root.key, certificate=root.certificate).files(root.label, password)


def make_issuing_authorities(
    *,
    root: IssuingAuthority,
    specs: Sequence[AuthoritySpec],
    profiles: Mapping[str, Profile],
    now_ms: int,
    entropy: Entropy,
) -> tuple[AgencyKeys, ...]:
    """One issuing authority for each specification, with an OCSP delegate and a TSA.

    Raises: LintRefused, name errors.
    """
    return tuple(_agency(root, spec, profiles, now_ms, entropy) for spec in specs)


def _agency(
    root: IssuingAuthority,
    spec: AuthoritySpec,
    profiles: Mapping[str, Profile],
    now_ms: int,
    entropy: Entropy,
) -> AgencyKeys:
    def subject(common_name: str) -> Subject:
        return Subject(common_name=common_name, organization=spec.organization, uscc=spec.uscc)

    own = certify(
        root, profiles["issuing_ca"], subject(spec.common_name), now_ms, AUTHORITY_YEARS, entropy
    )
    issuing = IssuingAuthority(
        label=spec.label,
        certificate=own.certificate,
        key=own.key,
        urls=spec.urls,
        parents=(root.certificate, *root.parents),
    )
    ocsp = certify(
        issuing, profiles["ocsp"], subject(f"{spec.common_name} OCSP"), now_ms, RESPONDER_YEARS,
        entropy,
    )  # fmt: skip
    tsa = certify(
        issuing, profiles["tsa"], subject(f"{spec.common_name} TSA"), now_ms, DELEGATE_YEARS,
        entropy,
    )  # fmt: skip
    return AgencyKeys(authority=issuing, ocsp=ocsp, tsa=tsa)


def make_seal_makers(
    *,
    agencies: Sequence[AgencyKeys],
    specs: Sequence[SealMakerSpec],
    profiles: Mapping[str, Profile],
    now_ms: int,
    entropy: Entropy,
) -> dict[str, Credential]:
    """The key and unit certificate of each seal agency, by its label.

    Raises: KeyError for an unknown issuing label, LintRefused, name errors.
    """
    issuing = {agency.authority.label: agency.authority for agency in agencies}
    makers = {}
    for spec in specs:
        subject = Subject(
            common_name=spec.organization, organization=spec.organization, uscc=spec.uscc
        )
        makers[spec.label] = certify(
            issuing[spec.issued_by], profiles["seal_maker"], subject, now_ms, DELEGATE_YEARS,
            entropy,
        )  # fmt: skip
    return makers


def make_trust_list_signer(
    *,
    root: IssuingAuthority,
    profiles: Mapping[str, Profile],
    now_ms: int,
    entropy: Entropy,
) -> Credential:
    """Who signs the trust list: certified by the root itself, apart from every agency on the list.

    Raises: LintRefused, name errors.
    """
    organization = root.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    subject = Subject(common_name="信任列表签名 L1", organization=str(organization[0].value))
    return certify(root, profiles["trust_list"], subject, now_ms, DELEGATE_YEARS, entropy)


def certify(
    issuer: IssuingAuthority,
    profile: Profile,
    subject: Subject,
    now_ms: int,
    years: int,
    entropy: Entropy,
) -> Credential:
    """A new key and its certificate by `issuer`, for `years` years of 365 days."""
    key = keys.generate(entropy)
    certificate = issuer.issue(
        profile=profile,
        subject=subject,
        public_key=key.public_key(),
        serial=certificates.serial_from(entropy),
        not_before_ms=now_ms,
        not_after_ms=now_ms + years * YEAR,
    )
    return Credential(key=key, certificate=certificate)
