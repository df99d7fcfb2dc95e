"""What proves a step of the guide: its tests with their last result here, and its latest picture.

The tests are those of `docs/guide.json`. Results are in the file that `make test` writes, pictures in the
folder that `make guide` fills; neither travels with the repository, so both may be missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.kernel import catalog

ROOT = catalog.DATA.parent
TESTS = ROOT / "docs" / "guide.json"
RESULTS = catalog.DATA / "var" / "test-results.json"
PICTURES = catalog.DATA / "var" / "shots" / "guide"
Outcome = Literal["passed", "failed", "not_run"]


@dataclass(frozen=True, slots=True)
class Result:
    """A test and how it last ended here; `at` in ms, None where it was not run."""

    test: str
    outcome: Outcome
    at: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    """The tests of a step, and its picture where there is one."""

    results: tuple[Result, ...]
    picture: Path | None

    @property
    def outcome(self) -> Outcome:
        """Failed where one test failed, passed where each passed; otherwise not (all) run."""
        found = {one.outcome for one in self.results}
        if "failed" in found:
            return "failed"
        return "passed" if found == {"passed"} else "not_run"


def proofs(
    tests: Path = TESTS, results: Path = RESULTS, pictures: Path = PICTURES
) -> dict[str, Proof]:
    """The proof of every step, by the step's id. A file of results that is broken counts as none."""
    ran = _read(results)
    known = ran if isinstance(ran, dict) else {}
    return {
        str(entry["id"]): Proof(
            results=tuple(_result(test, known) for test in _names(entry["tests"])),
            picture=file if (file := pictures / f"{entry['id']}.png").is_file() else None,
        )
        for entry in _read(tests) or ()
    }


def _names(given: Iterable[Any]) -> list[str]:
    return [str(one) for one in given]


def _result(test: str, known: Mapping[str, Any]) -> Result:
    ran = known.get(test)
    if not isinstance(ran, dict) or ran.get("outcome") not in ("passed", "failed"):
        return Result(test, "not_run", None)
    return Result(test, ran["outcome"], int(ran["at"]))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
