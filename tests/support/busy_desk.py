"""What staff and machines leave behind at the desk, so that what asks for its ids finds some."""

from __future__ import annotations

from typing import Any

from engine import worker
from engine.boot import World
from engine.bulk import actions as bulk
from engine.bulk.model import Given
from engine.incidents import actions as incidents
from engine.incidents.model import Purpose
from engine.integrating import model as machine_model
from engine.reviewing.model import Wanted
from engine.staffing.model import Role
from tests.support import machines, worlds
from tests.support.line import Line


def leave(line: Line) -> str:
    """A claim that waits, an incident, a stop, a frozen list, a delivery; the token of a machine."""
    world = line.world
    claiming = line.person(2)
    line.registered(claiming)
    claiming.claim()
    line.work()
    _incident(world)
    lead = worlds.staff(world, Role.LEAD)
    given = {"act": "hold", "wanted": Wanted(), "given": Given(reason="查询工商登记")}
    world.engine.perform(bulk.freeze_cases, given, actor=lead)
    office = machines.office(world)
    client = office.client(scopes=machine_model.scopes(), role=str(Role.LEAD))
    office.test(office.endpoint(client).endpoint_id)
    worker.run_due(world)
    return office.token(client).token


def _incident(world: World) -> None:
    lead = worlds.staff(world, Role.LEAD)

    def by(function: Any, **given: Any) -> Any:
        return world.engine.perform(function, given, actor=lead)

    opened = by(incidents.open_incident, kind="other", title="有人报告异常")
    by(
        incidents.add_item,
        incident_id=opened.id,
        purpose=Purpose.DETECT,
        what="增加告警",
        owner=lead.staff_id,
        due_on="2099-12-31",
    )
    # Of a CA whose certificates nobody else here asks for.
    by(
        incidents.stop_issuing,
        agency_id="nanfang",
        reason="密钥核查",
        incident_id=opened.id,
    )
