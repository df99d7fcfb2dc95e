"""The tables of contracts and signatures, and what the form of a contract takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.kernel import workflow
from engine.signing import drafting, model

TERMS = model.ContractTerms(
    name="净水设备采购合同",
    number="HT-1",
    signing_date="2026-06-01",
    effective_date="2026-06-02",
    payment_terms="验收后三十日内付清",
    place="乌鲁木齐",
)


def check(**changes: str) -> None:
    drafting.check(replace(TERMS, **changes))


def test_the_tabs_share_the_statuses_out_without_rest_or_overlap():
    tabs = [status for tab, held in model.TABS.items() if tab != "all" for status in held]
    assert sorted(tabs) == sorted(model.ContractStatus)
    assert model.TABS["all"] == tuple(model.ContractStatus)


@pytest.mark.parametrize(
    "status", ["in_review", "passed", "returned", "declined", "withdrawn", "voided"]
)
def test_only_a_draft_can_be_submitted(status):
    with pytest.raises(workflow.NotPossibleNow):
        model.CONTRACT.advance(model.ContractStatus(status), "submit")


def test_a_passed_contract_can_only_be_voided_and_a_voided_one_stays_as_it_is():
    assert model.CONTRACT.verbs(model.ContractStatus.PASSED) == ("void",)
    assert model.CONTRACT.terminal(model.ContractStatus.VOIDED)


def test_a_finished_signature_cannot_be_given_up():
    # One that is signed and has no document yet can: its certificate may be withdrawn before its time.
    assert model.SIGNATURE.allows(model.SignatureStatus.SIGNED, "fail")
    with pytest.raises(workflow.NotPossibleNow):
        model.SIGNATURE.advance(model.SignatureStatus.COMPLETED, "fail")


def test_levels_have_an_order_and_a_document_has_its_least():
    assert [str(one) for one in model.LEVELS] == ["B-B", "B-T", "B-LT", "B-LTA"]
    assert model.below("B-B", "B-T")
    assert not model.below("B-LTA", "B-LT")
    assert model.least(["B-LT", "B-B", "B-LTA"]) == "B-B"
    assert model.least([""]) == "B-LT"


def test_a_complete_form_is_taken():
    check()
    check(remarks="字" * 500)


@pytest.mark.parametrize("field", ["signing_date", "effective_date"])
@pytest.mark.parametrize("text", ["", "2026-02-30", "20260601", "2026-W23-1", "01.06.2026"])
def test_a_date_is_written_in_one_way(field, text):
    with pytest.raises(drafting.DateInvalid) as refused:
        check(**{field: text})
    assert refused.value.field == field


@pytest.mark.parametrize("field", list(drafting.LONGEST))
def test_a_required_field_is_neither_blank_nor_endless(field):
    limit = drafting.LONGEST[field]
    check(**{field: "字" * limit})
    with pytest.raises(drafting.FieldMissing):
        check(**{field: "  "})
    with pytest.raises(drafting.TextTooLong) as refused:
        check(**{field: "字" * (limit + 1)})
    assert refused.value.field == field


def test_remarks_have_at_most_500_characters():
    with pytest.raises(drafting.RemarksTooLong):
        check(remarks="字" * 501)
