"""People on the state diagram of their way, queues that fill, and staff at work: drawn anew each second.

Plain HTML, because it is drawn often: a dot for each person (or for so many of them, said below), which
stands where that person stands. The stations wrap, so that a phone shows the same diagram.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages._console import _

# More dots than this say no more than their number does.
_MOST_DOTS = 72
_CSS = """<style>
.way{display:flex;flex-wrap:wrap;gap:10px 26px;margin:2px 0 6px!important;padding:0!important;
list-style:none}
.way li{position:relative;flex:1 1 118px;max-width:210px;min-width:104px;border:1px solid #8886;
border-radius:8px;padding:7px 10px 8px;margin:0;background:var(--st-secondary-background-color,#8881)}
.way li:not(:last-child)::after{content:"";position:absolute;right:-20px;top:50%;width:11px;height:11px;
border-top:2px solid #888;border-right:2px solid #888;transform:translateY(-50%) rotate(45deg)}
.way li.here{border-color:currentColor;border-width:2px;padding:6px 9px 7px}
.way li.none{opacity:.62}.way b{font-weight:600;font-size:13.5px;display:block;line-height:1.3}
.way strong{font-size:22px;font-weight:600;font-variant-numeric:tabular-nums}
.way small{font-size:12px;opacity:.75;font-variant-numeric:tabular-nums}
.way .dots{display:flex;flex-wrap:wrap;gap:3px;margin-top:5px;min-height:8px}
.way .dots i{width:8px;height:8px;border-radius:50%;background:currentColor;opacity:.7}
.aside{display:flex;flex-wrap:wrap;gap:6px 18px;font-size:13.5px;margin:4px 0 2px}
.aside span{white-space:nowrap}.aside b{font-weight:600;font-variant-numeric:tabular-nums}
.bars{display:grid;grid-template-columns:fit-content(52%) minmax(36px,1fr) max-content;gap:5px 12px;
align-items:center;font-size:13.5px}
.bars .track{height:13px;border-radius:3px;background:#8883;overflow:hidden;display:flex}
.bars .track i{display:block;height:100%;background:#8A8578;transition:width .4s}
.bars .track i.late{background:#b3261e}.bars .track i.busy{background:#5B7F95}
.bars .told{font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
.bars .late{color:#b3261e}
.far{height:10px;border-radius:5px;background:#8883;overflow:hidden}
.far i{display:block;height:100%;background:currentColor;opacity:.75;transition:width .6s}
.far-told{font-size:13.5px;margin-bottom:4px;font-variant-numeric:tabular-nums}
@media (prefers-color-scheme:dark){.bars .told.late{color:#ff7b72}.bars .track i.late{background:#ff7b72}}
@media (max-width:640px){.way{gap:16px 22px}.way li{flex-basis:104px;max-width:none}}
</style>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A state of people's way: how many stand there now, and how many have come that far."""

    name: str
    here: int
    reached: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A line of bars: what it is, its parts with their class, and what is told at its end."""

    name: str
    parts: tuple[tuple[float, str], ...]
    told: str
    late: bool = False


def way(stations: Sequence[Station], aside: Sequence[tuple[str, int]] = ()) -> None:
    """The diagram, and beside it those who are on no station."""
    most = max((one.here for one in stations), default=0)
    each = max(1, math.ceil(most / _MOST_DOTS))
    inside = "".join(_station(one, each) for one in stations)
    beside = "".join(f"<span>{html.escape(name)} <b>{count:,}</b></span>" for name, count in aside)
    scale = _("One dot is {n} people.", n=each) if each > 1 else _("One dot is one person.")
    st.html(
        f'{_CSS}<ol class="way">{inside}</ol><div class="aside">{beside}'
        f'<span style="opacity:.7">{html.escape(scale)}</span></div>'
    )


def _station(one: Station, each: int) -> str:
    dots = "<i></i>" * math.ceil(one.here / each)
    known = "" if one.reached is None else _("{n} came this far", n=f"{one.reached:,}")
    kind = "here" if one.here else "none" if not one.reached else ""
    return (
        f'<li class="{kind}"><b>{html.escape(one.name)}</b><strong>{one.here:,}</strong>'
        f'<br><small>{html.escape(known)}</small><div class="dots">{dots}</div></li>'
    )


def progress(share: float, told: str = "") -> None:
    """How far something is. In ink: the accent is for what to do next."""
    done = 100 * min(1.0, max(0.0, share))
    text = f'<div class="far-told">{html.escape(told)}</div>' if told else ""
    st.html(
        f'{_CSS}{text}<div class="far" role="progressbar" aria-valuemin="0" aria-valuemax="100"'
        f' aria-valuenow="{done:.0f}"><i style="width:{done:.2f}%"></i></div>'
    )


def bars(lines: Sequence[Bar], most: float = 0.0) -> None:
    """Bars below each other, on one scale: up to `most`, or to the longest of them."""
    most = most or max((sum(size for size, _kind in one.parts) for one in lines), default=0) or 1
    inside = "".join(
        f"<span>{html.escape(one.name)}</span>"
        f'<span class="track">{_parts(one, most)}</span>'
        f'<span class="told{" late" if one.late else ""}">{html.escape(one.told)}</span>'
        for one in lines
    )
    st.html(f'{_CSS}<div class="bars">{inside}</div>')


def _parts(one: Bar, most: float) -> str:
    return "".join(
        f'<i class="{kind}" style="width:{100 * size / most:.2f}%"></i>' for size, kind in one.parts
    )
