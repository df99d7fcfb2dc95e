"""Which refusals each operation of the JSON API can answer, found in the code: data/api/refusals.json.

From an operation's function on, every function of the engine that it names is followed, and what follows
from the facts that they record; each error that one of these makes is one that the operation may answer.
What is caught on the way is not taken off again: the list may say too much, and never is made by hand.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import inspect
import json
import pkgutil
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import engine
from engine import boot
from engine.boot import tables
from engine.http import routes
from engine.kernel import errors, operation, reader

FILE = Path(__file__).resolve().parents[1] / "data" / "api" / "refusals.json"
# What these names stand for in every function of ours that has them.
_KNOWN = {"op": operation.Operation, "q": operation.Operation, "self": None}
# What refuses in a process of its own, and is told here again by its code.
_CHILDREN = {
    "engine.uploads.cleaning": "engine.uploads.child",
    "engine.uploads.contracts": "engine.uploads.contract_child",
    "engine.uploads.stamped_forms": "engine.uploads.impression_child",
    "engine.uploads.viewing": "engine.uploads.viewing_child",
}
# Doors and machines that no action calls.
_APART = ("engine.http", "engine.cli", "engine.worker", "engine.handset")


@functools.cache
def _parts() -> reader.Parts:
    """What the stages give each other through a world's parts."""
    return boot.memory_world().engine.parts


@functools.cache
def _tree(module: types.ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


@functools.cache
def _defined(module: types.ModuleType) -> dict[tuple[str, int], ast.AST]:
    found: dict[tuple[str, int], ast.AST] = {}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.FunctionDef):
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            found[node.name, first] = node
    return found


def _node(function: Callable[..., Any]) -> ast.AST | None:
    module = inspect.getmodule(function)
    code = getattr(function, "__code__", None)
    if module is None or code is None:
        return None
    return _defined(module).get((code.co_name, code.co_firstlineno))


def _resolved(node: ast.expr, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return _KNOWN.get(node.id) or names.get(node.id)
    if isinstance(node, ast.Attribute):
        if node.attr == "parts":
            return _parts()
        owner = _resolved(node.value, names)
        return None if owner is None else getattr(owner, node.attr, None)
    return None


def _functions(found: Any) -> Iterator[Callable[..., Any]]:
    """The functions of the engine that a value is, or holds as a table of them."""
    if isinstance(found, functools.partial):
        found = found.func
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, functools.cached_property):
        found = found.func
    if isinstance(found, types.MethodType | functools._lru_cache_wrapper):
        found = inspect.unwrap(getattr(found, "__func__", found))
    if isinstance(found, types.FunctionType):
        found = inspect.unwrap(found)
        if found.__module__.startswith("engine.") and not found.__module__.startswith(_APART):
            yield found
    elif isinstance(found, dict | tuple | list):
        for value in found.values() if isinstance(found, dict) else found:
            if isinstance(value, types.FunctionType) or dataclasses.is_dataclass(value):
                yield from _functions(value)
    elif dataclasses.is_dataclass(found) and not isinstance(found, type | reader.Parts):
        for one in dataclasses.fields(found):
            value = getattr(found, one.name, None)
            if isinstance(value, types.FunctionType):
                yield from _functions(value)
    elif inspect.isclass(found) and found.__module__.startswith("engine."):
        made = vars(found).get("__post_init__")
        if made is not None:
            yield from _functions(made)


def _errors(found: Any) -> Iterator[str]:
    """The code of the error that a value is, or of those that it is a table of."""
    if found is errors.type_of_code:
        return
    values = found.values() if isinstance(found, dict) else found
    for one in values if isinstance(found, dict | tuple | list) else (found,):
        if inspect.isclass(one) and issubclass(one, errors.EngineError):
            yield one.code


@functools.cache
def _seen(function: Callable[..., Any]) -> tuple[frozenset[str], frozenset[Any], frozenset[str]]:
    """What a function itself makes, names, and records: error codes, functions, kinds of facts."""
    codes: set[str] = set()
    named: set[Any] = set()
    kinds: set[str] = set()
    node = _node(function)
    if node is None:
        return frozenset(), frozenset(), frozenset()
    names = {**function.__globals__, **_inside(node, function.__globals__)}
    caught = {
        part
        for one in ast.walk(node)
        if isinstance(one, ast.ExceptHandler) and one.type is not None
        for part in ast.walk(one.type)
    }
    for one in ast.walk(node):
        if isinstance(one, ast.Name | ast.Attribute) and one not in caught:
            found = _resolved(one, names)
            refusals = set(_errors(found))
            codes |= refusals
            if found is errors.type_of_code:
                named.update(_of_child(function.__module__))
            elif found is not None and not refusals:
                named.update(_functions(found))
        call = one.func if isinstance(one, ast.Call) and one.args else None
        if isinstance(call, ast.Attribute) and call.attr == "record":
            kinds.update(_kinds(one.args[0]))  # type: ignore[attr-defined]
    return frozenset(codes), frozenset(named - {function}), frozenset(kinds)


def _of_child(name: str) -> Iterator[Callable[..., Any]]:
    """The functions of the process that a module lets work."""
    for value in vars(importlib.import_module(_CHILDREN[name])).values():
        yield from _functions(value) if isinstance(value, types.FunctionType) else ()


def _inside(node: ast.AST, names: dict[str, Any]) -> dict[str, Any]:
    """What is imported within a function."""
    found: dict[str, Any] = {}
    for one in ast.walk(node):
        if isinstance(one, ast.ImportFrom) and one.module and one.module.startswith("engine"):
            module = importlib.import_module(one.module)
            for alias in one.names:
                value = getattr(module, alias.name, None)
                found[alias.asname or alias.name] = value
    return found


def _kinds(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _kinds(node.body)
        yield from _kinds(node.orelse)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        begins = str(node.values[0].value)
        yield from (kind for kind in tables.REACTIONS if kind.startswith(begins))


def of(function: Callable[..., Any]) -> list[str]:
    """The codes of the refusals that a function of the engine can end in."""
    # The kind of all errors is named where one is told from another, and never raised.
    waiting, known, codes = list(_functions(function)), set(), set()
    while waiting:
        one = waiting.pop()
        if one in known:
            continue
        known.add(one)
        made, named, kinds = _seen(one)
        codes |= made
        waiting += named
        for kind in kinds:
            for reaction in tables.REACTIONS.get(kind, ()):
                waiting += _functions(reaction)
    return sorted(codes - {errors.EngineError.code})


def told() -> dict[str, list[str]]:
    """Operation → the codes it may answer beside those of the door itself."""
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {route.name: of(route.function) for route in routes.ROUTES}


def text() -> str:
    """The file as it has to be."""
    return json.dumps(told(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    # `--check` says whether the file is as it has to be.
    if sys.argv[1:] == ["--check"]:
        sys.exit(FILE.read_text(encoding="utf-8") != text())
    FILE.write_text(text(), encoding="utf-8")
