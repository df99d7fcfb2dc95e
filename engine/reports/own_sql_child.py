"""What the process does that answers a question in SQL: `python -m engine.reports.own_sql_child`.

See `own_sql` for the walls. This process knows the copy's path and the question, and nothing else.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
import os
import resource
import sys
import threading
import zoneinfo
from collections.abc import Iterator
from typing import Any

import duckdb

from engine.uploads import sandbox

_MOST_MB = 16
_AT_ONCE = 500
# What Python and DuckDB take beside what DuckDB counts: code, threads, the rows on their way out.
_BESIDE = 2 * 1024 * 1024 * 1024
# Besides the copy's own tables: what makes rows of its arguments alone.
_TABLE_FUNCTIONS = {"generate_series", "range", "repeat", "repeat_row", "unnest"}
_SYSTEM_TABLES = {
    ("information_schema", "columns"),
    ("information_schema", "tables"),
    ("", "tables"),
}
# What tells of the server or runs a text as SQL. Whatever is not named reads its arguments alone.
_CLOSED_FUNCTIONS = {
    *("current_query", "current_setting", "error", "getvariable", "json_deserialize_sql"),
    *("parse_duckdb_log_message", "pg_sleep", "sleep_ms", "version", "write_log"),
}
_LOCKS = (
    "SET TimeZone = 'Asia/Shanghai'",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET python_enable_replacements = false",
    # What does not fit into memory is not set aside anywhere.
    "SET temp_directory = ''",
    "SET enable_external_access = false",
)


class _Refused(Exception):
    def __init__(self, refusal: str, **params: object) -> None:
        super().__init__(refusal)
        self.answer: sandbox.Answer = {"refused": refusal, "params": params}, b""


def work(task: dict[str, Any], content: bytes) -> sandbox.Answer:
    """The answer to a question, or why there is none."""
    allowed = task["allowance"]
    try:
        connection = _locked(task["path"], allowed["memory_mb"])
        _close_doors(allowed["memory_mb"])
        return _answer(connection, task["sql"], allowed)
    except _Refused as refusal:
        return refusal.answer
    except (MemoryError, duckdb.OutOfMemoryException):
        return _Refused("TookTooMuch", memory_mb=allowed["memory_mb"]).answer
    except duckdb.InterruptException:
        return _Refused("TookTooLong", seconds=allowed["seconds"]).answer
    except duckdb.IOException:
        # The copy is open already: DuckDB wanted to set aside what does not fit into memory.
        return _Refused("TookTooMuch", memory_mb=allowed["memory_mb"]).answer
    except duckdb.Error as problem:
        return _Refused("NotUnderstood", detail=_first_lines(str(problem))).answer


def _locked(path: str, memory_mb: int) -> Any:
    connection = duckdb.connect(path, read_only=True)
    for lock in _LOCKS:
        connection.execute(lock)
    connection.execute("SET memory_limit = ?", [f"{memory_mb}MB"])
    connection.execute("SET threads = 2")
    connection.execute("SET lock_configuration = true")
    return connection


def _close_doors(memory_mb: int) -> None:
    """From now on no file and no socket can be opened: there is no number left for one."""
    memory = memory_mb * 1024 * 1024 + _BESIDE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    taken = {int(name) for name in os.listdir("/proc/self/fd")}
    # Numbers below the highest one that are free are taken too, by the socket to the caller.
    while (free := os.dup(min(taken))) < max(taken):
        taken.add(free)
    os.close(free)
    most = max(taken) + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _answer(connection: Any, sql: str, allowed: dict[str, Any]) -> sandbox.Answer:
    timer = threading.Timer(allowed["seconds"], connection.interrupt)
    timer.daemon = True
    timer.start()
    _inspect(connection, sql)
    cursor = connection.execute(sql)
    columns = _distinct([column[0] for column in cursor.description])
    types = [str(column[1]) for column in cursor.description]
    made, size, count, more = [], 0, 0, False
    while rows := cursor.fetchmany(_AT_ONCE):
        for row in rows:
            if count == allowed["rows"]:
                more = True
                break
            text = json.dumps([_plain(value) for value in row], ensure_ascii=False)
            size += len(text)
            if size > _MOST_MB * 1024 * 1024:
                raise _Refused("AnswerTooLarge", megabytes=_MOST_MB)
            made.append(text)
            count += 1
        if more:
            break
    timer.cancel()
    told = {"columns": columns, "types": types, "more": more}
    return told, f"[{','.join(made)}]".encode()


def _inspect(connection: Any, sql: str) -> None:
    """Let through one question that reads the copy's own tables, and nothing else."""
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise _Refused("NotOneQuestion")
    told = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()[0]
    tree = json.loads(told)
    if tree["error"]:
        raise _Refused("NotUnderstood", detail=_first_lines(str(tree["error_message"])))
    own = {
        row[0].casefold()
        for row in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
    }
    nodes = list(_nodes(tree["statements"]))
    named = {
        str(entry["key"]).casefold()
        for node in nodes
        for entry in (node.get("cte_map") or {}).get("map", ())
    }
    for node in nodes:
        _allow(node, own | named)


def _allow(node: dict[str, Any], tables: set[str]) -> None:
    kind = node.get("type")
    if kind == "BASE_TABLE":
        name = str(node["table_name"]).casefold()
        place = (str(node.get("schema_name") or "").casefold(), name.strip('"'))
        known = name in tables and place[0] in ("", "main")
        if name and not known and place not in _SYSTEM_TABLES:
            raise _Refused("NotInTheCopy", name=node["table_name"])
    elif kind == "TABLE_FUNCTION":
        name = str((node.get("function") or {}).get("function_name", "")).casefold()
        if name not in _TABLE_FUNCTIONS:
            raise _Refused("NotInTheCopy", name=name)
    elif str(node.get("function_name", "")).casefold() in _CLOSED_FUNCTIONS:
        raise _Refused("NotInTheCopy", name=node["function_name"])


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _plain(value: Any) -> Any:
    """A value as JSON holds it; what JSON has no word for as its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return json.dumps([_plain(one) for one in value], ensure_ascii=False)
    if isinstance(value, dict):
        inside = {str(name): _plain(one) for name, one in value.items()}
        return json.dumps(inside, ensure_ascii=False)
    return str(value)


def _distinct(names: list[str]) -> list[str]:
    """Names of columns, told apart: the second `n` is `n_2`."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return found


def _first_lines(message: str) -> str:
    """What DuckDB says of a question, without the copy of the whole question below it."""
    return "\n".join(message.strip().splitlines()[:6])[:600]


def _warm() -> None:
    """Load now what could not be loaded once no file can be opened."""
    zoneinfo.ZoneInfo("Asia/Shanghai")
    connection = duckdb.connect()
    for lock in _LOCKS[:1]:
        connection.execute(lock)
    types = "SELECT * FROM test_all_types()"
    for row in connection.execute(types).fetchall():
        json.dumps([_plain(value) for value in row])
    decimal.Decimal(0)
    connection.close()


if __name__ == "__main__":
    sandbox.serve(sys.argv[1:], work, _warm)
