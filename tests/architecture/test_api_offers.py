"""Whatever a screen does or asks, the JSON API offers too, or a table says why not (API-1)."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.http import apart, lists, phone_acts, phones, routes
from tests.support import sources

PAGES = sources.ROOT / "pages"
ASKED = re.compile(r'\b(?:useAsk|ask|act|run|perform|does)\(\s*"([a-z]+\.[a-z_]+)"')


def _imported(tree: ast.AST) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("engine"):
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                found = getattr(module, alias.name, None)
                if found is None:
                    found = importlib.import_module(f"{node.module}.{alias.name}")
                names[alias.asname or alias.name] = found
    return names


def _resolved(node: ast.expr, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_resolved(node.value, names), node.attr, None)
    return None


def _used(path: Path) -> Iterator[Any]:
    """The actions and questions of the engine that a page names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = _imported(tree)
    for node in ast.walk(tree):
        found = _resolved(node, names) if isinstance(node, ast.Name | ast.Attribute) else None
        if inspect.isfunction(found) and found.__module__.startswith("engine."):
            first = next(iter(inspect.signature(found).parameters), "")
            if first in ("op", "q"):
                yield found


def _place(function: Any) -> str:
    return f"{function.__module__}.{function.__name__}".removeprefix("engine.")


CONSOLE = {_place(one): one for path in sorted(PAGES.glob("*.py")) for one in _used(path)}


@pytest.mark.row("API-1")
def test_what_the_console_does_and_asks_is_an_operation_or_has_a_reason() -> None:
    offered = {_place(route.function) for route in routes.ROUTES}
    assert len(CONSOLE) > 100
    assert set(CONSOLE) - offered - set(apart.OF_CONSOLE) == set()


@pytest.mark.row("API-1")
def test_no_reason_is_given_for_what_no_page_uses_any_more() -> None:
    assert set(apart.OF_CONSOLE) - set(CONSOLE) == set()


@pytest.mark.row("API-1")
def test_what_the_phone_and_the_mall_call_is_an_operation_or_has_a_reason() -> None:
    called = {
        name
        for path in (PAGES / "apps").rglob("*.js")
        if "vendor" not in path.parts
        for name in ASKED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(called) > 150
    assert called - set(routes.BY_NAME) - set(apart.OF_PHONE) == set()


@pytest.mark.row("API-1")
def test_every_act_of_the_phone_itself_says_what_it_is_made_of() -> None:
    own = set(phones._ACTS) | set(phones._LENT) | set(phone_acts.ACTS)
    assert own <= set(apart.OF_PHONE)
    told = " ".join(apart.OF_PHONE.values())
    made_of = set(re.findall(r"[a-z]+\.[a-z_]+", told))
    assert made_of <= set(routes.BY_NAME)


def _is_list(route: routes.Route) -> bool:
    result = typing.get_type_hints(route.function).get("return")
    origin, parts = typing.get_origin(result), typing.get_args(result)
    return origin in (list, dict) or (origin is tuple and parts[-1] is Ellipsis)


@pytest.mark.row("API-1")
def test_every_question_with_a_list_is_paged_by_key_or_says_what_bounds_it() -> None:
    listed = {one.name for one in routes.ROUTES if not one.changes and _is_list(one)}
    assert listed - set(lists.KEYED) - set(lists.BOUNDED) == set()
    assert set(lists.KEYED) & set(lists.BOUNDED) == set()
    assert set(lists.KEYED) <= listed
    assert set(lists.BOUNDED) <= set(routes.BY_NAME)


@pytest.mark.row("API-1")
def test_every_operation_says_what_it_does_in_both_languages() -> None:
    text = (sources.ROOT / "data" / "api" / "summaries.toml").read_text(encoding="utf-8")
    stages = tomllib.loads(text).items()
    told = {f"{stage}.{name}" for stage, found in stages for name in found}
    assert {one.name for one in routes.ROUTES} - told == set()
    assert told - {one.name for one in routes.ROUTES} <= {
        "states.list_states",
        "states.make_states",
    }


@pytest.mark.row("API-1")
def test_what_an_operation_may_refuse_is_what_its_code_says() -> None:
    # In a process of its own: the tests' own watchers stand in place of some functions here.
    command = [sys.executable, "-m", "tools.refusals", "--check"]
    checked = subprocess.run(command, cwd=sources.ROOT, check=False)
    assert checked.returncode == 0, "run .venv/bin/python -m tools.refusals"
