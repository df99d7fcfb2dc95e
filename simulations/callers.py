"""People whose matter waits longer than they expected call in, and agents answer in office hours.

Whether somebody is of those who call, and after how long a wait, is drawn up front and per person. On the
line an agent looks the number up, says how things stand, hurries along what waits for a reviewer, and
writes the call down; each of it through the engine.
"""

from __future__ import annotations

import weakref
from collections import deque
from dataclasses import dataclass, field

import simpy

from engine.calls import actions, queries
from engine.kernel import actors, clock, errors
from engine.kernel.notes import Mover
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from simulations import population, reviewers, scenario
from simulations.environment import Stage, Steps

_SETUP = actors.System(job="setup")
_NOTE = "来电询问办理进度。"


@dataclass(frozen=True, kw_only=True)
class Agent:
    """A member of staff who answers the phone."""

    actor: actors.Staff
    login: str


@dataclass
class Line:
    """The hotline of a stage: who waits on it, and the agents who are idle."""

    stage: Stage
    closes_at: int
    waiting: deque[str] = field(default_factory=deque)
    idle: list[simpy.Event] = field(default_factory=list)
    answered: int = 0

    def ring(self, number: str) -> None:
        """Somebody calls; whoever is idle picks up."""
        self.stage.log("called in")
        self.waiting.append(number)
        if self.idle:
            self.idle.pop(0).succeed()


_lines: weakref.WeakKeyDictionary[Stage, Line] = weakref.WeakKeyDictionary()


def line_of(stage: Stage) -> Line | None:
    """The hotline of a stage, where agents answer one."""
    return _lines.get(stage)


def hire(stage: Stage, everybody: population.Population) -> list[Agent]:
    """Make the staff accounts of the scenario's agents, through the engine."""
    plan = stage.scenario.calls
    if plan is None:
        return []
    found: list[Agent] = []
    for login in logins(stage.scenario):
        given = {
            "login": login,
            "name": everybody.staff_name(200 + len(found)),
            "password": "an agent of the simulation",
            "roles": plan.roles,
        }
        profile = stage.act(staffing.create_staff, given, actor=_SETUP)
        found.append(on_line(stage, profile.id, login))
    return found


def logins(plan: scenario.Scenario) -> list[str]:
    """What the agents of a scenario sign in as."""
    count = 0 if plan.calls is None else plan.calls.agents
    return [f"agent-{number}" for number in range(1, count + 1)]


def on_line(stage: Stage, staff_id: str, login: str) -> Agent:
    """A member of staff who exists already, as an agent."""
    actor = stage.ask(staff_queries.actor, _SETUP, staff_id)
    if actor is None:
        raise errors.NotFound(what="member of staff")
    return Agent(actor=actor, login=login)


def open_line(stage: Stage, agents: list[Agent], closes_at: int) -> None:
    """Let the agents answer until an instant (UTC milliseconds)."""
    if not agents:
        return
    line = _lines[stage] = Line(stage=stage, closes_at=closes_at)
    for agent in agents:
        stage.env.process(_shifts(line, agent))


def _shifts(line: Line, agent: Agent) -> Steps:
    stage, plan = line.stage, line.stage.scenario.calls
    assert plan is not None
    while stage.now_ms < line.closes_at:
        start, end = reviewers.next_shift(plan, stage.now_ms)
        if start > stage.now_ms:
            yield stage.wait_until(start)
            continue
        if line.waiting:
            yield from _answer(line, agent, line.waiting.popleft())
            continue
        bell = stage.env.event()
        line.idle.append(bell)
        yield bell | stage.wait_until(min(end, line.closes_at))
        if bell in line.idle:
            line.idle.remove(bell)


def _answer(line: Line, agent: Agent, number: str) -> Steps:
    stage, plan = line.stage, line.stage.scenario.calls
    assert plan is not None
    line.answered += 1
    effort = float(stage.stream("call", f"{agent.login}|{line.answered}").standard_normal())
    try:
        call = stage.act(actions.answer, {"number": number}, actor=agent.actor)
        # No caller stays on the line for as long as a call can be open.
        yield stage.wait(min(60 * plan.minutes.at(effort), 20 * clock.MINUTE // clock.SECOND))
        caller = stage.ask(queries.caller, agent.actor, call.id)
        waiting = [one for one in caller.matters if one.mover is Mover.STAFF]
        for one in waiting:
            if one.may_urge and one.case_id:
                given = {"call_id": call.id, "case_id": one.case_id}
                stage.act(actions.urge, given, actor=agent.actor)
                stage.log("hurried along")
        told = waiting or list(caller.matters[:1])
        logged: dict[str, object] = {
            "call_id": call.id,
            "matters": tuple(one.matter.subject for one in told),
            "said": "\n".join(one.say.zh for one in told),
            "note": _NOTE,
        }
        stage.act(actions.log_call, logged, actor=agent.actor)
        stage.log("call answered")
    except errors.EngineError as refusal:
        stage.log(f"call broken off: {refusal.code}")
