"""The door for TOML: a file becomes a frozen, strictly checked model, or the start stops.

An unknown key, a missing key or a value of the wrong kind is a `ConfigurationError` that names the
file and the key.
"""

from __future__ import annotations

import functools
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.kernel import errors

DATA = Path(__file__).resolve().parents[2] / "data"
# A part of a whole, from 0 to 1.
Share = Annotated[float, Field(ge=0, le=1)]


class Declared(BaseModel):
    """Base of everything declared in TOML: strict, frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(Declared):
    """A text of data in both languages; both are required."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text for a reader of `language` (`zh_CN` or `en`)."""
        return self.zh if language.startswith("zh") else self.en


D = TypeVar("D", bound=BaseModel)


def read(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises: ConfigurationError when it is missing or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise errors.ConfigurationError(file=path.name, problem=str(problem)) from problem


def state(path: Path) -> int:
    """What changes when a file does, so that what was read of it can be kept; 0 where there is none."""
    return path.stat().st_mtime_ns if path.exists() else 0


def load(path: Path, model: type[D]) -> D:
    """The file at `path` as `model`, read again only when it has changed.

    Raises: ConfigurationError naming the file and each wrong key.
    """
    found: D = _loaded(path, model, state(path))
    return found


@functools.lru_cache(maxsize=256)
def _loaded(path: Path, model: type[BaseModel], changed_at: int) -> Any:
    return build(read(path), model, path.name)


def build(tables: dict[str, Any], model: type[D], name: str) -> D:
    """Tables already read, as `model`; `name` is what an error calls them."""
    try:
        # Through JSON, because strict validation there still turns arrays into tuples, texts into
        # enums and dates.
        return model.model_validate_json(json.dumps(tables, default=str))
    except ValidationError as problem:
        told = "; ".join(
            f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
            for error in problem.errors()
        )
        raise errors.ConfigurationError(file=name, problem=told) from problem
