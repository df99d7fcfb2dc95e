"""The process map, the variants and the cases behind them, counted again in plain Python; XES and OCEL."""

from __future__ import annotations

import datetime
import itertools
import json
import statistics
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lxml import etree

from engine.reports import catalog, mining
from engine.reports.filters import Filters
from engine.reports.mining import ocel, xes
from tests.support import lifecycles

LIVED = lifecycles.facts(120)
ORDERS = Filters(kinds=("certificate_order",))
JULY = Filters(
    kinds=("certificate_order",),
    platforms=("yangguang",),
    from_ms=lifecycles.START + 30 * 24 * lifecycles.HOUR,
    to_ms=lifecycles.START + 50 * 24 * lifecycles.HOUR,
)


@pytest.fixture
def copy(tmp_path: Path) -> Any:
    made = lifecycles.copy_of(tmp_path / "copy.duckdb", LIVED)
    yield made
    made.close()


def lives(filters: Filters) -> dict[str, list[lifecycles.Fact]]:
    found: dict[str, list[lifecycles.Fact]] = defaultdict(list)
    for fact in LIVED:
        wanted = not filters.platforms or fact.platform_id in filters.platforms
        if fact.case_kind in filters.kinds and wanted:
            found[fact.case_id].append(fact)
    return found


def pairs(filters: Filters) -> dict[tuple[str, str], list[int]]:
    """The gaps of each move, and how many begun or (so far) ended with an activity."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for life in lives(filters).values():
        for one, two in itertools.pairwise(life):
            if filters.from_ms <= two.happened_at < filters.to_ms:
                gap = two.happened_at - one.happened_at
                found[(one.activity, two.activity)].append(gap)
        known = [fact for fact in life if fact.happened_at < filters.to_ms]
        if life[0] in known and life[0].happened_at >= filters.from_ms:
            found[("", life[0].activity)].append(0)
        if known and known[-1].happened_at >= filters.from_ms:
            found[(known[-1].activity, "")].append(0)
    return found


@pytest.mark.row("RPT-4")
@pytest.mark.parametrize("filters", [ORDERS, JULY], ids=["all", "a platform's three weeks"])
def test_the_map_counts_what_follows_what_as_plain_python_does(copy, filters):
    expected = pairs(filters)
    told = {(m.from_activity, m.to_activity): m for m in mining.moves(copy, filters)}
    assert {key: move.moves for key, move in told.items()} == {
        key: len(gaps) for key, gaps in expected.items()
    }
    assert len(told) > 8
    for key, gaps in expected.items():
        if all(key):
            half = statistics.median(gaps) / lifecycles.HOUR
            assert told[key].move_p50_h == pytest.approx(half, abs=0.006)
        else:
            assert told[key].move_p50_h is None


@pytest.mark.row("RPT-4")
@pytest.mark.parametrize("filters", [ORDERS, JULY], ids=["all", "a platform's three weeks"])
def test_every_arrow_opens_as_many_cases_as_it_counts(copy, filters):
    for move in mining.moves(copy, filters):
        behind = mining.move_cases(copy, filters, move.from_activity, move.to_activity, most=10_000)
        assert len(behind.rows) == move.moves, move
    slow = mining.move_cases(copy, filters, "order.placed", "order.paid")
    hours = [row[slow.columns.index("took_h")] for row in slow.rows]
    assert hours == sorted(hours, reverse=True)


@pytest.mark.row("RPT-4")
def test_variants_are_the_ways_that_cases_took(copy):
    expected = Counter(
        " > ".join(fact.activity for fact in life) for life in lives(ORDERS).values()
    )
    answer = catalog.ask(copy, catalog.load("variants"), ORDERS)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    assert {row["path"]: row["cases"] for row in rows} == dict(expected)
    for row in rows:
        behind = mining.variant_cases(copy, ORDERS, row["path"])
        assert len(behind.rows) == row["cases"]
        life = mining.life(copy, "certificate_order", row["example"])
        assert " > ".join(fact[0] for fact in life.rows) == row["path"]


@pytest.mark.row("RPT-4")
def test_rare_moves_are_left_out_and_no_activity_hangs_in_the_air(copy):
    every = mining.moves(copy, ORDERS)
    few = mining.kept(every, 25)
    assert set(few) < set(every)
    shown = {name for move in few for name in (move.from_activity, move.to_activity)} - {""}
    assert shown <= {move.to_activity for move in few}
    assert shown <= {move.from_activity for move in few}
    assert set(mining.kept(every, 0)) == set(every)


# What the XML schema of XES 1849-2016 asks of our elements, as RELAX NG.
XES = """<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.xes-standard.org/"
 datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><start><element name="log">
 <attribute name="xes.version"/><attribute name="xes.features"/>
 <zeroOrMore><element name="extension"><attribute name="name"><data type="NCName"/></attribute>
  <attribute name="prefix"><data type="NCName"/></attribute>
  <attribute name="uri"><data type="anyURI"/></attribute></element></zeroOrMore>
 <zeroOrMore><element name="global"><attribute name="scope"><choice><value>trace</value>
  <value>event</value></choice></attribute><oneOrMore><ref name="attribute"/></oneOrMore>
  </element></zeroOrMore>
 <zeroOrMore><element name="classifier"><attribute name="name"/><attribute name="keys"/></element>
 </zeroOrMore><zeroOrMore><ref name="attribute"/></zeroOrMore>
 <zeroOrMore><element name="trace"><zeroOrMore><ref name="attribute"/></zeroOrMore>
  <zeroOrMore><element name="event"><zeroOrMore><ref name="attribute"/></zeroOrMore></element>
  </zeroOrMore></element></zeroOrMore></element></start>
 <define name="attribute"><choice>
  <element name="string"><attribute name="key"/><attribute name="value"/></element>
  <element name="date"><attribute name="key"/>
   <attribute name="value"><data type="dateTime"/></attribute></element></choice></define></grammar>"""


@pytest.mark.row("RPT-4")
def test_xes_holds_every_case_and_keeps_to_the_standard(copy):
    text = b"".join(xes.write(copy, ORDERS))
    log = etree.fromstring(text)
    etree.RelaxNG(etree.fromstring(XES)).assertValid(log)
    within = {"x": "http://www.xes-standard.org/"}
    read = {}
    for trace in log.iterfind("x:trace", within):
        name = trace.find("x:string[@key='concept:name']", within).get("value")
        read[name] = [
            (
                event.find("x:string[@key='concept:name']", within).get("value"),
                event.find("x:date[@key='time:timestamp']", within).get("value"),
            )
            for event in trace.iterfind("x:event", within)
        ]
    expected = {
        case: [(fact.activity, xes.instant(fact.happened_at)) for fact in life]
        for case, life in lives(ORDERS).items()
    }
    assert read == expected
    declared = {one.get("prefix") for one in log.iterfind("x:extension", within)}
    keys = {one.get("key") for one in log.iter("{*}string", "{*}date")}
    assert {key.partition(":")[0] for key in keys if ":" in key} <= declared


@pytest.mark.row("RPT-4")
def test_an_export_of_a_span_holds_the_cases_that_were_under_way_in_it(copy):
    under_way = {
        case: life
        for case, life in lives(JULY).items()
        if life[0].happened_at < JULY.to_ms and life[-1].happened_at >= JULY.from_ms
    }
    log = etree.fromstring(b"".join(xes.write(copy, JULY)))
    assert len(log.findall("{*}trace")) == len(under_way) > 3
    count = sum(len(life) for life in under_way.values())
    assert len(log.findall("{*}trace/{*}event")) == count == mining.facts(copy, JULY)
    made = json.loads(b"".join(ocel.write(copy, JULY)))
    assert (len(made["objects"]), len(made["events"])) == (len(under_way), count)


def test_xes_of_nothing_is_a_log_and_hostile_texts_stay_texts(tmp_path):
    hostile = "\"><trace/>&amp;'<!--"
    facts = [lifecycles.Fact("contract", hostile, hostile, 1, 0, "person", hostile, "", "", "")]
    copy = lifecycles.copy_of(tmp_path / "hostile.duckdb", facts)
    log = etree.fromstring(b"".join(xes.write(copy, Filters())))
    assert [one.get("value") for one in log.iter("{*}string")].count(hostile) == 3
    nothing = etree.fromstring(b"".join(xes.write(copy, ORDERS)))
    assert len(nothing.findall("{*}trace")) == 0
    made = json.loads(b"".join(ocel.write(copy, Filters())))
    assert made["events"][0]["type"] == hostile


def _named(**more: Any) -> dict[str, Any]:
    given = {name: {"type": "string"} for name in ("name",)} | more
    return {"type": "object", "properties": given, "required": list(given)}


def _lists(**lists: Any) -> dict[str, Any]:
    return {name: {"type": "array", "items": items} for name, items in lists.items()}


_LINK = {
    "type": "object",
    "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}},
    "required": ["objectId", "qualifier"],
}
_TYPE = _named(
    **_lists(attributes=_named(type={"enum": ["string", "time", "integer", "float", "boolean"]}))
)
_TIME = {"type": "string", "format": "date-time"}
# The JSON schema of OCEL 2.0, as its specification prints it.
OCEL = {
    "type": "object",
    "properties": {
        **_lists(
            eventTypes=_TYPE,
            objectTypes=_TYPE,
            events={
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    "time": _TIME,
                    **_lists(attributes=_named(value={"type": "string"}), relationships=_LINK),
                },
                "required": ["id", "type", "time"],
            },
            objects={
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    **_lists(
                        attributes=_named(value={"type": ["string", "integer"]}, time=_TIME),
                        relationships=_LINK,
                    ),
                },
                "required": ["id", "type"],
            },
        )
    },
    "required": ["eventTypes", "objectTypes", "events", "objects"],
}


@pytest.mark.row("RPT-4")
def test_ocel_holds_every_fact_once_and_names_only_what_it_holds(copy):
    order = next(fact.case_id for fact in LIVED if fact.activity == "certificate.issued")
    issued = next(f for f in LIVED if f.case_id == order and f.activity == "certificate.issued")
    copy.execute(
        "INSERT INTO certificate_fact (id, order_id, usage, status, created_at)"
        " VALUES ('crt_1', ?, 'signing', 'active', ?)",
        [order, issued.happened_at],
    )
    copy.execute("UPDATE event_fact SET subject = 'crt_1' WHERE seq = ?", [issued.seq])
    every = Filters()
    made = json.loads(b"".join(ocel.write(copy, every)))
    jsonschema.validate(made, OCEL, format_checker=jsonschema.FormatChecker())
    assert [event["id"] for event in made["events"]] == [f"event_{fact.seq}" for fact in LIVED]
    objects = {one["id"]: one for one in made["objects"]}
    assert len(objects) == len(made["objects"])
    links = [link for one in (*made["objects"], *made["events"]) for link in one["relationships"]]
    assert {link["objectId"] for link in links} <= set(objects)
    assert all(one["relationships"] for one in made["events"])
    types = {one["name"]: {a["name"] for a in one["attributes"]} for one in made["objectTypes"]}
    for one in objects.values():
        assert {a["name"] for a in one["attributes"]} <= types[one["type"]]
    assert {event["type"] for event in made["events"]} == {
        one["name"] for one in made["eventTypes"]
    }
    assert objects["crt_1"]["relationships"] == [{"objectId": order, "qualifier": "was ordered by"}]
    about = next(event for event in made["events"] if event["id"] == f"event_{issued.seq}")
    assert {link["objectId"] for link in about["relationships"]} == {order, "crt_1"}
    for event, fact in zip(made["events"], LIVED, strict=True):
        moment = datetime.datetime.fromisoformat(event["time"])
        assert round(moment.timestamp() * 1000) == fact.happened_at
