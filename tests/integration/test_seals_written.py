"""A signature written on the pad: the administrator's alone, in use at once, without review (SEA-2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.kernel import errors
from engine.registration import model as registration
from engine.registration import queries as people
from engine.sealing import actions, applications, model, queries
from engine.ses import strokes
from tests.support import fold, ordering, parties, registering, seal_owners, worlds

K = model.SealKind


def write(world, party, *, actor=None, **about):
    given = {
        "enterprise_id": party.enterprise_id,
        "name": "张经理签名",
        "strokes": seal_owners.written(),
        **about,
    }
    return world.engine.perform(actions.draw_signature, given, actor=actor or party.person)


@pytest.mark.row("SEA-2")
@pytest.mark.guide("G-sealpad-6")
def test_a_written_signature_is_in_use_at_once_without_a_review(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    cases = len(worlds.rows(world, "SELECT id FROM review_case"))
    written = write(world, party, width_mm=40, colour="blue", pen_um=600)
    assert written.status is model.SealStatus.MAKING
    parties.settle(world, rounds=0)
    seal = seal_owners.seal(world, written.id)
    assert (seal.kind, seal.status, seal.colour) == (K.CUSTOM, model.SealStatus.ACTIVE, "blue")
    assert seal.width_mm <= 40
    assert seal.height_mm <= 16
    assert len(worlds.rows(world, "SELECT id FROM review_case")) == cases
    assert "seal.made" in worlds.kinds(world)
    # A signature is not filed with the public security register.
    assert worlds.rows(world, "SELECT id FROM seal_filing") == []
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("SEA-2")
@pytest.mark.guide("G-sealpad-2")
def test_only_the_administrator_writes_one(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    user = ordering.colleague(world, party, role=registration.MemberRole.SEAL_USER)
    stranger = registering.sign_up(world, "13700137000")
    for actor in (user.person, stranger):
        with worlds.unchanged(world), pytest.raises(people.NotAMember):
            write(world, party, actor=actor)
    for actor in (party.mall, party.reviewers.seal):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            write(world, party, actor=actor)


@pytest.mark.row("SEA-2")
def test_without_a_certificate_it_waits_and_is_made_once_there_is_one(world):
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    written = write(world, party)
    parties.settle(world, rounds=0)
    assert seal_owners.seal(world, written.id).status is model.SealStatus.MAKING
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    party = parties.download(world, party)
    parties.settle(world, rounds=1)
    assert seal_owners.seal(world, written.id).status is model.SealStatus.ACTIVE


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"strokes": ()}, strokes.NothingWritten),
        ({"strokes": (((5_000, 5_000, 0, 500),),)}, strokes.NothingWritten),
        ({"strokes": seal_owners.written() * 120}, strokes.WritingTooLong),
        ({"strokes": (((5_000, 5_000, 0),),)}, actions.StrokeMalformed),
        ({"strokes": (((-1, 5_000, 0, 500), (9, 9, 9, 9)),)}, actions.StrokeMalformed),
        ({"colour": "green"}, strokes.InkUnknown),
        ({"colour": "purple"}, applications.ColourNotOffered),
        ({"width_mm": 55}, applications.SizeNotOffered),
        ({"width_mm": 200}, strokes.SignatureSizeUnknown),
        ({"name": "签" * 61}, applications.SealNameMalformed),
    ],
    ids=[
        *("nothing", "a dot", "too much", "no pressure", "beyond the pad", "an unknown ink"),
        *("an ink of another kind", "another size", "no size", "long name"),
    ],
)
def test_what_is_no_signature_is_refused(world, about, refusal):
    party = parties.certified(world, parties.Reviewers.of(world))
    with worlds.unchanged(world), pytest.raises(refusal):
        write(world, party, **about)


def test_names_differ_and_there_are_at_most_twenty(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    write(world, party)
    with worlds.unchanged(world), pytest.raises(queries.NameTaken):
        write(world, party)
    for number in range(19):
        write(world, party, name=f"签名{number}")
    with worlds.unchanged(world), pytest.raises(queries.SealExists):
        write(world, party, name="又一个签名")


def test_what_was_written_is_kept_encrypted_and_draws_the_same_picture_again(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    written = write(world, party)
    parties.settle(world, rounds=0)
    seal = seal_owners.seal(world, written.id)
    remade = seal_owners.perform(world, party, actions.remake_seal, seal_id=seal.id, reason="worn")
    seal_owners.decide(world, party, remade.id)
    again = seal_owners.of_application(world, remade.id)
    with world.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(again.svg_blob_id) == q.blob(seal.svg_blob_id)
    assert replace(again, status=seal.status).name == seal.name
    assert seal_owners.seal(world, seal.id).status is model.SealStatus.REPLACED
