"""What the reports are asked about: a small typed grammar, kept in an address and bound as parameters.

A filter is a span of days in Shanghai and lists of codes. Every value is checked before it goes
anywhere; in SQL they are bound parameters and never text (`security.md` 3.7). An empty list asks for all.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.kernel import clock, errors

END_OF_TIME = 1 << 52
# Codes, actor texts, and names of runs.
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_:.\-]{0,79}")
_MOST = 50
# Name in an address → field of `Filters`.
LISTS = {
    "platform": "platforms",
    "agency": "agencies",
    "region": "regions",
    "stage": "stages",
    "reviewer": "reviewers",
    "kind": "kinds",
}
NAMES = ("from", "until", *LISTS, "run")


class DayWrong(errors.InvalidInput):
    """“{value}” is no day for “{name}”. A day is written as 2026-06-30."""


class SpanEmpty(errors.InvalidInput):
    """The span ends on {until}, before it begins on {since}. Choose a later end."""


class CodeWrong(errors.InvalidInput):
    """“{value}” is nothing that “{name}” can be limited to. Choose from the list."""


class TooMany(errors.InvalidInput):
    """“{name}” can be limited to {most} values at most. Leave it empty to ask for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """A half-open span of UTC milliseconds, and the codes that are asked for; an empty list is all.

    `stages` are kinds of review, `kinds` kinds of order (certificate, information, platform), `regions`
    the six digits of a province, `reviewers` actor texts. `run` names the copy that is asked.
    """

    from_ms: int = 0
    to_ms: int = END_OF_TIME
    platforms: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    run: str = ""

    def up_to(self, moment: int) -> Filters:
        """The same, and nothing that came later than a moment."""
        return dataclasses.replace(self, to_ms=min(self.to_ms, moment))


def parse(query: Mapping[str, str]) -> Filters:
    """The filters that an address names; other names in it are somebody else's.

    Raises: DayWrong, SpanEmpty, CodeWrong, TooMany.
    """
    since, until = (_day(name, query.get(name, "")) for name in ("from", "until"))
    if since and until and until < since:
        raise SpanEmpty(field="until", since=since.isoformat(), until=until.isoformat())
    lists = {field: _codes(name, query.get(name, "")) for name, field in LISTS.items()}
    return Filters(
        from_ms=clock.start_of(since) if since else 0,
        to_ms=clock.start_of(until) + clock.DAY if until else END_OF_TIME,
        run=_code("run", query["run"]) if query.get("run") else "",
        **lists,
    )


def address(filters: Filters) -> dict[str, str]:
    """What reproduces the filters in an address: what asks for all is left out."""
    told: dict[str, str] = {}
    if filters.from_ms > 0:
        told["from"] = clock.civil_date(filters.from_ms).isoformat()
    if filters.to_ms < END_OF_TIME:
        told["until"] = clock.civil_date(filters.to_ms - 1).isoformat()
    for name, field in LISTS.items():
        if values := getattr(filters, field):
            told[name] = ",".join(values)
    if filters.run:
        told["run"] = filters.run
    return told


def parameters(filters: Filters, *, by: str = "") -> dict[str, Any]:
    """The filters as the parameters that a report's SQL may name."""
    return {
        "from_ms": filters.from_ms,
        "to_ms": filters.to_ms,
        "by": by,
        **{field: list(getattr(filters, field)) for field in LISTS.values()},
    }


def of_lists(
    lists: Mapping[str, Sequence[str] | str], *, since: str = "", until: str = ""
) -> Filters:
    """Filters from lists by the name of a field (`platforms=["a"]`), as a notebook writes them.

    Raises: CodeWrong for a name that is no field; what `parse` raises.
    """
    names = {field: name for name, field in LISTS.items()}
    query = {"from": since, "until": until}
    for field, values in lists.items():
        if field not in names:
            raise CodeWrong(field=field, name="filters", value=field)
        query[names[field]] = values if isinstance(values, str) else ",".join(values)
    return parse(query)


def _day(name: str, value: str) -> datetime.date | None:
    if not value:
        return None
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError as problem:
        raise DayWrong(field=name, name=name, value=value[:40]) from problem
    # Outside of it no instant of ours lies, and some arithmetic would overflow.
    if day.isoformat() != value or not 2000 <= day.year < 2100:
        raise DayWrong(field=name, name=name, value=value[:40])
    return day


def _codes(name: str, value: str) -> tuple[str, ...]:
    given = [part for part in value.split(",") if part]
    if len(given) > _MOST:
        raise TooMany(field=name, name=name, most=_MOST)
    return tuple(dict.fromkeys(_code(name, part) for part in given))


def _code(name: str, value: str) -> str:
    if not _CODE.fullmatch(value):
        raise CodeWrong(field=name, name=name, value=value[:40])
    return value
