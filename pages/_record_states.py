"""The states of a record as SVG: one below the other as in their table, with the moves as arcs beside.

One column, so that it reads at the width of a phone. Where the record has been stands in full, with the
times; what else there is, faint; where it is now, boxed and bold.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from html import escape

from engine.records import model

_ROW, _TOP, _LEFT, _WIDTH = 44.0, 8.0, 92.0, 340.0
_DOT = 6.0


def draw(
    states: model.States,
    *,
    name_of: Callable[[str], str],
    when: Callable[[int], str],
) -> str:
    """The diagram; `name_of` names a state and `when` an instant, for who reads it."""
    names = [*states.names]
    if states.present not in names:
        # What only the time brought about has no move in the table.
        names.append(states.present)
    place = {name: index for index, name in enumerate(names)}
    been: dict[str, list[int]] = {}
    for one in states.passed:
        been.setdefault(one.status, []).append(one.at)
    been.setdefault(states.present, [])
    order = [one.status for one in states.passed]
    gone = set(itertools.pairwise(order))
    height = _TOP * 2 + _ROW * len(names)
    arcs = "".join(
        _arc(
            place[one],
            place[two],
            (one, two) in gone,
            f"{name_of(one)} → {name_of(two)}",
        )
        for one, two in _moves(states)
    )
    rows = "".join(
        _row(index, name_of(name), [when(at) for at in been.get(name, [])],
             known=name in been, present=name == states.present)
        for name, index in place.items()
    )  # fmt: skip
    return (
        f'<svg class="yx-states" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height:.0f}"'
        f' width="{_WIDTH:.0f}" height="{height:.0f}" style="max-width:100%;height:auto" role="img"'
        f' aria-label="{escape(name_of(states.present))}" font-size="14" fill="currentColor">'
        f"{arcs}{rows}</svg>"
    )


def _moves(states: model.States) -> list[tuple[str, str]]:
    """The pairs of states that a verb leads between, however many do."""
    return list(dict.fromkeys((one, two) for one, _verb, two in states.moves if one != two))


def _middle(index: int) -> float:
    return _TOP + _ROW * index + _ROW / 2


def _arc(one: int, two: int, gone: bool, title: str) -> str:
    """From one state to another: straight to the next, else round the left, the farther the wider."""
    y1, y2 = _middle(one), _middle(two)
    strength, width = (1.0, 2.2) if gone else (0.34, 1.1)
    down = 1 if two > one else -1
    if two == one + 1:
        path = f"M{_LEFT} {y1 + _DOT + 1:.0f}V{y2 - _DOT - 3:.0f}"
        tip = f"M{_LEFT - 4} {y2 - _DOT - 8:.0f}l4 6 4 -6z"
    else:
        reach = min(_LEFT - 12, 18 + 13 * abs(two - one))
        start, end = y1 + 3 * down, y2 - 3 * down
        edge = _LEFT - _DOT - 1
        path = (
            f"M{edge} {start:.0f}C{_LEFT - reach:.0f} {start:.0f} {_LEFT - reach:.0f} {end:.0f}"
            f" {edge - 3} {end:.0f}"
        )
        tip = f"M{edge - 7} {end - 4:.0f}l6 4 -6 4z"
    dashes = "" if down > 0 else ' stroke-dasharray="4 4"'
    return (
        f'<g opacity="{strength}"><title>{escape(title)}</title><path d="{path}" fill="none"'
        f' stroke="currentColor" stroke-width="{width}"{dashes}/><path d="{tip}"/></g>'
    )


def _row(index: int, name: str, times: list[str], *, known: bool, present: bool) -> str:
    y = _middle(index)
    at = _LEFT + 18
    dot = (
        f'<circle cx="{_LEFT}" cy="{y:.0f}" r="{_DOT}" stroke="currentColor" stroke-width="1.6"'
        f' fill="{"currentColor" if known else "none"}"/>'
    )
    told = escape(" · ".join(times[-2:]))
    count = f" ×{len(times)}" if len(times) > 2 else ""
    first = y + 5 if not times else y - 2
    frame = (
        f'<rect x="{at - 9}" y="{y - 20:.0f}" width="{_WIDTH - at + 7}" height="40" rx="7" fill="none"'
        ' stroke="currentColor" stroke-width="2"/>'
        if present
        else ""
    )
    weight = ' font-weight="700"' if present else ""
    lines = f'<text x="{at}" y="{first:.0f}"{weight}>{escape(name)}{count}</text>'
    if times:
        lines += f'<text x="{at}" y="{y + 14:.0f}" font-size="12" opacity="0.8">{told}</text>'
    faint = "" if known else ' opacity="0.55"'
    return f"<g{faint}>{dot}{frame}{lines}</g>"
