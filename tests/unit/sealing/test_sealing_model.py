"""The tables of seals and applications."""

from __future__ import annotations

import pytest

from engine.kernel import workflow
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


@pytest.mark.parametrize("status", ["made", "rejected"])
def test_an_application_that_ended_stays_as_it_is(status):
    assert model.APPLICATION.terminal(model.ApplicationStatus(status))


def test_a_deleted_seal_never_comes_back():
    assert model.SEAL.terminal(model.SealStatus.DELETED)


def test_every_kind_has_a_label_and_a_rule_of_drawing():
    assert set(model.LABELS) == set(model.MADE_ANEW_AFTER) == set(model.SealKind)
    assert not set(model.FIRST) & set(model.APPLIED_FOR)
    assert model.SealKind.COMPANY not in model.APPLIED_FOR


def test_a_certificate_is_named_by_the_sha256_of_its_der():
    assert queries.certificate_digest(b"") == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
