"""The scenarios at hand: those that ship, and one's own, which are kept beside the runs.

One's own are copies that somebody changed. What is typed is kept as a draft on every change, so that
neither an error nor a lapsed session loses it; only what can be run is kept under its name.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.kernel import catalog, errors
from simulations import scenario
from simulations.scenario import Scenario, ScenarioWrong

SHIPPED = catalog.DATA / "scenarios"
# Where one's own are kept unless told otherwise.
OWN = Path(os.environ.get("YINXIN_SCENARIOS", catalog.DATA / "var" / "scenarios"))
LONGEST = 100_000
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_OWNER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_AT_LINE = re.compile(r"\(at line (\d+)")
_SAID = "Value error, "
_TABLE = re.compile(r"^\s*\[\[?\s*([\w.\-\"']+)\s*\]\]?")


class NameTaken(errors.ConfigurationError):
    """A scenario that ships is called “{name}”. Give yours another name."""


class NotKept(errors.NotFound):
    """There is no scenario “{name}”. It may have been deleted; choose another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong in a file: at which key (and line, where it is known), and how."""

    key: str
    line: int | None
    kind: str
    message: str
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A text that was looked at: the scenario, or all that is wrong with it."""

    scenario: Scenario | None
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A scenario at hand; `scenario` is None where its file can no longer be run."""

    name: str
    path: Path
    own: bool
    scenario: Scenario | None

    def text(self) -> str:
        """The file as it was written, its comments too."""
        return self.path.read_text(encoding="utf-8")


def listed(own: Path | None = None) -> list[Kept]:
    """Every scenario at hand: those that ship by name, then one's own."""
    return [*_in(SHIPPED, own=False), *_in(own or OWN, own=True)]


def _in(place: Path, *, own: bool) -> Iterator[Kept]:
    for path in sorted(place.glob("*.toml")):
        if _NAME.fullmatch(path.stem):
            try:
                found: Scenario | None = scenario.load(path)
            except errors.ConfigurationError:
                found = None
            yield Kept(name=path.stem, path=path, own=own, scenario=found)


def named(name: str, own: Path | None = None) -> Kept:
    """The scenario of a name.

    Raises: NotKept.
    """
    for one in listed(own):
        if one.name == name:
            return one
    raise NotKept(name=name[:64])


# -- looking at a text -----------------------------------------------------------------------------


def check(text: str) -> Checked:
    """Look at a text as at a file: everything that is wrong, by key."""
    if len(text) > LONGEST:
        told = f"more than {LONGEST} characters"
        return Checked(scenario=None, wrong=(_at("", None, "too_long", told),))
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = _AT_LINE.search(str(problem))
        line = int(found[1]) if found else None
        return Checked(scenario=None, wrong=(_at("", line, "toml", str(problem)),))
    with tempfile.TemporaryDirectory(prefix="yinxin-scenario-") as folder:
        path = Path(folder) / f"{_stem(tables)}.toml"
        path.write_text(text, encoding="utf-8")
        try:
            return Checked(scenario=scenario.load(path))
        except ScenarioWrong as problem:
            return Checked(scenario=None, wrong=_told(problem, text))


def _stem(tables: Mapping[str, Any]) -> str:
    name = tables.get("name")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else "scenario"


def _at(key: str, line: int | None, kind: str, message: str) -> Wrong:
    return Wrong(key=key, line=line, kind=kind, message=message)


def _told(problem: ScenarioWrong, text: str) -> tuple[Wrong, ...]:
    """What a refusal says, key by key."""
    cause: BaseException | None = problem
    while cause is not None and not isinstance(cause, ValidationError):
        cause = cause.__cause__
    if cause is None:
        return tuple(
            _at(key, line_of(text, key), "other", message)
            for part in str(problem.params["problem"]).split("; ")
            for key, message in [_split(part)]
        )
    return tuple(
        Wrong(
            key=(key := _key(one)),
            line=line_of(text, key),
            kind=one["type"],
            message=one["msg"] if one["loc"] else _split(one["msg"].removeprefix(_SAID))[1],
            limits={
                k: v for k, v in one.get("ctx", {}).items() if isinstance(v, str | int | float)
            },
        )
        for one in cause.errors()
    )


def _key(told: Mapping[str, Any]) -> str:
    """Where an error lies; what is wrong about several keys together names one itself."""
    if told["loc"]:
        return ".".join(str(part) for part in told["loc"])
    return _split(told["msg"].removeprefix(_SAID))[0]


def _split(part: str) -> tuple[str, str]:
    key, mark, message = part.partition(": ")
    return (key, message) if mark and " " not in key else ("", part)


def line_of(text: str, key: str) -> int | None:
    """The line of a key (`reviewers.1.minutes.p90`), or of the nearest table above it."""
    wanted, best, depth = key.split("."), None, 0
    at: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        table = _TABLE.match(line)
        if table:
            name = table[1].replace('"', "")
            at = name.split(".")
            if line.lstrip().startswith("[["):
                seen[name] = seen.get(name, -1) + 1
                at.append(str(seen[name]))
            here = at
        else:
            word = re.match(r"\s*([\w.\-]+)\s*=", line)
            if not word:
                continue
            here = [*at, *word[1].split(".")]
        if len(here) > depth and here == wanted[: len(here)]:
            best, depth = number, len(here)
    return best


# -- one's own -------------------------------------------------------------------------------------


def copy_of(kept: Kept, name: str) -> str:
    """A scenario's file under another name, its comments kept."""
    return re.sub(r'(?m)^name\s*=\s*".*"', f'name = "{name}"', kept.text(), count=1)


def free_name(wished: str, own: Path | None = None) -> str:
    """A name like the one wished for that nothing has yet."""
    taken, number, name = {one.name for one in listed(own)}, 2, wished[:60]
    while name in taken:
        name, number = f"{wished[:60]}-{number}", number + 1
    return name


def keep(text: str, own: Path | None = None) -> Kept:
    """Keep a scenario of one's own under the name that it says; the one of that name is replaced.

    Raises: ScenarioWrong; NameTaken.
    """
    checked = check(text)
    if checked.scenario is None:
        first = checked.wrong[0]
        raise ScenarioWrong(file="scenario.toml", problem=f"{first.key}: {first.message}")
    name = checked.scenario.name
    if (SHIPPED / f"{name}.toml").exists():
        raise NameTaken(file=f"{name}.toml", problem="the name is taken", name=name)
    place = own or OWN
    _write(place / f"{name}.toml", text)
    return named(name, place)


def delete(name: str, own: Path | None = None) -> None:
    """Delete a scenario of one's own; its runs keep what they were told.

    Raises: NotKept.
    """
    found = named(name, own)
    if not found.own:
        raise NotKept(name=name[:64])
    found.path.unlink(missing_ok=True)


def draft(owner: str, name: str, own: Path | None = None) -> str | None:
    """What somebody has typed for a scenario and not kept yet."""
    path = _draft(owner, name, own)
    return path.read_text(encoding="utf-8") if path.is_file() else None


def keep_draft(owner: str, name: str, text: str, own: Path | None = None) -> None:
    """Remember what somebody is typing."""
    _write(_draft(owner, name, own), text[: 2 * LONGEST])


def drop_draft(owner: str, name: str, own: Path | None = None) -> None:
    """Forget what somebody typed."""
    _draft(owner, name, own).unlink(missing_ok=True)


def _draft(owner: str, name: str, own: Path | None) -> Path:
    if not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name):
        raise NotKept(name=name[:64])
    return (own or OWN) / ".drafts" / owner / f"{name}.toml"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)
