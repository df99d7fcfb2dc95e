"""A log of objects as OCEL 2.0 JSON: orders, their reviews, certificates, payments and invoices.

In it a fact belongs to everything that it is about, and not to one case alone. Nothing names a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.reports import filters as filtering
from engine.reports.filters import Filters
from engine.reports.mining.xes import instant

_FOLDER = Path(__file__).parent
_AT_ONCE = 5_000
_TEXTS = ("platform", "agency", "region", "product")
# Every type of object with its attributes and their types.
_TYPES: dict[str, dict[str, str]] = {
    **dict.fromkeys(
        ("certificate_order", "service_order", "contract", "seal", "account"),
        dict.fromkeys(_TEXTS, "string"),
    ),
    "invoice": {
        **dict.fromkeys((*_TEXTS, "status"), "string"),
        "amount_fen": "integer",
    },
    "review": {"stage": "string", "status": "string"},
    "certificate": {"usage": "string", "status": "string"},
    "payment": {"status": "string", "amount_fen": "integer"},
    "refund": {"status": "string", "amount_fen": "integer"},
}


def write(copy: Any, filters: Filters) -> Iterator[bytes]:
    """The file in parts: the cases under way in the span, what belongs to them, and all their facts.

    `filters.kinds` are kinds of case.
    """
    activities = _distinct(copy, filters)
    yield b'{"objectTypes":'
    yield _json(
        [
            {"name": name, "attributes": [{"name": a, "type": t} for a, t in attributes.items()]}
            for name, attributes in _TYPES.items()
        ]
    )
    yield b',\n"eventTypes":'
    actor = [{"name": "actor_kind", "type": "string"}]
    yield _json([{"name": name, "attributes": actor} for name in activities])
    known: set[str] = set()
    yield b',\n"objects":['
    yield from _joined(_object(row, known) for row in _rows(copy, "ocel_objects", filters))
    yield b'],\n"events":['
    yield from _joined(_event(row, known) for row in _rows(copy, "ocel_events", filters))
    yield b"]}\n"


def _distinct(copy: Any, filters: Filters) -> list[str]:
    return sorted({row[1] for row in _rows(copy, "ocel_events", filters)})


def _object(row: tuple[Any, ...], known: set[str]) -> dict[str, Any]:
    kind, object_id, since, links, told = row
    known.add(object_id)
    attributes = json.loads(told)
    return {
        "id": object_id,
        "type": kind,
        "attributes": [
            {"name": name, "time": instant(since), "value": attributes[name]}
            for name in _TYPES[kind]
            if attributes.get(name) is not None
        ],
        "relationships": sorted(
            ({"objectId": link["object"], "qualifier": link["how"]} for link in links or ()),
            key=lambda link: (link["objectId"], link["qualifier"]),
        ),
    }


def _event(row: tuple[Any, ...], known: set[str]) -> dict[str, Any]:
    seq, activity, happened_at, actor_kind, cases, about = row
    related = [(case, "case") for case in cases] + [(about, "about")]
    return {
        "id": f"event_{seq}",
        "type": activity,
        "time": instant(happened_at),
        "attributes": [{"name": "actor_kind", "value": actor_kind}],
        "relationships": [
            {"objectId": object_id, "qualifier": how}
            for object_id, how in related
            if object_id in known
        ],
    }


def _rows(copy: Any, name: str, filters: Filters) -> Iterator[tuple[Any, ...]]:
    sql = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    given = filtering.parameters(filters)
    cursor = copy.cursor()
    cursor.execute(sql, {key: given[key] for key in given if f"${key}" in sql})
    while rows := cursor.fetchmany(_AT_ONCE):
        yield from rows


def _joined(things: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    begun = False
    for thing in things:
        yield (b",\n" if begun else b"\n") + _json(thing)
        begun = True


def _json(thing: Any) -> bytes:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":")).encode()
