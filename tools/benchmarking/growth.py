"""How reports grow with the copy, drawn: an SVG of two logarithmic axes, made of the stored figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from xml.sax.saxutils import escape

DRAWN = 8
_WIDTH, _HEIGHT = 860, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 200, 24, 48
# Told apart by those who see few colours, on light and on dark ground.
_COLOURS = (
    *("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6d3b", "#7f7f7f"),
)
# Two processors within the aim of 300 ms.
_LIMIT_MS = 600


def slowest(growth: Mapping[str, Mapping[str, float]], most: int = DRAWN) -> list[str]:
    """The reports that take longest at the largest size, the slowest first."""
    return sorted(growth, key=lambda name: -list(growth[name].values())[-1])[:most]


def svg(growth: Mapping[str, Mapping[str, float]]) -> str:
    """Processor milliseconds by events for the slowest reports, with two processors' share of the aim."""
    names = slowest(growth)
    sizes = sorted({int(size) for told in growth.values() for size in told})
    values = [value for name in names for value in growth[name].values()] + [_LIMIT_MS]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def across(size: float) -> float:
        share = (math.log10(size) - first) / ((last - first) or 1)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def down(value: float) -> float:
        share = (math.log10(value) - low) / ((high - low) or 1)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        ' font-family="sans-serif" font-size="12" fill="#7f7f7f">',
        "<title>Processor milliseconds of the slowest reports by events of cases</title>",
    ]
    for power in range(low, high + 1):
        y = down(10**power)
        parts.append(_line(_LEFT, y, _WIDTH - _RIGHT, y, "#7f7f7f", "0.3"))
        parts.append(_text(_LEFT - 8, y + 4, f"{10**power:g} ms", "end"))
    for size in sizes:
        x = across(size)
        parts.append(_line(x, _TOP, x, _HEIGHT - _BOTTOM, "#7f7f7f", "0.3"))
        parts.append(_text(x, _HEIGHT - _BOTTOM + 20, f"{size / 1e6:.3g} million", "middle"))
    limit = down(_LIMIT_MS)
    parts.append(
        _line(_LEFT, limit, _WIDTH - _RIGHT, limit, "#d62728", "1", ' stroke-dasharray="6 4"')
    )
    labels = _apart([down(list(growth[name].values())[-1]) for name in names])
    for name, colour, label in zip(names, _COLOURS, labels, strict=False):
        told = sorted((int(size), value) for size, value in growth[name].items())
        points = " ".join(f"{across(size):.1f},{down(value):.1f}" for size, value in told)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts += [
            f'<circle cx="{across(size):.1f}" cy="{down(value):.1f}" r="3" fill="{colour}"/>'
            for size, value in told
        ]
        text = f"{name} {told[-1][1]:.3g} ms"
        parts.append(_text(_WIDTH - _RIGHT + 10, label + 4, text, "start", colour))
    return "\n".join([*parts, "</svg>", ""])


def _apart(places: list[float]) -> list[float]:
    """Where labels stand so that none covers another: from the top, each a line below the one before."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + 15) if found else place)
    return found


def _line(
    x1: float, y1: float, x2: float, y2: float, colour: str, opacity: str, more: str = ""
) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
        f' stroke-opacity="{opacity}"{more}/>'
    )


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#7f7f7f") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def section(growth: Mapping[str, Mapping[str, float]], drawing: str) -> list[str]:
    """The page's lines: the drawing and its table, every report in it."""
    sizes = sorted({int(size) for told in growth.values() for size in told})
    head = "".join(f" {size / 1e6:.3g} million |" for size in sizes)
    rows = [
        f"| {name} |" + "".join(f" {growth[name].get(str(size), math.nan):g} |" for size in sizes)
        for name in slowest(growth, len(growth))
    ]
    return [
        "## How reports grow",
        "",
        "Processor milliseconds (median, both processors together) by events of cases; both axes are",
        "logarithmic, the dashed line is what two processors do within the aim of 300 ms. The table has",
        "every report, the slowest first.",
        "",
        f"![Processor milliseconds of the slowest reports by events of cases]({drawing})",
        "",
        f"| report |{head}",
        f"|---|{'---|' * len(sizes)}",
        *rows,
        "",
    ]
