"""Which texts the product has, and which of them have no Chinese yet.

`python tools/locales.py` lists what `data/locales/zh_CN/LC_MESSAGES/yinxin.po` lacks and what it no longer
needs; exit 1 when something lacks. `--compile` makes the .mo files (called by `make setup`).
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
from pathlib import Path

from babel.messages import mofile, pofile

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
LOCALES = ROOT / "data" / "locales"
_MESSAGE_CALLS = {"_"}
_MESSAGE_ARGUMENTS = {"label", "title", "note", "button"}
# Classes whose texts are message ids; their positional texts count too.
_MESSAGE_CLASSES = {"Step", "Field"}


def _constants(node: ast.AST) -> list[str]:
    return [
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def messages_in(path: Path) -> set[str]:
    """The message ids that a source file uses."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        if _name(node) in _MESSAGE_CALLS and node.args:
            found |= set(_constants(node.args[0])) if not isinstance(node.args[0], ast.BinOp) else set()
        if _name(node) in _MESSAGE_CLASSES:
            found |= {c for arg in node.args for c in _constants(arg) if " " in c or c[:1].isupper()}
        if _name(node) in {"SheetField", "Paper", "Check"}:
            for keyword in node.keywords:
                if keyword.arg in _MESSAGE_ARGUMENTS:
                    found |= set(_constants(keyword.value))
    return found


def facts_in(path: Path) -> set[str]:
    """The kinds of fact and of message that a stage's source records."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node) in {"record", "notify", "move", "tell", "_move"}:
            found |= {c for c in _constants(node) if "." in c and c.replace(".", "").replace("_", "").isalpha() and c.islower()}
    return found


def wanted() -> dict[str, str]:
    """Every text that needs a translation → where it comes from."""
    from engine.kernel import errors
    from engine.kernel.workflow import Workflow

    found: dict[str, str] = {}
    import engine

    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        loaded = importlib.import_module(module.name)
        for value in vars(loaded).values():
            if isinstance(value, Workflow):
                for status in value.statuses():
                    subject = {"QR code": "ticket", "real-name proof": "proof"}.get(value.subject, value.subject)
                    found[f"{subject.replace(' ', '_')}.status.{status.value}"] = module.name
                    # What an error about a status says of it.
                    found[status.value] = module.name
                found[value.subject] = module.name
    for kind in errors.type_of_code.values():
        found[kind.template()] = kind.__module__
    for path in sorted((ROOT / "pages").glob("*.py")) + sorted((ROOT / "engine").rglob("*.py")):
        if path.is_relative_to(ROOT / "pages") or path.name in {"staff.py", "login_page.py", "queries.py"}:
            for message in messages_in(path):
                found[message] = path.name
        if path.is_relative_to(ROOT / "engine"):
            for fact in facts_in(path):
                found[fact] = path.name
    from engine.staffing.model import Role

    for role in Role:
        found[f"role.{role.value}"] = "staffing"
    return found


def catalogue() -> dict[str, str]:
    """What is translated."""
    path = LOCALES / "zh_CN" / "LC_MESSAGES" / "yinxin.po"
    with path.open("rb") as file:
        parsed = pofile.read_po(file, locale="zh_CN")
    return {str(m.id): str(m.string) for m in parsed if m.id and m.string}


def compile_all() -> None:
    """Make the .mo file of every language."""
    for path in LOCALES.glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as source:
            parsed = pofile.read_po(source)
        with path.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, parsed)


def main() -> int:
    """List what lacks; or compile."""
    if "--compile" in sys.argv:
        compile_all()
        return 0
    known = catalogue()
    lacking = {m: w for m, w in wanted().items() if m not in known}
    for message, where in sorted(lacking.items(), key=lambda item: (item[1], item[0])):
        print(f"{where}\t{message}")
    print(f"{len(lacking)} without Chinese, {len(known)} with")
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
