"""The places that an address chooses from: province, city, district (`data/regions/areas.toml`)."""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass

from engine.kernel import catalog

_FILE = catalog.DATA / "regions" / "areas.toml"


class _Areas(catalog.Declared):
    """data/regions/areas.toml: code to name."""

    province: dict[str, str]
    city: dict[str, str]
    county: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place that can be chosen; `leaf` where there is nothing below it to choose."""

    code: str
    name: str
    leaf: bool


@functools.lru_cache(maxsize=1)
def _areas() -> _Areas:
    return catalog.load(_FILE, _Areas)


@functools.lru_cache(maxsize=1)
def _below() -> dict[str, tuple[Region, ...]]:
    found: dict[str, list[Region]] = defaultdict(list)
    areas = _areas()
    for code, name in areas.province.items():
        found[""].append(Region(code=code, name=name, leaf=False))
    for code, name in areas.city.items():
        found[f"{code[:2]}0000"].append(Region(code=code, name=name, leaf=False))
    for code, name in areas.county.items():
        found[f"{code[:4]}00"].append(Region(code=code, name=name, leaf=True))
    return {parent: tuple(places) for parent, places in found.items()}


def children(parent: str) -> tuple[Region, ...]:
    """The places right below one, by their codes; the provinces below nothing."""
    return _below().get(parent, ())


def region_of(code: str) -> tuple[str, str, str] | None:
    """Province, city and district of a district's code, or None where there is no such district."""
    areas = _areas()
    if code not in areas.county:
        return None
    return areas.province[f"{code[:2]}0000"], areas.city[f"{code[:4]}00"], areas.county[code]


def names(code: str) -> tuple[str, str, str]:
    """The names of a district that was chosen before; one that has been dissolved since is its code."""
    return region_of(code) or ("", "", code)
