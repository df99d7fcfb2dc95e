"""An outside machine at work: let in by two people, it asks by its token and is told of events.

It goes through what the JSON API's door does with a token, so that a run meets what a machine would meet.
Whether it was told of everything is asked by an invariant (`simulations/invariants/outside`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from engine.asking import queries as questions
from engine.http import machine_door, routes
from engine.integrating import actions, model, queries
from engine.kernel import actors, clock, errors
from engine.providers import receivers
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Right, Role
from simulations.environment import Stage, Steps

_SETUP = actors.System(job="setup")
_ADDRESS = "203.0.113.10"
_NAME = "ERP"
# What it asks, one after the other.
_ASKS: tuple[tuple[str, Callable[[Any], object]], ...] = (
    ("integrating.my_client", queries.my_client),
    ("integrating.deliveries", queries.deliveries),
    ("asking.rules", questions.rules),
)


def plug_in(stage: Stage, staff: Sequence[str] = ()) -> None:
    """Let the scenario's machine in, where it has one, and have it work until the run ends.

    The first two of `staff` (their ids) who register machines do so; where there are none, two are hired.
    """
    wanted = stage.scenario.machines
    if wanted is None:
        return
    known = [_proved(stage, one) for one in staff]
    may = [one for one in known if staff_queries.has(one, Right.MANAGE_MACHINES)]
    maker, approver = may[:2] if len(may) > 1 else [_hired(stage, number) for number in (1, 2)]
    scope_kind, _, scope_id = wanted.within.partition(":")
    access = model.Access(
        scopes=tuple(one for one in model.scopes() if one.endswith(":read")),
        role=str(Role.AUDITOR),
        scope_kind=scope_kind or "all",
        scope_id=scope_id,
        sources=(f"{_ADDRESS}/32",),
        expires_at=stage.now_ms + 365 * clock.DAY,
    )
    given = {
        "name": _NAME,
        "purpose": "查询订单与证书，接收事件（模拟）",
        "owner_id": maker.staff_id,
        "access": access,
    }
    proposed = stage.act(actions.register_client, given, actor=maker)
    if proposed.proposal is not None:
        stage.act(actions.approve_client, {"proposal_id": proposed.proposal.id}, actor=approver)
    host = receivers.load_rules().host
    for name in wanted.receivers:
        url = f"https://{host}/{name}"
        kinds = wanted.events or tuple(
            kind for kind, one in model.events().items() if access.may_hear(one)
        )
        made = stage.act(
            actions.add_endpoint,
            {"client_id": proposed.id, "url": url, "kinds": kinds},
            actor=maker,
        )
        if stage.world.receivers is not None:
            stage.world.receivers.trust(url, made.secret)
    token = stage.act(actions.issue_token, {"client_id": proposed.id}, actor=maker)
    stage.env.process(_asking(stage, token.token, wanted.asks_every_minutes))


def _hired(stage: Stage, number: int) -> actors.Staff:
    profile = stage.act(
        staffing.create_staff,
        {
            "login": f"machines-{number}",
            "name": f"接入管理 {number}",
            "password": "who lets machines in",
            "roles": (Role.ADMINISTRATOR,),
        },
        actor=_SETUP,
    )
    return _proved(stage, profile.id)


def _proved(stage: Stage, staff_id: str) -> actors.Staff:
    """A member of staff who has proved a second factor a moment ago."""
    found = stage.ask(staff_queries.actor, _SETUP, staff_id)
    if found is None:
        raise LookupError(staff_id)
    return dataclasses.replace(found, second_factor_at=stage.now_ms)


def _asking(stage: Stage, token: str, every_minutes: int) -> Steps:
    number = 0
    # How often it asks is counted by the run's minutes: those of this machine differ from run to run.
    turnstile = machine_door.Turnstile(lambda: stage.now_ms / clock.SECOND)
    while stage.now_ms < stage.scenario.end_ms:
        yield stage.wait(60 * every_minutes)
        name, question = _ASKS[number % len(_ASKS)]
        number += 1
        try:
            route = routes.BY_NAME[name]
            actor = machine_door.actor_of(stage.world.engine, token, route, _ADDRESS, turnstile)
            stage.ask(question, actor)
            stage.log("machine answered")
        except errors.EngineError as refusal:
            stage.log(f"machine refused: {refusal.code}")
