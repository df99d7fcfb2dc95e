"""Onboarding at a PC and what a mall account does there, for tests of the mall."""

from __future__ import annotations

from typing import Any

from engine.boot import World
from engine.kernel import actors, clock, events
from engine.mall import actions, model
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.registration import model as people
from engine.staffing.model import Role
from tests.support import registering, worlds
from tests.support.worlds import SYSTEM


def facts(world: World, kind: str) -> list[events.Event]:
    """The facts of a kind, oldest first."""
    with world.engine.parts.db.read() as connection:
        return [event for event in events.read_all(connection) if event.kind == kind]


def code_for(world: World, phone: str) -> tuple[str, str]:
    """Ask for a code to onboard with, some time after the one before; its request and what arrived."""
    worlds.clock_of(world).advance(2 * clock.MINUTE)
    asked = registering.ask_for_code(world, phone, people.CodePurpose.ONBOARD)
    return asked.request.request_id, asked.code


def at_pc(world: World, phone: str, **changes: Any) -> dict[str, Any]:
    """The form of the PC's onboarding page, its code asked for."""
    request_id, code = code_for(world, phone)
    return {
        "platform_id": "yangguang",
        "role": model.MallRole.PURCHASER,
        "enterprise_name": "新疆天山净水科技有限公司",
        "uscc": registering.credit_code(1),
        "phone": phone,
        "request_id": request_id,
        "code": code,
        "login": "tianshan",
        "password": worlds.PASSWORD,
        **changes,
    }


def onboard(world: World, given: dict[str, Any]) -> model.MallAccount:
    """Hand the form in, as somebody nobody knows."""
    return world.engine.perform(actions.onboard_at_pc, given, actor=SYSTEM)


def session(world: World, login: str, password: str = worlds.PASSWORD) -> model.MallSession:
    """Sign a browser in by password on the default platform."""
    given = {"platform_id": "guangzheng", "login": login, "password": password}
    return world.engine.perform(actions.sign_in, given, actor=SYSTEM)


def two_leads(world: World) -> tuple[actors.Staff, actors.Staff]:
    """Who proposes and who approves settings."""
    return worlds.staff(world, Role.LEAD), worlds.staff(world, Role.LEAD)


def propose(
    world: World, lead: actors.Staff, kind: str, name: str, body: Any, effective_at: int = 0
) -> policies.PolicyVersion:
    """A proposed version of a setting."""
    given = {"kind": kind, "name": name, "body": body, "effective_at": effective_at}
    return world.engine.perform(settings.propose, given, actor=lead)


def put(world: World, kind: str, name: str, body: Any, effective_at: int = 0) -> str:
    """A version of a setting, proposed by one and approved by another; its id."""
    maker, checker = two_leads(world)
    version = propose(world, maker, kind, name, body, effective_at)
    world.engine.perform(settings.approve, {"version_id": version.id}, actor=checker)
    return version.id


PLATFORM = {
    "label": {"zh": "天山采购平台", "en": "Tianshan Procurement Platform"},
    "region": {"zh": "新疆", "en": "Xinjiang"},
    "agencies": ["dongfang"],
    "seal_agencies": ["huayin"],
    "years": [1],
    "certificate_kinds": ["platform"],
    "download_mode": "manual",
    "payment": "before_review",
    "attachments": [],
}
