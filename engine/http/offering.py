"""What the JSON API offers: the table of `routes`, and what a composed process offers beside it."""

from __future__ import annotations

from engine.http import beside, routes


def offered() -> list[routes.Route]:
    """Every operation of the API."""
    return [*routes.ROUTES, *(one.route for one in beside.OFFERED.values())]
