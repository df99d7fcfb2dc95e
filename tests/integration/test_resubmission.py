"""What was corrected after a rejection, for every kind that can be submitted again (OPS-5)."""

from __future__ import annotations

import dataclasses

import pytest

from engine.boot import tables
from engine.kernel import clock
from engine.ordering import actions as ordering
from engine.ordering import model as orders
from engine.registration import actions as registration
from engine.registration import model as people
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing.model import How
from engine.sealing import actions as sealing
from engine.sealing import model as seals
from engine.signing import actions as signing
from simulations import papers
from tests.support import binding, closing, fold, parties, registering, trading, worlds
from tests.support.worlds import SYSTEM

OTHER = papers.form("另一份材料", "江苏东方科技有限公司")


@pytest.fixture
def reviewers(any_world):
    return parties.Reviewers.of(any_world)


def reject(world, kind, subject_id, who, *reasons):
    case_id = parties.open_case(world, kind, subject_id)
    world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=who)
    given = {"case_id": case_id, "reasons": reasons}
    world.engine.perform(reviewing.reject, given, actor=who)
    worlds.clock_of(world).advance(clock.MINUTE)
    return case_id


def compared(world, kind, subject_id, who):
    """What the reviewer of the new case is shown, and the case that it corrects."""
    case_id = parties.open_case(world, kind, subject_id)
    with world.engine.reader(who) as q:
        case = q.get(model.Case, "review_case", case_id)
        return case.corrects, tables.resubmission(q, case)


def told(found):
    """What changed, as `field or paper → (how, reasons)`, without what stayed."""
    fields = {one.name: (one.how, one.answers) for one in found.fields if one.how is not How.SAME}
    return fields | {
        one.code: (one.how, one.answers) for one in found.papers if one.how is not How.SAME
    }


def other_paper(code):
    return people.PaperUpload(code=code, content=OTHER)


@pytest.mark.row("OPS-5")
def test_a_claim_again_shows_what_was_corrected_and_what_was_not(any_world, reviewers):
    world = any_world
    person = registering.sign_up(world)
    registering.prove(world, person)
    first = registering.claim(world, person, name="江苏东方科技公司")
    reasons = ("name_differs_from_register", "licence_unreadable", "representative_differs")
    rejected = reject(world, "enterprise_claim", first.id, reviewers.enterprise, *reasons)
    given = registering.papers_of_claim()
    again = (other_paper("licence"), *given[1:], other_paper("authorization"))
    second = registering.claim(world, person, papers=again)
    corrects, found = compared(world, "enterprise_claim", second.id, reviewers.second)
    assert corrects == rejected
    assert told(found) == {
        "name": (How.CHANGED, ("name_differs_from_register",)),
        "licence": (How.CHANGED, ("licence_unreadable",)),
        "authorization": (How.ADDED, ()),
    }
    assert (found.reasons, found.unanswered) == (reasons, ("representative_differs",))
    name = next(one for one in found.fields if one.name == "name")
    assert (name.before, name.after) == ("江苏东方科技公司", "江苏东方科技有限公司")
    fold.require(world)


@pytest.mark.row("OPS-5")
def test_another_representative_behind_the_same_mask_is_a_change(world):
    reviewers = parties.Reviewers.of(world)
    person = registering.sign_up(world)
    registering.prove(world, person)
    given = registering.papers_of_claim("王小明", "authorization")
    about = {"representative": "王小明", "papers": given}
    first = registering.claim(world, person, **about)
    reject(world, "enterprise_claim", first.id, reviewers.enterprise, "representative_differs")
    second = registering.claim(world, person, **{**about, "representative": "王大明"})
    _, found = compared(world, "enterprise_claim", second.id, reviewers.second)
    changed = next(one for one in found.fields if one.name == "legal_representative")
    assert (changed.before, changed.after) == ("王*明", "王*明")
    assert changed.behind_mask
    assert changed.answers == ("representative_differs",)
    assert found.unanswered == ()


@pytest.mark.row("OPS-5")
def test_a_first_submission_is_compared_with_nothing(world):
    reviewers = parties.Reviewers.of(world)
    person = registering.sign_up(world)
    registering.prove(world, person)
    made = registering.claim(world, person)
    assert compared(world, "enterprise_claim", made.id, reviewers.enterprise) == (None, None)


@pytest.mark.row("OPS-5")
def test_a_change_of_particulars_again(any_world, reviewers):
    world = any_world
    party = parties.certified(world, reviewers)
    given = {
        "enterprise_id": party.enterprise_id,
        "name": "新疆天山净水设备公司",
        "legal_representative": registering.NAME,
        "legal_representative_id": registering.resident_id(),
        "papers": registering.papers_of_claim(),
        "confirmed": True,
    }
    first = world.engine.perform(registration.change_enterprise, given, actor=party.person)
    reject(world, "enterprise_change", first.id, reviewers.enterprise, "name_differs_from_register")
    again = {**given, "name": "新疆天山净水设备有限公司"}
    second = world.engine.perform(registration.change_enterprise, again, actor=party.person)
    _, found = compared(world, "enterprise_change", second.id, reviewers.second)
    assert told(found) == {"name": (How.CHANGED, ("name_differs_from_register",))}
    assert found.unanswered == ()


def order_papers(world, party, content):
    paper = orders.PaperUpload(code="authorization", content=content)
    given = {"order_id": party.order_id, "papers": (paper,)}
    world.engine.perform(ordering.attach_papers, given, actor=party.person)


@pytest.mark.row("OPS-5")
def test_an_order_again_is_compared_at_the_platform_and_at_the_ca(any_world, reviewers):
    world = any_world
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.pay(world, party)
    order_papers(world, party, registering.PNG)
    parties.approve(world, "certificate_platform", party.order_id, reviewers.platform)
    reasons = ("authorization_missing_stamp", "applicant_differs")
    rejected = reject(world, "certificate_ca", party.order_id, reviewers.agency, *reasons)
    again = parties.order(world, dataclasses.replace(party, order_id=""))
    parties.pay(world, again)
    order_papers(world, again, OTHER)
    answered = {"authorization": (How.CHANGED, ("authorization_missing_stamp",))}
    for kind, who in (
        ("certificate_platform", reviewers.platform),
        ("certificate_ca", reviewers.agency),
    ):
        corrects, found = compared(world, kind, again.order_id, who)
        assert corrects == rejected
        assert told(found) == answered
        assert found.unanswered == ("applicant_differs",)
        parties.approve(world, kind, again.order_id, who)
    # What was approved in the end is corrected by nothing: the next order is a new one.
    parties.download(world, again)


@pytest.mark.row("OPS-5")
def test_a_seal_again_after_its_reviewer_and_after_its_maker(any_world, reviewers):
    world = any_world
    party = parties.certified(world, reviewers)

    def apply(form):
        given = {
            "enterprise_id": party.enterprise_id,
            "kind": seals.SealKind.CONTRACT,
            "form": form,
        }
        return world.engine.perform(sealing.apply_for_seal, given, actor=party.person).id

    first = apply(registering.PNG)
    reject(world, "seal", first, reviewers.seal, "seal_imprint_unclear")
    second = apply(OTHER)
    _, found = compared(world, "seal", second, reviewers.seal)
    assert told(found) == {"form": (How.CHANGED, ("seal_imprint_unclear",))}
    parties.approve(world, "seal", second, reviewers.seal)
    corrects, found = compared(world, "seal_making", second, reviewers.maker)
    assert found is not None
    rejected = reject(world, "seal_making", second, reviewers.maker, "name_on_seal_differs")
    third = apply(OTHER)
    corrects, found = compared(world, "seal", third, reviewers.seal)
    assert corrects == rejected
    assert found.nothing
    assert found.unanswered == ("name_on_seal_differs",)


@pytest.mark.row("OPS-5")
def test_a_contract_revised_in_place_is_compared_with_what_was_returned(world):
    found = trading.trade(world)
    contract = trading.signed(world, found)
    world.engine.perform(signing.submit, {"contract_id": contract.id}, actor=found.purchaser.mall)
    rejected = reject(
        world, "contract", contract.id, found.reviewers.contract, "dates_inconsistent"
    )
    terms = dataclasses.replace(trading.TERMS, signing_date="2026-06-02")
    given = {"contract_id": contract.id, "terms": terms}
    revised = world.engine.perform(signing.revise_contract, given, actor=found.purchaser.mall)
    for party in (found.purchaser, found.supplier):
        trading.sign(world, party, revised.id)
    world.engine.perform(signing.submit, {"contract_id": revised.id}, actor=found.purchaser.mall)
    corrects, changes = compared(world, "contract", contract.id, found.reviewers.contract)
    assert corrects == rejected
    assert told(changes) == {
        "signing_date": (How.CHANGED, ("dates_inconsistent",)),
        "document": (How.CHANGED, ()),
    }
    date = next(one for one in changes.fields if one.name == "signing_date")
    assert (date.before, date.after) == ("2026-06-01", "2026-06-02")


@pytest.mark.row("OPS-5")
def test_a_cancellation_a_termination_and_an_archive_asked_for_again(any_world):
    world = any_world
    one, other, _ = closing.officers(world)
    person = registering.sign_up(world)
    asked = closing.ask_to_cancel(world, person)
    first = reject(world, "cancellation", asked.id, one, "cancellation_not_by_holder")
    again = closing.ask_to_cancel(world, person)
    assert compared(world, "cancellation", again.id, one)[0] == first
    reject(world, "cancellation", again.id, one, "cancellation_not_by_holder")
    corrects = [first]
    for note in ("账号由他人使用", "账号由他人使用，附聊天记录"):
        given = {"account_id": person.account_id, "reason": "account_passed_on", "note": note}
        world.engine.perform(registration.propose_termination, given, actor=one)
        proposed = closing.closing_of(world, person.account_id)
        if note.endswith("使用"):
            # A termination corrects no cancellation.
            assert compared(world, "account_termination", proposed.id, other)[0] is None
            corrects.append(
                reject(world, "account_termination", proposed.id, other, "termination_unproven")
            )
    seen, found = compared(world, "account_termination", proposed.id, other)
    assert seen == corrects[-1]
    assert told(found) == {"note": (How.CHANGED, ("termination_unproven",))}


@pytest.mark.row("OPS-5")
def test_an_archive_asked_for_again_on_another_ground(world):
    one, other, third = closing.officers(world)
    made_of = binding.certified(world, parties.Reviewers.of(world))
    closing.add_administrator(world, made_of)
    closing.finish_seals(world, made_of)
    closing.cancel(world, made_of.person, third)
    archive = closing.archive_of(world, made_of.person.account_id)["id"]
    made = []
    for ground in ("dispute_over_signature", "court_or_authority"):
        given = {"archive_id": archive, "reason": ground}
        asked = world.engine.perform(registration.request_release, given, actor=one)
        made.append(asked.id)
        if len(made) == 1:
            reject(world, "archive_release", asked.id, other, "archive_purpose_missing")
    _, found = compared(world, "archive_release", made[1], other)
    assert told(found) == {"reason": (How.CHANGED, ("archive_purpose_missing",))}


@pytest.mark.row("S-PI-4")
def test_the_kept_sheet_is_sealed_and_gone_with_the_account(any_world):
    world = any_world
    one, _, _ = closing.officers(world)
    person = registering.sign_up(world)
    asked = closing.ask_to_cancel(world, person)
    rejected = reject(world, "cancellation", asked.id, one, "cancellation_not_by_holder")
    row = worlds.rows(world, "SELECT * FROM case_sheet WHERE id = ?", rejected)[0]
    assert b"138" not in bytes(row["sheet"])
    again = closing.ask_to_cancel(world, person)
    case_id = parties.open_case(world, "cancellation", again.id)
    parties.approve(world, "cancellation", again.id, one)
    parties.settle(world, rounds=1)
    with world.engine.reader(SYSTEM) as q:
        case = q.get(model.Case, "review_case", case_id)
        assert case.corrects == rejected
        assert tables.resubmission(q, case) is None
    fold.require(world)
