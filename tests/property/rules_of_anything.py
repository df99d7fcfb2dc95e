"""Whatever a door offers, done by anybody with whatever there is, as one rule of the state machine.

An action's arguments are filled in out of the world itself (`filling`). So every action is tried in every
state, by people whom it is meant for and by others; that it is done now and then is counted by
`test_everything_machine.py`.
"""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine.boot import World, tables
from engine.http import arguments, routes
from engine.kernel import errors
from engine.reviewing import queries as cases
from engine.staffing import queries as staff_queries
from simulations.people import Person
from tests.property.filling import Filling

somebody = st.integers(min_value=0, max_value=2)
CHANGES = tuple(route for route in routes.ROUTES if route.changes and route.who != "machine")


class AnythingRules:
    """One rule over `people`, `staff` and `world` of the machine that mixes it in."""

    world: World
    people: list[Person]
    staff: list[str]

    def _attempt(self, act: Any) -> bool:
        raise AssertionError("the machine attempts")

    @rule(who=somebody, which=st.integers(0, len(CHANGES) - 1), seed=st.integers(0, (1 << 32) - 1))
    def does_anything(self, who: int, which: int, seed: int) -> None:
        """Somebody, whoever it is meant for, does something that a door offers."""
        self.does(CHANGES[which], who, seed)

    def does(self, route: routes.Route, who: int, seed: int) -> bool:
        """Do one action with arguments out of a seed; whether it was done."""
        person, chance = self.people[who], random.Random(seed)
        # Members of staff are who decides cases, and an administrator where there is one.
        member = self.staff[-1 if route.name.startswith("staffing.") else who % 3]
        given = Filling(self.world, chance, person, self.people, member).given(route)
        if route.who == "staff":
            return self._attempt(lambda: self._by_staff(route, member, given))
        if route.who == "mall" and chance.random() < 0.5:
            self._attempt(person.sign_in_by_password)
        door = person.browser if route.who == "mall" else person.handset.door
        return self._attempt(lambda: door.perform(route.name, given, key=person.key()))

    def _by_staff(self, route: routes.Route, member: str, given: dict[str, Any]) -> None:
        engine = self.world.engine
        staff = engine.ask(staff_queries.actor, tables.INSIDE, member)
        if staff is None:
            raise errors.NotPermitted()
        proved = dataclasses.replace(staff, second_factor_at=engine.now())
        if "reasons" in given:
            known = self._reasons(given.get("case_id", ""))
            given = {**given, "reasons": known}
        checked = arguments.parse(route.function, given)
        engine.perform(route.function, checked, actor=proved, key=self.people[0].key())

    def _reasons(self, case_id: str) -> list[str]:
        engine = self.world.engine
        with engine.parts.db.read() as connection:
            rows = connection.rows("SELECT kind FROM review_case WHERE id = ?", (case_id,))
        return (
            list(engine.ask(cases.reasons_for, tables.INSIDE, rows[0]["kind"]))[:1] if rows else []
        )
