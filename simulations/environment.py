"""The stage of a run: SimPy's time moves the world's clock, and the worker is a process of it.

One event at a time, in SimPy's order (time, then who was first), so that a run is the same run after
run. Time is an integer of UTC milliseconds. Everything on the stage acts through the engine's doors:
`act` and `ask`, a handset's door, a mall's browser; nobody writes to the database.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias, TypeVar

import numpy as np
import simpy

from engine.boot import World
from engine.kernel import actors, clock, errors
from simulations import streams, true_register, windows
from simulations.answers import AnswerKey
from simulations.faults import arranging, knobs
from simulations.faults.injector import Injector
from simulations.scenario import Scenario
from simulations.true_register import TrueRegister

if TYPE_CHECKING:
    from simulations.invariants import Finding

T = TypeVar("T")
A = ParamSpec("A")
Steps: TypeAlias = Generator[simpy.Event, Any, None]
_SHORTEST_WAIT_MS = clock.SECOND


class LeftOff(Exception):
    """Somebody goes no further, of their own will."""


class VirtualTime(simpy.Environment):
    """SimPy's loop, which sets the world's clock before each event."""

    def __init__(self, the_clock: clock.ManualClock) -> None:
        super().__init__(initial_time=the_clock.now_ms())
        self._clock = the_clock

    def step(self) -> None:
        """Move the clock to the next event and process it."""
        due = self.peek()
        if due != float("inf"):
            self._clock.set(int(due))
        super().step()


class Stage:
    """What journeys and reviewers work with."""

    def __init__(
        self, world: World, the_clock: clock.ManualClock, scenario: Scenario, seed: int
    ) -> None:
        self.env = VirtualTime(the_clock)
        self.faults = Injector(scenario.faults, seed)
        # The register as it really is, and what is true of whom: the answers to what was planted.
        self.register = TrueRegister(world.ports.register, seed, scenario.providers.register_behind)
        self.answers = AnswerKey()
        knowing = true_register.with_register(world, self.register)
        self.world = arranging.with_faults(
            windows.with_windows(
                knobs.with_knobs(knowing, scenario.providers, seed, self.nudge), scenario
            ),
            self.faults,
            self.later,
        )
        self.scenario = scenario
        self.seed = seed
        # How often each step was taken, refusals among them: the run's funnel.
        self.counts: collections.Counter[str] = collections.Counter()
        self.actions = 0
        # Where each person of a persona's index has last come to, for the live board.
        self.places: dict[int, str] = {}
        # What the last check of invariants found, and when (UTC milliseconds; 0 before the first).
        self.findings: list[Finding] = []
        self.checked_at = 0
        # How many workers there have been: a killed one is followed by another.
        self.workers = 1
        self._nudged = self.env.event()
        world.engine.listeners.append(self._committed)
        self.env.process(self._work())

    # -- time --------------------------------------------------------------------------------

    @property
    def now_ms(self) -> int:
        """The present instant."""
        return int(self.env.now)

    def wait(self, seconds: float) -> simpy.Event:
        """An event to yield: `seconds` from now (at least a millisecond, so that others get a turn)."""
        return self.env.timeout(max(1, round(seconds * clock.SECOND)))

    def wait_until(self, instant_ms: int) -> simpy.Event:
        """An event to yield: at an instant, or a millisecond from now when it has passed."""
        return self.env.timeout(max(1, instant_ms - self.now_ms))

    def later(self, delay_ms: int, act: Callable[[], object]) -> None:
        """Have something happen by itself after so many milliseconds."""
        self.env.process(self._after(delay_ms, act))

    def _after(self, delay_ms: int, act: Callable[[], object]) -> Steps:
        yield self.env.timeout(max(1, delay_ms))
        act()

    # -- chance ------------------------------------------------------------------------------

    def stream(self, purpose: str, entity: str | int) -> np.random.Generator:
        """The generator of an entity for a purpose; asked for twice, it starts anew."""
        return streams.generator(self.seed, purpose, entity)

    def entropy(self, purpose: str, entity: str | int) -> bytes:
        """A seed for an entity's own stream of bytes (`ids.Stream`), such as its phone's."""
        return streams.entropy(self.seed, purpose, entity)

    # -- doing -------------------------------------------------------------------------------

    def act(
        self,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        *,
        actor: actors.Actor,
        key: str | None = None,
    ) -> T:
        """Make an action happen now, through the engine."""
        return self.world.engine.perform(action, arguments, actor=actor, key=key)

    def ask(
        self,
        query: Callable[Concatenate[Any, A], T],
        actor: actors.Actor,
        *args: A.args,
        **kwargs: A.kwargs,
    ) -> T:
        """Ask a question, as `actor` may see the answer."""
        return self.world.engine.ask(query, actor, *args, **kwargs)

    def log(self, step: str) -> None:
        """Count a step of somebody's way."""
        self.counts[step] += 1

    def moved(self, index: int, place: str) -> None:
        """Note where somebody has come to."""
        self.places[index] = place

    def checked(self, findings: list[Finding]) -> None:
        """Note what a check of invariants has found, for the live board."""
        self.findings, self.checked_at = findings, self.now_ms

    def faults_told(self) -> dict[str, dict[str, int]]:
        """How often each fault of the plan was considered and fired."""
        return {
            name: {"considered": told["considered"], "fired": told["fired"]}
            for name, told in self.faults.report().items()
            if told["on"]
        }

    # -- the worker --------------------------------------------------------------------------

    def nudge(self) -> None:
        """Tell the worker that something may be due earlier than it thought."""
        if not self._nudged.triggered:
            self._nudged.succeed()

    def _committed(self, seq: int) -> None:
        # A replay comes with no sequence number: it did nothing.
        self.actions += seq > 0
        self.nudge()

    def _owner(self) -> str:
        return "simulation" if self.workers == 1 else f"simulation-{self.workers}"

    def _work(self) -> Steps:
        while True:
            due = self.world.next_due()
            if due is not None and due <= self.now_ms:
                if not arranging.tick(self.world, owner=self._owner()):
                    self.workers += 1
                due = self.world.next_due()
            # What the tick itself brought about it has done; only what comes after it counts.
            self._nudged = self.env.event()
            if due is None:
                yield self._nudged
            elif due <= self.now_ms:
                yield self.env.timeout(_SHORTEST_WAIT_MS)
            else:
                yield self._nudged | self.env.timeout(due - self.now_ms)

    def close(self) -> None:
        """Leave the world as it is and listen no more."""
        self.world.engine.listeners.remove(self._committed)


def journey(stage: Stage, steps: Steps) -> Steps:
    """Somebody's way through the platform: a refusal that it did not expect ends it, and is counted."""
    try:
        yield from steps
    except LeftOff:
        pass
    except errors.EngineError as refusal:
        stage.log(f"stopped: {refusal.code}")
