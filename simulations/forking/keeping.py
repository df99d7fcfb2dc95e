"""A forecast as files: the copy that it began from, and what it foretells. Nobody is named in either."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from simulations.forking import snapshot
from simulations.forking.forecasting import Forecast

_FORECAST, _SNAPSHOT = "forecast.json", "snapshot.json"


def as_json(made: Forecast) -> dict[str, Any]:
    """What a forecast foretells; numbers stand for its cases."""
    told = {
        field.name: getattr(made, field.name)
        for field in dataclasses.fields(made)
        if field.name not in ("snapshot", "case_ids")
    }
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def write(made: Forecast, folder: Path) -> None:
    """Keep a forecast in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _SNAPSHOT, snapshot.to_text(made.snapshot))
    _write(folder / _FORECAST, json.dumps(as_json(made), ensure_ascii=False, indent=1) + "\n")


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".json.new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


def kept(folder: Path) -> dict[str, Any] | None:
    """The forecast in a folder; None where there is none."""
    try:
        found = json.loads((folder / _FORECAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
