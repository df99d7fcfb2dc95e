"""The three ways to a real name, step by step, through the phone's door (guide 7.2)."""

from __future__ import annotations

import pytest

from engine.kernel import texts
from engine.registration.actions import proofs
from engine.uploads import refusals
from simulations import papers
from tests.support import proving, worlds

BAD_PICTURES = {
    "too_dark": (papers.dark, refusals.FaceTooDark),
    "no_frontal_face": (papers.profile, refusals.NoFrontalFace),
    "several_faces": (papers.several_faces, refusals.SeveralFaces),
    "blurred": (papers.blurred, refusals.FaceBlurred),
    "too_small": (papers.small, refusals.FaceTooSmall),
}


def begins_with(any_world, way, label, fields):
    """From 开始认证 to the way: it is offered by its name, and says what it asks for."""
    _, person = proving.signed_in(any_world)
    assert texts.text("Start verification", proving.ZH) == "开始认证"
    told = person.handset.door.ask("registration.ways", {})
    assert set(told) == {"alipay", "bankcard", "zhongjin"}
    assert told[way]["label"]["zh"] == label
    assert set(told[way]["fields"]) == fields
    proof = person.prove_name(way)
    assert (proof["way"], proof["status"]) == (way, "requested")
    assert proving.newest_fact(any_world, "proof.requested") == proof["id"]


def captures_the_face(any_world, way):
    """Name and number, then the face: kept as evidence, and only then is the provider asked."""
    _, person = proving.signed_in(any_world)
    face = papers.face(person.identity.resident_id)
    assert person.handset.door.ask("registration.check_face", {"face": proving.b64(face)}) == {
        "ok": True,
        "problem": "",
    }
    proof = person.prove_name(way, face)
    row = worlds.rows(
        any_world, "SELECT face_blob_id FROM real_name_proof WHERE id = ?", proof["id"]
    )
    with any_world.engine.reader(worlds.SYSTEM) as q:
        assert q.blob(row[0]["face_blob_id"]) == face
    assert proving.newest_fact(any_world, "proof.requested") == proof["id"]


def succeeds(any_world, way):
    """The provider matches: the account has its name and the phone says so."""
    line, person = proving.signed_in(any_world)
    proof = person.prove_name(way)
    line.work()
    assert person.newest_proof()["status"] == "matched"
    assert person.me()["real_named"]
    assert "实名认证成功！" in proving.told_last(person)
    assert proving.newest_fact(any_world, "proof.matched") == proof["id"]


def fails_and_is_repeated(any_world, way, other):
    """No: the reason is told, and the same person may try again or take another way."""
    line, person = proving.signed_in(any_world, sequence="404")
    failed = person.prove_name(way)
    line.work()
    shown = person.newest_proof()
    assert (shown["status"], shown["reason"]) == ("mismatched", "no_record")
    assert texts.of_code(shown["reason"], proving.ZH) != shown["reason"]
    assert proving.newest_fact(any_world, "proof.mismatched") == failed["id"]
    again = person.prove_name(way)
    line.work()
    elsewhere = person.prove_name(other)
    assert len({failed["id"], again["id"], elsewhere["id"]}) == 3
    assert proving.newest_fact(any_world, "proof.requested") == elsewhere["id"]


def told_at_once(any_world, way):
    """The twin of the precondition: what the camera gives is no good, so no provider is asked."""
    line, person = proving.signed_in(any_world)
    look = "registration.check_face"
    assert person.handset.door.ask(look, {"face": ""}) == {"ok": False, "problem": "missing"}
    for problem, (picture, refusal) in BAD_PICTURES.items():
        told = person.handset.door.ask(look, {"face": proving.b64(picture())})
        assert told == {"ok": False, "problem": problem}
        assert texts.of_code(problem, proving.ZH) != problem
        with worlds.unchanged(any_world), pytest.raises(refusal):
            person.prove_name(way, picture())
    without = {
        "way": way,
        "name": person.identity.name,
        "resident_id": person.identity.resident_id,
        "bank_card": person.identity.bank_card,
        "phone": person.identity.phone,
    }
    with worlds.unchanged(any_world), pytest.raises(proofs.FaceMissing):
        person.handset.door.perform("registration.prove_name", without, key=person.key())
    # And with the light on it goes.
    proof = person.prove_name(way)
    line.work()
    assert person.newest_proof()["status"] in ("matched", "awaiting_code")
    assert proving.newest_fact(any_world, "proof.requested") == proof["id"]


# -- 7.2.1 中金 --------------------------------------------------------------------------------


@pytest.mark.row("IDV-1")
@pytest.mark.guide("G-zhongjin-1", "G-zhongjin-3", "G-zhongjin-4")
def test_zhongjin_is_chosen_by_its_name(any_world):
    begins_with(any_world, "zhongjin", "中金认证", {"name", "resident_id", "face"})


@pytest.mark.row("IDV-4")
@pytest.mark.guide("G-zhongjin-2")
def test_zhongjin_is_not_asked_about_a_picture_that_will_not_do(any_world):
    told_at_once(any_world, "zhongjin")


@pytest.mark.row("IDV-1")
@pytest.mark.guide("G-zhongjin-5")
def test_zhongjin_captures_the_face(any_world):
    captures_the_face(any_world, "zhongjin")


@pytest.mark.row("IDV-1")
@pytest.mark.guide("G-zhongjin-6")
def test_zhongjin_succeeds(any_world):
    succeeds(any_world, "zhongjin")


@pytest.mark.row("IDV-1")
@pytest.mark.guide("G-zhongjin-7")
def test_zhongjin_fails_and_is_repeated(any_world):
    fails_and_is_repeated(any_world, "zhongjin", "alipay")


# -- 7.2.2 支付宝 ------------------------------------------------------------------------------


@pytest.mark.row("IDV-2")
@pytest.mark.guide("G-alipay-1", "G-alipay-3", "G-alipay-4")
def test_alipay_is_chosen_by_its_name(any_world):
    begins_with(any_world, "alipay", "支付宝认证", {"name", "resident_id", "face"})


@pytest.mark.row("IDV-4")
@pytest.mark.guide("G-alipay-2")
def test_alipay_is_not_asked_about_a_picture_that_will_not_do(any_world):
    told_at_once(any_world, "alipay")


@pytest.mark.row("IDV-2")
@pytest.mark.guide("G-alipay-5")
def test_alipay_captures_the_face(any_world):
    captures_the_face(any_world, "alipay")


@pytest.mark.row("IDV-2")
@pytest.mark.guide("G-alipay-6")
def test_alipay_succeeds(any_world):
    succeeds(any_world, "alipay")


@pytest.mark.row("IDV-2")
@pytest.mark.guide("G-alipay-7")
def test_alipay_fails_and_is_repeated(any_world):
    fails_and_is_repeated(any_world, "alipay", "bankcard")


# -- 7.2.3 银行卡四要素 ------------------------------------------------------------------------


@pytest.mark.row("IDV-3")
@pytest.mark.guide("G-bankcard-1", "G-bankcard-3", "G-bankcard-4")
def test_the_bank_card_is_chosen_by_its_name(any_world):
    fields = {"bank_card", "name", "resident_id", "phone", "face"}
    begins_with(any_world, "bankcard", "银行卡四要素认证", fields)


@pytest.mark.row("IDV-4")
@pytest.mark.guide("G-bankcard-2")
def test_the_bank_is_not_asked_about_a_picture_that_will_not_do(any_world):
    told_at_once(any_world, "bankcard")


@pytest.mark.row("IDV-3")
@pytest.mark.guide("G-bankcard-5", "G-bankcard-6", "G-bankcard-7")
def test_the_code_to_the_banks_number_completes_it(any_world):
    """Four elements and the face, a match, the code, and only then the name."""
    line, person = proving.signed_in(any_world)
    proof = person.prove_name("bankcard")
    line.work()
    shown = person.newest_proof()
    assert (shown["status"], shown["reserved_phone"]) == ("awaiting_code", "139****0000")
    assert not person.me()["real_named"]
    assert "验证码" in proving.told_last(person)
    worlds.clock_of(any_world).advance(1_000)
    done = person.complete_proof(proof["id"], person.read_bank_code())
    assert done["status"] == "matched"
    assert person.me()["real_named"]
    assert "实名认证成功！" in proving.told_last(person)
    assert proving.newest_fact(any_world, "proof.matched") == proof["id"]
    todos = [m for m in person.handset.door.ask("messaging.mine", {}) if m["todo"]]
    assert all(message["done_at"] for message in todos)
