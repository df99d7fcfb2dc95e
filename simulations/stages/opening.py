"""Beginning demonstrations, finding them again, and clearing up after a day."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from engine import boot
from engine.boot import World, stages, travel
from engine.kernel import actors, clock, errors, ids
from engine.staffing import actions as staffing
from engine.staffing.model import Right
from simulations import population
from simulations.people import Identity
from simulations.stages import keeping
from simulations.stages.keeping import State
from simulations.stages.stage import Stage, view
from simulations.stories import Persona, Play, act_of, shipped

MOST = 8
KEPT_MS = clock.DAY
_AGO_MS = 2 * clock.HOUR
_SETUP = actors.System(job="setup")
# Who works at a stage: enough for four eyes everywhere, money, and the clock.
_ROSTER = (("lead",), ("lead",), ("lead",), ("finance",), ("finance",), ("qa", "product"))
_REFERENCE = datetime.date(2026, 1, 1)
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class NoStages(errors.NotPermitted):
    """Demonstrations exist only beside a demo world."""


class NoSuchStory(errors.NotFound):
    """There is no story of this name."""


class TooManyStages(errors.PolicyRefused):
    """{most} demonstrations are open already. End one of them first."""


def begin(story_id: str, *, seed: int = 0) -> Stage:
    """A new stage on which a story is about to begin. `seed` draws its people; 0 takes others each time.

    Raises: NoStages, NoSuchStory, TooManyStages.
    """
    place = stages.folder()
    if place is None:
        raise NoStages()
    story = shipped().get(story_id)
    if story is None:
        raise NoSuchStory(what="story")
    now = clock.SystemClock().now_ms()
    sweep(now)
    if len(listed()) >= MOST:
        raise TooManyStages(most=MOST)
    stage_id = "stage-" + "".join(_LETTERS[one & 31] for one in ids.system_entropy(12))
    url = boot.current().public_url
    boot.create_world(place / stage_id, kind="demo", world_id=stage_id, public_url=url)
    world = stages.find(stage_id)
    assert world is not None
    stage = Stage(world, story)
    try:
        _employ(world, everybody := population.Population(seed or _drawn(), _REFERENCE))
        _open(stage, everybody, now)
    except BaseException:
        keeping.forget(place / stage_id)
        raise
    return stage


def _drawn() -> int:
    return int.from_bytes(ids.system_entropy(6), "big")


def _employ(world: World, everybody: population.Population) -> None:
    for number, roles in enumerate(_ROSTER):
        given = {
            "login": f"stage-{number}",
            "name": everybody.staff_name(number),
            "password": ids.token(ids.system_entropy, 18),
            "roles": roles,
        }
        world.engine.perform(staffing.create_staff, given, actor=_SETUP)


def _open(stage: Stage, everybody: population.Population, now: int) -> None:
    """The people, and what has happened before the story begins."""
    cast = {
        part.id: Persona(
            stage.world,
            _identity(everybody, number, part.identity),
            ids.system_entropy,
            role=part.role,
            platform_id=part.platform,
            agency_id=part.agency,
        )
        for number, part in enumerate(stage.story.personas)
    }
    play = Play(stage.world, stage.story, cast)
    for before in stage.story.before:
        act_of(before.act)(play, cast[before.who])
        play.settle()
    if stage.story.before:
        # It was a while ago: what is rationed by the minute can be had again.
        mover = play.office.with_right(Right.DEMO)[0]
        travel.go(stage.world, by_ms=_AGO_MS, actor=mover)
        play.settle()
    state = State(story=stage.story.id, made_at=now, starts=[stage.head()])
    state.view = view(play, stage.story.steps[0].who, stage.story.opens)
    stage.keep(state, play)
    play.close()


def _identity(
    everybody: population.Population, number: int, changes: Mapping[str, str]
) -> Identity:
    human, enterprise = everybody.person(number), everybody.enterprise(number)
    return dataclasses.replace(Identity.of(human, enterprise), **changes)


def listed() -> list[str]:
    """The ids of all stages, the newest first."""
    place = stages.folder()
    if place is None or not place.is_dir():
        return []
    found = {one.name: keeping.read(one) for one in place.iterdir() if stages.is_id(one.name)}
    known = {name: state.made_at for name, state in found.items() if state is not None}
    return sorted(known, key=lambda name: -known[name])


def sweep(now_ms: int) -> int:
    """Delete the stages that are older than a day, and what is left of broken ones; how many."""
    place = stages.folder()
    if place is None or not place.is_dir():
        return 0
    gone = 0
    for one in place.iterdir():
        state = keeping.read(one) if stages.is_id(one.name) else None
        made_at = int(one.stat().st_mtime * 1000) if state is None else state.made_at
        if stages.is_id(one.name) and made_at < now_ms - KEPT_MS:
            keeping.forget(one)
            gone += 1
    return gone
