"""A picture that served another applicant is seen by the reviewer (`security.md` 3.5, d)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from engine.boot import tables
from engine.registration import pictures
from engine.registration import queries as people
from simulations import papers
from simulations.at_pc import b64
from tests.support import worlds
from tests.support.line import Line

LABEL = "No picture was handed in by another applicant"


def resaved(content: bytes) -> bytes:
    """The same picture, smaller and as a JPEG."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(content))
    image.resize((image.width * 2 // 3, image.height * 2 // 3)).save(out, "JPEG", quality=60)
    return out.getvalue()


def claimed(line, index, scan):
    """Somebody's claim of their enterprise, with `scan` as its licence where given."""
    person = line.person(index)
    line.registered(person)
    if scan is not None:
        own = person.paper
        person.paper = lambda code: b64(scan) if code == "licence" else own(code)
    claim = person.claim()
    line.work()
    return claim


def warning(world, claim):
    """The reviewer's check of a claim's pictures."""
    with world.engine.reader(tables.INSIDE) as q:
        sheet = people.review_sheet_enterprise_claim(q, claim["id"])
    return next(check for check in sheet.checks if check.label == LABEL)


@pytest.mark.row("ENT-1")
@pytest.mark.row("S-UPL-2")
def test_a_licence_handed_in_by_two_people_is_marked_on_both_sheets(any_world):
    line = Line.on(any_world)
    scan = papers.form("licence", "somebody")
    first = claimed(line, 0, scan)
    assert warning(any_world, first).ok
    second = claimed(line, 1, resaved(scan))
    told = warning(any_world, second)
    assert (told.ok, told.detail) == (False, ("1",))
    assert not warning(any_world, first).ok


@pytest.mark.row("S-UPL-2")
def test_two_people_with_papers_of_their_own_are_not_marked(any_world):
    line = Line.on(any_world)
    claims = [claimed(line, index, papers.form("licence", str(index))) for index in (0, 1)]
    assert [warning(any_world, claim).ok for claim in claims] == [True, True]


@pytest.mark.row("S-UPL-2")
def test_the_same_person_may_hand_a_picture_in_again(any_world):
    line = Line.on(any_world)
    claim = claimed(line, 0, papers.form("licence", "again"))
    rows = worlds.rows(any_world, "SELECT blob_id, account_id FROM picture_print")
    assert len({row["account_id"] for row in rows}) == 1
    with any_world.engine.reader(tables.INSIDE) as q:
        assert pictures.handed_in_before(q, [row["blob_id"] for row in rows]) == []
    assert warning(any_world, claim).ok
