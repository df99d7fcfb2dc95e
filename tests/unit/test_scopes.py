"""A right within scopes, as SQL asks for it and as it is asked of one row: the same rows."""

from __future__ import annotations

import itertools
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel import actors
from engine.staffing import queries
from engine.staffing.model import Right

pytestmark = pytest.mark.row("OPS-1")

PLACES = [
    (platform, agency)
    for platform, agency in itertools.product((None, "p1", "p2"), (None, "a1", "a2"))
]
grants = st.builds(
    lambda right, scope: actors.Grant(
        role="x", rights=frozenset({right}), scope_kind=scope[0], scope_id=scope[1]
    ),
    st.sampled_from([Right.FINANCE, Right.LOOK_UP]),
    st.sampled_from(
        [("all", ""), ("platform", "p1"), ("platform", "p2"), ("agency", "a1"), ("agency", "a2")]
    ),
)


@given(st.lists(grants, max_size=4))
def test_what_sql_finds_is_what_the_right_covers(held: list[actors.Grant]) -> None:
    who = actors.Staff(staff_id="stf_1", grants=tuple(held))
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE thing (platform_id TEXT, agency_id TEXT)")
    database.executemany("INSERT INTO thing VALUES (?, ?)", PLACES)
    only, values = queries.within(who, Right.FINANCE)
    found = database.execute(f"SELECT platform_id, agency_id FROM thing WHERE 1 = 1{only}", values)
    covered = {
        (platform, agency)
        for platform, agency in PLACES
        if queries.has(who, Right.FINANCE, platform_id=platform, agency_id=agency)
    }
    assert set(found) == covered


def test_who_is_no_member_of_staff_finds_nothing() -> None:
    assert queries.within(actors.System(job="x"), Right.FINANCE) == (" AND 1 = 0", ())
