"""A share of what was decided is looked at again, blindly, by somebody else."""

from __future__ import annotations

import pytest

from engine.kernel import clock
from engine.kernel.workflow import NotPossibleNow
from engine.ordering import actions as ordering
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import queries as people
from engine.reports import catalog, snapshot
from engine.reviewing import actions, model, queries
from engine.staffing.model import Role
from engine.staffing.queries import MayNot
from tests.support import deciding, fold, parties, registering, worlds


def look_at(world, first: model.Case) -> model.Case:
    """The second look at a decided case."""
    with world.engine.reader(worlds.SYSTEM) as q:
        (found,) = q.all(model.Case, "SELECT * FROM review_case WHERE sample_of = ?", (first.id,))
    return found


@pytest.fixture
def approved(any_world) -> tuple[model.Case, list]:
    """A claim that two people approved while everything is looked at again, and those two."""
    deciding.sample_everything(any_world)
    case = deciding.claim_case(any_world)
    deciders = [deciding.reviewer(any_world, Role.LEAD) for _ in range(2)]
    for who in deciders:
        deciding.approve(any_world, who, case)
    return deciding.now(any_world, case), deciders


@pytest.mark.row("S-INS-1")
def test_who_decided_first_may_not_look_again(any_world, approved):
    case, deciders = approved
    look = look_at(any_world, case)
    assert (look.kind, look.subject_id, look.status) == (case.kind, case.subject_id, "waiting")
    assert (look.reasons, look.approved_by, look.note) == ((), (), "")
    for who in deciders:
        with worlds.unchanged(any_world), pytest.raises(actions.MakerIsNotChecker):
            deciding.take(any_world, who, look)
        with any_world.engine.reader(who) as q:
            assert queries.page(q, model.Wanted(state="claimable")).rows == ()


@pytest.mark.row("S-INS-1")
def test_a_look_that_agrees_is_counted_and_the_claim_hears_nothing_of_it(any_world, approved):
    case, deciders = approved
    before = worlds.rows(any_world, "SELECT * FROM enterprise_claim")
    other = deciding.reviewer(any_world)
    done = deciding.approve(any_world, other, look_at(any_world, case))
    assert (done.status, done.decided_by) == ("approved", other.text)
    assert worlds.kinds(any_world)[-1] == "sample.agreed"
    assert worlds.rows(any_world, "SELECT * FROM enterprise_claim") == before
    auditor = deciding.reviewer(any_world, Role.AUDITOR)
    (seen,) = any_world.engine.ask(queries.agreement, auditor)
    assert (seen.kind, seen.decided_by) == (case.kind, deciders[1].text)
    assert (seen.looks, seen.agreed, seen.percent) == (1, 1, 100)
    assert worlds.rows(any_world, "SELECT id FROM case_difference") == []
    assert any_world.engine.ask(queries.of_subject, worlds.SYSTEM, case.subject_id) == [
        deciding.now(any_world, case)
    ]
    assert parties.violations(any_world) == {}
    fold.require(any_world)


@pytest.mark.row("S-INS-1")
def test_a_look_that_differs_comes_before_a_lead_who_took_no_part(any_world, approved):
    case, deciders = approved
    other, look = deciding.reviewer(any_world, Role.LEAD), look_at(any_world, case)
    deciding.take(any_world, other, look)
    deciding.do(any_world, actions.reject, other, look, reasons=("licence_unreadable",))
    assert worlds.kinds(any_world)[-1] == "sample.differed"
    (claim,) = worlds.rows(any_world, "SELECT status FROM enterprise_claim")
    assert claim["status"] == "approved"
    for who in (*deciders, other):
        assert any_world.engine.ask(queries.differences, who) == []
        with worlds.unchanged(any_world), pytest.raises(actions.MakerIsNotChecker):
            settle(any_world, who, case, "first")
    lead = deciding.reviewer(any_world, Role.LEAD)
    (found,) = any_world.engine.ask(queries.differences, lead)
    assert (found.case_id, found.sample_id) == (case.id, look.id)
    with worlds.unchanged(any_world), pytest.raises(actions.NoteMissing):
        settle(any_world, lead, case, "first", note=" ")
    settled = settle(any_world, lead, look, "second", note="执照确实看不清")
    assert (settled.status, settled.right_one, settled.settled_by) == (
        "settled",
        "second",
        lead.text,
    )
    assert any_world.engine.ask(queries.differences, lead) == []
    with worlds.unchanged(any_world), pytest.raises(NotPossibleNow):
        settle(any_world, lead, case, "first")
    (seen,) = any_world.engine.ask(queries.agreement, lead)
    assert (seen.looks, seen.agreed) == (1, 0)
    fold.require(any_world)


def settle(world, who, case: model.Case, right: str, note: str = "看过了") -> model.Difference:
    given = {"case_id": case.id, "right": right, "note": note}
    return world.engine.perform(actions.settle_difference, given, actor=who)


@pytest.mark.row("S-INS-1")
def test_the_database_refuses_who_took_part_as_judge_of_a_difference(any_world, approved):
    case, deciders = approved
    other, look = deciding.reviewer(any_world), look_at(any_world, case)
    deciding.take(any_world, other, look)
    deciding.do(any_world, actions.reject, other, look, reasons=("licence_unreadable",))
    for who in (*deciders, other):
        with worlds.unchanged(any_world), pytest.raises(Exception, match=r"(?i)check"):
            worlds.run_sql(any_world, "UPDATE case_difference SET settled_by = ?", who.text)


@pytest.mark.row("S-INS-1")
def test_what_was_decided_stays_hidden_while_one_looks(any_world, approved):
    case, _ = approved
    other, look = deciding.reviewer(any_world), look_at(any_world, case)
    assert any_world.engine.ask(queries.case, other, case.id).status == "approved"
    deciding.take(any_world, other, look)
    with pytest.raises(queries.BlindLook):
        any_world.engine.ask(queries.case, other, case.id)
    assert any_world.engine.ask(queries.case, other, look.id).sample_of == case.id
    assert case.id not in {one.id for one in any_world.engine.ask(queries.recently_decided, other)}
    deciding.do(any_world, actions.approve, other, look)
    assert any_world.engine.ask(queries.case, other, case.id).status == "approved"


@pytest.mark.row("S-INS-1")
def test_only_a_lead_settles_and_only_who_may_sees_how_often_looks_agree(any_world, approved):
    case, _ = approved
    reviewer = deciding.reviewer(any_world)
    for ask in (queries.differences, queries.agreement):
        with pytest.raises(MayNot):
            any_world.engine.ask(ask, reviewer)
    with worlds.unchanged(any_world), pytest.raises(MayNot):
        settle(any_world, reviewer, case, "first")


@pytest.mark.row("S-INS-1")
def test_a_rejection_is_looked_at_again_too_and_a_new_claim_is_not_kept_waiting(any_world):
    deciding.sample_everything(any_world)
    person = registering.sign_up(any_world)
    registering.prove(any_world, person)
    case = deciding.claim_case(any_world, person=person)
    who, other = deciding.reviewer(any_world), deciding.reviewer(any_world)
    deciding.take(any_world, who, case)
    deciding.do(any_world, actions.reject, who, case, reasons=("licence_unreadable",))
    look = look_at(any_world, case)
    worlds.clock_of(any_world).advance(clock.MINUTE)
    again = registering.claim(any_world, person)
    (detail,) = [
        one for one in any_world.engine.ask(people.my_claims, person) if one.id == again.id
    ]
    assert detail.status == "in_review"
    deciding.take(any_world, other, look)
    deciding.do(any_world, actions.reject, other, look, reasons=("licence_expired",))
    assert worlds.kinds(any_world)[-1] == "sample.agreed"
    assert worlds.rows(any_world, "SELECT id FROM case_difference") == []


@pytest.mark.row("S-INS-1")
def test_about_thirty_of_a_thousand_are_looked_at_again(world, count):
    """By the setting as it comes: 3 %, within four standard deviations."""
    rule = world.engine.ask(policy_queries.in_force, worlds.SYSTEM, policies.Sampling, "")
    assert rule.per_thousand == 30
    assert set(rule.kinds) <= model.RIGHT_FOR.keys()
    who, times = deciding.reviewer(world), count(150, 300)
    for number in range(times):
        case = deciding.claim_case(world, number + 1)
        deciding.take(world, who, case)
        deciding.do(world, actions.reject, who, case, reasons=("licence_unreadable",))
    looked = worlds.rows(world, "SELECT COUNT(*) AS n FROM event WHERE kind = 'sample.opened'")
    n, expected = looked[0]["n"], times * 0.03
    print(f"\n{n} of {times} decided cases are looked at again")
    assert abs(n - expected) <= 4 * (expected * 0.97) ** 0.5


def test_nothing_is_looked_at_again_where_the_setting_says_none(world):
    deciding.sample_everything(world, per_thousand=0)
    case = deciding.claim_case(world)
    who = deciding.reviewer(world)
    deciding.take(world, who, case)
    deciding.do(world, actions.reject, who, case, reasons=("licence_unreadable",))
    assert "sample.opened" not in worlds.kinds(world)


def test_a_look_is_closed_when_its_subject_ends_otherwise(world):
    deciding.sample_everything(world)
    party = parties.enterprise(world, parties.Reviewers.of(world))
    party = parties.order(world, party)
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
    world.engine.perform(ordering.cancel, {"order_id": party.order_id}, actor=party.person)
    sql = "SELECT status FROM review_case WHERE subject_id = ? AND sample_of IS NOT NULL"
    assert worlds.rows(world, sql, party.order_id) == [{"status": "withdrawn"}]


@pytest.mark.row("S-INS-1")
@pytest.mark.row("RPT-4")
def test_reports_say_how_often_looks_agree_and_count_no_look_as_a_case(world, tmp_path):
    deciding.sample_everything(world)
    first, others = deciding.reviewer(world), [deciding.reviewer(world) for _ in range(2)]
    for number, other in enumerate(others):
        case = deciding.claim_case(world, number + 1)
        deciding.take(world, first, case)
        deciding.do(world, actions.reject, first, case, reasons=("licence_unreadable",))
        look = look_at(world, case)
        deciding.take(world, other, look)
        if number:
            deciding.do(world, actions.approve, other, look)
        else:
            deciding.do(world, actions.reject, other, look, reasons=("licence_expired",))
    snapshot.refresh(world.engine, tmp_path)
    newest = snapshot.newest(tmp_path)
    assert newest is not None
    with snapshot.open_copy(newest) as copy:
        told = {
            name: [
                dict(zip(answer.columns, row, strict=True))
                for answer in [catalog.ask(copy, catalog.load(name))]
                for row in answer.rows
            ]
            for name in ("reviews", "samples")
        }
    (month,) = told["reviews"]
    assert (month["stage"], month["decided"], month["rejected"]) == ("enterprise_claim", 2, 2)
    (row,) = told["samples"]
    assert (row["reviewer"], row["looked_again"], row["agreed_percent"]) == (first.text, 2, 50.0)
    assert row["agreed_low_percent"] < 50.0 < row["agreed_high_percent"]
