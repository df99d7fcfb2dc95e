"""Incidents of a scenario: somebody stops a CA from issuing, and two let it go on when it is over.

Those of the roster who handle incidents do it, by the engine alone and in the scenario's hours: an incident
does not wait for office hours. With one such person a stop is set and never lifted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from engine.incidents import actions, model
from engine.kernel import actors, clock, errors
from engine.records import actions as record_actions
from engine.records import model as kept
from engine.records import queries as records
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from simulations import mass_holds, windows
from simulations.environment import Stage, Steps
from simulations.reviewers import Reviewer
from simulations.scenario.outsiders import Stop

_TOLD = {
    "summary": "抽查发现一批材料与登记不符，已暂停签发并逐份复核。",
    "cause": "复核规则没有覆盖该类材料。",
    "lessons": "同类材料改为双人复核。",
}


def open_room(stage: Stage, roster: Sequence[Reviewer]) -> None:
    """Let those of the roster who may do so handle the scenario's incidents."""
    able = [
        one.actor
        for one in roster
        if staffing.has(one.actor, Right.HANDLE_INCIDENTS, anywhere=True)
    ]
    for number, stop in enumerate(stage.scenario.stops):
        if able:
            first = able[number % len(able)]
            second = able[(number + 1) % len(able)]
            stage.env.process(_handle(stage, stop, first, second))


def _handle(stage: Stage, stop: Stop, first: actors.Staff, second: actors.Staff) -> Steps:
    yield stage.wait_until(windows.instant(stage.scenario, stop.start))
    found = _do(stage, first, actions.open_incident, kind=stop.kind, title="签发前的材料与登记不符")
    given = {"agency_id": stop.agency, "reason": "核查期间暂停签发", "incident_id": found.id}
    stopped = _do(stage, first, actions.stop_issuing, **given)
    stage.log("issuing stopped")
    yield from mass_holds.hold_all(stage, first, second, stop.agency)
    _look_behind(stage, first)
    yield stage.wait_until(windows.instant(stage.scenario, stop.end))
    yield from mass_holds.take_all_up(stage, first, second, stop.agency)
    _do(stage, first, actions.ask_to_lift, stop_id=stopped.id, reason="复核完成")
    yield stage.wait(600)
    try:
        _do(stage, second, actions.lift_stop, stop_id=stopped.id)
    except errors.PolicyRefused as refusal:
        stage.log(f"issuing stays stopped: {refusal.code}")
        return
    stage.log("issuing lifted")
    item = _do(
        stage,
        first,
        actions.add_item,
        incident_id=found.id,
        purpose=model.Purpose.PREVENT,
        what="修改复核规则",
        owner=second.staff_id,
        due_on=clock.civil_date(stage.scenario.end_ms).isoformat(),
    )
    yield stage.wait(3600)
    _do(stage, second, actions.do_item, item_id=item.id, result="规则已更新")
    _do(stage, first, actions.contain_incident, incident_id=found.id)
    _do(stage, first, actions.describe_incident, incident_id=found.id, **_TOLD)
    _do(stage, first, actions.close_incident, incident_id=found.id)
    stage.log("incident closed")


def _look_behind(stage: Stage, who: actors.Staff) -> None:
    """Compare the number of who came last with their papers: for that somebody sees it in full (PI-3)."""
    came = stage.ask(records.listed, who, kept.Wanted(kind="account"), limit=1).rows
    places = [
        (one.hit.id, fact.value.place)
        for one in came
        for held in stage.ask(records.held, who, one.hit.id)
        for fact in held.facts
        if fact.name == "column.resident_id" and fact.value.place
    ]
    for record_id, place in places[:1]:
        given = {"record_id": record_id, "place": place, "ground": "fraud_inquiry"}
        _do(stage, who, record_actions.reveal, **given)
        stage.log("looked behind a mask")


def _do(stage: Stage, who: actors.Staff, action: Callable[..., Any], **given: Any) -> Any:
    """Something done by somebody who has proved a second factor a moment ago."""
    proved = dataclasses.replace(who, second_factor_at=stage.now_ms)
    return stage.act(action, given, actor=proved)
