"""Applying for seals of every kind with a stamped form: what is offered, read off the form, and refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.boot import tables
from engine.kernel import errors
from engine.registration import model as registration
from engine.registration import queries as people
from engine.reviewing import queries as cases
from engine.sealing import actions, applications, model, queries
from engine.sealing.queries import offers
from engine.ses import drawing, impressions, structures
from simulations import stamped
from tests.support import fold, ordering, parties, registering, seal_owners, worlds

K, KINDS = model.SealKind, ("contract", "finance", "invoice", "personnel")


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    return parties.certified(world, reviewers)


def offered(world, party):
    found = world.engine.ask(queries.kinds, party.person, party.enterprise_id)
    return {one.kind: one for one in found}


def sheet(world, application_id, staff):
    case_id = parties.open_case(world, "seal", application_id)
    with world.engine.reader(staff) as q:
        return tables.review_sheet(q, cases.case(q, case_id))


@pytest.mark.row("SEA-1")
def test_every_kind_but_the_first_three_and_the_handwritten_one_is_applied_for_with_a_form(
    world, party
):
    found = offered(world, party)
    assert [one for one in found if not found[one].why_not] == [*KINDS, "custom"]
    assert {found[one].why_not for one in model.FIRST} == {"first_seals"}
    assert {found[one].route for one in KINDS} == {"form"}
    assert found["contract"].usual_name == "合同专用章"
    assert found["finance"].sizes_mm == ("38", "22x22")
    for kind in (*model.FIRST, K.CUSTOM, K.PERSONAL, "stamp"):
        with worlds.unchanged(world), pytest.raises(queries.KindNotOffered):
            seal_owners.apply(world, party, kind)


@pytest.mark.row("SEA-1")
@pytest.mark.row("SEA-3")
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_reviewed_by_one_made_by_another_and_stands_in_the_list(any_world, kind):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    name = f"东区{kind}章"
    seal = seal_owners.made(world, party, kind, name=name)
    shown = world.engine.ask(queries.of_enterprise, party.person, party.enterprise_id)
    assert (shown[0].kind, shown[0].name, shown[0].status) == (kind, name, "active")
    rule = offered(world, party)[kind]
    size = world.engine.ask(offers.size_of, party.person, kind, rule.sizes_mm[0])
    assert (seal.width_mm, seal.height_mm) == (size.width_mm, size.height_mm)
    decided = worlds.rows(
        world,
        "SELECT decided_by FROM review_case WHERE subject_id = ? ORDER BY opened_at",
        seal.application_id,
    )
    assert len({row["decided_by"] for row in decided}) == 2
    assert parties.violations(world) == {}
    fold.require(world)


def inked(png):
    """How many square millimetres of a picture are covered."""
    with Image.open(io.BytesIO(png)) as opened:
        alpha = np.asarray(opened.convert("RGBA").getchannel("A"), dtype=np.float64) / 255
        return alpha.sum() / (opened.info["dpi"][0] / 25.4) ** 2


@pytest.mark.row("SEA-1")
@pytest.mark.guide("G-sealphoto-2")
def test_only_the_administrator_applies_asks_for_the_form_and_sees_kinds_as_open(world, party):
    member = ordering.colleague(world, party)
    user = ordering.colleague(
        world,
        party,
        phone="13900139001",
        sequence="025",
        name="李小军",
        role=registration.MemberRole.SEAL_USER,
    )
    for one in (member, user):
        with worlds.unchanged(world), pytest.raises(people.NotAMember):
            seal_owners.apply(world, one)
        with worlds.unchanged(world), pytest.raises(people.NotAMember):
            world.engine.ask(queries.application_form, one.person, party.enterprise_id, K.CONTRACT)
        assert {kind.why_not for kind in offered(world, one).values()} == {"administrator_only"}


@pytest.mark.row("SEA-1")
@pytest.mark.guide("G-sealphoto-5", "G-sealphoto-6")
def test_the_stamp_is_cut_out_of_the_scanned_form_and_becomes_the_seals_picture(world, party):
    scan = seal_owners.scan(world, party, line="合同专用章")
    asked = seal_owners.apply(world, party, form=scan, picture="impression")
    told = asked.impression
    assert told["in_place"] is True
    assert abs(told["width_um"] - 38_000) < 700
    assert str(told["form_number"]).endswith("-contract")
    shown = sheet(world, asked.id, party.reviewers.seal)
    assert [one.code for one in shown.papers] == ["form", "stamp", "impression"]
    assert {one.ok for one in shown.checks} == {True}, [one for one in shown.checks if not one.ok]
    seal_owners.decide(world, party, asked.id)
    seal = seal_owners.of_application(world, asked.id)
    assert (seal.status, seal.picture) == (model.SealStatus.ACTIVE, "impression")
    assert 37 <= seal.width_mm <= 42
    with world.engine.reader(worlds.SYSTEM) as q:
        picture = q.blob(seal.png_blob_id)
        cut = q.blob(asked.impression_blob_id)
    assert structures.parse(seal.ses).picture == picture
    assert inked(picture) == pytest.approx(inked(cut), rel=0.05)
    fold.require(world)


@pytest.mark.row("SEA-1")
def test_what_the_machine_sees_on_the_form_is_flagged_and_not_refused(world, party):
    form = world.engine.ask(queries.application_form, party.person, party.enterprise_id, K.CONTRACT)
    seal = drawing.draw_round(party.name, line="财务专用章", diameter_mm=42)
    page = stamped.press(stamped.printed(form), seal, middle_mm=(60, 210), degrees=25)
    asked = seal_owners.apply(world, party, form=stamped.scan(page))
    failed = {one.label: one for one in sheet(world, asked.id, party.reviewers.seal).checks}
    outside = failed["The stamp lies inside the marked place"]
    assert not outside.ok
    assert "seal.finding.outside_place" in outside.detail
    assert not failed["The stamp has the regulated size"].ok
    assert failed["The stamp is red"].ok


@pytest.mark.row("SEA-1")
def test_a_form_without_a_stamp_is_refused_where_the_stamp_becomes_the_picture(world, party):
    form = world.engine.ask(queries.application_form, party.person, party.enterprise_id, K.CONTRACT)
    with worlds.unchanged(world), pytest.raises(impressions.NoImpression) as refused:
        seal_owners.apply(world, party, form=form, picture="impression")
    assert refused.value.field == "form"
    with worlds.unchanged(world), pytest.raises(impressions.FormNotSeen):
        seal_owners.apply(world, party, picture="impression")
    asked = seal_owners.apply(world, party, form=form)
    assert asked.impression["findings"] == ["no_impression"]


@pytest.mark.row("SEA-1")
def test_a_form_that_was_printed_for_another_kind_is_flagged(world, party):
    scan = seal_owners.scan(world, party, K.FINANCE, line="财务专用章")
    asked = seal_owners.apply(world, party, K.CONTRACT, form=scan)
    checks = {one.label: one.ok for one in sheet(world, asked.id, party.reviewers.seal).checks}
    assert checks["The form is the one for this seal"] is False


@pytest.mark.row("SEA-1")
def test_a_name_is_there_once_in_an_enterprise(world, party):
    seal_owners.apply(world, party, name="东区合同章")
    with worlds.unchanged(world), pytest.raises(queries.NameTaken):
        seal_owners.apply(world, party, name=" 东区合同章 ")
    with worlds.unchanged(world), pytest.raises(queries.NameTaken):
        seal_owners.apply(world, party, K.FINANCE, name="东区合同章")
    # Nobody chose a name: it is called by its kind, and a second one is numbered.
    first, second = seal_owners.apply(world, party), seal_owners.apply(world, party)
    assert (first.name, second.name) == ("合同专用章", "合同专用章（2）")


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"name": "章"}, applications.SealNameMalformed),
        ({"name": "章" * 61}, applications.SealNameMalformed),
        ({"name": "合同\n专用章"}, applications.SealNameMalformed),
        ({"size": "45"}, applications.SizeNotOffered),
        ({"colour": "blue"}, applications.ColourNotOffered),
    ],
    ids=["short", "long", "two lines", "size", "colour"],
)
def test_a_name_size_or_colour_that_is_not_offered_is_refused(world, party, about, refusal):
    with worlds.unchanged(world), pytest.raises(refusal):
        seal_owners.apply(world, party, **about)


@pytest.mark.row("SEA-3")
def test_as_many_seals_of_a_kind_as_the_setting_allows(world, party):
    for _ in range(2):
        seal_owners.apply(world, party, K.FINANCE)
    assert offered(world, party)["finance"].why_not == "most_reached"
    with worlds.unchanged(world), pytest.raises(queries.SealExists):
        seal_owners.apply(world, party, K.FINANCE)


def test_an_application_is_taken_back_before_the_seal_is_ordered(world, party):
    asked = seal_owners.apply(world, party, name="东区合同章")
    member = ordering.colleague(world, party)
    given = {"application_id": asked.id}
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.withdraw_application, given, actor=member.person)
    found = world.engine.perform(actions.withdraw_application, given, actor=party.person)
    assert found.status is model.ApplicationStatus.WITHDRAWN
    assert worlds.rows(world, "SELECT status FROM review_case WHERE subject_id = ?", asked.id) == [
        {"status": "withdrawn"}
    ]
    # The name is free again; a second application, already with the makers, is taken back too.
    again = seal_owners.apply(world, party, name="东区合同章")
    parties.approve(world, "seal", again.id, party.reviewers.seal)
    given = {"application_id": again.id}
    found = world.engine.perform(actions.withdraw_application, given, actor=party.person)
    assert found.status is model.ApplicationStatus.WITHDRAWN
    assert parties.violations(world) == {}


def test_what_is_handed_in_stays_evidence_under_the_enterprises_key(world, party):
    asked = seal_owners.apply(world, party, form=registering.PNG)
    kept = worlds.rows(world, "SELECT purpose FROM blob WHERE id = ?", asked.form_blob_id)
    assert kept == [{"purpose": "evidence"}]
