"""Where an address is taken to be: city and network, from `data/networks.toml` (simulated data).

A ticket keeps the id of the place that its browser asked from, and of the one that its phone scanned
from; the address itself is kept nowhere. What lies in no range is known by its coarse prefix.
"""

from __future__ import annotations

import functools
import ipaddress
from dataclasses import dataclass

from engine.kernel import catalog
from engine.kernel.catalog import Text

_UNKNOWN = Text(zh="未知地区", en="Unknown region")
_PREFIX = "net:"
_Range = ipaddress.IPv4Network | ipaddress.IPv6Network


class PlaceOfNetwork(catalog.Declared):
    """One place of the table."""

    id: str
    city: Text
    network: Text
    ranges: tuple[str, ...]
    # Whether `city` is one; the own machine and the local network lie in none.
    in_a_city: bool = True


class Networks(catalog.Declared):
    """The table."""

    place: tuple[PlaceOfNetwork, ...]

    @functools.cached_property
    def ranges(self) -> tuple[tuple[_Range, str], ...]:
        """Every range with the id of its place."""
        return tuple(
            (ipaddress.ip_network(one), place.id) for place in self.place for one in place.ranges
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as it is shown."""

    id: str
    city: Text
    network: Text


@functools.cache
def table() -> Networks:
    """The table as it is shipped."""
    return catalog.load(catalog.DATA / "networks.toml", Networks)


def place_of(address: str) -> str:
    """The id of the place that an address lies in; empty where there is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    for one, place_id in table().ranges:
        if found.version == one.version and found in one:
            return place_id
    if isinstance(found, ipaddress.IPv4Address):
        return _PREFIX + ".".join([*str(found).split(".")[:2], "*", "*"])
    return _PREFIX + ":".join([*found.exploded.split(":")[:2], "*"])


def city_of(place_id: str) -> Text | None:
    """The city of a place, where the table knows one."""
    for one in table().place:
        if one.id == place_id and one.in_a_city:
            return one.city
    return None


def shown(place_id: str) -> Place:
    """City and network of a place."""
    for one in table().place:
        if one.id == place_id:
            return Place(id=one.id, city=one.city, network=one.network)
    told = place_id.removeprefix(_PREFIX)
    return Place(id=place_id, city=_UNKNOWN, network=Text(zh=told or "—", en=told or "—"))
