"""The structures of GB/T 38540-2020 and their ASN.1, field for field.

`SesSignature` and `TbsSign` are here for whoever signs with a seal outside of PDF. Two points no
public text confirms, and nothing here writes them: whether the extensions of the seal's information
carry the tag [0], and header versions after 4.
"""

from __future__ import annotations

import enum

from asn1crypto import core


class SealKind(enum.IntEnum):
    """The type of a seal's property."""

    UNIT = 1
    PERSON = 2


class ListKind(enum.IntEnum):
    """How a seal names the certificates that may use it."""

    CERTIFICATES = 1
    DIGESTS = 2


class CertInfoList(core.SequenceOf):  # type: ignore[misc]
    _child_spec = core.OctetString


class CertDigestObj(core.Sequence):  # type: ignore[misc]
    _fields = [("type", core.PrintableString), ("value", core.OctetString)]  # noqa: RUF012


class CertDigestList(core.SequenceOf):  # type: ignore[misc]
    _child_spec = CertDigestObj


class SesHeader(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("id", core.IA5String),
        ("version", core.Integer),
        ("vid", core.IA5String),
    ]


class SesEsPropertyInfo(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("cert_list_type", core.Integer),
        ("cert_list", core.Any),
        ("create_date", core.GeneralizedTime),
        ("valid_start", core.GeneralizedTime),
        ("valid_end", core.GeneralizedTime),
    ]

    def _list_spec(self) -> type[core.SequenceOf]:
        # Both choices are a SEQUENCE OF, so the type beside them must tell.
        kinds = {ListKind.CERTIFICATES: CertInfoList, ListKind.DIGESTS: CertDigestList}
        kind = self["cert_list_type"].native
        if kind not in kinds:
            raise ValueError(f"certListType {kind}")
        return kinds[kind]

    _spec_callbacks = {"cert_list": _list_spec}  # noqa: RUF012


class SesEsPictureInfo(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("type", core.IA5String),
        ("data", core.OctetString),
        ("width", core.Integer),
        ("height", core.Integer),
    ]


class ExtData(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("extn_id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("extn_value", core.OctetString),
    ]


class ExtensionDatas(core.SequenceOf):  # type: ignore[misc]
    _child_spec = ExtData


class SesSealInfo(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("header", SesHeader),
        ("es_id", core.IA5String),
        ("property", SesEsPropertyInfo),
        ("picture", SesEsPictureInfo),
        ("ext_datas", ExtensionDatas, {"explicit": 0, "optional": True}),
    ]


class SESeal(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("eseal_info", SesSealInfo),
        ("cert", core.OctetString),
        ("sign_alg_id", core.ObjectIdentifier),
        ("signed_value", core.OctetBitString),
    ]


class TbsSign(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("eseal", SESeal),
        ("time_info", core.GeneralizedTime),
        ("data_hash", core.OctetBitString),
        ("property_info", core.IA5String),
        ("ext_datas", ExtensionDatas, {"explicit": 0, "optional": True}),
    ]


class SesSignature(core.Sequence):  # type: ignore[misc]
    _fields = [  # noqa: RUF012
        ("to_sign", TbsSign),
        ("cert", core.OctetString),
        ("signature_alg_id", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
        ("time_stamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]
