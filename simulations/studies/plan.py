"""The plan of a what-if: everything that decides what comes of it. A folder holds one for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from engine.kernel import catalog, errors
from simulations.background import write_json
from simulations.forking.snapshot import Snapshot
from simulations.scenario import Scenario, code_version
from simulations.staffing import rosters
from simulations.staffing.rosters import Roster

Seed = Annotated[int, Field(ge=0, lt=1 << 40)]


class StudyWrong(errors.ConfigurationError):
    """The plan of the what-if in {path} cannot be read ({problem}). Begin it anew in another folder."""


class Rosters(catalog.Declared):
    """Rosters that are tried against the same days, each in every replication.

    `run` is the folder of the run that people's ways are learned from; none means a pilot first. With
    `same_days` its own people come at their own times. `hours` are spans such as `("09:00", "17:00")`.
    """

    kind: Literal["rosters"] = "rosters"
    scenario: Scenario
    run: str = ""
    same_days: bool = False
    people: Annotated[int, Field(ge=1, le=1_000_000)]
    counts: dict[str, tuple[Annotated[int, Field(ge=0, le=200)], ...]] = Field(default_factory=dict)
    hours: dict[str, tuple[tuple[str, str], ...]] = Field(default_factory=dict)
    replications: Annotated[int, Field(ge=2, le=1_000)]
    seed: Seed = 1

    def tried(self) -> list[Roster]:
        """The rosters.

        Raises: NoSuchGroup, NothingToTry; pydantic's ValidationError for hours that are none.
        """
        return rosters.grid(self.scenario, self.counts, self.hours)


class Tonight(catalog.Declared):
    """What breaches at a copied desk by an instant, with so many more reviewers each.

    `world` is the id of the world that was copied.
    """

    kind: Literal["tonight"] = "tonight"
    world: str
    snapshot: Snapshot
    until: int
    extra: tuple[Annotated[int, Field(ge=0, le=50)], ...]
    replications: Annotated[int, Field(ge=2, le=2_000)]
    seed: Seed = 1


Plan = Rosters | Tonight
_READ: TypeAdapter[Plan] = TypeAdapter(Annotated[Plan, Field(discriminator="kind")])


def write(plan: Plan, path: Path) -> None:
    """Keep a plan, with the code that works on it."""
    write_json(path, {**plan.model_dump(mode="json"), "code": code_version()})


def read(path: Path) -> tuple[Plan, str]:
    """A plan that was kept, and the code that was to work on it.

    Raises: StudyWrong.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        code = str(told.pop("code"))
        return _READ.validate_json(json.dumps(told)), code
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise StudyWrong(path=str(path.parent), problem=type(problem).__name__) from problem
