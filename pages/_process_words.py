"""How the life of a case is called on the pages: kinds of case, activities, spans of time."""

from __future__ import annotations

from engine.policies import model as policies
from engine.reports import mining
from engine.reports.mining import naming
from pages import _console
from pages._console import _

ACTORS = {
    "person": "Person",
    "staff": "Staff",
    "mall": "Mall account",
    "machine": "Machine",
    "system": "The platform itself",
}


def actor(kind: str) -> str:
    """Who did something."""
    return _(ACTORS[kind]) if kind in ACTORS else kind


def kind(name: str) -> str:
    """What a kind of case is called."""
    return _console.label(f"case.kind.{name}")


def _parts() -> dict[str, str]:
    """What may stand behind an activity: the kind of review, or which party it was."""
    rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
    found = {code: rule.label.in_language(_console.language()) for code, rule in rules.items()}
    return found | {"buyer": _("Buyer"), "supplier": _("Supplier")}


def activity(name: str) -> str:
    """What an activity is called; what comes before the first one and after the last one too."""
    if name == mining.BEGUN:
        return "—"
    return naming.name_of(name, _console.language(), _parts())


def path(text: str) -> str:
    """The activities of a variant in words."""
    return " → ".join(activity(name) for name in text.split(" > "))


def move(one: str, two: str) -> str:
    """A move in words, also that of what begins or ends."""
    if one == mining.BEGUN:
        return _("Begun: {activity}", activity=activity(two))
    if two == mining.ENDED:
        return _("Ended here so far: {activity}", activity=activity(one))
    return f"{activity(one)} → {activity(two)}"


def hours(value: float) -> str:
    """A span given in hours, rounded to what matters."""
    if value >= 48:
        return _("{n} days", n=f"{value / 24:.1f}".removesuffix(".0"))
    if value >= 1:
        return _("{n} h", n=f"{value:.1f}".removesuffix(".0"))
    return _("{n} min", n=round(value * 60))
