"""A claim: papers by class, two reviewers, three seals, and what is refused on the way (ENT-1)."""

from __future__ import annotations

import dataclasses

import pytest

from engine.boot import tables
from engine.kernel import clock, errors, files, identifiers
from engine.kernel.workflow import NotPossibleNow
from engine.registration import model, papers, queries
from engine.registration.actions import enterprises
from engine.registration.reactions import claims
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.sealing import model as sealing
from engine.sealing import queries as seals
from engine.ses import handwriting
from engine.staffing.model import Role
from simulations import papers as drawn
from tests.support import fold, parties, registering, worlds
from tests.support.line import Line
from tests.support.worlds import SYSTEM


def claimant(world, phone="13800138000", sequence="002"):
    person = registering.sign_up(world, phone)
    registering.prove(world, person, registering.resident_id(sequence=sequence))
    return person


def status(world, claim):
    with world.engine.reader(SYSTEM) as q:
        return q.get(model.Claim, "enterprise_claim", claim.id).status


def code_of(first):
    return first + identifiers.credit_code_check_character(first)


@pytest.mark.row("ENT-1")
@pytest.mark.parametrize(
    ("first", "licence", "more"),
    [
        ("91320100MA0000001", "营业执照", set()),
        ("92320100MA0000001", "个体工商户营业执照", set()),
        ("93320100MA0000001", "农民专业合作社营业执照", set()),
        ("11320100MA0000001", "统一社会信用代码证书", {"appointment"}),
        ("12320100MA0000001", "事业单位法人证书", {"appointment"}),
        ("51320100MA0000001", "社会团体法人登记证书", {"appointment"}),
        ("52320100MA0000001", "民办非企业单位登记证书", set()),
        ("A1320100MA0000001", "登记证书", set()),
    ],
)
def test_the_papers_depend_on_the_class_in_the_code(world, first, licence, more):
    asked = world.engine.ask(queries.papers_for, SYSTEM, code_of(first))
    assert asked[0].label.zh == licence
    common = {"licence", "representative_id_front", "representative_id_back"}
    assert {one.code for one in asked} == common | more | {"signature_specimen", "authorization"}
    needed = {one.code for one in asked if one.required}
    assert needed == common | {"signature_specimen"}
    assert {one.code for one in asked if one.condition} == {"authorization"}


@pytest.mark.row("ENT-1")
def test_two_people_approve_and_the_claimant_administers(any_world):
    world, reviewers = any_world, parties.Reviewers.of(any_world)
    person = claimant(world)
    claim = registering.claim(world, person)
    parties.approve(world, "enterprise_claim", claim.id, reviewers.enterprise)
    assert status(world, claim) is model.ClaimStatus.IN_SECOND_REVIEW
    assert world.engine.ask(queries.my_enterprises, person) == []
    case_id = parties.open_case(world, "enterprise_claim", claim.id)
    with worlds.unchanged(world), pytest.raises(reviewing.MakerIsNotChecker):
        world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewers.enterprise)
    parties.approve(world, "enterprise_claim", claim.id, reviewers.second)
    assert status(world, claim) is model.ClaimStatus.APPROVED
    (mine,) = world.engine.ask(queries.my_enterprises, person)
    assert (mine.role, mine.enterprise.name) == (model.MemberRole.ADMINISTRATOR, claim.name)
    with world.engine.reader(SYSTEM) as q:
        assert queries.representative(q, mine.enterprise.id) == registering.NAME
        number = queries.representative_number(q, mine.enterprise.id)
    assert number == registering.resident_id(sequence="002")
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-1")
def test_the_approvers_of_a_claim_do_not_make_its_seals(world):
    one, two, third = (worlds.staff(world, Role.LEAD) for _ in range(3))
    claim = registering.claim(world, claimant(world))
    parties.approve(world, "enterprise_claim", claim.id, one)
    parties.approve(world, "enterprise_claim", claim.id, two)
    rows = worlds.rows(world, "SELECT id FROM review_case WHERE kind = 'seal_making'")
    assert len(rows) == 3
    for row in rows:
        for who in (one, two):
            with worlds.unchanged(world), pytest.raises(reviewing.MakerIsNotChecker):
                world.engine.perform(reviewing.claim, {"case_id": row["id"]}, actor=who)
        world.engine.perform(reviewing.claim, {"case_id": row["id"]}, actor=third)
        world.engine.perform(reviewing.approve, {"case_id": row["id"]}, actor=third)


@pytest.mark.row("ENT-1")
def test_either_reviewer_sends_it_back_with_reasons_and_it_can_be_claimed_again(world):
    reviewers = parties.Reviewers.of(world)
    person = claimant(world)
    first = registering.claim(world, person)
    reason = parties.reject(world, "enterprise_claim", first.id, reviewers.enterprise)
    detail = world.engine.ask(queries.claim_detail, person, first.id)
    assert (detail.claim.status, [one.code for one in detail.reasons]) == ("rejected", [reason])
    assert detail.reasons[0].text.zh == "请更正后重新提交。"
    worlds.clock_of(world).advance(clock.MINUTE)
    second = registering.claim(world, person)
    parties.approve(world, "enterprise_claim", second.id, reviewers.enterprise)
    parties.reject(world, "enterprise_claim", second.id, reviewers.second)
    assert status(world, second) is model.ClaimStatus.REJECTED
    assert world.engine.ask(queries.my_enterprises, person) == []
    worlds.clock_of(world).advance(clock.MINUTE)
    third = registering.claim(world, person)
    (case,) = world.engine.ask(cases.of_subject, SYSTEM, third.id)
    assert case.corrects == world.engine.ask(cases.of_subject, SYSTEM, second.id)[-1].id
    todo = "SELECT COUNT(*) AS n FROM message WHERE kind = 'claim.rejected' AND done_at IS NULL"
    assert worlds.rows(world, todo) == [{"n": 0}]


@pytest.mark.row("ENT-1")
@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        (lambda given: given[1:], papers.PaperNeeded, "licence"),
        (lambda given: given[:-1], papers.PaperNeeded, "signature_specimen"),
        (lambda given: (*given, given[0]), papers.PaperTwice, "licence"),
        (
            lambda given: (*given, dataclasses.replace(given[0], code="diary")),
            papers.PaperNotAsked,
            "papers",
        ),
        (
            lambda given: (dataclasses.replace(given[0], content=b"MZ"), *given[1:]),
            files.FileKindRefused,
            "licence",
        ),
        (
            lambda given: (*given[:-1], dataclasses.replace(given[-1], content=drawn.no_face())),
            handwriting.SignatureUnreadable,
            "signature_specimen",
        ),
        (
            lambda given: (*given[:-1], dataclasses.replace(given[-1], content=b"%PDF-1.7\n")),
            files.FileKindRefused,
            "signature_specimen",
        ),
    ],
    ids=["licence", "specimen", "twice", "unknown", "program", "blank specimen", "pdf specimen"],
)
def test_a_claim_with_wrong_papers_is_refused(any_world, change, refusal, field):
    person = claimant(any_world)
    given = change(registering.papers_of_claim())
    with worlds.unchanged(any_world), pytest.raises(refusal) as refused:
        registering.claim(any_world, person, papers=given)
    assert refused.value.field == field


@pytest.mark.row("ENT-1")
def test_who_is_not_the_representative_needs_a_letter_or_another_way(world):
    person = claimant(world)
    with worlds.unchanged(world), pytest.raises(enterprises.AuthorizationMissing):
        registering.claim(world, person, representative="王大明")
    # The same name with another number is another person.
    other = registering.resident_id(sequence="024")
    with worlds.unchanged(world), pytest.raises(enterprises.AuthorizationMissing):
        registering.claim(world, person, legal_representative_id=other)
    with worlds.unchanged(world), pytest.raises(enterprises.AuthorizationMissing):
        registering.claim(
            world,
            person,
            representative="王大明",
            authority=model.AuthorityWay.REPRESENTATIVE,
        )
    given = registering.papers_of_claim("王大明", "authorization")
    made = registering.claim(world, person, representative="王大明", papers=given)
    detail = world.engine.ask(queries.claim_detail, person, made.id)
    assert (detail.verification.way, detail.verification.authority) == ("letter", "in_review")


def test_nobody_else_sees_a_claim(world):
    one, other = claimant(world), claimant(world, "13900139000", "024")
    made = registering.claim(world, one)
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.claim_detail, other, made.id)


def test_both_reviewers_see_the_papers_the_register_and_the_authority(world):
    reviewers = parties.Reviewers.of(world)
    made = registering.claim(world, claimant(world))
    with world.engine.reader(reviewers.second) as q:
        sheet = tables.SHEETS["enterprise_claim"](q, made.id)
    assert len(sheet.papers) == 4
    assert {one.name: one.value for one in sheet.fields}["legal_representative"] == "李*东"
    oks = {one.label: one.ok for one in sheet.checks}
    assert oks["The register confirms the enterprise"]
    assert oks["The claimant's authority is shown"]
    # A warning alone: this code's organization part is made up, and the claim was taken.
    assert not oks["The organization code's check character holds (older codes may differ)"]


def test_a_decided_claim_is_decided_once(world):
    reviewers = parties.Reviewers.of(world)
    made = registering.claim(world, claimant(world))
    parties.approve_claim(world, made.id, reviewers)
    with world.engine.reader(SYSTEM) as q:
        claim = q.get(model.Claim, "enterprise_claim", made.id)
    for verb in ("approve", "reject"):
        with pytest.raises(NotPossibleNow):
            model.CLAIM.advance(claim.status, verb)


def test_a_name_that_no_seal_can_bear_is_told_at_the_claim(world):
    person = claimant(world)
    with worlds.unchanged(world), pytest.raises(errors.InvalidInput) as refused:
        registering.claim(world, person, name="江苏\U00030edd东方科技有限公司")
    assert refused.value.field == "name"


@pytest.mark.row("ENT-1")
@pytest.mark.row("SEA-4")
def test_staff_make_company_seal_representatives_seal_and_signature(world):
    """7.6.1.1.1: at the first claim papers are uploaded, and staff make the enterprise's three seals."""
    reviewers = parties.Reviewers.of(world)
    party = parties.certified(world, reviewers)
    for kind in sealing.FIRST:
        subject_id = parties.application(world, party, kind)
        parties.approve(world, "seal_making", subject_id, reviewers.maker)
    parties.settle(world, rounds=1)
    found = world.engine.ask(seals.of_enterprise, party.person, party.enterprise_id)
    assert {world.engine.ask(seals.label, SYSTEM, one.kind) for one in found} == {
        "企业公章",
        "企业法人印鉴",
        "企业法人手写签名",
    }
    assert {one.status for one in found} == {sealing.SealStatus.ACTIVE}
    sizes = {one.kind: (one.width_mm, one.height_mm) for one in found}
    assert sizes[sealing.SealKind.REPRESENTATIVE] == (20, 20)
    width, height = sizes[sealing.SealKind.SIGNATURE]
    assert width <= 50
    assert height <= 20
    # A personal name stands in no column of a seal.
    assert registering.NAME not in str(worlds.rows(world, "SELECT name FROM seal"))
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("ENT-2")
@pytest.mark.guide("G-service-9")
def test_enterprises_are_looked_after_in_the_app(world):
    """企业管理: claim by papers, see one's enterprise and its members, all through the phone's door."""
    line = Line.on(world)
    person = line.person(0)
    line.registered(person)
    claim = person.claim()
    line.approve_all()
    assert person.know_enterprise()
    door = person.handset.door
    (mine,) = door.ask("registration.my_enterprises", {})
    assert (mine["role"], mine["enterprise"]["uscc"]) == ("administrator", person.identity.uscc)
    (member,) = person.colleagues()
    assert (member["me"], member["name"], member["phone"]) == (True, "张*", "139****0000")
    assert door.ask("registration.claim_detail", {"claim_id": claim["id"]})["reasons"] == []
    assert "enterprise.approved" in worlds.kinds(world)


@pytest.mark.row("IDV-6")
def test_the_second_approval_waits_for_the_register_and_the_authority(any_world):
    world, reviewers = any_world, parties.Reviewers.of(any_world)
    person = claimant(world)
    given = registering.papers_of_claim("王大明")
    made = registering.claim(
        world, person, representative="王大明", papers=given, authority=model.AuthorityWay.PAYMENT
    )
    parties.approve(world, "enterprise_claim", made.id, reviewers.enterprise)
    case_id = parties.open_case(world, "enterprise_claim", made.id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewers.second)
    with worlds.unchanged(world), pytest.raises(claims.VerificationMissing) as refused:
        world.engine.perform(reviewing.approve, {"case_id": case_id}, actor=reviewers.second)
    assert refused.value.params["what"] == "claimant's authority"


@pytest.mark.row("IDV-6")
@pytest.mark.parametrize("organization", ["Q404", "Q500"], ids=["mismatched", "unanswered"])
def test_the_second_approval_is_refused_without_the_registers_yes(any_world, organization):
    world, reviewers = any_world, parties.Reviewers.of(any_world)
    made = registering.claim(world, claimant(world), uscc=code_of(f"91320100{organization}00001"))
    parties.approve(world, "enterprise_claim", made.id, reviewers.enterprise)
    case_id = parties.open_case(world, "enterprise_claim", made.id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewers.second)
    with worlds.unchanged(world), pytest.raises(claims.VerificationMissing) as refused:
        world.engine.perform(reviewing.approve, {"case_id": case_id}, actor=reviewers.second)
    assert refused.value.params["what"] == "register's confirmation"
