"""What is not true of somebody, acted out through the doors: second accounts, forged papers, used stamps.

What was planted in whom stands in the stage's answer key, and nowhere in the engine.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from typing import Any

import simpy

from engine.kernel import ids
from engine.registration import model
from engine.registration.actions import proof_checks
from simulations import papers
from simulations.environment import Steps
from simulations.journeys.way import Way, market_of
from simulations.people import Person
from simulations.personas import Forgery, Truth

# So many papers of others are kept on a stage for those who would use them.
_KEPT = 32
_LOOKS_AGAIN_S = 60 * 60


def introduce(way: Way) -> None:
    """Put into the answer key who somebody is, where anything is planted in anybody."""
    if not any(way.stage.scenario.truths().values()) and not way.stage.scenario.personas:
        return
    maker = f"person:{way.person.me()['account_id']}"
    way.stage.answers.expect(maker, way.persona.index, way.persona.truth.value)


def answered(way: Way, *, refused: bool, asked: str = "") -> None:
    """Note what the engine's own rules said; a provider that nobody reached has said nothing."""
    if asked == model.UNAVAILABLE:
        return
    way.stage.answers.ruled(
        way.persona.index, way.persona.truth.value, found=refused, now_ms=way.stage.now_ms
    )


# -- a second account ------------------------------------------------------------------------------


def second_account(way: Way) -> Steps:
    """Somebody who has an account tries for another one, with another number and the same name."""
    if way.persona.truth is not Truth.DUPLICATE_PERSON:
        return
    stage, own = way.stage, way.person
    other = Person(
        stage.world,
        dataclasses.replace(own.identity, phone=way.persona.second_phone),
        ids.Stream(stage.entropy("second device", way.persona.index)),
        role=own.role,
    )
    request_id = other.request_code()
    yield stage.wait(25)
    other.sign_in(request_id, other.read_code())
    yield way.pause()
    try:
        other.prove_name("alipay")
    except proof_checks.PersonKnown:
        stage.log("second account refused")
        answered(way, refused=True)
        return
    stage.log("second account opened")
    answered(way, refused=False)


# -- papers ----------------------------------------------------------------------------------------


def forge(way: Way) -> Steps:
    """Get ready what is handed in with the claim; who copies a licence waits until there is one."""
    stage, persona, person = way.stage, way.persona, way.person
    if persona.registered is not None:
        stage.register.knows(persona.registered)
    if persona.truth not in (Truth.FORGED_LICENCE, Truth.WRONG_REPRESENTATIVE):
        return
    licence = papers.picture("licence", person.identity.enterprise)
    if persona.forgery is Forgery.UNREGISTERED:
        stage.register.knows_none(person.identity.uscc)
    elif persona.forgery is Forgery.COPIED:
        licence = yield from _somebodys(way, market_of(stage).licences)
    person.forged_papers = {"licence": papers.marked(licence)}


def leave_licence(way: Way) -> None:
    """What an honest claimant handed in is where others may come by it."""
    licences = market_of(way.stage).licences
    if way.persona.truth is Truth.HONEST and len(licences) < _KEPT:
        licences.append(papers.picture("licence", way.person.identity.enterprise))


def leave_form(way: Way) -> None:
    """So is a form with its stamp."""
    forms = market_of(way.stage).forms
    if way.person.newest_form and len(forms) < _KEPT:
        forms.append(way.person.newest_form)


def somebodys_form(way: Way) -> Generator[simpy.Event, Any, bytes]:
    """The form of somebody else, as soon as there is one; marked, and not quite the same size."""
    form = yield from _somebodys(way, market_of(way.stage).forms)
    return papers.marked(form)


def _somebodys(way: Way, kept: list[bytes]) -> Generator[simpy.Event, Any, bytes]:
    while not kept:
        yield way.stage.wait(_LOOKS_AGAIN_S)
    return kept[int(way.choice * 1e6) % len(kept)]
