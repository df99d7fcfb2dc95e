"""A demonstration: a story on a demo world of its own, which can be played, taken over, and wound back.

Several at once share nothing. A stage lives in its folder: a page that is loaded again and a server that
was started again find it by its id, for a day.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.boot import World, stages
from engine.kernel import errors, events
from simulations.stages import keeping
from simulations.stages.keeping import State
from simulations.stories import Persona, Play, Step, Story, act_of, shipped
from simulations.stories.catalog import Shown

_guards: dict[str, threading.RLock] = {}
_guards_guard = threading.Lock()


class NoSuchStage(errors.NotFound):
    """There is no such demonstration any more. Begin a new one."""


class StoryOver(errors.IllegalTransition):
    """The story is at its end."""


class StoryBroke(errors.Conflict):
    """The step “{step}” was acted, and what ends it has not happened ({fact}). Go back one step."""


@dataclass(frozen=True)
class Stage:
    """An open stage. What it does, it does under its own lock; a second click finds another step."""

    world: World
    story: Story

    @property
    def id(self) -> str:
        """The stage's id, which is its world's."""
        return self.world.id

    @property
    def folder(self) -> Path:
        """Where it lies."""
        assert self.world.path is not None
        return self.world.path

    @property
    def state(self) -> State:
        """How far it has come."""
        found = keeping.read(self.folder)
        if found is None:
            raise NoSuchStage(what="stage")
        return found

    @property
    def step(self) -> Step | None:
        """The step to be done now, or None at the end."""
        at = self.state.at
        return self.story.steps[at] if at < len(self.story.steps) else None

    @contextlib.contextmanager
    def playing(self, state: State) -> Iterator[Play]:
        """The people of the story with what has become of them; their phones are closed afterwards."""
        cast = {who: Persona.of(self.world, kept) for who, kept in state.cast.items()}
        play = Play(self.world, self.story, cast, state.kept)
        try:
            for one in cast.values():
                one.look_again()
            yield play
        finally:
            play.close()

    # -- going on ------------------------------------------------------------------------------

    def play(self, at: int) -> None:
        """Have the story do its step `at` itself; where that is not the present one, nothing.

        Raises: StoryOver, StoryBroke; whatever the engine refuses.
        """
        with _guard(self.id):
            self.look()
            state = self.state
            if at >= len(self.story.steps):
                raise StoryOver(what="story")
            if state.at != at:
                return
            step = self.story.steps[at]
            with self.playing(state) as play:
                act_of(step.act)(play, play.cast[step.who])
                play.settle()
                if not step.fact:
                    self._ended(state, self.head())
                elif not self._look(state):
                    raise StoryBroke(what="step", step=step.id, fact=step.fact)
                state.turns += 1
                state.view = view(play, step.who, step.shows)
                self.keep(state, play)

    def look(self) -> int:
        """Take up what was done by hand; how many steps that were."""
        with _guard(self.id):
            state = self.state
            found = self._look(state)
            if found:
                state.by_hand += range(state.at - found, state.at)
                with self.playing(state) as play:
                    self.keep(state, play)
            return found

    def _look(self, state: State) -> int:
        """How many steps have ended since by what the log says; the state is brought up to date."""
        found = 0
        while state.at < len(self.story.steps):
            step = self.story.steps[state.at]
            ended = self._end_of(step, state.starts[state.at])
            if ended is None and not self._overtaken(state):
                break
            self._ended(state, state.starts[state.at] if ended is None else ended)
            found += 1
        return found

    def _end_of(self, step: Step, after: int) -> int | None:
        """The event that ended a step which began after one."""
        log = [one.seq for one in self._log(after) if one.kind == step.fact]
        return log[step.times - 1] if step.fact and len(log) >= step.times else None

    def _overtaken(self, state: State) -> bool:
        """Whether the step after the present one was done by another way: one tap instead of a code."""
        following = self.story.steps[state.at + 1 : state.at + 2]
        return any(self._end_of(one, state.starts[state.at]) is not None for one in following)

    def _ended(self, state: State, seq: int) -> None:
        """Put a step down as ended by event `seq`, with all that only followed from it."""
        state.at += 1
        after = self.story.steps[state.at].fact if state.at < len(self.story.steps) else ""
        follows = after and any(one.kind == after for one in self._log(seq))
        state.starts.append(seq if follows else self.head())

    def _log(self, after: int) -> list[events.Event]:
        with self.world.engine.parts.db.read() as connection:
            return events.read(connection, after=after)

    def head(self) -> int:
        """The newest event's number."""
        with self.world.engine.parts.db.read() as connection:
            return events.head(connection).seq

    def keep(self, state: State, play: Play) -> None:
        """Put down how far it has come, and keep a mark of it."""
        state.cast = {who: one.kept() for who, one in play.cast.items()}
        state.kept = play.kept
        keeping.write(self.folder, state)
        keeping.hand_over(self.world, self.story, dict(play.cast))
        keeping.mark(self.world, state.at)

    # -- going elsewhere -----------------------------------------------------------------------

    def jump(self, to: int) -> Stage:
        """Go to before step `to`: back by a mark, or forward by playing what is missing.

        Raises: as `play`.
        """
        with _guard(self.id):
            self.look()
            if to < self.state.at:
                return self._back(to)
            while self.state.at < min(to, len(self.story.steps)):
                self.play(self.state.at)
            return self

    def back(self) -> Stage:
        """Undo the newest step that was done."""
        with _guard(self.id):
            return self._back(max(0, self.state.at - 1))

    def reset(self) -> Stage:
        """Go to the story's beginning."""
        with _guard(self.id):
            return self._back(0)

    def _back(self, to: int) -> Stage:
        turns = self.state.turns
        # Steps done by hand in one go have one mark; the newest before them is where they began.
        while to > 0 and not (self.folder / keeping.MARKS / str(to)).exists():
            to -= 1
        keeping.go_back(self.folder, to)
        again = find(self.id)
        state = again.state
        state.turns = turns + 1
        keeping.write(again.folder, state)
        return again

    def show_where(self, at: int) -> None:
        """Have the apps open where step `at` is done by hand."""
        self.show(at, self.story.steps[at].at)

    def show(self, at: int, shown: Shown) -> None:
        """Have the apps of whose step `at` is stand somewhere."""
        with _guard(self.id):
            state, step = self.state, self.story.steps[at]
            with self.playing(state) as play:
                state.view = view(play, step.who, shown)
            state.turns += 1
            keeping.write(self.folder, state)

    def decide(self, verdict: str) -> None:
        """Have somebody of the staff decide the oldest case that waits: `approve` or `reject`.

        Raises: whatever the engine refuses.
        """
        with _guard(self.id):
            with self.playing(self.state) as play:
                for case in play.waiting()[:1]:
                    play.office.decide(case, verdict)
                play.settle()
            self.look()

    def end(self) -> None:
        """Close it and delete everything of it."""
        with _guard(self.id):
            keeping.forget(self.folder)


def view(play: Play, who: str, shown: Shown) -> dict[str, str]:
    """What the apps show: whose phone and PC, and where each stands."""
    values = play.values(play.cast[who])
    return {
        "who": who,
        "platform": play.cast[who].platform_id,
        "phone": shown.phone.format_map(values),
        "pc": shown.pc.format_map(values),
    }


def _guard(stage_id: str) -> threading.RLock:
    with _guards_guard:
        return _guards.setdefault(stage_id, threading.RLock())


def find(stage_id: str) -> Stage:
    """The stage of an id.

    Raises: NoSuchStage.
    """
    world = stages.find(stage_id)
    state = None if world is None or world.path is None else keeping.read(world.path)
    story = None if state is None else shipped().get(state.story)
    if world is None or story is None:
        raise NoSuchStage(what="stage")
    return Stage(world, story)
