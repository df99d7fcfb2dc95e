"""A small public key infrastructure and a RFC 3161 authority for the tests of documents.

Independent of engine/pki on purpose: what engine/pdf takes are certificates and bytes.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = 1_795_500_000_000  # 2026-11-24T06:00:00Z
HOUR = 3_600_000
DAY = 24 * HOUR
YEAR = 365 * DAY

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def moment(ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC)


def der(thing: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    return thing.public_bytes(serialization.Encoding.DER)


def pem(thing: x509.Certificate) -> bytes:
    return thing.public_bytes(serialization.Encoding.PEM)


def sign(key: Key, message: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    # The same value for the same message (RFC 6979), so that what is made twice is the same.
    return key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def _usage(*on: str) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
    names += ("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in on for name in names})


@dataclass
class Holder:
    """A certificate with its key and its issuer."""

    key: Key
    certificate: x509.Certificate
    issuer: Authority | None = None

    @property
    def chain(self) -> list[x509.Certificate]:
        made = []
        above = self.issuer
        while above is not None:
            made.append(above.certificate)
            above = above.issuer
        return made


@dataclass
class Authority(Holder):
    """A certification authority."""

    serials: int = 100
    revoked: dict[int, int] = field(default_factory=dict)

    def issue(
        self,
        name: str,
        *,
        organization: str | None = None,
        key: Key | None = None,
        ca: bool = False,
        timestamping: bool = False,
        usage: Sequence[str] = ("digital_signature", "content_commitment"),
        begin: int = NOW - DAY,
        end: int = NOW + YEAR,
    ) -> Holder:
        key = key or ec.generate_private_key(ec.SECP256R1())
        self.serials += 1
        builder = _builder(name, organization or name, key, self.serials, begin, end, ca)
        builder = builder.issuer_name(self.certificate.subject).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False
        )
        builder = builder.add_extension(
            _usage("key_cert_sign", "crl_sign") if ca else _usage(*usage), True
        )
        if timestamping:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True
            )
        kind = Authority if ca else Holder
        return kind(key=key, certificate=builder.sign(self.key, hashes.SHA256()), issuer=self)

    def crl(self, *, at: int = NOW - HOUR, days: int = 7) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(moment(at))
            .next_update(moment(at + days * DAY))
            .add_extension(x509.CRLNumber(at // 1000), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False
            )
        )
        for serial, since in self.revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(moment(since))
                .build()
            )
        return der(builder.sign(self.key, hashes.SHA256()))


def _builder(
    name: str, organization: str, key: Key, serial: int, begin: int, end: int, ca: bool
) -> x509.CertificateBuilder:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(moment(begin))
        .not_valid_after(moment(end))
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def root_authority(name: str = "测试根证书 TEST") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, "测试", key, 1, NOW - YEAR, NOW + 20 * YEAR, True)
    builder = builder.issuer_name(
        x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "测试"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
    ).add_extension(_usage("key_cert_sign", "crl_sign"), True)
    return Authority(key=key, certificate=builder.sign(key, hashes.SHA256()))


def _signer_info(
    authority: Holder, own: asn1_x509.Certificate, attributes: cms.CMSAttributes
) -> cms.SignerInfo:
    kind = "sha256_rsa" if isinstance(authority.key, rsa.RSAPrivateKey) else "sha256_ecdsa"
    issuer = {"issuer": own.issuer, "serial_number": own.serial_number}
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", issuer),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": kind},
            "signature": sign(authority.key, attributes.dump()),
        }
    )


def token(authority: Holder, digest: bytes, at: int, serial: int = 1) -> bytes:
    """A RFC 3161 time-stamp token (DER) over a SHA-256 digest."""
    own = asn1_x509.Certificate.load(der(authority.certificate))
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.156.99999.3.1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": digest,
            },
            "serial_number": serial,
            "gen_time": moment(at).replace(microsecond=0),
        }
    ).dump()
    essential = tsp.SigningCertificateV2(
        {"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(own.dump()).digest()})]}
    )
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(info).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [essential]}),
        ]
    )
    signer = _signer_info(authority, own, attributes)
    bag = [own, *(asn1_x509.Certificate.load(der(c)) for c in authority.chain[:-1])]
    return cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v3",
                    "digest_algorithms": [{"algorithm": "sha256"}],
                    "encap_content_info": {
                        "content_type": "tst_info",
                        "content": cms.ParsableOctetString(info),
                    },
                    "certificates": [cms.CertificateChoices("certificate", c) for c in bag],
                    "signer_infos": [signer],
                }
            ),
        }
    ).dump()
