"""A log of cases as XES (IEEE 1849): a trace for each case, an event for each of its facts.

Activities are the codes of the log, the same in every language. No event names a person: the resource is
the kind of actor.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from engine.kernel import clock
from engine.reports import filters as filtering
from engine.reports.filters import Filters

_SQL = Path(__file__).with_name("facts_of_cases.sql")
_AT_ONCE = 20_000
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace">
<string key="concept:name" value=""/>
</global>
<global scope="event">
<string key="concept:name" value=""/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
<string key="org:resource" value=""/>
</global>
<classifier name="Activity" keys="concept:name"/>
"""
# Attributes of a trace that have no word in the standard.
_OWN = ("case_kind", "platform_id", "agency_id", "region", "product")


def instant(milliseconds: int) -> str:
    """An instant as both formats write it: ISO 8601 in UTC, to the millisecond."""
    return clock.to_datetime(milliseconds).isoformat(timespec="milliseconds")


def write(copy: Any, filters: Filters, *, name: str = "yinxin") -> Iterator[bytes]:
    """The file in parts, so that any length fits into memory: every case under way in the span.

    `filters.kinds` are kinds of case.
    """
    yield (_HEAD + f'<string key="concept:name" value={quoteattr(name)}/>\n').encode()
    cursor = copy.cursor()
    given = filtering.parameters(filters)
    sql = _SQL.read_text(encoding="utf-8")
    cursor.execute(sql, {key: given[key] for key in given if f"${key}" in sql})
    case = None
    while rows := cursor.fetchmany(_AT_ONCE):
        part: list[str] = []
        for case_kind, case_id, activity, happened_at, actor_kind, *place in rows:
            if (case_kind, case_id) != case:
                part.append("</trace>\n" if case else "")
                part.append(_trace(case_id, (case_kind, *place)))
                case = (case_kind, case_id)
            part.append(_event(activity, happened_at, actor_kind))
        yield "".join(part).encode()
    yield b"</trace>\n</log>\n" if case else b"</log>\n"


def _trace(case_id: str, place: tuple[str | None, ...]) -> str:
    lines = [f'<trace>\n<string key="concept:name" value={quoteattr(case_id)}/>\n']
    for key, value in zip(_OWN, place, strict=True):
        if value:
            lines.append(f'<string key="{key}" value={quoteattr(value)}/>\n')
    return "".join(lines)


def _event(activity: str, happened_at: int, actor_kind: str) -> str:
    return (
        f'<event><string key="concept:name" value={quoteattr(activity)}/>'
        f'<date key="time:timestamp" value="{instant(happened_at)}"/>'
        f'<string key="org:resource" value={quoteattr(actor_kind)}/></event>\n'
    )
