"""The folder of a what-if: its plan, how far it is, and the figures of each replication that is done."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from engine.kernel import errors
from simulations.background import WorkFolder, WorkProgress, read_json
from simulations.studies import plan as plans
from simulations.studies.plan import Plan

# One line for each replication, in their order.
_FOUND = "replications.jsonl"
Rows = list[dict[str, Any]]


class NoStudy(errors.NotFound):
    """There is no what-if in {path}."""


class StudyProgress(WorkProgress):
    """How far a what-if is. `periods` is how many different days there are; 0: as many as replications."""

    replications: int = 0
    done: int = 0
    periods: int = 0


@dataclass(frozen=True, slots=True)
class Study(WorkFolder):
    """A what-if by its folder. Reading changes nothing, and holds nothing up."""

    def missing(self) -> errors.EngineError:
        """What is raised where there is no what-if."""
        return NoStudy(what="what-if", path=str(self.path))

    def plan(self) -> Plan:
        """The plan that the folder holds for good.

        Raises: NoStudy, StudyWrong.
        """
        return self.plan_and_code()[0]

    def plan_and_code(self) -> tuple[Plan, str]:
        """The plan, and the version of the code that began to work on it.

        Raises: NoStudy, StudyWrong.
        """
        if not self.exists():
            raise self.missing()
        return plans.read(self.path / "plan.json")

    def progress(self) -> StudyProgress:
        """How far it is."""
        return self._lives(self._told)

    def _told(self) -> StudyProgress:
        with contextlib.suppress(ValidationError):
            found = read_json(self.path / "progress.json")
            if found is not None:
                return StudyProgress.model_validate_json(json.dumps(found))
        return StudyProgress(state="stopped" if self.exists() else "failed")

    def found(self) -> list[Rows]:
        """The rows of each replication that is done, in order; a last line that is torn is none."""
        found: list[Rows] = []
        with (
            contextlib.suppress(OSError, ValueError),
            (self.path / _FOUND).open(encoding="utf-8") as lines,
        ):
            for line in lines:
                if line.endswith("\n"):
                    found.append(json.loads(line))
        return found

    def keep(self, rows: Rows) -> None:
        """Add the rows of the next replication."""
        with (self.path / _FOUND).open("a", encoding="utf-8") as file:
            file.write(json.dumps(rows, ensure_ascii=False) + "\n")

    def keep_only(self, found: list[Rows]) -> None:
        """Have these replications and no torn line after them."""
        draft = self.path / f"{_FOUND}.{os.getpid()}.new"
        draft.write_text(
            "".join(json.dumps(rows, ensure_ascii=False) + "\n" for rows in found), encoding="utf-8"
        )
        os.replace(draft, self.path / _FOUND)

    def resume(self) -> Study:
        """Go on with it as a process of its own; the replications that are done are kept.

        Raises: NoStudy, StudyWrong; RunBusy, CodeChanged.
        """
        # Here, because to begin one is more than to look at one.
        from simulations.studies import working

        return working.resume(self.path)
