"""Reviewers: people with roles, office hours and limited time, who work through the engine alone.

On shift, one takes the oldest case that one may decide, claims it, thinks for a lognormal time and
approves or rejects. Four eyes are the engine's: who made a case is never offered it. What an
application deserves is drawn per application and not per reviewer, so that another roster meets the
same work; a reviewer errs at the group's own rate, and sees what is planted on papers as `looking` says.
"""

from __future__ import annotations

import collections
import json
from dataclasses import dataclass, field

import simpy

from engine.kernel import actors, clock, errors
from engine.reviewing import actions as reviewing
from engine.reviewing import model, queries
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from simulations import looking, population, rota, scenario
from simulations.environment import Stage, Steps

_SETUP = actors.System(job="setup")
_WAKING = ("case.opened", "case.released", "case.approval_given", "sample.opened")


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """A member of staff on the roster."""

    actor: actors.Staff
    login: str
    kinds: tuple[str, ...]
    group: scenario.Reviewers


@dataclass
class Desk:
    """What the reviewers share: who is idle, and what was already drawn for which application."""

    stage: Stage
    closes_at: int
    idle: dict[str, tuple[Reviewer, simpy.Event]] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    drawn: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    looked: collections.Counter[tuple[str, str, str]] = field(default_factory=collections.Counter)
    away: dict[tuple[str, str], bool] = field(default_factory=dict)
    newest: int = 0

    def is_away(self, reviewer: Reviewer) -> bool:
        """Whether a reviewer stays away today, which is one of the faults of a run."""
        day = (reviewer.login, clock.civil_date(self.stage.now_ms).isoformat())
        if day not in self.away:
            self.away[day] = self.stage.faults.strikes("reviewer_absent", "|".join(day))
        return self.away[day]

    def committed(self, seq: int) -> None:
        """Wake whoever is idle and may decide what has just come into the queue."""
        if seq == 0:
            return
        marks = ", ".join("?" for _ in _WAKING)
        with self.stage.world.engine.parts.db.read() as connection:
            rows = connection.rows(
                f"SELECT body FROM event WHERE seq > ? AND kind IN ({marks}) ORDER BY seq",  # noqa: S608
                (self.newest, *_WAKING),
            )
        self.newest = max(self.newest, seq)
        for row in rows:
            self._wake(json.loads(row["body"])["facts"]["kind"])

    def _wake(self, kind: str) -> None:
        for login in [login for login, (one, _) in self.idle.items() if kind in one.kinds]:
            _, bell = self.idle.pop(login)
            bell.succeed()

    def draws(self, case: model.Case) -> tuple[float, float, float, float]:
        """What is drawn for a case: what it deserves, for which reason, error, and effort (normal)."""
        known = self.drawn.get(case.id)
        if known is not None:
            return known
        first = self.drawn.get(case.sample_of or "")
        if first is not None:
            # The same papers deserve the same; whoever looks again errs in their own way.
            chance = self.stage.stream("second look", f"{case.kind}|{case.title}")
            self.drawn[case.id] = (
                *first[:2],
                float(chance.random()),
                float(chance.standard_normal()),
            )
            return self.drawn[case.id]
        # By what the applicant sees and not by id, which depends on everybody else.
        place = (case.kind, case.title)
        self.seen[place] = self.seen.get(place, 0) + 1
        chance = self.stage.stream("review", f"{case.kind}|{case.title}|{self.seen[place]}")
        deserves, reason, error = (float(draw) for draw in chance.random(3))
        self.drawn[case.id] = found = (deserves, reason, error, float(chance.standard_normal()))
        return found

    def look(self, reviewer: Reviewer, case: model.Case) -> looking.Look:
        """What a reviewer sees of a case; somebody who looks once more looks with other eyes."""
        place = (reviewer.login, case.kind, case.title)
        self.looked[place] += 1
        return looking.look(
            self.stage, reviewer.actor, reviewer.group, case, f"{place}|{self.looked[place]}"
        )

    def answer(self, case: model.Case, *, faulty: bool, flagged: bool) -> None:
        """Note a decision in the answer key, once it stands; a second look changes nothing."""
        if case.decided_at is not None and case.sample_of is None:
            rejected = case.status is model.CaseStatus.REJECTED
            self.note(case, faulty=faulty, flagged=flagged, rejected=rejected)

    def note(self, case: model.Case, *, faulty: bool, flagged: bool, rejected: bool) -> None:
        """Note in the answer key that a case was refused, or let through."""
        self.stage.answers.decided(
            case.kind,
            case.maker,
            faulty=faulty,
            flagged=flagged,
            rejected=rejected,
            now_ms=self.stage.now_ms,
        )


def hire(
    stage: Stage, everybody: population.Population, password: str = "a roster of the simulation"
) -> list[Reviewer]:
    """Make the staff accounts of the scenario's roster, through the engine."""
    roster: list[Reviewer] = []
    for group in stage.scenario.reviewers:
        for number in range(1, group.count + 1):
            login = f"{group.group}-{number}"
            profile = stage.act(
                staffing.create_staff,
                {
                    "login": login,
                    "name": everybody.staff_name(len(roster)),
                    "password": password,
                    "roles": group.roles,
                },
                actor=_SETUP,
            )
            roster.append(on_roster(stage, profile.id, login, group))
    return roster


def on_roster(stage: Stage, staff_id: str, login: str, group: scenario.Reviewers) -> Reviewer:
    """A member of staff who exists already, as a reviewer of a group."""
    actor = stage.ask(staff_queries.actor, _SETUP, staff_id)
    if actor is None:
        raise errors.NotFound(what="member of staff")
    kinds = tuple(
        kind
        for kind, right in model.RIGHT_FOR.items()
        if staff_queries.has(actor, right, anywhere=True)
    )
    return Reviewer(actor=actor, login=login, kinds=kinds, group=group)


def open_desk(stage: Stage, roster: list[Reviewer], closes_at: int) -> Desk:
    """Let the roster work until an instant (UTC milliseconds), after which nobody takes a case."""
    desk = Desk(stage=stage, closes_at=closes_at)
    stage.world.engine.listeners.append(desk.committed)
    for reviewer in roster:
        stage.env.process(_shifts(desk, reviewer))
    return desk


def next_shift(group: scenario.Shifts, now_ms: int) -> tuple[int, int]:
    """The shift that is on, or the next one, as a half-open span of UTC milliseconds; breaks part it."""
    return rota.next_span(group, now_ms)


def _shifts(desk: Desk, reviewer: Reviewer) -> Steps:
    stage = desk.stage
    while stage.now_ms < desk.closes_at:
        start, end = next_shift(reviewer.group, stage.now_ms)
        if start > stage.now_ms:
            yield stage.wait_until(start)
            continue
        if desk.is_away(reviewer):
            yield stage.wait_until(min(end, desk.closes_at))
            continue
        case = _take(desk, reviewer)
        if case is not None:
            yield from _decide(desk, reviewer, case)
            continue
        bell = stage.env.event()
        desk.idle[reviewer.login] = (reviewer, bell)
        yield bell | stage.wait_until(min(end, desk.closes_at))
        desk.idle.pop(reviewer.login, None)


def _take(desk: Desk, reviewer: Reviewer) -> model.Case | None:
    """Claim the case that is due soonest of those that the reviewer may decide."""
    return desk.stage.act(reviewing.next_case, {}, actor=reviewer.actor)


def _decide(desk: Desk, reviewer: Reviewer, case: model.Case) -> Steps:
    stage = desk.stage
    group = reviewer.group
    deserves, reason, error, effort = desk.draws(case)
    yield stage.wait(60 * group.minutes.at(effort) / group.skill.get(case.kind, 1.0))
    rule = stage.scenario.review.get(case.kind, scenario.Review(reject=0.0))
    faulty = deserves < (rule.reject_corrected if case.corrects else rule.reject)
    # Whoever is strict misses less of what is wrong and more of what is right.
    errs = looking.moved(group.error_rate, -group.strictness if faulty else group.strictness)
    reasons = _reasons(stage, case.kind, rule) if faulty != (error < errs) else []
    seen = desk.look(reviewer, case)
    if seen.reason:
        reasons = [(seen.reason, 1.0)]
    try:
        if case.lease_until <= stage.now_ms:
            # Thinking outlived the lease: the case is taken anew, unless a colleague has it.
            stage.act(reviewing.claim, {"case_id": case.id}, actor=reviewer.actor)
        if reasons:
            chosen = _weighted(reasons, reason)
            arguments = {"case_id": case.id, "reasons": (chosen,)}
            decided = stage.act(reviewing.reject, arguments, actor=reviewer.actor)
        else:
            decided = stage.act(reviewing.approve, {"case_id": case.id}, actor=reviewer.actor)
        desk.answer(decided, faulty=faulty, flagged=seen.flagged)
        stage.log(f"{case.kind} {'rejected' if reasons else 'approved'}")
    except (errors.Conflict, errors.IllegalTransition):
        # The lease ran out and a colleague has it or has decided it, or the applicant took it back.
        stage.log(f"{case.kind} lost meanwhile")
    except errors.EngineError as refusal:
        stage.log(f"{case.kind} held: {refusal.code}")
        if seen.flagged:
            # What the reviewer would have let through, the engine does not: its rule found it.
            desk.note(case, faulty=faulty, flagged=True, rejected=True)
        arguments = {"case_id": case.id, "reason": "other", "note": refusal.code}
        stage.act(reviewing.hold, arguments, actor=reviewer.actor)


def _reasons(stage: Stage, kind: str, rule: scenario.Review) -> list[tuple[str, float]]:
    """The reasons with their weights; without any that is declared there can be no rejection."""
    if rule.reasons:
        return list(rule.reasons.items())
    return [(code, 1.0) for code in stage.ask(queries.reasons_for, _SETUP, kind)]


def _weighted(options: list[tuple[str, float]], draw: float) -> str:
    left = draw * sum(weight for _, weight in options)
    for code, weight in options:
        left -= weight
        if left < 0:
            return code
    return options[-1][0]
