"""A letter of authorization in DOCX: its uploader sees the PDF, and the reviewer sees the very same."""

from __future__ import annotations

import pytest

from engine.boot import tables
from engine.kernel import files
from engine.ordering import actions as ordering
from engine.ordering import model as orders
from engine.registration import model
from engine.registration import queries as people
from engine.uploads import word_reading
from tests.support import hostile, parties, registering, worlds

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def letter(inside=""):
    text = (
        f'<?xml version="1.0"?><w:document {W}><w:body><w:p><w:r><w:t>兹授权李晓东办理。</w:t></w:r></w:p>'
        f"{inside}</w:body></w:document>"
    )
    return hostile.word(document=text.encode())


def claimant(world):
    person = registering.sign_up(world)
    registering.prove(world, person)
    return person


def claim(world, person, content):
    given = (
        *registering.papers_of_claim("王大明"),
        model.PaperUpload(code="authorization", content=content),
    )
    return registering.claim(world, person, representative="王大明", papers=given)


@pytest.mark.row("ENT-1")
@pytest.mark.row("S-UPL-2")
def test_what_the_uploader_sees_is_what_is_kept_and_reviewed(any_world):
    person = claimant(any_world)
    shown = any_world.engine.ask(people.letter_as_kept, person, letter())
    assert shown.startswith(b"%PDF-")
    made = claim(any_world, person, letter())
    with any_world.engine.reader(tables.INSIDE) as q:
        sheet = people.review_sheet_enterprise_claim(q, made.id)
        paper = next(one for one in sheet.papers if one.code == "authorization")
        assert paper.media_type == files.PDF
        assert q.blob(paper.blob_id) == shown


@pytest.mark.row("ENT-1")
def test_a_letter_that_cannot_be_shown_exactly_is_refused_at_its_field(world):
    person = claimant(world)
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>并可转授权</w:t></w:r></w:p>"
    with worlds.unchanged(world), pytest.raises(word_reading.WordNotShown) as refused:
        claim(world, person, letter(hidden))
    assert (refused.value.field, refused.value.params["feature"]) == (
        "authorization",
        "hidden text",
    )


@pytest.mark.row("CRT-1")
def test_an_order_s_letter_may_come_as_docx_and_a_licence_may_not(world):
    reviewers = parties.Reviewers.of(world)
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    paper = orders.PaperUpload(code="authorization", content=letter())
    given = {"order_id": party.order_id, "papers": (paper,)}
    attached = world.engine.perform(ordering.attach_papers, given, actor=party.person)
    rows = worlds.rows(
        world, "SELECT media_type FROM blob WHERE id = ?", dict(attached.papers)["authorization"]
    )
    assert rows[0]["media_type"] == files.PDF
    person = registering.sign_up(world, "13900139000")
    registering.prove(world, person, registering.resident_id(sequence="222"))
    given = registering.papers_of_claim()
    licence = model.PaperUpload(code="licence", content=letter())
    with pytest.raises(files.FileKindRefused):
        registering.claim(
            world, person, uscc=registering.credit_code(5), papers=(licence, *given[1:])
        )
