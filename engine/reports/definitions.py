"""What the figures of the reports count, in words: data, beside every figure that uses a term."""

from __future__ import annotations

import functools

from engine.kernel import catalog, errors
from engine.kernel.catalog import Declared, Text

_FILE = catalog.DATA / "reports" / "definitions.toml"


class TermUnknown(errors.NotFound):
    """“{term}” is not among the definitions of the reports."""


class Definition(Declared):
    """A term, what it counts, and where in the copy it comes from."""

    term: Text
    counts: Text
    source: str


def all_of_them() -> dict[str, Definition]:
    """Every term by its id, in the order in which they are explained."""
    return _read(catalog.state(_FILE))


@functools.lru_cache(maxsize=1)
def _read(changed_at: int) -> dict[str, Definition]:
    return {
        name: catalog.build(told, Definition, f"{_FILE.name}: {name}")
        for name, told in catalog.read(_FILE).items()
    }


def of(term: str) -> Definition:
    """A term.

    Raises: TermUnknown.
    """
    found = all_of_them().get(term)
    if found is None:
        raise TermUnknown(term=term[:40])
    return found
