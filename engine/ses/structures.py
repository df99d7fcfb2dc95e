"""provisional"""
from __future__ import annotations
import datetime, hashlib
from typing import Any
from asn1crypto import core, x509 as ax
class _Cert(core.OctetString): pass
class CertDigestObj(core.Sequence): _fields=[("type",core.PrintableString),("value",core.OctetString)]
class CertDigestList(core.SequenceOf): _child_spec=CertDigestObj
class Header(core.Sequence): _fields=[("id",core.IA5String),("version",core.Integer),("vid",core.IA5String)]
class Prop(core.Sequence): _fields=[("type",core.Integer),("name",core.UTF8String),("cert_list_type",core.Integer),("cert_list",CertDigestList),("create_date",core.GeneralizedTime),("valid_start",core.GeneralizedTime),("valid_end",core.GeneralizedTime)]
class Picture(core.Sequence): _fields=[("type",core.IA5String),("data",core.OctetString),("width",core.Integer),("height",core.Integer)]
class Info(core.Sequence): _fields=[("header",Header),("es_id",core.IA5String),("property",Prop),("picture",Picture)]
class SESeal(core.Sequence): _fields=[("info",Info),("cert",core.OctetString),("alg",core.ObjectIdentifier),("value",core.OctetBitString)]

from engine.kernel import clock
from engine.pki import keys, certificates as certs
def make_seal(*, seal_id, maker_id, name, certificates, picture_type, picture, width_mm, height_mm, created_at_ms, valid_from_ms, valid_to_ms, maker_key, maker_certificate):  # type: ignore
    def t(ms): return clock.to_datetime(ms // 1000 * 1000)
    info=Info({"header":{"id":"ES","version":4,"vid":maker_id},"es_id":seal_id,"property":{"type":1,"name":name,"cert_list_type":2,"cert_list":[{"type":"SHA256","value":hashlib.sha256(certs.to_der(c)).digest()} for c in certificates],"create_date":t(created_at_ms),"valid_start":t(valid_from_ms),"valid_end":t(valid_to_ms)},"picture":{"type":picture_type,"data":picture,"width":width_mm,"height":height_mm}})
    d=info.dump()
    return SESeal({"info":Info.load(d),"cert":certs.to_der(maker_certificate),"alg":"1.2.840.10045.4.3.2","value":keys.sign(maker_key,d)}).dump()
