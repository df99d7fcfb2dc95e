"""Adopting a run: a demo world that goes on from the run's last instant.

The people, their papers and cases are those of the run; so is everything that was signed. New are the
keys from here on, and the staff's passwords, which are shown once: those of the run's roster are known to
everybody.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from engine import boot
from engine.boot import adopting
from engine.boot.worlds import DEFAULT_URL, run_file
from engine.kernel import actors, errors
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Profile, Role
from simulations import demo, drafts, population
from simulations.demo import NewStaff
from simulations.opening.looking import NothingKept, file_of, spec_of
from simulations.runs.folder import Folder
from simulations.shards import Spec

_SETUP = actors.System(job="setup")


class ManyShards(errors.Conflict):
    """The run “{run}” has {shards} shards, each a world of its own: there is no one world to adopt. Run the scenario with one shard."""  # noqa: E501


class NotFinished(errors.Conflict):
    """The run “{run}” is not finished ({state}): only a finished run can be adopted."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What was made of a run."""

    path: Path
    run: str
    goes_on_at: int
    open_cases: int
    staff: tuple[NewStaff, ...]


def adopt(folder: Path, path: Path, *, machine_ms: int, public_url: str = DEFAULT_URL) -> Adopted:
    """Make a demo world at `path` of the run in `folder`; its clock goes on from the run's end.

    Raises: NoRun, PlanWrong, ManyShards, NotFinished, NothingKept, WorldExists.
    """
    spec = _adoptable(folder)
    run = run_file(spec.world_id, spec.world_seed, spec.scenario.start_ms)
    # The id stays: it is in the addresses of every certificate that the run has issued.
    file = run.model_copy(update={"kind": "demo", "database": "sqlite", "public_url": public_url})
    end = spec.scenario.end_ms
    with drafts.begun(path) as draft:
        made = adopting.settle(draft, file_of(spec), run=run, demo=file, now_ms=end)
        with drafts.opened(draft, end) as world:
            adopting.change_keys(world, made)
            staff = _staff(world, population.Population(spec.seed, spec.scenario.reference))
            adopting.let_go_on(world, run=folder.name, machine_ms=machine_ms, now_ms=end)
            open_cases = demo.open_cases(world)
    return Adopted(path=path, run=folder.name, goes_on_at=end, open_cases=open_cases, staff=staff)


def _adoptable(folder: Path) -> Spec:
    run = Folder(folder)
    plan = run.plan()
    if plan.scenario.shards > 1:
        raise ManyShards(run=folder.name, shards=plan.scenario.shards)
    state = run.progress().state
    if state != "finished":
        raise NotFinished(run=folder.name, state=state)
    spec = spec_of(folder)
    if not file_of(spec).is_file():
        raise NothingKept(what="shard", run=folder.name, shard=0)
    return spec


def _staff(world: boot.World, everybody: population.Population) -> tuple[NewStaff, ...]:
    """A new password for everybody on the run's roster, and an account for each role that it lacks."""
    found = [
        _with_password(world, one)
        for one in world.engine.ask(staff_queries.everyone, _SETUP)
        if one.status == "active"
    ]
    covered = {role for one in found for role in one.profile.roles}
    lacking = [role for role in Role if role not in covered]
    for number, role in enumerate(lacking, start=len(found)):
        password = drafts.new_password(role.value)
        profile = world.engine.perform(
            staffing.create_staff,
            {
                "login": role.value,
                "name": everybody.staff_name(number),
                "password": password,
                "roles": (role,),
            },
            actor=_SETUP,
        )
        found.append(NewStaff(profile=profile, password=password))
    return tuple(found)


def _with_password(world: boot.World, one: Profile) -> NewStaff:
    password = drafts.new_password(one.login)
    profile = world.engine.perform(
        staffing.reset_staff_password,
        {"staff_id": one.id, "password": password},
        actor=_SETUP,
    )
    return NewStaff(profile=profile, password=password)
