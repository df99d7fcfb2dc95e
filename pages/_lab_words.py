"""How the lab's things are called: keys of a scenario, states of a run, steps of a way, kinds of cases."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from engine.kernel import clock, texts
from engine.policies import model as policies
from pages import _console
from pages._console import _
from simulations.faults import sites

STATES = {
    "starting": "Starting",
    "running": "Running",
    "paused": "Paused",
    "stopping": "Stopping",
    "stopped": "Stopped",
    "finished": "Finished",
    "broken": "An invariant is broken",
    "failed": "The run failed",
    "killed": "Its process was killed",
}
# A shape beside each colour.
MARKS = {
    "starting": ("blue", ":material/hourglass_top:"),
    "running": ("blue", ":material/play_arrow:"),
    "paused": ("orange", ":material/pause:"),
    "stopping": ("orange", ":material/hourglass_bottom:"),
    "stopped": ("gray", ":material/stop:"),
    "finished": ("green", ":material/check:"),
    "broken": ("red", ":material/error:"),
    "failed": ("red", ":material/error:"),
    "killed": ("red", ":material/power_off:"),
}
# The same where there is room for a character alone.
SHAPES = {
    "starting": "▷",
    "running": "▶",
    "paused": "‖",
    "stopping": "▷",
    "stopped": "■",
    "finished": "✓",
    "broken": "✕",
    "failed": "✕",
    "killed": "✕",
}
UNITS = {
    "count": "in number",
    "minutes": "business minutes",
    "hours": "hours",
    "share": "per cent",
    "yuan": "yuan",
}
LIVING = ("starting", "running", "paused", "stopping")
RESUMABLE = ("stopped", "killed", "failed")


def state(name: str) -> str:
    """What a state of a run is called."""
    return _(STATES[name]) if name in STATES else name


def marked(name: str) -> str:
    """A state with a shape before it, for a cell of a table."""
    return f"{SHAPES.get(name, '·')} {state(name)}"


def key(name: str, part: str = "") -> str:
    """What a key of a scenario is called, in its part of it where the word means another thing there."""
    return _coded(f"scenario.{part}.{name}", _coded(f"scenario.{name}", name))


def path(dotted: str, kinds: Mapping[str, str]) -> str:
    """Where something stands in a scenario, in words: `reviewers.early.count`."""
    parts = dotted.split(".")
    found = [key(parts[0])]
    for before, part in itertools.pairwise(parts):
        if before in ("reviewers", "groups"):
            found.append(group(part))
        elif before == "faults":
            found.append(site(part) if part in sites.SITES else key(part))
        elif part.isdecimal():
            found.append(str(int(part) + 1))
        else:
            found.append(kinds[part] if part in kinds else key(part, before))
    return " › ".join(found)


def step(name: str) -> str:
    """What a step of somebody's way is called."""
    return _coded(f"step.{name}", name)


def fact(name: str) -> str:
    """What a line of the board is called."""
    return _coded(f"board.{name}", name)


def party(name: str) -> str:
    """What an outside party is called."""
    return _coded(f"party.{name}", name)


def group(name: str) -> str:
    """What a group of reviewers is called: in the reader's words where it is one that ships."""
    return _coded(f"group.{name}", name.upper() if len(name) < 3 else name)


def roster(name: str) -> str:
    """What a roster is called: its groups with their counts, `early 2 · ca 1`."""
    parts = (part.partition(" ") for part in name.split(" · "))
    return " · ".join(f"{group(code)} {rest}" for code, _gap, rest in parts)


def rosters_apart(names: Sequence[str]) -> dict[str, str]:
    """What rosters are called beside each other: by the groups in which they differ."""
    each = [set(name.split(" · ")) for name in names]
    common = set.intersection(*each) if len(each) > 1 else set()
    return {
        name: roster(" · ".join(part for part in name.split(" · ") if part not in common))
        for name in names
    }


def truth(name: str) -> str:
    """What is planted is called."""
    return _coded(f"truth.{name}", name)


def _coded(code: str, otherwise: str) -> str:
    found = texts.translations(_console.language()).gettext(code)
    if found != code:
        return found
    words = otherwise.replace("_", " ")
    return words[:1].upper() + words[1:]


def kinds() -> dict[str, str]:
    """The kinds of review by what they are called."""
    rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
    return {code: rule.label.in_language(_console.language()) for code, rule in rules.items()}


def role(code: str) -> str:
    """What a role is called."""
    roles = _console.ask(lambda q: q.policies(policies.Role))
    found = roles.get(code)
    return found.label.in_language(_console.language()) if found else code


def share(value: float) -> str:
    """A share of one as per cent, without zeros that say nothing."""
    return f"{100 * value:.3g} %"


def seconds(value: float | None) -> str:
    """A span in real seconds, rounded to what matters."""
    if value is None:
        return "—"
    if value < 100:
        return _("{n} s", n=f"{value:.0f}")
    return _console.span(round(value * clock.SECOND))


def moment(at_ms: int | None) -> str:
    """An instant of a run's own time, in Shanghai, where its people live."""
    if at_ms is None:
        return "—"
    found = clock.to_datetime(at_ms).astimezone(clock.SHANGHAI)
    days = texts.translations(_console.language()).gettext("weekdays.short").split()
    if len(days) != 7:
        days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return f"{found:%Y-%m-%d} {days[found.weekday()]} {found:%H:%M}"


def number(value: Any) -> str:
    """A figure with as many digits as say something."""
    if value is None or value != value:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def minutes(value: float) -> str:
    """A span in minutes, rounded to what matters."""
    return _console.span(round(value * clock.MINUTE)) if value >= 1 else _("under a minute")


def unit(name: str) -> str:
    """What a unit is called."""
    return _(UNITS[name]) if name in UNITS else name


def site(name: str) -> str:
    """What a site of faults is called."""
    found = sites.SITES.get(name)
    return found.text.in_language(_console.language()) if found else name


def shard_named(replication: int, shard: int) -> str:
    """One shard of one replication."""
    return _("Replication {r}, shard {s}", r=replication + 1, s=shard + 1)
