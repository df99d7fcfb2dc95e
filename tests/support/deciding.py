"""Cases to decide, and members of staff who do."""

from __future__ import annotations

import dataclasses
import json

from engine.boot import World, tables
from engine.kernel import actors
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.reviewing import actions, model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import registering, worlds

PLATFORM = "guangzheng"


def claim_case(world: World, number: int = 1, *, person: actors.Person | None = None) -> model.Case:
    """The case of an enterprise claim by a person of its own."""
    if person is None:
        person = registering.sign_up(world, f"1380013{number:04d}")
        # Told apart by the day of birth: what stands behind it decides what the provider answers.
        born = f"{1960 + number // 300}{number // 25 % 12 + 1:02d}{number % 25 + 1:02d}"
        registering.prove(world, person, registering.resident_id(born=born))
    made = registering.claim(world, person, uscc=registering.credit_code(number))
    return world.engine.ask(queries.of_subject, worlds.SYSTEM, made.id)[-1]


def bare_case(world: World, subject_id: str = "ord_x", **more: object) -> model.Case:
    """A case that one platform's reviewers take; its subject exists for no stage."""
    arguments = {
        "kind": "certificate_platform",
        "subject_id": subject_id,
        "title": subject_id,
        "maker": "person:acc_x",
        "platform_id": PLATFORM,
        **more,
    }
    return world.engine.perform(actions.open_case, arguments, actor=worlds.SYSTEM)


def reviewer(world: World, role: Role = Role.ENTERPRISE_REVIEWER, **scope: str) -> actors.Staff:
    """A new member of staff with one role."""
    return worlds.staff(world, role, **scope)


def again(world: World, who: actors.Staff) -> actors.Staff:
    """The same member of staff, as a later request finds them."""
    found = world.engine.ask(staffing.actor, worlds.SYSTEM, who.staff_id)
    assert found is not None
    return dataclasses.replace(found, second_factor_at=1 << 62)


def do(world: World, action, who: actors.Actor, case: model.Case, **more: object) -> model.Case:
    """Do something with a case."""
    return world.engine.perform(action, {"case_id": case.id, **more}, actor=who)


def take(world: World, who: actors.Actor, case: model.Case) -> model.Case:
    """Claim a certain case."""
    return do(world, actions.claim, who, case)


def approve(world: World, who: actors.Actor, case: model.Case, **more: object) -> model.Case:
    """Claim a case and say yes."""
    take(world, who, case)
    return do(world, actions.approve, who, case, **more)


def evidence(world: World, case: model.Case) -> str:
    """The digest of what a reviewer of the case sees now."""
    return world.engine.ask(tables.evidence, worlds.SYSTEM, case.kind, case.subject_id)


def change_papers(world: World, case: model.Case) -> None:
    """Go around the engine: the claim's licence becomes its representative's ID card."""
    sql = "SELECT papers FROM enterprise_claim WHERE id = ?"
    papers = json.loads(worlds.rows(world, sql, case.subject_id)[0]["papers"])
    papers[0]["blob_id"] = papers[1]["blob_id"]
    sql = "UPDATE enterprise_claim SET papers = ? WHERE id = ?"
    worlds.run_sql(world, sql, json.dumps(papers), case.subject_id)


def now(world: World, case: model.Case) -> model.Case:
    """The case as it is now."""
    with world.engine.reader(worlds.SYSTEM) as q:
        return q.get(model.Case, "review_case", case.id)


def facts(world: World, kind: str) -> list[dict[str, object]]:
    """What every fact of a kind says, oldest first."""
    rows = worlds.rows(world, "SELECT body FROM event WHERE kind = ? ORDER BY seq", kind)
    return [json.loads(row["body"])["facts"] for row in rows]


def sample_everything(world: World, per_thousand: int = 1000) -> None:
    """Let a share of the decided cases have a second look, by the setting that says so."""
    rule = world.engine.ask(policy_queries.in_force, worlds.SYSTEM, policies.Sampling, "")
    body = {**rule.model_dump(mode="json"), "per_thousand": per_thousand}
    one, other = (worlds.staff(world, Role.LEAD) for _ in range(2))
    given = {"kind": "sampling", "name": "", "body": body, "effective_at": world.engine.now()}
    proposed = world.engine.perform(settings.propose, given, actor=one)
    world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=other)
