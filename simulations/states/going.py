"""Going a way: each step is done by whom it names, through the door that they have."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

from engine.http import arguments, routes
from engine.kernel import clock, errors
from engine.kernel.engine import SecondFactorNeeded
from engine.reviewing import model as reviews
from simulations.people import Person
from simulations.states.scene import Scene
from simulations.states.ways import Book, Step

_MOST_ROUNDS = 12
# Who is no person of a way: outside parties, as people meet them.
_OUTSIDE: dict[str, Callable[[Scene], Any]] = {
    "bank": lambda scene: scene.world.bank,
    "carrier": lambda scene: scene.world.carrier,
    "world": lambda scene: scene.world,
}
_UNITS = {"s": clock.SECOND, "m": clock.MINUTE, "h": clock.HOUR, "d": clock.DAY}


class Wrong(errors.ConfigurationError):
    """A way of data/states is wrong at {step}: {problem}"""


def go(scene: Scene, book: Book, name: str, me: str = "me") -> None:
    """Everything on the way to a state or a place, with `me` in the part of its person.

    Raises: ConfigurationError; whatever the engine refuses.
    """
    for step in book.steps(name):
        who = me if step.who == "me" else step.who
        if step.kind == "go":
            go(scene, book, step.name, who)
        elif step.kind == "wait":
            scene.wait(step.wait_ms)
        else:
            do(scene, step, who, me)


def do(scene: Scene, step: Step, who: str, me: str = "me") -> None:
    """One step, done by `who`; a refusal that the step expects is none.

    Raises: ConfigurationError; whatever the engine refuses.
    """
    try:
        done = _done(scene, step, who, me)
    except errors.EngineError:
        if not step.refused:
            raise
        done = None
    else:
        if step.refused:
            raise Wrong(file="data/states", step=step.text, problem="was not refused")
    scene.a_moment()
    if step.keep:
        scene.kept[step.keep] = done
    if not step.quiet:
        scene.settle()


def _done(scene: Scene, step: Step, who: str, me: str) -> Any:
    if step.kind == "desk":
        return _at_desk(scene, step)
    if step.kind == "be":
        named = {name: str(_named(scene, text, me)) for name, text in step.given.items()}
        return scene.be(who, named)
    given = {name: _value(scene, text, me) for name, text in step.given.items()}
    if step.kind == "staff":
        route = _route(step)
        parsed = arguments.parse(route.function, given)
        at_work = scene.office.do if route.changes else scene.office.ask
        return arguments.to_json(at_work(route.function, parsed))
    if step.kind == "person" and who in _OUTSIDE:
        return getattr(_OUTSIDE[who](scene), step.name)(**given)
    person = scene.person(who)
    if step.kind == "person":
        return _as_oneself(scene, person, lambda: getattr(person, step.name)(**given))
    door = person.browser if step.kind == "pc" else person.handset.door
    if _route(step).changes:
        return _as_oneself(scene, person, lambda: door.perform(step.name, given, key=person.key()))
    return door.ask(step.name, given)


def _route(step: Step) -> routes.Route:
    found = routes.BY_NAME.get(step.name)
    if found is None:
        raise Wrong(file="data/states", step=step.text, problem="no door does that")
    return found


def _as_oneself(scene: Scene, person: Person, act: Any) -> Any:
    """Do something; where a fresh code is asked for, it is entered off this very phone first."""
    try:
        return act()
    except SecondFactorNeeded:
        request_id = person.request_step_up()
    scene.a_moment()
    scene.settle()
    person.step_up(request_id)
    return act()


# -- the desk --------------------------------------------------------------------------------------


def _at_desk(scene: Scene, step: Step) -> None:
    if step.name == "work":
        scene.settle()
        return
    kind, once = step.given.get("kind", ""), step.given.get("once", "") == "true"
    for _ in range(_MOST_ROUNDS):
        waiting = _waiting(scene, kind)
        if not waiting:
            return
        if step.name == "claim":
            scene.office.claim(waiting[0])
        else:
            scene.office.decide(waiting[0], step.name)
        # A case that was taken or put aside stays open; it is not for this step any more.
        if once or step.name in ("claim", "hold"):
            return
        scene.a_moment()
        scene.settle()


def _waiting(scene: Scene, kind: str) -> list[reviews.Case]:
    return [
        case
        for case in scene.office.open(scene.touched("review_case"), kind)
        if case.sample_of is None
    ]


# -- values ----------------------------------------------------------------------------------------


def _value(scene: Scene, text: str, me: str) -> Any:
    """An argument as it stands in a way, as a value."""
    if text.startswith(("[", "{", '"')):
        return _within(scene, json.loads(text), me)
    if text in ("true", "false"):
        return text == "true"
    if text.isdigit() and text == str(int(text)):
        return int(text)
    return _named(scene, text, me)


def _within(scene: Scene, value: Any, me: str) -> Any:
    if isinstance(value, dict):
        return {name: _within(scene, item, me) for name, item in value.items()}
    if isinstance(value, list):
        return [_within(scene, item, me) for item in value]
    return _named(scene, value, me) if isinstance(value, str) else value


def _named(scene: Scene, text: str, me: str) -> Any:
    if text.startswith("now+"):
        ahead = scene.world.engine.now() + int(text[4:-1]) * _UNITS[text[-1]]
        return ahead // clock.SECOND * clock.SECOND
    if text == "today":
        return f"{clock.civil_date(scene.world.engine.now()):%Y-%m-%d}"
    if not text.startswith("$"):
        return text
    first, *path = text[1:].split(".")
    if first == "row":
        rows = scene.touched(path[0])
        if not rows:
            raise Wrong(file="data/states", step=text, problem="nothing was written there")
        place = int(path[1]) if len(path) > 1 else -1
        return rows[place]
    found: Any = scene.office if first == "office" else scene.kept.get(first)
    if found is None:
        found = scene.person(me if first == "me" else first)
    for name in path:
        if isinstance(found, list | tuple):
            found = found[int(name)]
        else:
            found = found[name] if isinstance(found, dict) else getattr(found, name)
    return found() if inspect.ismethod(found) else found
