"""The digest of a world that does not ask by what transport somebody came: through doors, or on screens.

The digest of a run covers every byte. A person on the real screens does the same acts at the same instants,
so that ids, ciphertexts, papers and everything that follows come out the same, byte for byte. What differs
is what a browser draws or tells of itself, and it is listed here, column by column; the chain's own hashes
cover these too and are left out with them. Nothing else is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from engine.boot import World
from engine.kernel import codec, database

# Table → column → why it is the transport's. An empty table of columns: all of it.
TRANSPORT: dict[str, dict[str, str]] = {
    "device": {
        "public_key": "the key of the phone itself: a browser draws its own",
        "label": "what the phone calls itself",
    },
    "mall_session": {
        "browser": "a digest of a browser's cookie",
        "network": "where a browser stands",
        "label": "what a browser calls itself",
    },
    "reply": {
        "key": "the idempotency key, which whoever sends an act draws",
        "arguments": "a digest of the arguments, the device's key among them",
        "result": "what was answered, sealed to that key",
    },
    "source_count": {},
}
_BATCH = 2_000


def told(world: World) -> Iterator[str]:
    """Every event in order, then every row of every other table, without what is the transport's."""
    parts = world.engine.parts
    with parts.db.read() as connection:
        after = 0
        while rows := connection.rows(
            "SELECT seq, occurred_at, operation, actor, action, kind, version, subject, body"
            " FROM event WHERE seq > ? ORDER BY seq LIMIT ?",
            (after, _BATCH),
        ):
            for row in rows:
                yield _line("event", {**row, "body": _body(row["body"])})
            after = rows[-1]["seq"]
        for table in database.tables(connection, parts.db.dialect):
            left_out = TRANSPORT.get(table)
            if table == "event" or left_out == {}:
                continue
            # Sorted by what is left: a table may be ordered by what is not.
            yield from sorted(
                _line(table, _without(row, left_out or {}))
                for row in database.dump(connection, table)
            )


def digest(world: World) -> str:
    """SHA-256 over what `told` tells."""
    running = hashlib.sha256()
    for line in told(world):
        running.update(line.encode() + b"\n")
    return running.hexdigest()


def _body(text: str) -> str:
    body = json.loads(text)
    for table, _, values in body.get("rows", []):
        for column in TRANSPORT.get(table, {}):
            if values:
                values.pop(column, None)
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def _without(row: database.Row, columns: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def _line(table: str, row: dict[str, Any]) -> str:
    plain = {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in row.items()
    }
    return f"{table} {codec.canonical(plain)}"
