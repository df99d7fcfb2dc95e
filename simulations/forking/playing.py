"""A copied desk played once through the real engine: new synthetic people, every case by real actions.

The model foretells in seconds what this takes minutes for; it is here so that the one can be held against
the other on a desk that somebody really has. Of each open case there is one of the same kind, opened at
the same time by somebody new (`simulations.states`); everybody on the roster is hired with their rights,
hours and pace and works through the engine. Nobody else comes, and applicants do nothing more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from engine import boot
from engine.boot import World, tables
from engine.kernel import actors, clock, ids
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model as reviewing
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations import population, reviewers, scenario, states, streams
from simulations.environment import Stage
from simulations.forking import snapshot as copying
from simulations.forking.snapshot import Member, OpenCase, Snapshot
from simulations.scenario import Minutes, Reviewers, Scenario
from simulations.shelf import SHIPPED
from simulations.staffing.ways import Way
from simulations.states.office import Office

_SETUP = actors.System(job="setup")
# Kind of case → the state of a thing that has one open.
_STATES = {
    "enterprise_claim": "claim.in_review",
    "enterprise_change": "change.in_review",
    "certificate_platform": "order.platform_review",
    "certificate_ca": "order.agency_review",
    "entity": "entity.in_review",
    "seal": "seal_application.in_review",
    "contract": "contract.in_review",
    "key_recovery": "recovery.in_review",
    "invoice": "invoice.in_review",
    "red_letter": "red_letter.in_review",
}
_SECOND = {"enterprise_claim": "claim.in_second_review"}
_WORLD = "fork"
_EARLIER_MS = 2 * clock.HOUR
_ROUNDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What the engine came to, and the desk as it was made: what the model has to be asked of.

    `left_out` counts open cases that were not made: held ones, second looks, and kinds without a way.
    """

    desk: Snapshot
    until_ms: int
    decided: int
    open: int
    breaches: int
    left_out: int


def play(taken: Snapshot, until: int, seed: int = 1) -> Played:
    """Make the desk of a snapshot anew in a world of its own, and let its roster work until an instant."""
    cases = [one for one in taken.cases if one.kind in _STATES and not (one.held or one.blind)]
    first = min((one.opened_at for one in cases), default=taken.at_ms)
    world = boot.memory_world(seed=seed, start=first - _EARLIER_MS, world_id=_WORLD)
    try:
        _make(world, cases, seed)
        the_clock = _clock_of(world)
        the_clock.set(taken.at_ms)
        plan = _plan(taken, until)
        hired = list(_hired(world, taken, plan, seed))
        desk = _copied(world, taken)
        begins = world.engine.now()
        stage = Stage(world, the_clock, plan, seed)
        roster = [reviewers.on_roster(stage, *one) for one in hired]
        reviewers.open_desk(stage, roster, until)
        stage.env.run(until=until)
        stage.close()
        told = world.engine.ask(_ended, tables.INSIDE, begins, until)
        return Played(desk=desk, until_ms=until, left_out=len(taken.cases) - len(cases), **told)
    finally:
        world.close()
        boot.worlds.pop(world.id, None)


def _clock_of(world: World) -> clock.ManualClock:
    found = world.engine.parts.clock
    if not isinstance(found, clock.ManualClock):
        raise TypeError("a copy is played on a manual clock")
    return found


# -- the cases --------------------------------------------------------------------------------------


def _make(world: World, cases: list[OpenCase], seed: int) -> None:
    """One case for each, at its time; what their ways opened besides is decided at once."""
    office = Office(world, ids.Stream(streams.entropy(seed, "fork", "office")))
    wanted: set[str] = set()
    for case in cases:
        _clock_of(world).set(case.opened_at - clock.MINUTE)
        second = bool(case.approvals) and case.kind in _SECOND
        [made] = states.make(world, _SECOND[case.kind] if second else _STATES[case.kind], 1, seed)
        wanted |= {one.id for one in made.cases if one.kind == case.kind}
        _clear(world, office, wanted)
    # Who made the cases leaves; somebody has to stay who could hire.
    makers = world.engine.ask(staff_queries.everyone, tables.INSIDE)
    keeper = {
        "login": "keeper",
        "name": "Keeper",
        "password": ids.token(ids.Stream(streams.entropy(seed, "fork", "keeper")), 18),
        "roles": (Role.ADMINISTRATOR,),
    }
    world.engine.perform(staffing.create_staff, keeper, actor=_SETUP)
    for profile in makers:
        arguments = {"staff_id": profile.id, "reason": "fork"}
        world.engine.perform(staffing.disable_staff, arguments, actor=_SETUP)


def _clear(world: World, office: Office, wanted: set[str]) -> None:
    for _ in range(_ROUNDS):
        others = [one for one in world.engine.ask(_open_ids, tables.INSIDE) if one not in wanted]
        if not others:
            return
        for case in office.open(others):
            office.decide(case, "approve")


def _open_ids(q: Reader) -> list[str]:
    rows = q.rows(
        "SELECT id FROM review_case WHERE status IN ('waiting', 'claimed', 'held')"
        " ORDER BY opened_at, id"
    )
    return [str(row["id"]) for row in rows]


# -- the roster -------------------------------------------------------------------------------------


def _plan(taken: Snapshot, until: int) -> Scenario:
    """A scenario of nothing but this roster: its hours and its pace, and nobody who errs."""
    base = scenario.load(SHIPPED / "quiet_day.toml")
    day = clock.civil_date(taken.at_ms)
    days = (until - clock.start_of(day)) // clock.DAY + 1
    groups = tuple(_group(member, taken) for member in taken.members)
    return base.model_copy(
        update={
            "name": _WORLD,
            "reference": day,
            "horizon_days": days,
            "reviewers": groups,
            "review": {},
            "calls": None,
        }
    )


def _group(member: Member, taken: Snapshot) -> Reviewers:
    pace = taken.paces[""]
    return Reviewers(
        group=f"member-{_letters(member.number)}",
        count=1,
        roles=tuple(_roles(member)),
        start=_time(member.hours.start_min),
        end=_time(member.hours.end_min),
        minutes=Minutes(median=pace.median, p90=pace.p90),
        skill={kind: pace.median / one.median for kind, one in sorted(taken.paces.items()) if kind},
        error_rate=0.0,
    )


def _letters(number: int) -> str:
    found = ""
    while True:
        number, digit = divmod(number, 26)
        found = "abcdefghijklmnopqrstuvwxyz"[digit] + found
        if not number:
            return found


def _time(minute: int) -> str:
    minute = min(minute, 24 * 60 - 1)
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _roles(member: Member) -> Iterator[Role]:
    """The narrowest role for each right that somebody's kinds need."""
    known: dict[str, policies.Role] = {
        name: setting
        for kind, name, setting in _declared_roles()
        if kind == policies.Role.KIND and isinstance(setting, policies.Role)
    }
    given: set[str] = set()
    for right in sorted({reviewing.RIGHT_FOR[kind] for kind, _, _ in member.may}):
        fitting = [(len(one.rights), name) for name, one in known.items() if right in one.rights]
        if fitting and min(fitting)[1] not in given:
            given.add(min(fitting)[1])
            yield Role(min(fitting)[1])


def _declared_roles() -> list[tuple[str, str, object]]:
    from engine.policies import queries

    return [(kind, name, setting) for kind, name, setting in queries.declared()]


def _hired(
    world: World, taken: Snapshot, plan: Scenario, seed: int
) -> Iterator[tuple[str, str, Reviewers]]:
    """Everybody on the roster: id, login and group, one after the other, as their ids tell."""
    everybody = population.Population(seed, plan.reference)
    for member, group in zip(taken.members, plan.reviewers, strict=True):
        scopes = sorted({(scope, scope_id) for _, scope, scope_id in member.may})
        scope_kind, scope_id = scopes[0]
        login = f"{group.group}-1"
        _clock_of(world).advance(1)
        profile = world.engine.perform(
            staffing.create_staff,
            {
                "login": login,
                "name": everybody.staff_name(member.number),
                "password": ids.token(ids.Stream(streams.entropy(seed, "fork", login)), 18),
                "roles": group.roles,
                "scope_kind": scope_kind,
                "scope_id": scope_id,
            },
            actor=_SETUP,
        )
        yield profile.id, login, group


def _copied(world: World, taken: Snapshot) -> Snapshot:
    """The desk that was made, with the hours and paces that were copied."""
    made = copying.taken(world).snapshot
    # Everybody who made the cases is gone; the roster is in the order in which it was hired.
    members = tuple(
        dataclasses.replace(one, hours=member.hours)
        for one, member in zip(made.members, taken.members, strict=True)
    )
    return dataclasses.replace(
        made,
        members=members,
        paces=taken.paces,
        ways=(*made.ways, *_besides(made, taken)),
        begun=(),
    )


def _besides(made: Snapshot, taken: Snapshot) -> Iterator[Way]:
    """What follows a yes to kinds of which none was decided here, as the copied world knows it."""
    decided = {s.kind for way in made.ways for s in way.steps if s.case != copying.UNDECIDED}
    for way in taken.ways:
        steps = tuple(
            step
            if step.kind not in decided and not step.rejected
            else dataclasses.replace(step, case=copying.UNDECIDED)
            for step in way.steps
        )
        if any(step.case != copying.UNDECIDED for step in steps):
            yield dataclasses.replace(way, steps=steps)


def _ended(q: Reader, begins: int, until: int) -> dict[str, int]:
    """What became of everything at the desk by an instant."""
    decided = still = breaches = 0
    for case in q.all(reviewing.Case, "SELECT * FROM review_case ORDER BY opened_at, id"):
        past = case.decided_at is not None and case.decided_at <= begins
        if case.sample_of is not None or past or case.status == "withdrawn":
            continue
        due = reviewing.clocks(case, q.policy(policies.ReviewRule, case.kind), until).decision_due
        ended = case.decided_at if case.decided_at is not None else until + 1
        decided += ended <= until
        still += ended > until
        breaches += begins < due <= until and ended > due
    return {"decided": decided, "open": still, "breaches": breaches}
