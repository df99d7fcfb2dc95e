"""Our rules for seals: what is made passes them all, and each is broken by a seal that breaks it alone."""

from __future__ import annotations

import functools
import io

import pytest
from PIL import Image

from engine.kernel import clock
from engine.pki import certificates
from engine.ses import drawing, linting, structures
from engine.ses.asn1 import CertDigestList, ListKind, SESeal
from engine.ses.structures import Extension
from tests.unit.pki import hierarchy
from tests.unit.pki.hierarchy import NOW, YEAR


@functools.cache
def world() -> hierarchy.Hierarchy:
    return hierarchy.make()


@functools.cache
def png(width: int = 496, height: int = 496, mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, "PNG")
    return out.getvalue()


def made(**changes) -> bytes:
    given = {
        "seal_id": "3201150012345",
        "maker_id": "YINXIN",
        "name": "江苏东方科技有限公司",
        "certificates": [world().company.certificate],
        "picture_type": "PNG",
        "picture": png(),
        "width_mm": 42,
        "height_mm": 42,
        "created_at_ms": NOW,
        "valid_from_ms": NOW,
        "valid_to_ms": NOW + YEAR,
        "maker_key": world().maker.key,
        "maker_certificate": world().maker.certificate,
    } | changes
    return structures.make_seal(**given)


def broken(encoded: bytes) -> list[str]:
    return [one.rule for one in linting.lint(encoded)]


def edited(change) -> bytes:
    seal = SESeal.load(made())
    change(seal)
    return bytes(seal.copy().dump(force=True))


def _type(seal) -> None:
    seal["eseal_info"]["property"]["type"] = 7


def _sides(seal) -> None:
    seal["eseal_info"]["picture"]["width"] = 240
    seal["eseal_info"]["picture"]["height"] = 240


def _digest(seal) -> None:
    seal["eseal_info"]["property"]["cert_list"] = CertDigestList(
        [{"type": "SHA256", "value": b"short"}]
    )


def _algorithm(seal) -> None:
    seal["sign_alg_id"] = "1.2.156.10197.1.501"


def _ends(seal) -> None:
    start = seal["eseal_info"]["property"]["valid_start"].native
    seal["eseal_info"]["property"]["valid_end"] = start


def test_a_seal_as_we_make_it_breaks_no_rule():
    drawn = drawing.draw_round("江苏东方科技有限公司", code="3201150012345")
    assert broken(made(picture=drawn.to_png(496))) == []
    linting.require_clean(made())


@pytest.mark.row("SEA-4")
@pytest.mark.parametrize(
    ("rule", "encoded"),
    [
        ("SES-01", lambda: made(seal_id="")),
        ("SES-01", lambda: made(maker_id="a b")),
        ("SES-02", lambda: edited(_type)),
        ("SES-03", lambda: made(name=" 东方 ")),
        ("SES-03", lambda: made(name="东\u200b方")),
        ("SES-04", lambda: edited(_ends)),
        ("SES-04", lambda: made(valid_from_ms=NOW - YEAR, valid_to_ms=NOW - clock.DAY)),
        ("SES-05", lambda: made(certificates=[])),
        ("SES-05", lambda: made(certificates=[world().company.certificate] * 2)),
        ("SES-05", lambda: edited(_digest)),
        ("SES-06", lambda: made(picture_type="GIF")),
        ("SES-07", lambda: edited(_sides)),
        ("SES-08", lambda: made(picture=b"\x89PNG broken")),
        ("SES-08", lambda: made(picture_type="JPG")),
        ("SES-09", lambda: made(picture=png(496, 300))),
        ("SES-10", lambda: made(created_at_ms=NOW - YEAR)),
        ("SES-11", lambda: made(certificates=[world().maker.certificate])),
        (
            "SES-11",
            lambda: made(certificates=[world().maker.certificate], list_kind=ListKind.CERTIFICATES),
        ),
        ("SES-12", lambda: edited(_algorithm)),
        ("SES-13", lambda: made(extensions=[Extension(oid="1.2.3", critical=True, value=b"x")])),
        (
            "SES-13",
            lambda: made(extensions=[Extension(oid="1.2.3", critical=False, value=b"x")] * 2),
        ),
        ("SES-21", lambda: made(valid_to_ms=NOW + 40 * YEAR)),
        ("SES-22", lambda: made(picture=png(100, 100))),
        ("SES-23", lambda: made(picture=png(mode="RGB"))),
    ],
)
def test_each_rule_is_broken_by_a_seal_that_breaks_it(rule, encoded):
    found = linting.lint(encoded())
    assert rule in [one.rule for one in found]
    # Broken alone, but where one thing breaks two: a picture that is none has no proportion either.
    assert {one.rule for one in found} - {rule} <= {"SES-07", "SES-22"}
    worst = {one.severity for one in found}
    if linting.Severity.ERROR in worst:
        with pytest.raises(linting.SealNotClean) as refused:
            linting.require_clean(encoded())
        assert rule in refused.value.params["rules"] or rule > "SES-20"


def test_every_rule_has_its_case_and_says_what_it_demands():
    cases = test_each_rule_is_broken_by_a_seal_that_breaks_it.pytestmark
    tried = {case[0] for mark in cases if mark.name == "parametrize" for case in mark.args[1]}
    assert tried == {rule.id for rule in linting.RULES}
    assert len({rule.id for rule in linting.RULES}) == len(linting.RULES)
    assert all(rule.demands for rule in linting.RULES)


def test_whole_certificates_are_read_too():
    listed = made(list_kind=ListKind.CERTIFICATES)
    assert broken(listed) == []
    der = certificates.to_der(world().company.certificate)
    assert der in structures.parse(listed).listed
