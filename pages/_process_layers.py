"""Where the activities of a process map stand: in layers from the first one down, with few crossings.

The method of Sugiyama, Tagawa and Toda: break the cycles (rare moves give way), put each activity a layer
below what leads to it, give long arrows a place in every layer they pass, order the layers by the middle
of their neighbours, and then move each to where its neighbours stand.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_SWEEPS = 12
_GAP = 56.0


@dataclass(slots=True)
class Place:
    """Where something stands: its layer, its middle, how wide it is. A stop of a long arrow has no name."""

    layer: int
    width: float
    x: float = 0.0


@dataclass(slots=True)
class Layout:
    """The places of activities, and of each arrow the points that it passes."""

    places: dict[str, Place] = field(default_factory=dict)
    routes: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    layers: int = 0


def lay_out(weights: Mapping[tuple[str, str], int], widths: Mapping[str, float]) -> Layout:
    """Places for the ends of some arrows, given how much each counts and how wide a name is."""
    forward = _without_cycles(weights)
    layer = _layers(forward, sorted(widths))
    made = Layout(layers=max(layer.values(), default=0) + 1)
    for name, width in widths.items():
        made.places[name] = Place(layer=layer[name], width=width)
    for one, two in weights:
        made.routes[(one, two)] = _route(made, one, two)
    rows = _ordered(made)
    _move(made, rows)
    return made


def _without_cycles(weights: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """The arrows that lead forward: what counts most first, and nothing that would close a circle."""
    after: dict[str, set[str]] = {}
    kept = set()
    for one, two in sorted(weights, key=lambda arrow: (-weights[arrow], arrow)):
        if one == two or _leads(after, two, one):
            continue
        after.setdefault(one, set()).add(two)
        kept.add((one, two))
    return kept


def _leads(after: Mapping[str, set[str]], start: str, end: str) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        new = after.get(name, set()) - seen
        seen |= new
        waiting.extend(new)
    return False


def _layers(forward: set[tuple[str, str]], names: Sequence[str]) -> dict[str, int]:
    before: dict[str, set[str]] = {name: set() for name in names}
    for one, two in forward:
        before[two].add(one)
    layer: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in layer:
            layer[name] = max((depth(one) + 1 for one in before[name]), default=0)
        return layer[name]

    for name in names:
        depth(name)
    return layer


def _route(made: Layout, one: str, two: str) -> tuple[str, ...]:
    """What an arrow passes: its ends, and a stop in each layer between them where it leads down."""
    first, last = made.places[one].layer, made.places[two].layer
    if last <= first + 1:
        return (one, two)
    stops = []
    for layer in range(first + 1, last):
        name = f"{one}\n{two}\n{layer}"
        made.places[name] = Place(layer=layer, width=14.0)
        stops.append(name)
    return (one, *stops, two)


def _ordered(made: Layout) -> list[list[str]]:
    """The layers, each in an order that lets few arrows cross."""
    rows: list[list[str]] = [[] for _ in range(made.layers)]
    for name in sorted(made.places):
        rows[made.places[name].layer].append(name)
    above, below = _neighbours(made)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        beside = above if down else below
        for row in rows if down else reversed(rows):
            at = {name: place for other in rows for place, name in enumerate(other)}
            row.sort(
                key=lambda name, at=at, beside=beside: (
                    sum(at[one] for one in beside[name]) / len(beside[name])
                    if beside[name]
                    else at[name]
                )
            )
    return rows


def _neighbours(made: Layout) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {name: [] for name in made.places}
    below: dict[str, list[str]] = {name: [] for name in made.places}
    for route in made.routes.values():
        for one, two in itertools.pairwise(route):
            if made.places[one].layer < made.places[two].layer:
                below[one].append(two)
                above[two].append(one)
    return above, below


def _move(made: Layout, rows: list[list[str]]) -> None:
    """Side by side first, and then each towards its neighbours as far as those beside it allow."""
    for row in rows:
        at = 0.0
        for name in row:
            place = made.places[name]
            place.x = at + place.width / 2
            at += place.width + _GAP
        for name in row:
            made.places[name].x -= (at - _GAP) / 2
    above, below = _neighbours(made)
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            for name in row:
                beside = above[name] + below[name]
                if beside:
                    wished = sum(made.places[one].x for one in beside) / len(beside)
                    made.places[name].x = (made.places[name].x + wished) / 2
            _apart(made, row)
    leftmost = min((p.x - p.width / 2 for p in made.places.values()), default=0.0)
    for place in made.places.values():
        place.x -= leftmost


def _apart(made: Layout, row: list[str]) -> None:
    """Push apart what overlaps, from the left and then from the right, and take the middle of both."""
    wished = [made.places[name].x for name in row]
    half = [made.places[name].width / 2 for name in row]
    right, left = list(wished), list(wished)
    for i in range(1, len(row)):
        right[i] = max(right[i], right[i - 1] + half[i - 1] + half[i] + _GAP)
    for i in range(len(row) - 2, -1, -1):
        left[i] = min(left[i], left[i + 1] - half[i + 1] - half[i] - _GAP)
    for name, one, two in zip(row, right, left, strict=True):
        made.places[name].x = (one + two) / 2
