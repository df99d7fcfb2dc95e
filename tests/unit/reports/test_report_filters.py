"""The filters of the reports: a typed grammar that an address keeps, and that no text gets through."""

from __future__ import annotations

import string

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel import clock, errors
from engine.reports import catalog, filters, snapshot
from tests.support import copies

DAYS = st.dates(
    min_value=clock.civil_date(1_600_000_000_000), max_value=clock.civil_date(2_000_000_000_000)
)
CODES = st.lists(
    st.text(string.ascii_lowercase + string.digits + "_:.-", min_size=1, max_size=20)
    .map(lambda text: "c" + text)
    .filter(lambda text: "," not in text),
    max_size=4,
    unique=True,
).map(tuple)
HOSTILE = (
    *(
        "' OR '1'='1",
        "x'; DROP TABLE order_fact; --",
        "a) OR (1=1",
        "%",
        "*",
        "..",
        "../../etc/passwd",
    ),
    *(
        "$from_ms",
        "a b",
        "a\nb",
        "\0",
        "=1+1",
        "“光正”",
        "a" * 81,
        "-a",
        "UNION SELECT 1",
        "{x}",
        "%s",
        "?",
    ),
)


@pytest.mark.row("RPT-1")
@given(DAYS, DAYS, CODES, CODES, CODES, CODES, CODES, CODES)
def test_an_address_gives_back_the_filters_that_made_it(one, two, a, b, c, d, e, f):
    since, until = sorted((one, two))
    made = filters.Filters(
        from_ms=clock.start_of(since),
        to_ms=clock.start_of(until) + clock.DAY,
        platforms=a,
        agencies=b,
        regions=c,
        stages=d,
        reviewers=e,
        kinds=f,
        run="night-1",
    )
    assert filters.parse(filters.address(made)) == made


def test_nothing_asked_for_is_everything_and_leaves_the_address_empty():
    assert filters.parse({}) == filters.Filters()
    assert filters.address(filters.Filters()) == {}
    # Names that are somebody else's are left alone.
    assert filters.parse({"view": "x", "by": "month"}) == filters.Filters()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"from": "yesterday"}, filters.DayWrong),
        ({"until": "2026-02-30"}, filters.DayWrong),
        ({"from": "20260601"}, filters.DayWrong),
        ({"from": "9999-12-31"}, filters.DayWrong),
        ({"from": "0001-01-01"}, filters.DayWrong),
        ({"from": "2026-W10-1"}, filters.DayWrong),
        ({"from": "2026-06-02", "until": "2026-06-01"}, filters.SpanEmpty),
        ({"platform": ",".join(f"p{n}" for n in range(51))}, filters.TooMany),
        ({"run": "a/b"}, filters.CodeWrong),
    ],
)
def test_what_is_written_wrong_is_refused_by_its_name(query, error):
    with pytest.raises(error) as refused:
        filters.parse(query)
    assert refused.value.field in query


@pytest.mark.parametrize("name", filters.LISTS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_passes_a_filter(name, text):
    with pytest.raises(filters.CodeWrong):
        filters.parse({name: text})


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies")
    db = copies.new_log(folder / "log.sqlite3")
    copies.grow(db, 60)
    snapshot.follow(db, snapshot.feeding.Names(copies.KEY), folder)
    db.close()
    with snapshot.open_copy(copies.latest(folder)) as opened:
        yield opened


@pytest.mark.parametrize("name", catalog.NAMES)
def test_even_past_the_grammar_a_filter_is_a_value_and_never_sql(copy, name):
    report = catalog.load(name)
    nobody = tuple("zz_nobody" for _ in HOSTILE)
    for wanted in (HOSTILE, nobody):
        asked = filters.Filters(**dict.fromkeys(filters.LISTS.values(), tuple(wanted)))
        answer = catalog.ask(copy, report, asked)
        if wanted is HOSTILE:
            hostile = answer
    assert hostile == answer
    assert copy.execute("SELECT count(*) FROM event_fact").fetchone() == (60,)


@pytest.mark.parametrize("name", catalog.NAMES)
def test_every_report_answers_by_each_of_its_roll_ups(copy, name):
    report = catalog.load(name)
    for by in report.by or ("",):
        assert catalog.ask(copy, report, by=by).columns
    with pytest.raises(catalog.RollUpUnknown):
        catalog.ask(copy, report, by="century")


def test_a_copy_is_locked(copy):
    for hostile in (
        "DELETE FROM event_fact",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY event_fact TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error):
            copy.execute(hostile)


def test_errors_are_of_the_kinds_that_doors_know():
    for error in (filters.DayWrong, filters.SpanEmpty, filters.CodeWrong, filters.TooMany):
        assert issubclass(error, errors.InvalidInput)
