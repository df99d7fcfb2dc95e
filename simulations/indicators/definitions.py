"""What each indicator counts, in which unit, and which way is better: `data/indicators/indicators.toml`."""

from __future__ import annotations

from typing import Literal

from pydantic import RootModel

from engine.kernel import catalog

Unit = Literal["count", "minutes", "hours", "share", "yuan"]


class Indicator(catalog.Declared):
    """One indicator. `better` is empty where more is neither good nor bad."""

    term: catalog.Text
    counts: catalog.Text
    unit: Unit
    better: Literal["less", "more", ""] = ""


class _Declared(RootModel[dict[str, Indicator]]):
    """The whole file."""


def known() -> dict[str, Indicator]:
    """Every indicator by its name, in the order in which they are shown."""
    path = catalog.DATA / "indicators" / "indicators.toml"
    return dict(catalog.load(path, _Declared).root)


def definition(name: str) -> tuple[Indicator, str]:
    """The definition of an indicator and the kind of case that it is about, empty for all kinds.

    Raises: KeyError for a name that nothing defines.
    """
    stem, _, kind = name.partition(".")
    return known()[stem], kind
