"""The tables of seals and applications."""

from __future__ import annotations

import pytest

from engine.kernel import workflow
from engine.policies import model as policies
from engine.policies.queries import declared
from engine.sealing import model, queries


def a_seal(**changes: object) -> model.Seal:
    values: dict[str, object] = {
        "id": "sea_1",
        "application_id": "sap_1",
        "enterprise_id": "ent_1",
        "account_id": "acc_1",
        "kind": model.SealKind.COMPANY,
        "name": "新疆天山净水科技有限公司",
        "code": "6501020000001",
        "platform_id": None,
        "agency_id": "huayin",
        "status": model.SealStatus.ACTIVE,
        "ses": b"ses",
        "svg_blob_id": "blb_1",
        "png_blob_id": "blb_2",
        "width_mm": 42,
        "height_mm": 42,
        "certificates": ("00",),
        "valid_from": 1_000,
        "valid_to": 2_000,
        "created_at": 0,
        "made_at": 1_000,
    }
    return model.Seal(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "usable"), [(999, False), (1_000, True), (1_999, True), (2_000, False)]
)
def test_a_seal_is_usable_from_its_first_instant_until_before_its_last(now, usable):
    assert a_seal().usable(now) is usable


@pytest.mark.parametrize("status", [s for s in model.SealStatus if s != "active"])
def test_only_an_active_seal_is_usable(status):
    assert not a_seal(status=status).usable(1_500)


def test_an_application_is_made_only_after_its_review():
    with pytest.raises(workflow.NotPossibleNow):
        model.APPLICATION.advance(model.ApplicationStatus.IN_REVIEW, "make")


@pytest.mark.parametrize("status", ["made", "rejected", "withdrawn"])
def test_an_application_that_ended_stays_as_it_is(status):
    assert model.APPLICATION.terminal(model.ApplicationStatus(status))


def test_a_deleted_seal_never_comes_back():
    assert model.SEAL.terminal(model.SealStatus.DELETED)


RULES = {name: rule for kind, name, rule in declared() if kind == policies.SealKindRule.KIND}


def test_the_kinds_that_rules_speak_of_are_declared_and_the_first_come_with_the_approval():
    assert {"company", "finance", "custom", "personal"} <= set(RULES)
    assert {name for name, rule in RULES.items() if rule.route == "first"} == set(model.FIRST)
    assert [name for name, rule in RULES.items() if rule.route == "pad"] == ["custom"]
    assert RULES["personal"].at_most == 3
    assert [name for name, rule in RULES.items() if rule.needs_tax_number] == ["invoice"]


@pytest.mark.row("SEA-3")
@pytest.mark.parametrize(
    ("kind", "size", "shape", "sides"),
    [
        ("company", "42", "round", (42, 42)),
        ("company", "40", "round", (40, 40)),
        ("contract", "38", "round", (38, 38)),
        ("finance", "38", "round", (38, 38)),
        ("finance", "22x22", "square", (22, 22)),
        ("invoice", "45x30", "oval", (45, 30)),
        ("personnel", "38", "round", (38, 38)),
        ("representative", "20", "square", (20, 20)),
        ("custom", "50x20", "free", (50, 20)),
    ],
)
def test_a_regulated_size_says_what_shape_it_makes(kind, size, shape, sides):
    assert size in RULES[kind].sizes_mm
    found = model.size_of(RULES[kind], size)
    assert (found.shape, (found.width_mm, found.height_mm)) == (shape, sides)


def test_a_certificate_is_named_by_the_sha256_of_its_der():
    assert queries.certificate_digest(b"") == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
