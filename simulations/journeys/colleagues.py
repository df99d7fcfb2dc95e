"""An administrator brings a colleague in, by their number or by a QR code on the phone (ENT-2)."""

from __future__ import annotations

import dataclasses

from simulations import dealings, personas
from simulations.environment import Steps
from simulations.journeys.joining import prove, register
from simulations.journeys.way import Way


class ColleagueWay(Way):
    """The way of somebody who was invited: it is counted on its own, and they don't give up."""

    def reached(self, milestone: str) -> None:
        """Count a milestone."""
        self.stage.log(f"colleague {milestone}")


def colleague(way: Way) -> Steps:
    """The colleague is invited, registers, proves their name, and joins."""
    human = way.persona.colleague
    if human is None:
        return
    persona = dataclasses.replace(
        way.persona,
        index=human.index,
        person=human,
        truth=personas.Truth.HONEST,
        conduct=personas.DILIGENT,
        colleague=None,
        dealings=dealings.NONE,
    )
    theirs = ColleagueWay(way.stage, persona)
    by_number = way.choice < 0.5
    if by_number:
        way.person.invite(human.phone)
    yield way.pause()
    yield from register(theirs)
    yield from prove(theirs)
    if by_number:
        if not theirs.person.invitations():
            # It took them more than a week to become known: the first one has lapsed.
            way.person.invite(human.phone)
        theirs.person.accept(theirs.person.invitations()[0]["id"])
    else:
        theirs.person.join_by_qr(way.person.show_invitation("seal_user"))
    theirs.person.know_enterprise()
    if len(way.person.colleagues()) > 1:
        theirs.reached("joined")
        way.colleague = theirs
    yield way.pause()
