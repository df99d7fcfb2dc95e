"""Scenario files: TOML, strict, versioned; what is wrong is told by file and key before anything starts."""

from __future__ import annotations

from pathlib import Path

from engine.kernel import catalog, errors
from engine.policies import queries as policy_queries
from simulations.scenario.whole import VERSION, Scenario

SHIPPED = catalog.DATA / "scenarios"


class ScenarioWrong(errors.ConfigurationError):
    """The scenario {file} is wrong: {problem}"""


def load(path: Path) -> Scenario:
    """The scenario in a TOML file.

    Raises: ScenarioWrong naming the file and the key.
    """
    try:
        _require_version(path)
        found = catalog.load(path, Scenario)
        declared = policy_queries.declared()
    except errors.ConfigurationError as problem:
        told = {name: str(value) for name, value in problem.params.items()}
        raise ScenarioWrong(file=told["file"], problem=told["problem"]) from problem
    known = {
        (kind, name)
        for family, name, reason in declared
        if family == "reason"
        for kind in reason.model_dump()["kinds"]
    }
    for kind, review in found.review.items():
        for reason in review.reasons:
            if (kind, reason) not in known:
                raise ScenarioWrong(
                    file=path.name,
                    problem=f"review.{kind}.reasons.{reason}: no such reason for this kind of case",
                )
    return found


def _require_version(path: Path) -> None:
    """A file of a later format is told by its version, and not by every key that is new in it."""
    version = catalog.read(path).get("version", VERSION)
    if version != VERSION:
        raise errors.ConfigurationError(
            file=path.name,
            problem=f"version: this is a scenario of version {version}, and version {VERSION} is known",
        )


def shipped() -> list[Path]:
    """The files of the scenarios that ship, by name."""
    return sorted(SHIPPED.glob("*.toml"))
