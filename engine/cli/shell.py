"""What the commands share: the world they work on, refusals in the terminal's language, exit codes.

A refusal of the engine is told in one line on standard error and ends with exit code 2; whatever else
happens is a bug and shows as one. No rule of the platform lives in a command.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import psycopg
import typer
from pysqlite3 import dbapi2 as sqlite

from engine.kernel import catalog, errors, texts

if TYPE_CHECKING:
    from engine import boot

DEFAULT_WORLD = catalog.DATA / "var" / "demo"
REFUSED = 2
# They tell of odd files in the log, with tracebacks; the verdict says the same in one word.
_TALKATIVE = ("pyhanko", "pyhanko_certvalidator", "pikepdf", "fontTools")
_STOPS = ("SIGINT", "SIGTERM", "SIGHUP")

WorldOption = Annotated[
    Path | None,
    typer.Option(
        "--world",
        envvar="YINXIN_WORLD",
        help="The world's folder; by default data/var/demo.",
        show_default=False,
    ),
]


class WorldMissing(errors.ConfigurationError):
    """There is no world in {path}. Make one with: {command}"""


class FileUnusable(errors.InvalidInput):
    """{path} cannot be used: {why}"""


class DatabaseUnusable(errors.ConfigurationError):
    """The world's database cannot be used: {why}"""


def language() -> str:
    """The terminal's language: Chinese where the locale says so, English everywhere else."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if wanted := os.environ.get(name, ""):
            return "zh_CN" if wanted.lower().startswith("zh") else "en"
    return "en"


def _translated(message: str) -> str:
    try:
        return texts.text(message, language())
    except FileNotFoundError:
        # Before `make setup` there are no compiled translations, and the message must still come.
        return message


def printable(text: str) -> str:
    """Text for a terminal: what a hostile file calls itself cannot steer it."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def say(message: str, *, err: bool = False, **params: object) -> None:
    """A message id in the terminal's language, on one line."""
    _echo(printable(_translated(message).format(**params)), err=err)


def tell_json(value: dict[str, Any]) -> None:
    """One JSON object on one line, in ASCII, so that any terminal and any pipe takes it."""
    _echo(json.dumps(value, default=str))


def tell_raw(text: str) -> None:
    """Text for a program, as it is."""
    _echo(text, newline=False)


def _echo(text: str, *, err: bool = False, newline: bool = True) -> None:
    stream = sys.stderr if err else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    typer.echo(text, err=err, nl=newline)


def message_of(refusal: errors.EngineError) -> str:
    """What a refusal says in the terminal's language."""
    try:
        return printable(texts.of_error(refusal, language()))
    except FileNotFoundError:
        return printable(refusal.message())


def refuse(refusal: errors.EngineError, *, as_json: bool = False) -> NoReturn:
    """Tell of a refusal and end with exit code 2."""
    if as_json:
        tell_json({"error": refusal.code, "message": message_of(refusal)})
    else:
        _echo(message_of(refusal), err=True)
    raise typer.Exit(REFUSED)


@contextlib.contextmanager
def refusals(*, as_json: bool = False) -> Iterator[None]:
    """Whatever is refused inside is told in one line, and the command ends with exit code 2."""
    try:
        yield
    except errors.EngineError as refusal:
        refuse(refusal, as_json=as_json)
    except (sqlite.Error, psycopg.Error) as problem:
        refuse(DatabaseUnusable(file="database", problem="", why=str(problem)), as_json=as_json)
    except OSError as problem:
        path = problem.filename or ""
        why = problem.strerror or str(problem)
        refuse(FileUnusable(path=str(path), why=why), as_json=as_json)


def read(path: Path, limit: int) -> bytes:
    """A file's bytes, at most one more than `limit`, so that its reader can refuse it.

    Raises: FileUnusable.
    """
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as problem:
        raise FileUnusable(path=str(path), why=problem.strerror or "") from problem


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises: FileUnusable.
    """
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise FileUnusable(path=str(path), why=problem.strerror or "") from problem


def place(world: Path | None) -> Path:
    """The folder of the world that is meant.

    Raises: WorldMissing with the command that makes one.
    """
    path = (world or DEFAULT_WORLD).absolute()
    if not (path / "world.toml").is_file():
        raise WorldMissing(
            file="world.toml",
            problem="",
            path=str(path),
            command=f"yinxin make demo --path {path}",
        )
    return path


@contextlib.contextmanager
def opened(world: Path | None) -> Iterator[boot.World]:
    """The world that is meant, open; closed at the end.

    Raises: WorldMissing, ConfigurationError.
    """
    path = place(world)
    # Here, because the whole engine would be loaded for every other command too.
    from engine import boot

    found = boot.open_world(path)
    try:
        yield found
    finally:
        close(found)


def close(world: boot.World) -> None:
    """Close a world and forget it."""
    from engine import boot

    world.close()
    boot.worlds.pop(world.id, None)


def quiet() -> None:
    """Keep the parsers' own log off the terminal."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


@contextlib.contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that Ctrl-C, a termination or a closed terminal sets."""
    stop = threading.Event()
    known = [getattr(signal, name) for name in _STOPS if hasattr(signal, name)]
    before = {one: signal.signal(one, lambda number, frame: stop.set()) for one in known}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
