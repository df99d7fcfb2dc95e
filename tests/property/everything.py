"""The state machine over all actions of the engine, with faults: whatever anybody does, the rules hold.

It is `test_line_machine.Line` with further ways (`rules_of_matters`, `rules_of_codes`), what a door offers
with any arguments (`rules_of_anything`), and what goes wrong around the engine (`rules_of_faults`). After
each step: no invariant of a stage is broken, no job is stuck, the log folds to the tables, and its instants
never go back; at the end the chain verifies. A refusal, and a write that failed, changes nothing.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from engine import boot, worker
from engine.kernel import actors, errors
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.property.histories import recorded
from tests.property.rules_of_anything import AnythingRules
from tests.property.rules_of_bulk import BulkRules
from tests.property.rules_of_codes import CodeRules
from tests.property.rules_of_faults import FAILED, Armed, FaultRules, Witness, failing
from tests.property.rules_of_incidents import IncidentRules
from tests.property.test_line_machine import Line
from tests.support import fresh


@recorded
class Everything(Line, AnythingRules, BulkRules, CodeRules, FaultRules, IncidentRules):
    """Three people, three members of staff, a bank that repeats itself, and everything that can fail."""

    def __init__(self) -> None:
        super().__init__()
        self.witness: Any = None

    @initialize(rounds=st.sampled_from((0, 1, 3)))
    def begin(self, rounds: int) -> None:
        """A new world over a database that can fail."""
        self.armed = Armed()
        super().begin(rounds)
        base = {"login": "four", "name": "four", "password": "a long enough secret"}
        roles = {"roles": (Role.ADMINISTRATOR,)}
        setup = actors.System(job="setup")
        boss = self.world.engine.perform(staffing.create_staff, {**base, **roles}, actor=setup)
        self.staff.append(boss.id)

    def new_world(self) -> boot.World:
        """The machine's world, whose every act is witnessed."""
        made = fresh.over(failing(fresh.copied(), self.armed))
        self.witness = Witness(made)
        return made

    @rule(lately=st.booleans())
    def whoever_acts_has_confirmed_it(self, lately: bool) -> None:
        """From now on every session has, or has not, just proved a second factor."""
        self.witness.confirmed = lately

    def _attempt(self, act: Any) -> bool:
        before = self._digest()
        try:
            act()
        except FAILED:
            # What was done before the write that failed stays done, and that write left nothing.
            return False
        except errors.EngineError as refusal:
            kept, told = refusal.commits, f"{type(refusal).__name__} changed something"
        else:
            return True
        assert kept or self._digest() == before, told
        return False

    def _goes(self, act: Any) -> bool:
        return self._attempt(act)

    def _work(self) -> None:
        try:
            worker.tick(self.world, owner="test")
        except FAILED:
            # It says so and is started again.
            worker.tick(self.world, owner="test")

    @invariant()
    def instants_never_go_back(self) -> None:
        """Whatever the clock shows, no event is older than the one before it."""
        if self.clock is None:
            return
        with self.world.engine.parts.db.read() as connection:
            sql = (
                "SELECT a.seq FROM event a JOIN event b ON b.seq = a.seq + 1"
                " WHERE b.occurred_at < a.occurred_at"
            )
            assert connection.rows(sql) == []
