"""What is copied of a world: its open cases, its reviewers and their hours, as numbers, kinds and times.

Whose a case is, what it is called and who works on it stays behind. Cases and staff get numbers in the
order of the queue; which case a number stands for only the process knows that took the copy.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from engine.boot import World, tables
from engine.kernel import actors, clock, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model as reviewing
from engine.staffing import queries as staffing
from simulations.forking import history
from simulations.forking.history import Hours, Pace
from simulations.staffing import ways
from simulations.staffing.ways import Way

_OPEN = ("waiting", "claimed", "held")
# Stands for the case of a step that nobody has decided yet.
UNDECIDED = "undecided"


class NobodyWorks(errors.Conflict):
    """Nobody here may decide a review case, so that nothing can be foretold of the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case that is open now. `taken_part` and `in_hand_of` are numbers of members; `platform` and
    `agency` are codes of organizations. `paused`: its clocks stand still."""

    number: int
    kind: str
    platform: str
    agency: str
    opened_at: int
    touched: bool
    touch_due: int
    due: int
    office_ms: int
    held: bool
    paused: bool
    blind: bool
    urged: bool
    approvals: tuple[int, ...]
    taken_part: tuple[int, ...]
    in_hand_of: int | None
    lease_until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A reviewer: the kinds they may decide and where, and their hours. `hours.days` 0: assumed."""

    number: int
    may: tuple[tuple[str, str, str], ...]
    hours: Hours

    def decides(self, kind: str, platform: str, agency: str) -> bool:
        """Whether a case of a kind, platform and agency is theirs to decide."""
        return any(
            kind == of
            and (scope == "all" or (platform if scope == "platform" else agency) == scope_id)
            for of, scope, scope_id in self.may
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a kind of case runs, in minutes of office hours, by the policies in force."""

    decision_min: int
    first_look_min: int
    approvers: int
    lease_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A world's desk at one instant, without anybody's name."""

    at_ms: int
    cases: tuple[OpenCase, ...]
    members: tuple[Member, ...]
    rules: dict[str, Rule]
    paces: dict[str, Pace]
    # Where cases of a kind belong: (platform, agency, how many lately).
    places: dict[str, tuple[tuple[str, str, int], ...]]
    # Ways of people of the last weeks, and in which hour of which of the last business days they began.
    ways: tuple[Way, ...]
    begun: tuple[int, ...]
    days: int

    def as_json(self) -> dict[str, Any]:
        """The snapshot as a file keeps it."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A snapshot, and which case each number stands for: that is never written down."""

    snapshot: Snapshot
    case_ids: tuple[str, ...]


def taken(world: World) -> Taken:
    """Copy the desk of a world as it is now.

    Raises: NobodyWorks.
    """
    with world.engine.reader(tables.INSIDE) as q:
        return _taken(q)


def _taken(q: Reader) -> Taken:
    marks = ", ".join("?" for _ in _OPEN)
    cases = q.all(
        reviewing.Case,
        f"SELECT * FROM review_case WHERE status IN ({marks}) ORDER BY opened_at, id",  # noqa: S608
        _OPEN,
    )
    seen = history.looks(q.connection, q.now)
    working = history.hours(seen, q.now)
    staff = _reviewers(q, working)
    if not staff:
        raise NobodyWorks
    numbers = {actor.text: number for number, (actor, _) in enumerate(staff)}
    learned, begun = _ways(q)
    return Taken(
        snapshot=Snapshot(
            at_ms=q.now,
            cases=tuple(_case(q, number, case, numbers) for number, case in enumerate(cases)),
            members=tuple(
                Member(number=number, may=_may(actor), hours=hours)
                for number, (actor, hours) in enumerate(staff)
            ),
            rules={
                name: Rule(
                    decision_min=rule.decision_minutes,
                    first_look_min=rule.first_touch_minutes,
                    approvers=rule.approvers,
                    lease_min=rule.lease_minutes,
                )
                for name, rule in sorted(q.policies(policies.ReviewRule).items())
            },
            paces=history.paces(seen),
            places=history.places(q.connection, q.now),
            ways=learned,
            begun=begun,
            days=history.BUSINESS_DAYS,
        ),
        case_ids=tuple(case.id for case in cases),
    )


def _reviewers(q: Reader, working: dict[str, Hours]) -> list[tuple[actors.Staff, Hours]]:
    """Everybody who worked at the desk lately; where nobody did, everybody who may, in office hours."""
    found = []
    for profile in staffing.everyone(q):
        actor = staffing.actor(q, profile.id) if profile.status == "active" else None
        if actor is not None and _may(actor):
            found.append(actor)
    found.sort(key=lambda one: one.staff_id)
    lately = [(one, working[one.text]) for one in found if one.text in working]
    return lately or [(one, history.office_hours()) for one in found]


def _may(actor: actors.Staff) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        sorted(
            (kind, grant.scope_kind, grant.scope_id)
            for kind, right in reviewing.RIGHT_FOR.items()
            for grant in actor.grants
            if right.value in grant.rights
        )
    )


def _case(q: Reader, number: int, case: reviewing.Case, numbers: dict[str, int]) -> OpenCase:
    rule = q.policy(policies.ReviewRule, case.kind)
    clocks = reviewing.clocks(case, rule, q.now)
    living = case.status == "claimed" and case.lease_until > q.now
    parts = (case.maker, *case.excluded, *case.approved_by)
    return OpenCase(
        number=number,
        kind=case.kind,
        platform=case.platform_id or "",
        agency=case.agency_id or "",
        opened_at=case.opened_at,
        touched=case.first_touched_at is not None,
        touch_due=clocks.first_touch_due,
        due=clocks.decision_due,
        office_ms=clocks.open_ms,
        held=case.status == "held",
        paused=clocks.paused,
        blind=case.sample_of is not None,
        urged=case.urged_at is not None,
        approvals=tuple(sorted(numbers[one] for one in case.approved_by if one in numbers)),
        taken_part=tuple(sorted({numbers[one] for one in parts if one in numbers})),
        in_hand_of=numbers.get(case.assignee or "") if living else None,
        lease_until=case.lease_until,
    )


def _ways(q: Reader) -> tuple[tuple[Way, ...], tuple[int, ...]]:
    """Ways that people went lately, and when those of the last business days began.

    Of the case that a step was learned from only this is kept: whether it is open still, so that nobody
    knows what it deserved and what will follow it.
    """
    since = q.now - history.DAYS * clock.DAY
    open_now = {row["id"] for row in q.rows("SELECT id FROM review_case WHERE decided_at IS NULL")}
    found = tuple(
        dataclasses.replace(
            way,
            steps=tuple(
                dataclasses.replace(step, case=UNDECIDED if step.case in open_now else "")
                for step in way.steps
            ),
        )
        for way in ways.of_connection(q.connection)
        if way.steps and way.began_at >= since
    )
    first = history.last_days(q.now)[-1]
    today = clock.start_of(clock.civil_date(q.now))
    begun = tuple(
        sorted(at for way in found if first <= (at := way.began_at + way.steps[0].delay) < today)
    )
    return found, begun


def to_text(snapshot: Snapshot) -> str:
    """The snapshot as JSON."""
    return json.dumps(snapshot.as_json(), ensure_ascii=False, indent=1) + "\n"
