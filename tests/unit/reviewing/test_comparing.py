"""Field by field and paper by paper: what changed, and which reason it answers (OPS-5)."""

from __future__ import annotations

import pytest

from engine.policies.model import Reason
from engine.reviewing import model
from engine.reviewing.model import How

TEXT = {"zh": "请更正。", "en": "Correct it."}


def reason(field):
    return Reason.model_validate({"kinds": ("enterprise_claim",), "field": field, "text": TEXT})


def field(name, value, digest=""):
    return model.SheetField(name=name, label=name.title(), value=value, digest=digest)


def paper(code, digest):
    return model.Paper(
        code=code, label=code, blob_id=f"blb_{digest}", media_type="image/png", digest=digest
    )


BEFORE = model.Sheet(
    fields=(field("name", "甲公司"), field("uscc", "91"), field("person", "李*东", "d1")),
    papers=(paper("licence", "one"), paper("authorization", "two"), paper("appointment", "three")),
)


@pytest.mark.row("OPS-5")
def test_every_change_is_told_with_the_reason_that_it_answers():
    after = model.Sheet(
        fields=(field("name", "乙公司"), field("uscc", "91"), field("person", "李*东", "d2")),
        papers=(paper("licence", "four"), paper("authorization", "two"), paper("specimen", "5")),
    )
    reasons = {
        "name_differs": reason("name"),
        "licence_unreadable": reason("licence"),
        "representative_differs": reason("person"),
        "letter": reason("authorization"),
    }
    found = model.changes(BEFORE, after, reasons)
    assert {one.name: (one.how, one.answers) for one in found.fields} == {
        "name": (How.CHANGED, ("name_differs",)),
        "uscc": (How.SAME, ()),
        "person": (How.CHANGED, ("representative_differs",)),
    }
    assert {one.code: (one.how, one.answers) for one in found.papers} == {
        "licence": (How.CHANGED, ("licence_unreadable",)),
        "authorization": (How.SAME, ()),
        "specimen": (How.ADDED, ()),
        "appointment": (How.REMOVED, ()),
    }
    assert found.unanswered == ("letter",)
    assert found.reasons == tuple(reasons)
    assert not found.nothing


def test_a_change_behind_the_mask_is_told_as_one():
    after = model.Sheet(fields=(field("person", "李*东", "other"),), papers=())
    found = model.changes(model.Sheet(fields=(field("person", "李*东", "d1"),)), after, {})
    assert found.fields[0].how is How.CHANGED
    assert found.fields[0].behind_mask


def test_the_very_same_again_answers_nothing():
    found = model.changes(BEFORE, BEFORE, {"name_differs": reason("name")})
    assert found.nothing
    assert found.unanswered == ("name_differs",)
    assert {one.how for one in (*found.fields, *found.papers)} == {How.SAME}


def test_what_comes_and_goes_stands_in_the_order_of_the_new_sheet():
    after = model.Sheet(fields=(field("uscc", "91"), field("place", "乌鲁木齐")))
    found = model.changes(BEFORE, after, {})
    assert [(one.name, one.how) for one in found.fields] == [
        ("uscc", How.SAME),
        ("place", How.ADDED),
        ("name", How.REMOVED),
        ("person", How.REMOVED),
    ]
    assert [one.how for one in found.papers] == [How.REMOVED] * 3
