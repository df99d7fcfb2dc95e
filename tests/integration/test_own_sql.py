"""Questions in SQL of one's own: what they may ask, and that nothing hostile gets anywhere."""

from __future__ import annotations

import datetime
import http.server
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from engine.kernel import errors
from engine.reports import own_sql
from tests.support import lifecycles

SMALL = own_sql.Allowance(seconds=2, memory_mb=128, rows=100)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published copy, alone in its folder."""
    path = tmp_path_factory.mktemp("copies") / "analytics-1.duckdb"
    lifecycles.copy_of(path, lifecycles.facts(40)).close()
    return path


@pytest.fixture(autouse=True)
def nothing_is_left_behind(place: Path) -> Iterator[None]:
    before = place.read_bytes()
    yield
    assert [one.name for one in place.parent.iterdir()] == [place.name]
    assert place.read_bytes() == before


def ask(place: Path, sql: str, allowance: own_sql.Allowance = SMALL) -> own_sql.Told:
    return own_sql.ask(place, sql, allowance)


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM lifecycle_event",
        "FROM lifecycle_event LIMIT 3",
        "WITH told AS (FROM lifecycle_step) SELECT from_activity, count(*) FROM told GROUP BY ALL",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) FROM n",
        "SELECT * FROM main.lifecycle_event WHERE activity IN (SELECT activity FROM lifecycle_case)",
        "PIVOT lifecycle_event ON actor_kind IN ('person', 'staff') USING count(*) GROUP BY activity",
        "DESCRIBE lifecycle_event",
        "SUMMARIZE lifecycle_event",
        "SHOW TABLES",
        "SELECT table_name FROM information_schema.tables",
        "SELECT civil_day(happened_at), unnest([1, 2]) FROM lifecycle_event, range(2)",
        "SELECT quantile_cont(to_ms - from_ms, 0.5) OVER (PARTITION BY from_activity) FROM lifecycle_step",
        "SELECT 1; -- and nothing else",
        "-- why not\nSELECT 1",
    ],
)
def test_what_reads_the_copy_is_answered(place, sql):
    told = ask(place, sql)
    assert told.answer.columns
    assert told.answer.rows


@pytest.mark.row("RPT-5")
def test_values_come_back_as_what_they_are(place):
    told = ask(
        place,
        "SELECT 1 AS n, 1 AS n, 1.50::DECIMAL(9, 2) AS money, 0.5::DOUBLE AS share, NULL AS nothing,"
        " DATE '2026-06-30' AS day, TIMESTAMP '2026-06-30 08:00:00.5' AS moment, '=1+1' AS hostile,"
        " 170141183460469231731687303715884105727::HUGEINT AS huge, [1, 2] AS list, {'a': 1} AS record,"
        " 'NaN'::DOUBLE AS odd, '\\x00\\xFF'::BLOB AS bytes, true AS yes, INTERVAL 2 DAY AS span",
    )
    assert told.answer.columns[:2] == ("n", "n_2")
    row = dict(zip(told.answer.columns, told.answer.rows[0], strict=True))
    assert row["money"] == Decimal("1.50")
    assert row["share"] == 0.5
    assert row["nothing"] is None
    assert row["day"] == datetime.date(2026, 6, 30)
    assert row["moment"] == datetime.datetime(2026, 6, 30, 8, 0, 0, 500_000)
    assert row["hostile"] == "=1+1"
    assert row["huge"] == (1 << 127) - 1
    assert (row["list"], row["record"], row["odd"], row["bytes"]) == (
        "[1, 2]",
        '{"a": 1}',
        "nan",
        "00ff",
    )
    assert row["yes"] is True
    assert "2 days" in row["span"]


@pytest.mark.row("RPT-5")
def test_days_are_those_of_shanghai(place):
    told = ask(place, "SELECT CAST(to_timestamp(1780243200) AS DATE) AS day, current_date AS today")
    assert told.answer.rows[0][0] == datetime.date(2026, 6, 1)


@pytest.mark.row("RPT-5")
def test_so_many_rows_and_no_more(place):
    told = ask(place, "FROM range(101)")
    assert (len(told.answer.rows), told.more) == (100, True)
    told = ask(place, "FROM range(100)")
    assert (len(told.answer.rows), told.more) == (100, False)


HOSTILE = (
    *("SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_csv('/etc/passwd')"),
    *("FROM '/etc/passwd'", "FROM '/etc/*.conf'", "SELECT * FROM glob('/etc/*')"),
    *(
        "FROM read_blob('{copy}')",
        "FROM read_parquet('x.parquet')",
        "FROM read_json('/etc/passwd')",
    ),
    *(
        "FROM read_duckdb('{copy}')",
        "FROM sniff_csv('/etc/passwd')",
        "FROM parquet_metadata('/etc/passwd')",
    ),
    *("FROM read_csv('{url}')", "FROM '{url}x.parquet'", "FROM read_text('{url}')"),
    *("FROM 's3://bucket/key.parquet'", "FROM 'hf://datasets/x/y.csv'"),
    *("COPY lifecycle_event TO '{folder}/out.csv'", "COPY (SELECT 1) TO '{copy}.wal'"),
    *("COPY lifecycle_event FROM '/etc/passwd'", "EXPORT DATABASE '{folder}/out'"),
    *("IMPORT DATABASE '{folder}'", "ATTACH '{folder}/other.duckdb'", "ATTACH ':memory:' AS other"),
    *("ATTACH '{copy}' AS again (READ_ONLY false)", "DETACH analytics-1", "USE memory"),
    *(
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
        "FORCE INSTALL httpfs FROM community",
    ),
    *("SET memory_limit = '64GB'", "SET enable_external_access = true", "RESET lock_configuration"),
    *("SET lock_configuration = false", "SET SESSION threads = 64", "SET GLOBAL TimeZone = 'UTC'"),
    *(
        "PRAGMA database_list",
        "PRAGMA enable_profiling",
        "PRAGMA memory_limit = '64GB'",
        "PRAGMA version",
    ),
    *("CALL pragma_version()", "CHECKPOINT", "VACUUM", "BEGIN", "COMMIT", "ROLLBACK", "ANALYZE"),
    *("CREATE TABLE t (a INT)", "CREATE TEMP TABLE t AS SELECT 1", "CREATE VIEW v AS SELECT 1"),
    *(
        "CREATE MACRO f(a) AS a",
        "CREATE SECRET s (TYPE s3)",
        "CREATE SCHEMA s",
        "CREATE SEQUENCE s",
    ),
    *(
        "INSERT INTO watermark VALUES (1, 1)",
        "UPDATE watermark SET seq = 0",
        "DELETE FROM watermark",
    ),
    *("DROP TABLE watermark", "ALTER TABLE watermark ADD COLUMN x INT", "TRUNCATE watermark"),
    *(
        "COMMENT ON TABLE watermark IS 'x'",
        "MERGE INTO watermark USING watermark ON true WHEN MATCHED THEN DELETE",
    ),
    *(
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "DEALLOCATE p",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
    ),
    *(
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE watermark",
        "WITH x AS (SELECT 1) DELETE FROM watermark",
    ),
    *(
        "FROM duckdb_settings()",
        "FROM duckdb_settings",
        "FROM duckdb_databases()",
        "FROM duckdb_secrets()",
    ),
    *(
        "FROM duckdb_extensions()",
        "FROM duckdb_logs()",
        "FROM pragma_database_list",
        "FROM duckdb_functions()",
    ),
    *(
        "FROM pg_catalog.pg_settings",
        "FROM pg_catalog.pg_database",
        "FROM pragma_storage_info('watermark')",
    ),
    *("SELECT (SELECT path FROM duckdb_databases() LIMIT 1)", "FROM which_secret('x', 's3')"),
    *(
        "SELECT current_setting('temp_directory')",
        "SELECT getenv('PATH')",
        "SELECT getvariable('x')",
    ),
    *("FROM query('FROM duckdb_settings()')", "FROM query_table('duckdb_settings')"),
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_settings()'))",
    *("SELECT write_log('x')", "SELECT sleep_ms(100)", "SELECT * FROM python_map_function()"),
    *("FROM sandbox", "FROM connection", "FROM allowed", "SELECT * FROM arrow_scan(1, 2, 3)"),
    *(
        "SELECT $1",
        "SELECT ?",
        "",
        "   ",
        "-- nothing",
        ";",
        "selct 1",
        "SELECT '",
        "\0",
        "SELECT \0 1",
    ),
    *("SELECT nothing FROM lifecycle_event", "FROM nowhere", "FROM other.main.lifecycle_event"),
    *("\\copy x", ".shell ls", "!ls", "SELECT 1 INTO OUTFILE '/tmp/x'", "FROM test_all_types()"),
)
REFUSALS = (own_sql.NotOneQuestion, own_sql.NotInTheCopy, own_sql.NotUnderstood)


@pytest.fixture(scope="module")
def server() -> Iterator[http.server.HTTPServer]:
    """A server that must never be asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked += 1  # type: ignore[attr-defined]
            self.send_error(404)

        def do_HEAD(self) -> None:
            self.do_GET()

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.asked = 0  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("sql", HOSTILE)
def test_whatever_else_is_refused_and_tells_nothing_of_the_server(place, server, sql):
    filled = (
        sql.replace("{copy}", str(place))
        .replace("{folder}", str(place.parent))
        .replace("{url}", f"http://127.0.0.1:{server.server_port}/")
    )
    with pytest.raises(REFUSALS) as refused:
        ask(place, filled)
    told = str(refused.value.params).replace(filled, "")
    if str(place.parent) not in filled:
        assert str(place.parent) not in told
    assert "root:" not in told
    assert server.asked == 0


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(10000000000) a(i), range(1000000) b(i) WHERE hash(a.i, b.i) = 3",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    ],
    ids=["two long loops", "a loop without end"],
)
def test_what_never_ends_is_stopped(place, sql):
    begun = time.monotonic()
    with pytest.raises(own_sql.TookTooLong):
        ask(place, sql, own_sql.Allowance(seconds=1, memory_mb=128, rows=100))
    assert time.monotonic() - begun < 10


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list(i) FROM range(1000000000) a(i)",
        "SELECT repeat('x', 2000000000)",
        "SELECT a.i, repeat('x', 100) AS t FROM range(3000) a(i), range(3000) ORDER BY hash(a.i), t",
        "SELECT count(DISTINCT hash(i)) FROM range(1000000000) a(i)",
    ],
    ids=["a list", "a text", "a sort that would need the disk", "a million million values"],
)
def test_a_memory_bomb_is_stopped_and_the_next_question_answered(place, sql):
    with pytest.raises((own_sql.TookTooMuch, own_sql.TookTooLong)):
        ask(place, sql)
    assert ask(place, "SELECT 42").answer.rows == ((42,),)


@pytest.mark.row("RPT-5")
def test_an_answer_too_large_to_show_is_refused(place):
    with pytest.raises(own_sql.AnswerTooLarge):
        ask(place, "SELECT repeat('x', 1000000) FROM range(50)")


def test_a_question_of_any_length_is_no_question(place):
    with pytest.raises(own_sql.NotOneQuestion):
        ask(place, "SELECT 1 -- " + "x" * own_sql.LONGEST)


@pytest.mark.row("RPT-5")
def test_many_ask_at_once_and_each_has_its_own_answer(place):
    found: dict[int, object] = {}

    def one(number: int) -> None:
        try:
            found[number] = ask(place, f"SELECT {number}").answer.rows[0][0]
        except errors.EngineError as refusal:
            found[number] = refusal

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in range(8)}


def test_the_schema_beside_the_question_is_the_copys_own(place):
    from engine.reports import snapshot

    with snapshot.open_copy(place) as copy:
        told = own_sql.tables(copy)
    assert [column.name for column in told["lifecycle_event"]][:3] == [
        "case_kind",
        "case_id",
        "activity",
    ]
    assert not any(name.startswith("duckdb") for name in told)


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("number", range(len(own_sql.examples())))
def test_the_questions_to_begin_with_are_answered(place, number):
    assert ask(place, own_sql.examples()[number].sql).answer.columns
