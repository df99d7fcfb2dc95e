"""A small public key infrastructure and time-stamp authority for the tests of documents.

Independent of engine/pki on purpose: what engine/pdf takes are certificates and bytes.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine.pdf import appearance, signing, typeset, validation_info

NOW = 1_795_500_000_000  # 2026-11-24T06:00:00Z
HOUR = 3_600_000
DAY = 24 * HOUR
YEAR = 365 * DAY

SEAL_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="42mm" height="42mm" viewBox="-21 -21 42 42">'
    b'<circle r="20.4" fill="none" stroke="#d7000f" stroke-width="1.2"/>'
    b'<path fill="#d7000f" d="M0 -7L1.6 -2.2L6.7 -2.2L2.6 0.8L4.1 5.7L0 2.7L-4.1 5.7L-2.6 0.8'
    b'L-6.7 -2.2L-1.6 -2.2Z"/></svg>'
)
SEAL = appearance.SealAppearance(picture=SEAL_SVG, width_mm=42, height_mm=42)

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
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


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
    kind = "sha256_rsa" if isinstance(authority.key, rsa.RSAPrivateKey) else "sha256_ecdsa"
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": own.issuer, "serial_number": own.serial_number},
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": kind},
            "signature": sign(authority.key, attributes.dump()),
        }
    )
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


@dataclass
class World:
    """Two agencies under one root, a purchaser, a supplier and a time-stamp authority."""

    root: Authority
    first_agency: Authority
    second_agency: Authority
    purchaser: Holder
    supplier: Holder
    timestamper: Holder

    def stamp(self, at: int) -> Callable[[bytes], bytes]:
        return lambda digest: token(self.timestamper, digest, at)

    def with_info(self, document: bytes, *, at: int = NOW - HOUR) -> bytes:
        agencies = (self.root, self.first_agency, self.second_agency)
        return validation_info.add_validation_info(
            document,
            certificates=[a.certificate for a in agencies[1:]],
            crls=[a.crl(at=at) for a in agencies],
        )


PURCHASER, SUPPLIER = "采购人盖章", "供应商盖章"
FIELDS = (
    signing.FieldSpec(name=PURCHASER, placement=typeset.CONTRACT_PARTY_A),
    signing.FieldSpec(name=SUPPLIER, placement=typeset.CONTRACT_PARTY_B),
)


def make_world(purchaser_key: Key | None = None) -> World:
    root = root_authority()
    first = root.issue("东方电子认证 签发 CA", ca=True, end=NOW + 10 * YEAR)
    second = root.issue("南方电子认证 签发 CA", ca=True, end=NOW + 10 * YEAR)
    assert isinstance(first, Authority)
    assert isinstance(second, Authority)
    return World(
        root=root,
        first_agency=first,
        second_agency=second,
        purchaser=first.issue("新疆光正电子商城有限责任公司", key=purchaser_key),
        supplier=second.issue("乌鲁木齐某某办公用品有限公司"),
        timestamper=first.issue(
            "时间戳服务一号", timestamping=True, usage=("digital_signature",), end=NOW + 9 * YEAR
        ),
    )


def sign_field(
    world: World,
    document: bytes,
    who: Holder,
    name: str,
    *,
    first: bool,
    at: int = NOW,
    stamped: bool = True,
    fields: Sequence[signing.FieldSpec] = FIELDS,
    seal: appearance.SealAppearance | None = SEAL,
) -> bytes:
    """One party's signature through the interrupted form, as a phone would do it."""
    prepared = signing.prepare(
        document,
        field=name,
        signer_certificate=who.certificate,
        chain=who.chain,
        signing_time_ms=at,
        seal=seal,
        reason="签署采购合同",
        location="新疆乌鲁木齐",
        name="签署人",
        first=first,
        all_fields=fields if first else (),
    )
    return signing.finish(
        prepared,
        signature_value=sign(who.key, prepared.signed_attributes),
        timestamp=world.stamp(at + 1000) if stamped else None,
    )


def both_signed(world: World, document: bytes) -> bytes:
    """The contract signed by purchaser and supplier, each at B-LT."""
    once = world.with_info(sign_field(world, document, world.purchaser, PURCHASER, first=True))
    twice = sign_field(world, once, world.supplier, SUPPLIER, first=False, at=NOW + HOUR)
    return world.with_info(twice)


def contract_data(**changes: object) -> dict[str, object]:
    """What contract.typ needs."""
    party = {
        "name": "新疆光正电子商城有限责任公司",
        "uscc": "91650100MA7AAAAA1X",
        "address": "新疆维吾尔自治区乌鲁木齐市北京南路 888 号",
        "representative": "李雯",
        "phone": "0991-1234567",
        "bank": "中国工商银行乌鲁木齐北京路支行",
        "account": "3002012345678901234",
    }
    made: dict[str, object] = {
        "issued_at": NOW,
        "number": "GZ-2026-000123",
        "name": "移动数字证书及电子印章服务采购合同",
        "order_number": "DD20261124000017",
        "purchaser": party,
        "supplier": {**party, "name": "乌鲁木齐某某办公用品有限公司"},
        "signed_on": "2026年11月24日",
        "effective_on": "2026年11月25日",
        "place": "新疆乌鲁木齐",
        "currency": "人民币",
        "total_fen": 2_445_000,
        "payment_terms": "验收合格后十个工作日内银行转账支付。",
        "goods": [
            {
                "name": "企业数字证书",
                "model": "一年期",
                "unit": "张",
                "quantity": "120",
                "price_fen": 20_000,
                "amount_fen": 2_400_000,
            },
            {
                "name": "电子印章制作",
                "unit": "枚",
                "quantity": "3",
                "price_fen": 15_000,
                "amount_fen": 45_000,
            },
        ],
        "clauses": [{"title": "交付与验收", "text": "乙方应于十个工作日内完成交付。"}],
    }
    return {**made, **changes}
