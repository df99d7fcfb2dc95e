"""Filling a demo world: the last thirty days of a platform, lived through the real engine.

The population runs on a manual clock in the world's own database up to the present, reviewers
included, who leave what came on the last business day for whoever opens the console. Staff accounts
are made at the full cost of password hashing; the passwords and PINs of synthetic people are not, so
they can't be used in the console (their phones are gone anyway).
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from pathlib import Path

from engine import boot
from engine.boot.worlds import QUICK_HASHING
from engine.kernel import actors, calendar, catalog, clock
from engine.staffing import actions as staffing
from engine.staffing.model import Profile, Role
from simulations import (
    callers,
    drafts,
    finance,
    incident_room,
    invariants,
    invoice_office,
    machine_room,
    population,
    reviewers,
    scenario,
    shards,
)
from simulations.environment import Stage
from simulations.scenario import Scenario
from simulations.shards import Progress

DAYS = 30
_SETUP = actors.System(job="setup")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """A staff account with the password that is shown once."""

    profile: Profile
    password: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What was made."""

    path: Path
    people: int
    actions: int
    open_cases: int
    violations: int
    staff: tuple[NewStaff, ...]


def make(
    path: Path,
    *,
    people: int,
    seed: int,
    now_ms: int,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Demo:
    """Make a demo world at `path` whose last thirty days end at `now_ms`.

    Raises: WorldExists; ScenarioWrong.
    """
    plan = plan_until(now_ms)
    with drafts.begun(path) as draft:
        boot.create_world(
            draft, kind="demo", world_id=path.name, seed=seed, reference_ms=plan.start_ms
        )
        everybody = population.Population(seed, plan.reference)
        staff = _employ(draft, plan, everybody)
        made = _live(draft, plan, staff, people, seed, now_ms, on_progress)
    return dataclasses.replace(made, path=path)


def plan_until(now_ms: int) -> Scenario:
    """The demo scenario on the days up to an instant, with people coming until its last full hour."""
    declared = scenario.load(catalog.DATA / "scenarios" / "demo.toml")
    plan = declared.at(clock.civil_date(now_ms) - datetime.timedelta(days=DAYS), DAYS + 1)
    hours = (now_ms - plan.start_ms) // clock.HOUR
    within = {"within": hours / (plan.horizon_days * 24)}
    return plan.model_copy(update={"arrivals": plan.arrivals.model_copy(update=within)})


def _employ(path: Path, plan: Scenario, everybody: population.Population) -> tuple[NewStaff, ...]:
    """The roster's accounts, and one for each role that the roster lacks."""
    wanted = [
        (f"{group.group}-{number}", group.roles)
        for group in plan.reviewers
        for number in range(1, group.count + 1)
    ]
    if plan.calls is not None:
        wanted += [(login, plan.calls.roles) for login in callers.logins(plan)]
    covered = {role for _, roles in wanted for role in roles}
    wanted += [(role.value, (role,)) for role in Role if role not in covered]
    made = []
    with drafts.opened(path, plan.start_ms) as world:
        for number, (login, roles) in enumerate(wanted):
            password = drafts.new_password(login)
            profile = world.engine.perform(
                staffing.create_staff,
                {
                    "login": login,
                    "name": everybody.staff_name(number),
                    "password": password,
                    "roles": roles,
                },
                actor=_SETUP,
            )
            made.append(NewStaff(profile=profile, password=password))
    return tuple(made)


def _live(
    path: Path,
    plan: Scenario,
    staff: tuple[NewStaff, ...],
    people: int,
    seed: int,
    now_ms: int,
    on_progress: Callable[[Progress], None],
) -> Demo:
    with drafts.opened(path, plan.start_ms, hashing=QUICK_HASHING) as world:
        stage, crowd = shards.set_up(world, plan, seed, shards.JOURNEY, range(people))
        roster = _roster(stage, staff)
        reviewers.open_desk(stage, roster, last_business_start(now_ms))
        finance.open_books(stage, roster, last_business_start(now_ms))
        invoice_office.open_office(stage, roster, last_business_start(now_ms))
        machine_room.plug_in(stage, [one.profile.id for one in staff])
        incident_room.open_room(stage, roster)
        callers.open_line(stage, _agents(stage, staff), now_ms)
        for now in shards.advance(stage, now_ms):
            on_progress(crowd.progress(0, now, now_ms))
        stage.close()
        violations = invariants.broken(invariants.check(world))
        return Demo(
            path=path,
            people=crowd.arrived,
            actions=stage.actions,
            open_cases=open_cases(world),
            violations=violations,
            staff=staff,
        )


def open_cases(world: boot.World) -> int:
    """How many cases wait for a decision."""
    with world.engine.parts.db.read() as connection:
        waiting = connection.rows(
            "SELECT COUNT(*) AS n FROM review_case WHERE status IN ('waiting', 'claimed', 'held')"
        )
    return int(waiting[0]["n"])


def _roster(stage: Stage, staff: tuple[NewStaff, ...]) -> list[reviewers.Reviewer]:
    by_login = {one.profile.login: one.profile.id for one in staff}
    return [
        reviewers.on_roster(stage, by_login[login], login, group)
        for group in stage.scenario.reviewers
        for login in (f"{group.group}-{number}" for number in range(1, group.count + 1))
    ]


def _agents(stage: Stage, staff: tuple[NewStaff, ...]) -> list[callers.Agent]:
    by_login = {one.profile.login: one.profile.id for one in staff}
    return [
        callers.on_line(stage, by_login[login], login) for login in callers.logins(stage.scenario)
    ]


def last_business_start(now_ms: int) -> int:
    """When offices last opened before an instant (UTC milliseconds)."""
    day = clock.civil_date(now_ms)
    while True:
        window = calendar.china().window(day)
        if window is not None and window[0] <= now_ms:
            return window[0]
        day -= datetime.timedelta(days=1)
