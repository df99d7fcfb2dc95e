"""Somebody calls and an agent answers, through actions."""

from __future__ import annotations

from engine.boot import World
from engine.calls import actions, model, queries
from engine.kernel import actors
from tests.support import worlds

AGENT = "agent"


def agent(world: World, **scope: str) -> actors.Staff:
    """A new member of staff who answers calls."""
    return worlds.staff(world, AGENT, **scope)


def answer(world: World, who: actors.Staff, number: str) -> model.Caller:
    """The agent types a number; what they then see."""
    call = world.engine.perform(actions.answer, {"number": number}, actor=who)
    return world.engine.ask(queries.caller, who, call.id)


def again(world: World, who: actors.Staff, caller: model.Caller) -> model.Caller:
    """The same call, looked at again."""
    return world.engine.ask(queries.caller, who, caller.call.id)


def codes(caller: model.Caller) -> list[str]:
    """The codes of what is unfinished, as they are listed."""
    return [one.matter.code for one in caller.matters]


def matter(caller: model.Caller, code: str) -> model.Told:
    """The one matter with this code."""
    (found,) = [one for one in caller.matters if one.matter.code == code]
    return found


def texts(caller: model.Caller) -> list[str]:
    """Every text about the caller's matters, in both languages."""
    return [
        text
        for told in caller.matters
        for both in (told.title, told.stands, told.next, told.say)
        for text in (both.zh, both.en)
    ]
