"""OPS-4: while nothing else happens, every item of a bulk act ends as its dry run said, in any world."""

from __future__ import annotations

import dataclasses
import random

import pytest

from engine import worker
from engine.boot import World
from engine.bulk import actions, acts, model
from engine.issuing import actions as issuing
from engine.issuing import model as certificates
from engine.kernel import actors, clock
from engine.policies import model as policies
from engine.policies import queries as settings
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.staffing.model import Role
from tests.support import bulking, deciding, fresh, parties, queue, stuck, worlds

pytestmark = pytest.mark.row("OPS-4")
_CASE_ACTS = [name for name, act in acts.ACTS.items() if act.target == "case"]
_SCOPES = (("all", ""), ("platform", "guangzheng"), ("agency", "dongfang"))


def told(world: World, draw: random.Random, colleague: actors.Staff) -> dict[str, object]:
    """Reasons, a colleague and words, some of them wrong for some kinds."""
    reasons = sorted(world.engine.ask(settings.all_in_force, worlds.SYSTEM, policies.Reason))
    holds = sorted(world.engine.ask(settings.all_in_force, worlds.SYSTEM, policies.HoldReason))
    return {
        "reasons": (draw.choice(reasons),),
        "reason": draw.choice([*holds, "no_such_reason"]),
        "note": draw.choice(["", "因系统故障"]) or "x",
        "staff_id": draw.choice([colleague.staff_id, "stf_nobody"]),
    }


def run(desk: bulking.Desk, found: model.Bulk, maker: actors.Staff) -> list[model.Item]:
    """Let it be tried, agreed to and run; its items."""
    worker.run_due(desk.world, limit=10_000)
    desk.start(found, maker)
    worker.run_due(desk.world, limit=10_000)
    assert desk.now(found).status is model.BulkStatus.DONE
    return desk.items(found)


def claims(world: World, draw: random.Random, colleagues: list[actors.Staff]) -> None:
    """Some real claims, fresh, in somebody's hand, held, or approved by one of two."""
    for number in range(1, 8):
        case = deciding.claim_case(world, number)
        who = draw.choice(colleagues)
        what = draw.randrange(4)
        if what == 1:
            deciding.take(world, who, case)
        elif what == 2:
            deciding.take(world, who, case)
            deciding.do(world, reviewing.hold, who, case, reason="applicant_asked")
        elif what == 3:
            deciding.approve(world, who, case)


def test_of_cases_in_any_state_by_anybody(count):
    outcomes: dict[str, int] = {}
    for seed in range(count(12, 200)):
        draw = random.Random(seed)
        world = fresh.in_memory()
        desk = bulking.Desk.of(world)
        act = _CASE_ACTS[seed % len(_CASE_ACTS)]
        kind, place = draw.choice(_SCOPES)
        maker = worlds.staff(world, Role.LEAD, scope_kind=kind, scope_id=place)
        claims(world, draw, [desk.maker, desk.second, desk.third])
        queue.fill(world, 80, me=maker, seed=seed)
        given = told(world, draw, desk.third)
        wanted = cases.Wanted(state=draw.choice(("all", "all", "claimable", "held")))
        try:
            found = desk.freeze(act, wanted=wanted, who=maker, **given)
        except actions.NothingMatches:
            world.close()
            continue
        items = run(desk, found, maker)
        assert [one.outcome for one in items] == [one.foreseen for one in items], (seed, act)
        for one in items:
            outcomes[str(one.outcome)] = outcomes.get(str(one.outcome), 0) + 1
        assert parties.violations(world) == {}
        world.close()
    assert outcomes[model.DONE] > 20
    assert len(outcomes) > 3, outcomes


@pytest.mark.parametrize("act", [name for name in acts.ACTS if name.endswith("_certificates")])
def test_of_certificates_in_any_state(world, act):
    desk = bulking.Desk.of(world)
    reviewers = parties.Reviewers.of(world)
    found = [
        parties.certified(
            world, reviewers, number=number, name=f"江苏第{number}有限公司"
        ).certificate_id
        for number in (1, 2, 3)
    ]
    one, two = (worlds.staff(world, Role.AGENCY_REVIEWER) for _ in "12")
    desk = dataclasses.replace(desk, maker=one, second=two)
    given = {"certificate_id": found[0]}
    world.engine.perform(issuing.suspend, given, actor=desk.proved(one))
    told_ = {
        "act": act,
        "wanted": certificates.Chosen(),
        "given": model.Given(reason="keyCompromise"),
    }
    bulk = world.engine.perform(actions.freeze_certificates, told_, actor=one)
    assert bulk.size == 3
    items = run(desk, bulk, one)
    assert [item.outcome for item in items] == [item.foreseen for item in items]
    done = sum(item.outcome == model.DONE for item in items)
    assert done == {"suspend": 2, "resume": 1, "revoke": 3}[act.split("_")[0]]
    assert parties.violations(world) == {}
    narrow = {**told_, "wanted": certificates.Chosen(made_from=world.engine.now() + clock.DAY)}
    with pytest.raises(actions.NothingMatches):
        world.engine.perform(actions.freeze_certificates, narrow, actor=one)


def test_of_stuck_jobs(world):
    desk = bulking.Desk.of(world)
    stuck.several(world, ZeroDivisionError("bug"), send_sms=2, forget_caller=1)
    given = {"act": "take_up_jobs", "kind": "send_sms", "given": model.Given(note="已修复")}
    bulk = world.engine.perform(actions.freeze_jobs, given, actor=desk.maker)
    assert bulk.size == 2
    worker.run_due(world)
    desk.start(bulk)
    worker.run_due(world)
    assert [item.outcome for item in desk.items(bulk)] == [model.DONE] * 2
    assert len(deciding.facts(world, "job.taken_up")) == 2
