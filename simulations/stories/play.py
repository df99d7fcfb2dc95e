"""A story being played on a world: who is in it, and what has come of it so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine import worker
from engine.boot import World, tables
from engine.kernel import ids
from engine.kernel.engine import SecondFactorNeeded
from engine.kernel.reader import Reader
from engine.reviewing import model as reviews
from simulations.states.office import Office
from simulations.stories.catalog import Story
from simulations.stories.persona import Persona

T = TypeVar("T")
_WAITING = "SELECT * FROM review_case WHERE status IN ('waiting', 'claimed') AND sample_of IS NULL"
_SHOWN = 24
# What an address of a step can name beside what somebody has.
_NEWEST = {
    "contract": "contract",
    "purchase_order": "purchase_order",
    "invoice": "invoice",
    "claim": "enterprise_claim",
    "new_order": "certificate_order",
}


@dataclass
class Play:
    """What acts work with. `kept` has the ids and values that later steps and addresses name."""

    world: World
    story: Story
    cast: Mapping[str, Persona]
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        """The staff of the stage."""
        return Office(self.world, ids.system_entropy)

    def close(self) -> None:
        """Close the phones' files."""
        for one in self.cast.values():
            one.handset.store.close()

    def other(self, who: Persona) -> Persona:
        """The other one of two."""
        return next(one for one in self.cast.values() if one is not who)

    def settle(self) -> None:
        """Let outside parties answer; what a browser beside has set going, its door finishes."""
        worker.settle(self.world, owner="stage")

    def as_oneself(self, who: Persona, act: Callable[[], T]) -> T:
        """Do what needs a fresh second factor; a code that it asks for is read off this very phone."""
        try:
            return act()
        except SecondFactorNeeded:
            request_id = who.request_step_up()
        self.settle()
        who.step_up(request_id)
        return act()

    def waiting(self) -> list[reviews.Case]:
        """The cases that wait for a decision, oldest first: on a stage all of them are the story's."""
        return self.world.engine.ask(_waiting, tables.INSIDE)

    def newest(self, table: str) -> str:
        """The id of the newest row of a table, whoever made it: on a stage it is the story's."""
        return self.world.engine.ask(_newest, tables.INSIDE, table)

    def values(self, who: Persona) -> dict[str, str]:
        """What texts and addresses of a step may name."""
        identity = who.identity
        return {
            "phone": identity.phone,
            "phone_end": identity.phone[-6:],
            "name": identity.name,
            "resident_id": identity.resident_id,
            "enterprise": identity.enterprise,
            "uscc": identity.uscc,
            "representative": identity.legal_representative,
            "representative_id": identity.representative_number,
            "password": identity.password,
            "pin": identity.pin,
            "login": who.mall_login(),
            "order_id": who.order_id,
            "certificate_id": who.certificate_id,
            "enterprise_id": who.enterprise_id,
            "seal_id": who.seal_id,
            **{f"{name}_id": self.newest(table) for name, table in _NEWEST.items()},
        }


def _waiting(q: Reader) -> list[reviews.Case]:
    rows = q.rows(f"{_WAITING} ORDER BY opened_at, id")
    return [q.get(reviews.Case, "review_case", row["id"]) for row in rows[:_SHOWN]]


def _newest(q: Reader, table: str) -> str:
    rows = q.rows(f"SELECT id FROM {table} ORDER BY created_at DESC, id DESC LIMIT 1")  # noqa: S608
    return str(rows[0]["id"]) if rows else ""
