"""Several approvers, what an approval is bound to, and approvals that fall when that changes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.boot import tables
from engine.kernel import clock, errors
from engine.kernel.catalog import Text
from engine.ordering import model as ordering
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import model as registration
from engine.reviewing import actions, model, queries
from engine.staffing.model import Role
from tests.support import deciding, fold, parties, registering, worlds


@pytest.fixture
def case(any_world) -> model.Case:
    return deciding.claim_case(any_world)


@pytest.fixture
def two(any_world):
    return deciding.reviewer(any_world), deciding.reviewer(any_world)


def status(world, case) -> str:
    found = worlds.rows(world, "SELECT status FROM enterprise_claim WHERE id = ?", case.subject_id)
    return str(found[0]["status"])


@pytest.mark.row("OPS-3")
@pytest.mark.row("ENT-1")
def test_two_different_people_approve_and_the_log_names_both(any_world, case, two):
    seen = deciding.evidence(any_world, case)
    first = deciding.approve(any_world, two[0], case, evidence=seen)
    assert (first.status, first.approved_by) == ("waiting", (two[0].text,))
    assert status(any_world, case) == "in_second_review"
    with any_world.engine.reader(two[0]) as q:
        assert queries.possible_actions(q, first) == ()
        (given,) = queries.approvals(q, first)
    assert (given.staff, given.evidence) == (two[0].text, seen)
    last = deciding.approve(any_world, two[1], case, evidence=seen)
    assert (last.status, last.decided_by, last.evidence) == ("approved", two[1].text, seen)
    assert status(any_world, case) == "approved"
    (said,) = deciding.facts(any_world, "case.approved")
    assert said["approved_by"] == [two[0].text, two[1].text]
    (made,) = deciding.facts(any_world, "enterprise.approved")
    assert made["approved_by"] == said["approved_by"]
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("OPS-3")
def test_one_no_after_a_yes_rejects(any_world, case, two):
    deciding.approve(any_world, two[0], case)
    deciding.take(any_world, two[1], case)
    done = deciding.do(any_world, actions.reject, two[1], case, reasons=("licence_unreadable",))
    assert (done.status, done.approved_by) == ("rejected", (two[0].text,))
    assert status(any_world, case) == "rejected"
    fold.require(any_world)


@pytest.mark.row("OPS-3")
def test_three_approve_where_the_setting_asks_for_three(any_world, case, two):
    rule = any_world.engine.ask(
        policy_queries.in_force, worlds.SYSTEM, policies.ReviewRule, case.kind
    )
    leads = [deciding.reviewer(any_world, Role.LEAD) for _ in range(2)]
    body = {**rule.model_dump(mode="json"), "approvers": 3}
    given = {"kind": "review_rule", "name": case.kind, "body": body, "effective_at": 0}
    proposed = any_world.engine.perform(settings.propose, given, actor=leads[0])
    any_world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=leads[1])
    for who in two:
        assert deciding.approve(any_world, who, case).status == "waiting"
    third = deciding.reviewer(any_world)
    assert deciding.approve(any_world, third, case).status == "approved"
    assert parties.violations(any_world) == {}
    with pytest.raises(errors.InvalidInput, match="At least 2 different people"):
        any_world.engine.perform(
            settings.propose, {**given, "body": {**body, "approvers": 1}}, actor=leads[0]
        )


@pytest.mark.row("OPS-3")
def test_what_was_looked_at_has_to_be_what_is_there(any_world, case, two):
    seen = deciding.evidence(any_world, case)
    deciding.take(any_world, two[0], case)
    deciding.change_papers(any_world, case)
    assert deciding.evidence(any_world, case) != seen
    with worlds.unchanged(any_world), pytest.raises(actions.PapersChanged) as refused:
        deciding.do(any_world, actions.approve, two[0], case, evidence=seen)
    assert refused.value.http_status == 409
    now = deciding.evidence(any_world, case)
    assert deciding.do(any_world, actions.approve, two[0], case, evidence=now).approved_by


@pytest.mark.row("OPS-3")
def test_an_approval_of_other_papers_falls_and_is_asked_for_again(any_world, case, two):
    before = deciding.evidence(any_world, case)
    deciding.approve(any_world, two[0], case)
    deciding.change_papers(any_world, case)
    again = deciding.approve(any_world, two[1], case)
    assert (again.status, again.approved_by) == ("waiting", (two[1].text,))
    (fell,) = deciding.facts(any_world, "case.approval_fell")
    assert (fell["staff"], fell["left"], fell["was"]) == (two[0].text, 0, before)
    assert status(any_world, case) == "in_second_review"
    assert "claim.in_first_review" in worlds.kinds(any_world)
    assert deciding.approve(any_world, two[0], case).status == "approved"
    assert parties.violations(any_world) == {}


@pytest.mark.row("OPS-3")
def test_who_approved_other_papers_claims_the_case_again(any_world, case, two):
    deciding.approve(any_world, two[0], case)
    with worlds.unchanged(any_world), pytest.raises(actions.MakerIsNotChecker):
        deciding.take(any_world, two[0], case)
    deciding.change_papers(any_world, case)
    taken = deciding.take(any_world, two[0], case)
    assert (taken.assignee, taken.approved_by) == (two[0].text, ())
    assert status(any_world, case) == "in_review"
    assert worlds.rows(any_world, "SELECT id FROM case_approval") == []


@pytest.mark.row("OPS-3")
def test_the_database_itself_refuses_approvals_by_who_took_part(any_world, case, two):
    approval = (
        "INSERT INTO case_approval (id, case_id, staff, approved_at, evidence, note)"
        " VALUES (?, ?, ?, 0, '', '')"
    )
    deciding.approve(any_world, two[0], case)
    for number, (staff, problem) in enumerate(
        ((case.maker, "maker is never checker"), (two[0].text, "(?i)unique"))
    ):
        with worlds.unchanged(any_world), pytest.raises(Exception, match=problem):
            worlds.run_sql(any_world, approval, f"apv_{number}", case.id, staff)
    excluded = deciding.bare_case(any_world, excluded=(two[1].text,))
    with worlds.unchanged(any_world), pytest.raises(Exception, match="maker is never checker"):
        worlds.run_sql(any_world, approval, "apv_x", excluded.id, two[1].text)
    with worlds.unchanged(any_world), pytest.raises(Exception, match="is not changed"):
        worlds.run_sql(any_world, "UPDATE case_approval SET staff = ?", two[1].text)


@pytest.mark.row("OPS-3")
@pytest.mark.parametrize("column", ["decided_by", "assignee"])
@pytest.mark.parametrize("part", ["maker", "excluded", "approved_by"])
def test_the_database_itself_refuses_a_case_in_the_hand_of_who_took_part(
    any_world, case, two, column, part
):
    names = {"maker": case.maker, "excluded": "staff:stf_e", "approved_by": "staff:stf_a"}
    for name in ("excluded", "approved_by"):
        listed = json.dumps([names[name]])
        sql = f"UPDATE review_case SET {name} = ? WHERE id = ?"
        worlds.run_sql(any_world, sql, listed, case.id)
    sql = f"UPDATE review_case SET {column} = ? WHERE id = ?"
    with worlds.unchanged(any_world), pytest.raises(Exception, match=r"(?i)check"):
        worlds.run_sql(any_world, sql, names[part], case.id)
    assert worlds.run_sql(any_world, sql, two[0].text, case.id) == 1


@pytest.mark.row("OPS-3")
@pytest.mark.row("CRT-1")
def test_the_platform_looks_again_when_its_papers_changed_before_the_ca_decided(any_world):
    party = parties.enterprise(any_world, parties.Reviewers.of(any_world))
    party = parties.order(any_world, party)
    parties.pay(any_world, party)
    parties.hand_in(any_world, party)
    reviewers = party.reviewers
    sql = "SELECT status, papers FROM certificate_order WHERE id = ?"
    assert worlds.rows(any_world, sql, party.order_id)[0]["status"] == "platform_review"
    parties.approve(any_world, "certificate_platform", party.order_id, reviewers.platform)
    papers = json.loads(worlds.rows(any_world, sql, party.order_id)[0]["papers"])
    other = worlds.rows(any_world, "SELECT id FROM blob WHERE id <> ?", papers[0][1])[0]["id"]
    change = "UPDATE certificate_order SET papers = ? WHERE id = ?"
    swapped = [[papers[0][0], other], *papers[1:]]
    worlds.run_sql(any_world, change, json.dumps(swapped), party.order_id)
    case_id = parties.open_case(any_world, "certificate_ca", party.order_id)
    given = {"case_id": case_id}
    any_world.engine.perform(actions.claim, given, actor=reviewers.agency)
    with pytest.raises(actions.EarlierApprovalFell):
        any_world.engine.perform(actions.approve, given, actor=reviewers.agency)
    order = worlds.rows(any_world, "SELECT * FROM certificate_order")[0]
    assert order["status"] == ordering.OrderStatus.PLATFORM_REVIEW
    assert order["platform_approved_by"] is None
    kinds = worlds.kinds(any_world)
    assert {"case.stage_fell", "order.back_at_platform"} <= set(kinds)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    parties.approve(any_world, "certificate_platform", party.order_id, reviewers.platform)
    parties.approve(any_world, "certificate_ca", party.order_id, reviewers.agency)
    assert parties.violations(any_world) == {}


@pytest.mark.row("OPS-3")
@pytest.mark.row("S-INS-1")
def test_a_swap_of_papers_after_the_approval_is_found_every_time(file_world, two_of_a_world):
    """100 swaps of 4 sorts: another blob, another row's bytes, other bytes in the store, another MAC."""
    world, case = file_world, two_of_a_world
    look = lambda: world.engine.ask(tables.papers_kept, worlds.SYSTEM, case)
    assert look() is model.Kept.SAME
    found = 0
    for number in range(100):
        undo = _swap(world, case, number)
        found += look() is model.Kept.CHANGED
        undo()
        assert look() is model.Kept.SAME
    print(f"\n{found} of 100 swapped papers found")
    assert found == 100


@pytest.fixture
def two_of_a_world(file_world) -> model.Case:
    """A claim that two people approved, beside another one whose papers can be swapped in."""
    deciding.claim_case(file_world, 2)
    case = deciding.claim_case(file_world)
    for _ in range(2):
        deciding.approve(file_world, deciding.reviewer(file_world), case)
    return deciding.now(file_world, case)


def _swap(world, case, number):
    """One change behind the engine's back; what undoes it."""
    sql = "SELECT papers FROM enterprise_claim WHERE id = ?"
    text = worlds.rows(world, sql, case.subject_id)[0]["papers"]
    papers = json.loads(text)
    paper = papers[number // 4 % len(papers)]
    mine = worlds.rows(world, "SELECT * FROM blob WHERE id = ?", paper["blob_id"])[0]
    others = worlds.rows(
        world, "SELECT * FROM blob WHERE subject_id <> ? ORDER BY id", mine["subject_id"]
    )
    other = others[number // 4 % len(others)]
    if number % 4 == 0:
        paper["blob_id"] = other["id"]
        change = "UPDATE enterprise_claim SET papers = ? WHERE id = ?"
        worlds.run_sql(world, change, json.dumps(papers), case.subject_id)
        return lambda: worlds.run_sql(world, change, text, case.subject_id)
    if number % 4 == 1:
        change = "UPDATE blob SET digest = ? WHERE id = ?"
        worlds.run_sql(world, change, other["digest"], mine["id"])
        return lambda: worlds.run_sql(world, change, mine["digest"], mine["id"])
    if number % 4 == 2:
        read = "SELECT content FROM blob_content WHERE digest = ?"
        content = bytes(worlds.rows(world, read, mine["digest"])[0]["content"])
        change = "UPDATE blob_content SET content = ? WHERE digest = ?"
        at = number % len(content)
        broken = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        worlds.run_sql(world, change, broken, mine["digest"])
        return lambda: worlds.run_sql(world, change, content, mine["digest"])
    change = "UPDATE blob SET plaintext_mac = ? WHERE id = ?"
    worlds.run_sql(world, change, bytes([number]) * 32, mine["id"])
    return lambda: worlds.run_sql(world, change, bytes(mine["plaintext_mac"]), mine["id"])


@pytest.mark.row("S-INS-1")
def test_the_digest_follows_every_field_and_paper_and_not_the_machines_checks(world):
    case = deciding.claim_case(world)
    sheet = world.engine.ask(tables.review_sheet, worlds.SYSTEM, case)
    whole = model.evidence_digest(sheet)
    assert model.evidence_digest(replace(sheet, checks=())) == whole
    seen = {whole}
    for place, field in enumerate(sheet.fields):
        changed = replace(field, value="x", digest="")
        fields = (*sheet.fields[:place], changed, *sheet.fields[place + 1 :])
        seen.add(model.evidence_digest(replace(sheet, fields=fields)))
    for place, paper in enumerate(sheet.papers):
        for other in (replace(paper, digest="x"), replace(paper, blob_id="x")):
            papers = (*sheet.papers[:place], other, *sheet.papers[place + 1 :])
            seen.add(model.evidence_digest(replace(sheet, papers=papers)))
    assert len(seen) == 1 + len(sheet.fields) + 2 * len(sheet.papers)


def test_a_better_translation_leaves_an_approval_standing():
    field = model.coded("purpose", "Purpose", "seal.purpose.remake")
    better = replace(field, value=Text(zh="换一种说法", en="Said otherwise"))
    other = model.coded("purpose", "Purpose", "seal.purpose.new")

    def digest(one: model.SheetField) -> str:
        return model.evidence_digest(model.Sheet(fields=(one,)))

    assert digest(field) == digest(better) != digest(other)


def test_no_setting_lets_a_claim_through_with_one_approval():
    ways = registration.CLAIM.transitions[registration.CLAIM.initial]
    assert registration.ClaimStatus.APPROVED not in ways.values()
    assert policies.LEAST_APPROVERS["enterprise_claim"] == 2


def test_papers_of_an_account_that_left_are_gone_and_not_changed(world):
    person = registering.sign_up(world)
    registering.prove(world, person)
    case = deciding.claim_case(world, person=person)
    for _ in range(2):
        deciding.approve(world, deciding.reviewer(world), case)
    case = deciding.now(world, case)
    sql = "SELECT subject_id FROM enterprise_claim WHERE id = ?"
    subject = worlds.rows(world, sql, case.subject_id)[0]["subject_id"]
    worlds.run_sql(world, "DELETE FROM data_key WHERE subject_id = ?", subject)
    sheet = model.Sheet(fields=(), papers=())
    with world.engine.reader(worlds.SYSTEM) as q:
        assert queries.papers_kept(q, case, sheet) is model.Kept.GONE
