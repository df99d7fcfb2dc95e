"""What a sheet says of values and pictures that other people handed in too: counts and ids, no value."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from engine import uploads
from engine.boot import tables
from engine.kernel import ids
from engine.registration import actions as registration
from engine.registration import pictures
from engine.registration import queries as people
from engine.registration.store import pictures as store
from engine.sealing import actions as sealing
from engine.sealing import model as seals
from engine.sealing import queries as applications
from simulations import papers
from tests.support import parties, registering, worlds

NAMES = {
    "others": "Nobody else has claimed this enterprise",
    "representative": "The representative stands for at most three other enterprises here",
    "own": "The representative's number is not the claimant's own",
    "elsewhere": "The representative's number was asked for no other enterprise",
    "pictures": "No picture was handed in by another applicant",
}


def checks(world, claim_id):
    """The checks of a claim's sheet by what they are about."""
    with world.engine.reader(tables.INSIDE) as q:
        sheet = people.review_sheet_enterprise_claim(q, claim_id)
    found = {one.label: one for one in sheet.checks}
    return {name: found[label] for name, label in NAMES.items() if label in found}


def claimant(world, number):
    person = registering.sign_up(world, f"1370013{number:04d}")
    registering.prove(world, person, registering.resident_id(sequence=f"{100 + 2 * number:03d}"))
    return person


def claim(world, person, *, code, of, **about):
    """A claim by letter for somebody else, with pictures of its own."""
    given = tuple(
        registering.model.PaperUpload(code=one.code, content=papers.form(one.code, of))
        if one.code != "signature_specimen"
        else one
        for one in registering.papers_of_claim("王大明", "authorization")
    )
    return registering.claim(
        world, person, uscc=registering.credit_code(code), representative="王大明", papers=given,
        **{"legal_representative_id": registering.resident_id(sequence="808"), **about},
    )  # fmt: skip


@pytest.mark.row("OPS-1")
def test_the_same_credit_code_and_the_same_representative_are_counted_and_named(any_world):
    first, second = claimant(any_world, 1), claimant(any_world, 2)
    one = claim(any_world, first, code=1, of="one")
    assert checks(any_world, one.id)["others"].ok
    reviewers = parties.Reviewers.of(any_world)
    parties.reject(any_world, "enterprise_claim", one.id, reviewers.enterprise)
    two = claim(any_world, second, code=1, of="two")
    told = checks(any_world, two.id)["others"]
    assert (told.ok, told.detail, told.subjects) == (False, ("1",), (one.id,))
    # The same number for one enterprise again says nothing; for a fifth one it does.
    assert checks(any_world, two.id)["representative"].detail == ()
    for code in (3, 4, 5):
        three = claim(any_world, first, code=code, of=f"of {code}")
    assert checks(any_world, three.id)["representative"].ok
    four = claim(any_world, second, code=6, of="six")
    told = checks(any_world, four.id)["representative"]
    assert (told.ok, told.detail, len(told.subjects)) == (False, ("4",), 4)
    shown = str(checks(any_world, four.id))
    assert registering.resident_id(sequence="808") not in shown
    assert "王大明" not in shown


@pytest.mark.row("OPS-1")
def test_a_representative_asked_at_the_claimants_own_number_or_at_anothers_is_seen(world):
    first, second = claimant(world, 1), claimant(world, 2)
    one = claim(world, first, code=1, of="one")
    assert "own" not in checks(world, one.id)

    def ask(person, claim_id, phone):
        given = {"claim_id": claim_id, "phone": phone}
        world.engine.perform(registration.ask_representative, given, actor=person)

    ask(first, one.id, "13600136000")
    found = checks(world, one.id)
    assert (found["own"].ok, found["elsewhere"].ok) == (True, True)
    two = claim(world, second, code=2, of="two")
    ask(second, two.id, "13600136000")
    assert checks(world, two.id)["elsewhere"].subjects == (one.id,)
    ask(second, two.id, "13700130002")
    assert not checks(world, two.id)["own"].ok


def resaved(content, number):
    """The same picture in another size and another compression."""
    chance = ids.Stream(b"stamped%03d" % number)
    share = 0.4 + 1.2 * chance(1)[0] / 255
    image = Image.open(io.BytesIO(content))
    size = (round(image.width * share), round(image.height * share))
    out = io.BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=35 + chance(1)[0] % 56)
    return out.getvalue()


@pytest.mark.row("S-UPL-2")
def test_copies_of_a_hundred_stamped_forms_are_found_through_the_index(world, count):
    """By another account, resized and recompressed: 95 of 100 at least, and no form but its copy."""
    size = count(100, 1_000)
    one, other = claimant(world, 1), claimant(world, 2)

    def hand_in(op, *, contents):
        subject_id = people.account(op, op.actor.account_id).subject_id
        kept = []
        for content in contents:
            paper = uploads.clean(content, allowed=uploads.PAPER, field="form")
            kept.append(pictures.keep(op, paper, subject_id))
        op.record("test.handed_in", op.actor.account_id)
        return tuple(kept)

    forms = [papers.form("印章申请书", f"stamp {number}") for number in range(size)]
    first = world.engine.perform(hand_in, {"contents": forms}, actor=one)
    again = [resaved(content, number) for number, content in enumerate(forms)]
    second = world.engine.perform(hand_in, {"contents": again}, actor=other)
    with world.engine.reader(tables.INSIDE) as q:
        pairs = {(row["blob_id"], row["other_id"]) for row in q.rows("SELECT * FROM picture_match")}
        assert set(pictures.handed_in_before(q, second)) <= set(second)
    right = {
        pair
        for made, copy in zip(first, second, strict=True)
        for pair in ((made, copy), (copy, made))
    }
    found, false = len(pairs & right) // 2, len(pairs - right) // 2
    print(f"found {found} of {size}, false alarms {false} over {size * size} pairs")
    assert found >= 0.95 * size
    assert false == 0


@pytest.mark.row("S-UPL-2")
def test_the_index_loses_nothing_that_a_look_at_every_print_would_find(world):
    """Bits are flipped at random: up to nine are always found, and few of ten to fourteen are missed."""
    chance = ids.Stream(b"prints")
    found = {True: 0, False: 0}
    for _ in range(400):
        own = int.from_bytes(chance(32), "big")
        for flips in range(15):
            other = own
            for place in {chance(1)[0] for _ in range(flips)}:
                other ^= 1 << place
            one, two = f"{own:064x}", f"{other:064x}"
            assert uploads.alike(one, two)
            shared = bool(set(uploads.bands(one)) & set(uploads.bands(two)))
            assert shared or flips > 9
            found[shared] += flips > 9
    assert found[True] >= 0.95 * sum(found.values()), found
    assert len(uploads.bands("0" * 64)) == 10


@pytest.mark.row("S-UPL-2")
def test_a_form_for_a_seal_that_another_enterprise_used_is_marked(world):
    reviewers = parties.Reviewers.of(world)
    one = parties.enterprise(world, reviewers, number=1)
    two = parties.enterprise(world, reviewers, number=2, name="新疆绿洲节水科技有限公司")
    form = papers.form("印章申请书", "one and the same")
    asked = []
    for party, content in ((one, form), (two, resaved(form, 7))):
        given = {
            "enterprise_id": party.enterprise_id,
            "kind": seals.SealKind.CONTRACT,
            "form": content,
        }
        asked.append(world.engine.perform(sealing.apply_for_seal, given, actor=party.person).id)
    with world.engine.reader(tables.INSIDE) as q:
        found = [
            next(
                check
                for check in applications.review_sheet_seal(q, one).checks
                if check.label == NAMES["pictures"]
            )
            for one in asked
        ]
    assert [check.ok for check in found] == [False, False]
    assert found[1].subjects == (one.person.account_id,)


@pytest.mark.row("S-PI-4")
def test_what_was_derived_from_the_pictures_of_an_account_goes_with_it(world):
    one, other = claimant(world, 1), claimant(world, 2)
    # Both hand in the very pictures that the support's papers are.
    for person, code in ((one, 1), (other, 2)):
        registering.claim(world, person, uscc=registering.credit_code(code))
    assert worlds.rows(world, "SELECT * FROM picture_match")

    def forget(op):
        store.forget(op, one.account_id)

    world.engine.perform(forget, {}, actor=one)
    assert not worlds.rows(world, "SELECT * FROM picture_match")
    left = worlds.rows(world, "SELECT DISTINCT account_id FROM picture_print")
    assert [row["account_id"] for row in left] == [other.account_id]
    sql = "SELECT COUNT(*) AS n FROM picture_band WHERE blob_id NOT IN (SELECT blob_id FROM picture_print)"
    assert worlds.rows(world, sql)[0]["n"] == 0
