"""Bulk acts in tests: a desk full of cases, a list frozen, tried, agreed to and run."""

from __future__ import annotations

import dataclasses

from engine import worker
from engine.boot import World
from engine.bulk import actions, model, queries, store
from engine.kernel import actors, clock, records
from engine.reviewing import model as cases
from engine.staffing.model import Role
from tests.support import deciding, worlds

EVERYTHING = cases.Wanted()


@dataclasses.dataclass
class Desk:
    """Three leads of one world: one who makes lists, one who agrees, one who stands by."""

    world: World
    maker: actors.Staff
    second: actors.Staff
    third: actors.Staff

    @classmethod
    def of(cls, world: World) -> Desk:
        """The leads, whose second factor was proved just now."""
        found = [worlds.staff(world, Role.LEAD) for _ in range(3)]
        return cls(
            world, *(dataclasses.replace(one, second_factor_at=world.engine.now()) for one in found)
        )

    def proved(self, who: actors.Staff) -> actors.Staff:
        """The same person, who has proved their second factor just now."""
        return dataclasses.replace(
            deciding.again(self.world, who), second_factor_at=self.world.engine.now()
        )

    def freeze(
        self,
        act: str,
        *,
        wanted: cases.Wanted = EVERYTHING,
        who: actors.Staff | None = None,
        **given: object,
    ) -> model.Bulk:
        """Freeze all cases that a filter shows."""
        told = {"act": act, "wanted": wanted, "given": model.Given(**given)}  # type: ignore[arg-type]
        return self.world.engine.perform(actions.freeze_cases, told, actor=who or self.maker)

    def rehearsed(self, act: str, **more: object) -> model.Bulk:
        """Freeze a list and let the worker try it."""
        made = self.freeze(act, **more)  # type: ignore[arg-type]
        worker.run_due(self.world)
        return self.now(made)

    def now(self, bulk: model.Bulk) -> model.Bulk:
        """The bulk act as it is now."""
        return self.world.engine.ask(queries.bulk, worlds.SYSTEM, bulk.id)

    def agree(self, bulk: model.Bulk, who: actors.Staff | None = None) -> model.Bulk:
        """Let a second person agree to what is there."""
        given = {"bulk_id": bulk.id, "digest": self.now(bulk).rehearsal_digest}
        by = self.proved(who or self.second)
        return self.world.engine.perform(actions.approve, given, actor=by)

    def start(self, bulk: model.Bulk, who: actors.Staff | None = None) -> model.Bulk:
        """Start it, agreed to by a second person where that takes one."""
        with self.world.engine.reader(worlds.SYSTEM) as q:
            second = queries.needs_second(q, bulk)
        if second and self.now(bulk).approved_by is None:
            self.agree(bulk)
        given = {"bulk_id": bulk.id, "digest": self.now(bulk).rehearsal_digest}
        by = self.proved(who or self.maker)
        return self.world.engine.perform(actions.start, given, actor=by)

    def steer(self, action, bulk: model.Bulk, who: actors.Staff | None = None) -> model.Bulk:
        """Pause, stop, go on: whatever takes the bulk act alone."""
        return self.world.engine.perform(
            action, {"bulk_id": bulk.id}, actor=self.proved(who or self.maker)
        )

    def items(self, bulk: model.Bulk) -> list[model.Item]:
        """Every item, in order."""
        with self.world.engine.reader(worlds.SYSTEM) as q:
            return store.rehearsed(q, bulk.id)

    def differing(self, bulk: model.Bulk) -> list[model.Item]:
        """The items that ended otherwise than foreseen."""
        return [one for one in self.items(bulk) if one.outcome != one.foreseen]


def waiting(world: World, count: int, *, first: int = 0, **more: object) -> list[cases.Case]:
    """So many cases of one kind that wait for a platform's reviewer, as rows: no action makes thousands."""
    now = world.engine.now()
    made = [
        cases.Case(
            id=f"cas_{number:07d}",
            subject_id=f"ord_{number:07d}",
            title=f"江苏第{number}有限公司",
            opened_at=now - 2 * clock.HOUR + number % 1000,
            first_opened_at=now - 2 * clock.HOUR,
            **{  # type: ignore[arg-type]
                "kind": "certificate_platform",
                "platform_id": deciding.PLATFORM,
                "agency_id": None,
                "status": cases.CaseStatus.WAITING,
                "maker": f"person:acc_{number}",
                **more,
            },
        )
        for number in range(first, first + count)
    ]
    with world.engine.parts.db.write() as connection:
        for case in made:
            row = records.columns(case)
            marks = ", ".join("?" for _ in row)
            connection.run(
                f"INSERT INTO review_case ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
            )
    return made
