"""Which texts the product has, and which of them have no Chinese yet.

`python tools/locales.py` lists what the files in `data/locales/zh_CN/LC_MESSAGES` lack; exit 1 when
something lacks. `--unused` lists the texts that nothing says any more. `--compile` makes the .mo files
(called by `make setup`).
"""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
import re
import sys
import typing
from pathlib import Path

from babel.messages import mofile, pofile
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.told_codes import ENDS, MORE  # noqa: E402

LOCALES = ROOT / "data" / "locales"
_MESSAGE_CALLS = {"_", "say"}
_DOORS = ("staff", "staff_steps", "login_page", "queries", "api", "problems", "apps", "wording")
_WITH_MESSAGES = {f"{one}.py" for one in _DOORS}
_MESSAGE_ARGUMENTS = {"label", "title", "note", "button"}
# Classes whose texts are message ids; their positional texts count too.
_MESSAGE_CLASSES = {"Step", "Field"}
_RECORDING = {"record", "notify", "move", "tell", "_move", "Note"}
_NAMED_IN_REFUSALS = {"what", "needed", "problem", "part"}
_SUBJECTS = {"QR code": "ticket", "real-name proof": "proof"}
_CODE = re.compile(r"[a-z_]+\.[a-z_.]*")
# What a docstring says an action records: `Emits: seal.suspended, message.sent.`
_EMITS = re.compile(r"Emits: ((?:[a-z_]+\.[a-z_]+(?:,\s+)?)+)")
_COLUMN = re.compile(r"(?:AS )?(\w+),?$")
_SAYING = {".py", ".js", ".html", ".toml", ".sql"}
# Where a text goes on in the next line of a source.
_JOINT = re.compile(r'"\s*\n\s*"')
# A lexer loses its way in templates within templates; a call with a plain text does not need one.
_SCRIPT_CALL = re.compile(r'\b_\(\s*"((?:[^"\\\n]|\\.)+)"')


def _constants(node: ast.AST) -> list[str]:
    found = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return [value for value in found if isinstance(value, str)]


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _is_text(value: str) -> bool:
    return value.isascii() and (" " in value or value[:1].isupper())


def _titles(node: ast.AST) -> set[str]:
    """The texts of a table of titles: an upper-case name at the top of a page."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return set()
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    titled = isinstance(target, ast.Name) and target.id.isupper()
    if not titled or not isinstance(node.value, ast.Tuple | ast.Dict):
        return set()
    return {c for c in _constants(node.value) if _is_text(c)}


def messages_in(path: Path) -> set[str]:
    """The message ids that a source file uses."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.parent.name == "pages":
        for statement in tree.body:
            found |= _titles(statement)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if _name(node) in _MESSAGE_CALLS and node.args and not isinstance(node.args[0], ast.BinOp):
            found |= set(_constants(node.args[0]))
        if _name(node) == "text" and node.args:
            found |= {c for c in _constants(node.args[0]) if _is_text(c)}
        if _name(node) in _MESSAGE_CLASSES:
            found |= {c for arg in node.args for c in _constants(arg) if _is_text(c)}
        if _name(node) in {"SheetField", "Paper", "Check"}:
            for argument in _MESSAGE_ARGUMENTS & given.keys():
                found |= set(_constants(given[argument]))
        shown_by = given.get("format_func")
        if isinstance(shown_by, ast.Name) and shown_by.id == "_" and len(node.args) > 1:
            found |= set(_constants(node.args[1]))
    return found - {""}


def messages_in_script(path: Path) -> set[str]:
    """The message ids that a browser's script uses: `_("…")`, inside templates too."""
    return set(_SCRIPT_CALL.findall(path.read_text(encoding="utf-8")))


def codes_in(path: Path) -> set[str]:
    """The kinds of fact and of message that a stage's source records, and its steps and opinions."""
    source = path.read_text(encoding="utf-8")
    found: set[str] = set()
    for emitted in _EMITS.findall(source):
        found |= {code for code in re.split(r"[\s,;]+", emitted) if _CODE.fullmatch(code)}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if _name(node) in _RECORDING:
            found |= {c for c in _constants(node) if _CODE.fullmatch(c)}
        for keyword in node.keywords:
            if keyword.arg == "step":
                found |= {c for c in _constants(keyword.value) if _CODE.fullmatch(c)}
    whole = {code for code in found if not code.endswith((".", "_"))}
    for begun in found - whole:
        # An unknown beginning stays as it is, so that it is seen here and entered above.
        whole |= {begun + end for end in ENDS.get(begun, ("…",))}
    return whole


def words_in(path: Path) -> set[str]:
    """What refusals of a source name: `what=`, `problem=` and the like, and the table that `get` reads."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            if keyword.arg in _NAMED_IN_REFUSALS and isinstance(keyword.value, ast.Constant):
                found.add(str(keyword.value.value))
        if _name(node) == "get" and len(node.args) == 3:
            table = node.args[1]
            if isinstance(table, ast.Constant) and isinstance(table.value, str) and table.value:
                found.add(table.value.replace("_", " "))
    return found - {""}


def columns_in(path: Path) -> set[str]:
    """The columns of a report's question, and of the cases behind its figures where it names them."""
    asked = path.read_text(encoding="utf-8").rpartition("behind AS (")[2].split("/* figures */")
    lines = [
        line.strip()
        for part in asked
        for line in part.split("SELECT", 1)[-1].split("FROM", 1)[0].splitlines()
    ]
    return {m[1] for line in lines if (m := _COLUMN.search(line))} - {"END"}


def _fields_of(setting: type[BaseModel]) -> set[str]:
    """The names of a setting's fields, and of the rows that it holds."""
    found: set[str] = set()
    for name, field in setting.model_fields.items():
        found.add(f"setting.{name}")
        for inner in typing.get_args(field.annotation):
            if typing.get_origin(inner) is typing.Literal:
                found |= {f"choice.{one}" for one in typing.get_args(inner)}
            elif isinstance(inner, type) and issubclass(inner, BaseModel):
                found |= _fields_of(inner)
        if typing.get_origin(field.annotation) is typing.Literal:
            found |= {f"choice.{one}" for one in typing.get_args(field.annotation)}
    return {one for one in found if (last := one.rpartition(".")[2]) and not last.isdigit()}


def _loaded() -> dict[str, str]:
    """What the loaded engine tells of itself: workflows, refusals, rights, settings, verdicts."""
    import engine
    from engine.kernel import errors
    from engine.kernel.workflow import Workflow
    from engine.pdf import reasons
    from engine.policies.model import KINDS
    from engine.staffing.model import Right

    found: dict[str, str] = {}
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Workflow):
                subject = _SUBJECTS.get(value.subject, value.subject).replace(" ", "_")
                found[value.subject] = module.name
                for status in value.statuses():
                    found[f"{subject}.status.{status.value}"] = module.name
                    # What an error about a status says of it.
                    found[status.value] = module.name
    for kind in errors.type_of_code.values():
        if kind.__module__.startswith("engine."):
            found[kind.template()] = kind.__module__
    found |= dict.fromkeys((right.value for right in Right), "staffing")
    found |= dict.fromkeys(KINDS, "policies")
    found |= dict.fromkeys((f"setting.kind.{kind}" for kind in KINDS), "policies")
    for setting in KINDS.values():
        found |= dict.fromkeys(_fields_of(setting), "policies")
    for code, message in reasons.REASONS.items():
        found[code] = found[message] = "pdf.reasons"
    for code, message in reasons.VERDICTS.items():
        found[f"verdict.{code}"] = found[message] = "pdf.reasons"
    return found


def wanted() -> dict[str, str]:
    """Every text that needs a translation → where it comes from."""
    found = _loaded() | dict.fromkeys(MORE, "tools/locales.py")
    engine_sources = sorted((ROOT / "engine").rglob("*.py"))
    for path in sorted((ROOT / "pages").glob("*.py")) + engine_sources:
        if path.is_relative_to(ROOT / "pages") or path.name in _WITH_MESSAGES:
            found |= dict.fromkeys(messages_in(path), path.name)
    for path in engine_sources:
        found |= dict.fromkeys(codes_in(path) | words_in(path), path.name)
    for path in sorted((ROOT / "engine" / "reports").glob("*.sql")):
        if path.name != "schema.sql":
            found |= {f"report.{column}": path.name for column in columns_in(path)}
    scripts = sorted((ROOT / "pages" / "apps").rglob("*.js"))
    for path in [one for one in scripts if "vendor" not in one.parts]:
        found |= dict.fromkeys(messages_in_script(path), path.name)
    for ends in ENDS:
        found |= {ends + end: "tools/locales.py" for end in ENDS[ends]}
    return found


def catalogue() -> dict[str, str]:
    """What is translated."""
    found: dict[str, str] = {}
    for path in sorted((LOCALES / "zh_CN" / "LC_MESSAGES").glob("*.po")):
        parsed = pofile.read_po(io.BytesIO(path.read_bytes()), locale="zh_CN")
        found |= {str(m.id): str(m.string) for m in parsed if m.id and m.string}
    return found


def unused() -> list[str]:
    """The texts of more than a word that no source, script or setting says, whole or part by part."""
    told = []
    for folder in ("engine", "pages", "simulations", "tools", "data"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in _SAYING and "var" not in path.parts:
                told.append(_JOINT.sub("", path.read_text(encoding="utf-8")).replace("\\n", " "))
    said, needed = " ".join(" ".join(told).split()), wanted()
    # Coded texts are put together of parts, and so are lists of words.
    return sorted(
        text
        for text in catalogue().keys() - needed.keys()
        if " " in text
        and not _CODE.match(text)
        and not all(" ".join(part.split()) in said for part in text.split(", "))
    )


def compile_all() -> int:
    """Make the .mo file of every language; 0."""
    for path in LOCALES.glob("*/LC_MESSAGES/*.po"):
        parsed = pofile.read_po(io.BytesIO(path.read_bytes()))
        with path.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, parsed)
    return 0


def main() -> int:
    """List what lacks; or compile."""
    if "--compile" in sys.argv:
        return compile_all()
    known = catalogue()
    lacking = {m: w for m, w in wanted().items() if m not in known}
    for message, where in sorted(lacking.items(), key=lambda item: (item[1], item[0])):
        print(f"{where}\t{message}")
    if "--unused" in sys.argv:
        print(*unused(), sep="\n")
    print(f"{len(lacking)} without Chinese, {len(known)} with")
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
