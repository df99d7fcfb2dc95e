"""Whose the time of a whole life is, commit by commit, drawn: SVG bars made of the stored profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

NAME = "people_whole_life"
_WIDTH, _ROW, _BAR = 860, 30, 20
_LEFT, _RIGHT, _TOP = 90, 24, 40
# Told apart by those who see few colours, on light and on dark ground.
_COLOURS = {
    "our own Python": "#0072b2",
    "SQLite": "#e69f00",
    "pictures and typesetting": "#009e73",
    "everything else": "#7f7f7f",
}
_OURS, _DATABASE, _DRAWN, _REST = _COLOURS
_OF_SQLITE = ("sqlite",)
_OF_DRAWING = ("resvg", "typst", "Imaging", "PIL", "fontTools", "qrcode")


def stored(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, float]]]:
    """Of each stored whole life its commit and whose the time was, oldest first; the shares make 1."""
    return [
        (f"{row['commit']}{'+' if row['dirty'] else ''}", _shares(row["options"]))
        for row in rows
        if row["name"] == NAME and "our_share" in row["options"]
    ]


def _shares(options: Mapping[str, Any]) -> dict[str, float]:
    where: Mapping[str, float] = options["where_time_goes"]

    def of(words: Sequence[str]) -> float:
        return sum(
            share
            for place, share in where.items()
            if not place.startswith(("engine/", "simulations")) and any(w in place for w in words)
        )

    found = {
        _OURS: float(options["our_share"]),
        _DATABASE: of(_OF_SQLITE),
        _DRAWN: of(_OF_DRAWING),
    }
    return {**found, _REST: 1 - sum(found.values())}


def svg(told: Sequence[tuple[str, Mapping[str, float]]]) -> str:
    """One bar for each commit, all of the same length."""
    height = _TOP + _ROW * len(told) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        ' font-family="sans-serif" font-size="12" fill="#7f7f7f">',
        "<title>Whose the time of a whole life is, by commit</title>",
    ]
    place = float(_LEFT)
    for group, colour in _COLOURS.items():
        parts.append(f'<rect x="{place:.0f}" y="10" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{place + 18:.0f}" y="20">{escape(group)}</text>')
        place += 40 + 7 * len(group)
    for row, (commit, shares) in enumerate(told):
        top = _TOP + _ROW * row
        parts.append(
            f'<text x="{_LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(commit)}</text>'
        )
        x = float(_LEFT)
        for group, colour in _COLOURS.items():
            width = shares[group] * (_WIDTH - _LEFT - _RIGHT)
            parts.append(
                f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>'
            )
            if width > 40:
                middle = x + width / 2
                parts.append(
                    f'<text x="{middle:.1f}" y="{top + 15}" text-anchor="middle" fill="#ffffff">'
                    f"{shares[group]:.0%}</text>"
                )
            x += width
    return "\n".join([*parts, "</svg>", ""])


def section(told: Sequence[tuple[str, Mapping[str, float]]], drawing: str) -> list[str]:
    """The page's lines: the drawing and its table."""
    rows = [
        f"| {commit} |" + "".join(f" {shares[group]:.1%} |" for group in _COLOURS)
        for commit, shares in told
    ]
    return [
        f"## Whose the time of {NAME} is",
        "",
        "Shares of the time by profile, commit by commit; a profile makes Python slower than the rest.",
        "",
        f"![Whose the time of a whole life is, by commit]({drawing})",
        "",
        f"| commit |{''.join(f' {group} |' for group in _COLOURS)}",
        f"|---|{'---|' * len(_COLOURS)}",
        *rows,
        "",
    ]
