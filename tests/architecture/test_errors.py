"""Every refusal has words of its own, and whoever raises it fills them in."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from engine.kernel import errors
from tests.support import sources


def _load() -> dict[Path, ModuleType]:
    return {path: sources.module(path) for path in sources.files("engine")}


MODULES = _load()
LEAVES = sorted(
    (kind for kind in errors.type_of_code.values() if kind.__module__.startswith("engine.")),
    key=lambda kind: (kind.__module__, kind.__qualname__),
)


def fields(kind: type[errors.EngineError]) -> set[str]:
    """The parameters that an error's message needs."""
    return {name for _, name, _, _ in string.Formatter().parse(kind.template()) if name is not None}


def _resolve(module: ModuleType, node: ast.expr) -> object:
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute):
        return getattr(_resolve(module, node.value), node.attr, None)
    return None


def raised() -> Iterator[tuple[str, type[errors.EngineError], set[str]]]:
    """Every place that makes an error: where, which, and with which parameters."""
    for path, module in MODULES.items():
        calls = set()
        for node in ast.walk(sources.tree(path)):
            where = f"{sources.place(path)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call):
                kind = _resolve(module, node.func)
                calls.add(node.func)
                if _is_error(kind) and all(keyword.arg for keyword in node.keywords):
                    yield where, kind, {str(keyword.arg) for keyword in node.keywords}
            elif isinstance(node, ast.Raise) and node.exc is not None:
                kind = _resolve(module, node.exc)
                if _is_error(kind):
                    yield where, kind, set()


def _is_error(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, errors.EngineError)


@pytest.mark.parametrize("kind", LEAVES, ids=lambda kind: kind.code)
def test_an_error_has_a_message_of_its_own_that_can_be_filled(kind):
    assert "__doc__" in vars(kind), "no docstring of its own"
    assert vars(kind)["__doc__"], "no docstring of its own"
    template = kind.template()
    assert template[0].isupper() or template[0] in "“{", template
    assert template.endswith((".", "?", "}", "”")), template
    names = fields(kind)
    assert all(name.isidentifier() for name in names), template
    assert "field" not in names, "`field` names the input, it is not a parameter"
    kind.template().format(**dict.fromkeys(names, "x"))


def test_codes_are_unique_and_derived_from_their_package():
    assert len({kind.code for kind in LEAVES}) == len(LEAVES)
    every = [
        kind for module in MODULES.values() for kind in vars(module).values() if _is_error(kind)
    ]
    lost = {kind for kind in every if errors.type_of_code.get(kind.code) not in (kind, None)}
    assert lost == set(), "two errors of one package have one name"


def test_whoever_raises_an_error_gives_what_its_message_needs():
    places = list(raised())
    assert len(places) > 100
    lacking = {
        f"{where} {kind.__name__}": fields(kind) - given
        for where, kind, given in places
        if fields(kind) - given
    }
    assert lacking == {}


def test_every_leaf_is_one_of_the_eight_kinds():
    kinds = set(errors.EngineError.__subclasses__())
    assert {kind.__name__ for kind in kinds} == {
        *("InvalidInput", "NotFound", "NotPermitted", "IllegalTransition", "Conflict"),
        *("PolicyRefused", "ProviderUnavailable", "ConfigurationError"),
    }


def test_errors_that_are_remembered_survive_a_replay():
    """A stored refusal is made again from its code and parameters."""
    for kind in LEAVES:
        if kind.commits:
            params = dict.fromkeys(fields(kind), 1)
            again = errors.type_of_code[kind.code](field="x", **params)
            assert type(again) is kind
