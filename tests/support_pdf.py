"""Contracts and their signers, for the tests of documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.pdf import appearance, signing, typeset, validation_info
from tests.support_pdf_pki import (
    DAY,
    HOUR,
    NOW,
    YEAR,
    Authority,
    Holder,
    Key,
    der,
    moment,
    pem,
    root_authority,
    sign,
    token,
)

__all__ = [
    "DAY",
    "HOUR",
    "NOW",
    "YEAR",
    "Authority",
    "Holder",
    "Key",
    "der",
    "moment",
    "pem",
    "root_authority",
    "sign",
    "token",
]

SEAL_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="42mm" height="42mm" viewBox="-21 -21 42 42">'
    b'<circle r="20.4" fill="none" stroke="#d7000f" stroke-width="1.2"/>'
    b'<path fill="#d7000f" d="M0 -7L1.6 -2.2L6.7 -2.2L2.6 0.8L4.1 5.7L0 2.7L-4.1 5.7L-2.6 0.8'
    b'L-6.7 -2.2L-1.6 -2.2Z"/></svg>'
)
SEAL = appearance.SealAppearance(picture=SEAL_SVG, width_mm=42, height_mm=42)


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
