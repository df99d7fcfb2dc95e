"""Files that can be read in one sitting, with names that say something, and no way around the rules."""

from __future__ import annotations

import ast
import inspect
import re
import tokenize

import pytest

from engine.http import routes
from tests.support import sources

CODE = sources.files("engine", "pages", "simulations", "tools")
# Names that say nothing about what is inside.
EMPTY_NAMES = {
    *(
        "util",
        "utils",
        "helper",
        "helpers",
        "misc",
        "common",
        "manager",
        "managers",
        "base",
        "core",
    ),
    *(
        "stuff",
        "lib",
        "shared",
        "service",
        "handler",
        "processor",
        "wrapper",
        "data",
        "temp",
        "tmp",
    ),
}
# What a path of one machine, or a note to oneself, looks like.
FOREIGN = re.compile(r"/work/|/root/|/home/[a-z]+/|/opt/(pypi|wheels)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


@pytest.mark.parametrize("path", CODE, ids=sources.place)
def test_a_file_has_at_most_300_lines_and_a_docstring(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    if text.strip():
        assert ast.get_docstring(sources.tree(path)), "says nothing about itself"


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function's body, its docstring aside."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_have_at_most_50_lines():
    long = [
        f"{sources.place(path)}:{one.lineno} {one.name}: {_length(one)}"
        for path in CODE
        for one in sources.functions(path)
        if _length(one) > 50
    ]
    assert not long, "\n".join(long)


def test_names_of_files_folders_and_classes_say_something():
    empty = [
        sources.place(path)
        for path in sources.files(*sources.PACKAGES)
        if EMPTY_NAMES & {part.lower().strip("_") for part in path.with_suffix("").parts[-2:]}
        and path.parent.name != "data"
    ]
    classes = [
        f"{sources.place(path)}: {node.name}"
        for path in sources.files("engine", "simulations")
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.ClassDef)
        and re.search(r"(Manager|Helper|Util|Wrapper)s?$", node.name)
    ]
    assert empty + classes == []


def test_nothing_is_left_for_later_and_no_machine_is_named():
    found = []
    for path in [*CODE, *sources.files("tests")]:
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                said = token.type in (tokenize.COMMENT, tokenize.STRING)
                patterns = FOREIGN.search(token.string) or UNFINISHED.search(token.string)
                if said and patterns and path.name != "test_sources.py":
                    found.append(f"{sources.place(path)}:{token.start[0]}")
    assert found == []


def test_no_error_is_swallowed():
    """A handler that does nothing may only stand for errors named one by one."""
    found = []
    for path in CODE:
        for node in ast.walk(sources.tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            everything = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
            )
            if everything and all(isinstance(one, ast.Pass | ast.Continue) for one in node.body):
                found.append(f"{sources.place(path)}:{node.lineno}")
    assert found == []


def test_no_test_is_skipped_and_none_sleeps():
    found = []
    for path in sources.files("tests"):
        for node in ast.walk(sources.tree(path)):
            name = node.attr if isinstance(node, ast.Attribute) else ""
            if name in ("skip", "skipif", "xfail", "importorskip", "sleep"):
                found.append(f"{sources.place(path)}:{node.lineno} {name}")
    assert found == []


def test_sql_stays_out_of_pages_and_simulations():
    statement = re.compile(
        r"\b(SELECT .+ FROM|INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b", re.DOTALL
    )
    found = [
        f"{sources.place(path)}:{node.lineno}"
        for path in sources.files("pages")
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and statement.search(node.value)
    ]
    assert found == []


def test_what_the_doors_offer_takes_an_operation_or_a_reader_and_then_keywords_alone():
    """The JSON door builds its schema from the signature, so there is one form."""
    wrong = []
    for route in routes.ROUTES:
        first, *others = inspect.signature(route.function).parameters.values()
        if first.name != ("op" if route.changes else "q"):
            wrong.append(f"{route.name}: {first.name}")
        if route.changes and any(one.kind is not inspect.Parameter.KEYWORD_ONLY for one in others):
            wrong.append(f"{route.name}: {[one.name for one in others]}")
    assert wrong == []
