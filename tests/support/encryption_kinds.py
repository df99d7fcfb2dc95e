"""Which kind of encryption keys a CA issues in a served world, set by two members of staff."""

from __future__ import annotations

from engine.policies import actions as settings
from engine.policies import model as policies
from engine.policies import queries as in_force
from engine.staffing.model import Role
from tests.support import worlds
from tests.support.served import ServedLine
from tests.support.worlds import SYSTEM


def set_kind(served: ServedLine, kind: str) -> None:
    """From now on 东方's encryption keys are of this kind: `rsa` or `curve`."""
    world = served.world
    agency = world.engine.ask(in_force.in_force, SYSTEM, policies.CertificateAgency, "dongfang")
    if agency.encryption_key == kind:
        return
    first, second = (worlds.staff(world, Role.LEAD) for _ in range(2))
    body = {**agency.model_dump(mode="json"), "encryption_key": kind}
    given = {"kind": "certificate_agency", "name": "dongfang", "body": body, "effective_at": 0}
    proposed = world.engine.perform(settings.propose, given, actor=first)
    world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=second)
