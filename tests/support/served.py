"""The line on a world that another process serves: its clock is the demo's, and moves for everybody."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from engine import worker
from engine.boot import travel
from engine.kernel import actors, clock, ids
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations.people import Person
from tests.support import worlds
from tests.support.line import Line, identity

_IN_HAND = "SELECT id FROM job WHERE status = 'ready' AND due_at <= ?"


@dataclass
class ServedLine(Line):
    """People and reviewers in a served demo world."""

    def pass_time(self, seconds: int) -> None:
        """Move the world's clock forward, for the server too."""
        inside = actors.System(job="setup")
        if len(self.staff) < 4:
            made = self.world.engine.perform(
                staffing.create_staff,
                {
                    "login": "mover",
                    "name": "mover",
                    "password": "a long enough secret",
                    "roles": (Role.PRODUCT,),
                },
                actor=inside,
            )
            self.staff.append(made.id)
        mover = self.world.engine.ask(staff_queries.actor, inside, self.staff[3])
        assert mover is not None
        travel.go(self.world, by_ms=seconds * clock.SECOND, actor=mover)

    def work(self, seconds: int = 0) -> None:
        """Let time pass and the worker run."""
        if seconds:
            self.pass_time(seconds)
        pause = threading.Event()
        for _ in range(200):
            worker.tick(self.world, owner="test")
            # The server does jobs too: what it has in hand is not done yet.
            if not worlds.rows(self.world, _IN_HAND, self.world.engine.now()):
                return
            pause.wait(0.05)

    def somebody(self, index: int) -> Person:
        """A person of the line; even numbers purchase, odd ones supply. No two are alike."""
        return Person(
            self.world,
            identity(index),
            ids.system_entropy,
            role=("purchaser", "supplier")[index % 2],
        )

    def newest_code(self, phone: str) -> str:
        """The newest code that a phone number got."""
        self.work()
        for sms in self.world.sms.outbox(phone):
            found = re.search(r"\d{6}", sms.text)
            if found:
                return found.group()
        raise AssertionError("no code was sent")
