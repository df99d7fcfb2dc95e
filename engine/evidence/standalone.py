"""The stand-alone verifiers, each as one Python file: modules of `evidence.verifier`, one after the other.

What a pack carries, and what is downloaded for the log, is thus the very code that the engine runs.
"""

from __future__ import annotations

import ast
import functools
import inspect
from types import ModuleType

from engine.evidence.verifier import (
    chain,
    command,
    container,
    der,
    ed25519,
    heads,
    links,
    log,
    log_command,
    receipts,
    signatures,
    tree,
)

PACK: tuple[ModuleType, ...] = (der, signatures, container, tree, chain, links, command)
LOG: tuple[ModuleType, ...] = (tree, ed25519, heads, log, receipts, log_command)
_OWN = "engine.evidence.verifier"


def _parts(module: ModuleType) -> tuple[list[str], str]:
    """The imports of a module from elsewhere, and everything below its imports."""
    source = inspect.getsource(module)
    lines = source.splitlines(keepends=True)
    imports, last = [], 0
    for node in ast.parse(source).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not docstring and not isinstance(node, ast.Import | ast.ImportFrom):
            break
        last = node.end_lineno or last
        own = isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_OWN)
        if not docstring and not own:
            imports.append(ast.unparse(node))
    return imports, "".join(lines[last:]).strip("\n")


@functools.cache
def source(modules: tuple[ModuleType, ...] = PACK) -> str:
    """The file's text; the last module is the command."""
    imports: list[str] = []
    bodies = []
    for module in modules:
        wanted, body = _parts(module)
        imports += [line for line in wanted if "__future__" not in line and line not in imports]
        bodies.append(
            f"# {module.__name__.rsplit('.', 1)[1]}: {inspect.getdoc(module)}".split("\n")[0]
        )
        bodies.append(body)
    head = inspect.getdoc(modules[-1]) or ""
    needs = "Needs Python 3.11" + (" and `cryptography`." if modules is PACK else " alone.")
    return (
        f'#!/usr/bin/env python3\n"""{head}\n\n{needs}\n"""\n\n'
        "from __future__ import annotations\n\n"
        + "\n".join(sorted(imports))
        + "\n\n\n"
        + "\n\n\n".join(bodies)
        + '\n\n\nif __name__ == "__main__":\n    sys.exit(main())\n'
    )
