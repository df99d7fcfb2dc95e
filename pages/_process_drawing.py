"""A process map as SVG: activities as boxes, moves as arrows, as thick as they are frequent."""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.reports.mining import Move
from pages import _process_layers as layers

_BOX, _LAYER, _ROUND = 46.0, 104.0, 13.0
_MARGIN = 26.0
_START, _END = "\0start", "\0end"
# Where on its way an arrow may have its label, the best place first.
_SHARES = (0.5, 0.36, 0.64, 0.25, 0.75, 0.14, 0.86)


def width_of(text: str) -> float:
    """About how wide a text of 13 px is: Chinese signs are as wide as high, others half of it."""
    return sum(13.5 if unicodedata.east_asian_width(sign) in "WF" else 7.4 for sign in text)


def draw(
    moves: Sequence[Move],
    *,
    name_of: Callable[[str], str],
    told: Callable[[Move], str],
    chosen: tuple[str, str] | None = None,
    words: tuple[str, str] = ("", ""),
) -> str:
    """The map. `told` stands at an arrow, `words` name the beginning and the end, `chosen` stands out.

    Every arrow carries its two activities, so that a page knows which one was chosen.
    """
    arrows = {_ends(move): move for move in moves}
    names = sorted({end for pair in arrows for end in pair})
    shown = {name: name_of(name) for name in names if name not in (_START, _END)}
    widths = {
        name: 2 * _ROUND if name in (_START, _END) else max(84.0, width_of(shown[name]) + 26)
        for name in names
    }
    made = layers.lay_out({pair: move.moves for pair, move in arrows.items()}, widths)
    most = max((move.moves for move in moves), default=1)
    counts = _counts(moves)
    lines: list[str] = []
    labels: list[str] = []
    taken = [_frame(*_middle(made.places[name]), made.places[name].width, _BOX) for name in names]
    wide = max((p.x + p.width / 2 for p in made.places.values()), default=0.0)
    back = 0
    # What is frequent gets the best place for what stands at it, and lies above what is rare.
    for pair, move in sorted(arrows.items(), key=lambda item: -item[1].moves):
        path, spots, turned = _path(made, pair, wide, back)
        back += turned
        stands_out = chosen == (move.from_activity, move.to_activity)
        lines.append(_arrow(move, path, most, stands_out, name_of, told(move), words))
        at = _free(spots, told(move), taken)
        labels.append(_label(at, told(move), stands_out))
    boxes = [
        _terminal(made.places[name], name == _END, words[name == _END])
        if name in (_START, _END)
        else _box(made.places[name], shown[name], counts[name])
        for name in names
    ]
    total = wide + 2 * _MARGIN + 22 * back + (60 if back else 0)
    height = (made.layers - 1) * _LAYER + _BOX + 2 * _MARGIN
    inside = "".join((*reversed(lines), *boxes, *labels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-_MARGIN:.0f} 0 {total:.0f} {height:.0f}"'
        f' width="{total:.0f}" height="{height:.0f}" role="group" font-size="13" fill="currentColor">'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerUnits="userSpaceOnUse"'
        ' markerWidth="11" markerHeight="11" orient="auto-start-reverse">'
        '<path d="M0 0.8 10 5 0 9.2z" fill="currentColor"/></marker></defs>'
        f"{inside}</svg>"
    )


def _ends(move: Move) -> tuple[str, str]:
    return move.from_activity or _START, move.to_activity or _END


def _counts(moves: Sequence[Move]) -> dict[str, int]:
    """How often each activity happened in what is shown: as often as it was come to, or gone from."""
    came: dict[str, int] = {}
    went: dict[str, int] = {}
    for move in moves:
        came[move.to_activity] = came.get(move.to_activity, 0) + move.moves
        went[move.from_activity] = went.get(move.from_activity, 0) + move.moves
    return {name: max(came.get(name, 0), went.get(name, 0)) for name in came.keys() | went.keys()}


def _middle(place: layers.Place) -> tuple[float, float]:
    return place.x, _MARGIN + place.layer * _LAYER + _BOX / 2


def _path(
    made: layers.Layout, pair: tuple[str, str], wide: float, back: int
) -> tuple[str, list[tuple[float, float]], bool]:
    """An arrow's path, where its label may stand, and whether it leads back (around the right side)."""
    one, two = (made.places[name] for name in pair)
    (x1, y1), (x2, y2) = _middle(one), _middle(two)
    if pair[0] == pair[1]:
        right = x1 + one.width / 2
        path = f"M{right:.1f} {y1 - 9:.1f}c34 -16 34 34 0 18"
        return path, [(right + 46, y1), (right + 46, y1 - 16), (right + 46, y1 + 16)], False
    if one.layer == two.layer + 1:
        # Back by one layer: beside the way down, so that it passes behind no other activity.
        xa, ya = x1 + min(one.width / 2 - 8, 30), y1 - _edge(pair[0])
        xb, yb = x2 + min(two.width / 2 - 8, 30), y2 + _edge(pair[1]) + 1
        path = (
            f"M{xa:.1f} {ya:.1f}C{xa + 34:.1f} {ya - 22:.1f}"
            f" {xb + 34:.1f} {yb + 22:.1f} {xb:.1f} {yb:.1f}"
        )
        x, y = (xa + xb) / 2 + 26, (ya + yb) / 2
        return path, [(x + 18, y), (x + 18, y + 12), (x, y - 12), (x + 30, y)], False
    if one.layer >= two.layer:
        side = wide + 34 + 22 * back
        start, end = x1 + one.width / 2, x2 + two.width / 2
        path = (
            f"M{start:.1f} {y1:.1f}C{side:.1f} {y1:.1f} {side:.1f} {y1:.1f} {side:.1f}"
            f" {(y1 + y2) / 2:.1f}S{side:.1f} {y2:.1f} {end + 2:.1f} {y2:.1f}"
        )
        return path, [(side, y1 + (y2 - y1) * share) for share in _SHARES], True
    route = [made.places[name] for name in made.routes[pair]]
    points = [(x1, y1 + _edge(pair[0]))]
    points += [_middle(stop) for stop in route[1:-1]]
    points.append((x2, y2 - _edge(pair[1]) - 1))
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (xa, ya), (xb, yb) in itertools.pairwise(points):
        half = (yb - ya) / 2
        path += f"C{xa:.1f} {ya + half:.1f} {xb:.1f} {yb - half:.1f} {xb:.1f} {yb:.1f}"
    spots = [
        _on_curve(one, two, share)
        for one, two in _from_the_middle(list(itertools.pairwise(points)))
        for share in _SHARES
    ]
    return path, spots, False


def _from_the_middle(
    parts: list[tuple[tuple[float, float], tuple[float, float]]],
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return sorted(parts, key=lambda part: abs(parts.index(part) - (len(parts) - 1) / 2))


def _on_curve(
    one: tuple[float, float], two: tuple[float, float], share: float
) -> tuple[float, float]:
    """A point of the curve that an arrow takes from one layer to the next."""
    (xa, ya), (xb, yb) = one, two
    rest = 1 - share
    half = (yb - ya) / 2
    y = (
        rest**3 * ya
        + 3 * rest**2 * share * (ya + half)
        + 3 * rest * share**2 * (yb - half)
        + share**3 * yb
    )
    return xa * (rest**3 + 3 * rest**2 * share) + xb * (3 * rest * share**2 + share**3), y


_Frame = tuple[float, float, float, float]


def _frame(x: float, y: float, width: float, height: float) -> _Frame:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _free(spots: list[tuple[float, float]], text: str, taken: list[_Frame]) -> tuple[float, float]:
    """The first of some spots where a label covers least, the best first; then taken."""
    width = width_of(text) * 0.88 + 6

    def covered(spot: tuple[float, float]) -> float:
        left, top, right, bottom = _frame(*spot, width, 15)
        return sum(
            max(0.0, min(right, r) - max(left, x)) * max(0.0, min(bottom, b) - max(top, t))
            for x, t, r, b in taken
        )

    best = min(spots, key=covered)
    taken.append(_frame(*best, width, 15))
    return best


def _edge(name: str) -> float:
    return _ROUND if name in (_START, _END) else _BOX / 2


def _arrow(
    move: Move,
    path: str,
    most: int,
    stands_out: bool,
    name_of: Callable[[str], str],
    told: str,
    words: tuple[str, str],
) -> str:
    thick = 1 + 5 * math.sqrt(move.moves / most)
    one = name_of(move.from_activity) if move.from_activity else words[0]
    two = name_of(move.to_activity) if move.to_activity else words[1]
    title = f"{one} → {two}: {told}"
    strength = 1.0 if stands_out else 0.25 + 0.4 * math.sqrt(move.moves / most)
    dashes = "" if move.from_activity and move.to_activity else ' stroke-dasharray="2 5"'
    return (
        f'<g class="move" data-from={quoteattr(move.from_activity)} data-to={quoteattr(move.to_activity)}'
        f' tabindex="0" role="button" aria-label={quoteattr(title)}'
        f' aria-pressed="{str(stands_out).lower()}"><title>{escape(title)}</title>'
        f'<path d="{path}" fill="none" stroke="transparent" stroke-width="16"/>'
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="{strength:.2f}"'
        f' stroke-width="{thick + 2 * stands_out:.1f}" marker-end="url(#tip)"{dashes}/></g>'
    )


def _label(at: tuple[float, float], text: str, stands_out: bool) -> str:
    bold = ' font-weight="700" text-decoration="underline"' if stands_out else ""
    return (
        f'<text x="{at[0]:.1f}" y="{at[1] + 4:.1f}" text-anchor="middle" font-size="11.5"'
        f' class="told" pointer-events="none"{bold}>{escape(text)}</text>'
    )


def _box(place: layers.Place, name: str, count: int) -> str:
    x, y = _middle(place)
    return (
        f'<g class="activity"><rect x="{x - place.width / 2:.1f}" y="{y - _BOX / 2:.1f}"'
        f' width="{place.width:.1f}" height="{_BOX:.0f}" rx="6" class="box" stroke="currentColor"/>'
        f'<text x="{x:.1f}" y="{y - 3:.1f}" text-anchor="middle" font-weight="600">{escape(name)}</text>'
        f'<text x="{x:.1f}" y="{y + 15:.1f}" text-anchor="middle" font-size="11.5" opacity="0.8">'
        f"{count:,}</text></g>"
    )


def _terminal(place: layers.Place, end: bool, word: str) -> str:
    x, y = _middle(place)
    inner = (
        f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
        if end
        else (f'<path d="M{x - 4:.1f} {y - 6:.1f} {x + 7:.1f} {y:.1f} {x - 4:.1f} {y + 6:.1f}z"/>')
    )
    return (
        f'<g><title>{escape(word)}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="{_ROUND}" class="box"'
        f' stroke="currentColor" stroke-width="1.5"/>{inner}</g>'
    )
