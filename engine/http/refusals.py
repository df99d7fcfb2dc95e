"""What each operation of the JSON API may refuse with: found in the code by `tools/refusals.py`.

Added here is what the door itself refuses, which follows from how an operation is called.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from engine.http import addresses, lists
from engine.http.routing import Route
from engine.kernel import catalog, errors, texts

_ALWAYS = (
    *("http.argument_invalid", "http.body_invalid", "http.body_too_big", "http.json_needed"),
    *("kernel.database_busy", "kernel.too_busy"),
)
# What a machine's token adds to what the console's cookie is refused with.
_OF_MACHINES = (
    "http.token_invalid",
    "http.source_refused",
    "http.scope_missing",
    "http.too_many_calls",
)
_OF_ACTS = (
    *("http.key_invalid", "kernel.key_reused", "http.tag_invalid", "http.no_record_here"),
    *("http.changed", "kernel.storage_failed", "kernel.read_only_world"),
)


@functools.cache
def _found() -> Mapping[str, tuple[str, ...]]:
    text = (catalog.DATA / "api" / "refusals.json").read_text(encoding="utf-8")
    return {name: tuple(codes) for name, codes in json.loads(text).items()}


def _of_door(route: Route) -> set[str]:
    found = set(_ALWAYS)
    if route.changes:
        found.update(_OF_ACTS)
    if route.who in ("person", "mall", "staff"):
        found.add("http.not_signed_in")
    if route.who == "staff":
        found.update(_OF_MACHINES)
    if route.changes and route.who == "person" and not getattr(route.function, "look_only", False):
        found.add("kernel.second_factor_needed")
    if route.changes and route.who == "staff" and getattr(route.function, "step_up", False):
        found.update(("kernel.step_up_needed", "kernel.people_only"))
    if route.paced:
        found.add("http.asked_too_often")
    if lists.keyed(route):
        found.add("http.after_invalid")
    if addresses.by_get(route):
        found.add("http.given_twice")
    return found


def of(route: Route) -> Mapping[int, tuple[str, ...]]:
    """HTTP status → the codes that an operation may answer with it, in order."""
    codes = {*_found().get(route.name, ()), *_of_door(route)}
    by_status: dict[int, list[str]] = {}
    for code in sorted(codes & errors.type_of_code.keys()):
        by_status.setdefault(errors.type_of_code[code].http_status, []).append(code)
    return {status: tuple(by_status[status]) for status in sorted(by_status)}


def described(code: str) -> dict[str, Any]:
    """A refusal as the description tells it: its status, and its title in both languages."""
    kind = errors.type_of_code[code]
    template = kind.template()
    return {
        "status": kind.http_status,
        "title": {language: texts.text(template, language) for language in texts.LANGUAGES},
    }
