"""From a generated population to a copy as the feed would have left it, and to Parquet for the others.

Events stand in the order of the log, facts in the order of time. What the feed keeps ready (steps,
office hours of each date) is made from the rows by SQL of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from engine import reports
from tools.benchmarking.lifecycles.chance import END

_SCHEMA = Path(reports.__file__).with_name("schema.sql")
# By what the rows of a table stand in order.
_IN_ORDER = {
    "account_fact": "registered_at",
    "agency_fact": "agency_id",
    "binding_fact": "created_at",
    "bulk_fact": "made_at",
    "bulk_item_fact": "bulk_id, id",
    "call_fact": "began_at",
    "certificate_fact": "created_at",
    "contract_fact": "created_at",
    "contract_party_fact": "asked_at",
    "delivery_fact": "made_at",
    "endpoint_fact": "id",
    "entity_fact": "id",
    "file_fact": "created_at",
    "file_opening_fact": "created_at",
    "file_recipient_fact": "id",
    "incident_fact": "opened_at",
    "invoice_fact": "created_at",
    "invoice_line_fact": "invoice_id",
    "invoiced_order_fact": "invoice_id",
    "issuing_stop_fact": "stopped_at",
    "machine_fact": "id",
    "mall_account_fact": "created_at",
    "movement_fact": "occurred_at",
    "order_fact": "created_at",
    "payment_fact": "created_at",
    "proof_fact": "created_at",
    "reason_fact": "decided_at",
    "refund_fact": "requested_at",
    "reveal_fact": "revealed_at",
    "review_task": "opened_at",
    "seal_application_fact": "created_at",
    "seal_fact": "created_at",
    "ticket_fact": "created_at",
}
_EVENTS = """
CREATE TEMP TABLE told AS
SELECT row_number() OVER (ORDER BY happened_at, case_id, activity) AS seq, *
FROM (
    SELECT case_kind, case_id, activity, happened_at, actor_kind, platform_id, agency_id, region, product
    FROM read_parquet($lifecycle)
    UNION ALL
    SELECT NULL, subject, kind, occurred_at, actor_kind, NULL, NULL, NULL, NULL
    FROM read_parquet($other)
)
ORDER BY seq
"""
_FACTS = """
INSERT INTO event_fact (seq, occurred_at, kind, subject, actor_kind)
SELECT seq, happened_at, activity, case_id, actor_kind FROM told ORDER BY seq
"""
_STEPS_OF_CASES = """
INSERT INTO lifecycle_event BY NAME SELECT * FROM told WHERE case_kind IS NOT NULL ORDER BY seq
"""
_PAIRS = """
INSERT INTO lifecycle_step BY NAME
SELECT * FROM (
    SELECT
        case_kind, case_id,
        lag(activity) OVER w AS from_activity,
        activity AS to_activity,
        lag(happened_at) OVER w AS from_ms,
        happened_at AS to_ms,
        seq AS to_seq,
        platform_id, agency_id, region, product
    FROM lifecycle_event
    WINDOW w AS (PARTITION BY case_kind, case_id ORDER BY seq)
)
WHERE from_activity IS NOT NULL
ORDER BY to_seq
"""
_CASES = """
INSERT INTO lifecycle_case BY NAME
SELECT
    case_kind, case_id,
    min_by(activity, seq) AS first_activity, min_by(happened_at, seq) AS began_at,
    max_by(activity, seq) AS activity, max(seq) AS seq, max_by(happened_at, seq) AS happened_at,
    array_to_string(list_transform(list_sort(list((seq, activity))), lambda one: one[2]), ' > ') AS path,
    any_value(platform_id) AS platform_id, any_value(agency_id) AS agency_id,
    any_value(region) AS region, any_value(product) AS product
FROM lifecycle_event
GROUP BY case_kind, case_id
ORDER BY seq
"""


def load(folder: Path, target: Path) -> int:
    """Make a copy of the Parquet files of `make`; returns its number of events of cases."""
    with contextlib.closing(duckdb.connect(str(target))) as copy:
        copy.execute("SET memory_limit = '12GB'")
        copy.execute(_SCHEMA.read_text(encoding="utf-8"))
        for table, order in _IN_ORDER.items():
            path = folder / f"{table}.parquet"
            # Both names are from the table above.
            copy.execute(
                f"INSERT INTO {table} BY NAME SELECT * FROM read_parquet($path)"  # noqa: S608
                f" ORDER BY {order}",
                {"path": str(path)},
            )
        copy.execute(
            _EVENTS,
            {
                "lifecycle": str(folder / "lifecycle_event.parquet"),
                "other": str(folder / "other_event.parquet"),
            },
        )
        for statement in (_FACTS, _STEPS_OF_CASES, "DROP TABLE told", _PAIRS, _CASES):
            copy.execute(statement)
        copy.execute("INSERT INTO watermark SELECT max(seq), $end FROM event_fact", {"end": END})
        (count,) = copy.execute("SELECT count(*) FROM lifecycle_event").fetchone()
    return int(count)


def tables(copy: Any) -> dict[str, list[str]]:
    """The columns of each of a copy's tables."""
    rows = copy.execute(
        "SELECT table_name, column_name FROM duckdb_columns() SEMI JOIN duckdb_tables()"
        " USING (database_name, table_name) WHERE NOT internal"
        " AND database_name = current_database() ORDER BY table_name, column_index"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def to_parquet(
    source: Path, folder: Path, *, leave_out: Sequence[str] = (), keep_empty: bool = True
) -> None:
    """The copy's own tables as Parquet for others to read: the same rows in the same order."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(duckdb.connect(str(source), read_only=True)) as copy:
        for table in tables(copy):
            (filled,) = copy.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            if table in leave_out or not (filled or keep_empty):
                continue
            copy.execute(
                f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            )
