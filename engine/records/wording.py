"""A record's values in a language, and a list of records as rows of texts and figures."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from engine.kernel import clock, errors, texts
from engine.records import kinds, model


class DayWrong(errors.InvalidInput):
    """“{value}” is no day. Write it as 2026-11-29."""


class KindUnknown(errors.NotFound):
    """There is no list of records called “{name}”."""


def told(value: model.Value, language: str, when: Callable[[int], str]) -> str:
    """A value in a language; `when` says an instant."""
    if value.form == "money":
        return f"¥{value.number / 100:,.2f}"
    if value.form == "time":
        return when(value.number)
    if value.form == "label":
        codes = value.text.split()
        return texts.joined((texts.of_code(code, language) for code in codes), language)
    if value.form == "named" and value.words is not None:
        return value.words.in_language(language)
    if value.form == "deleted":
        return texts.text("deleted", language)
    return value.text


def in_shanghai(at_ms: int) -> str:
    """An instant where the business is, to the second."""
    told_at = clock.to_datetime(at_ms).astimezone(clock.SHANGHAI)
    return told_at.isoformat(" ", "seconds").removesuffix("+08:00")


def headings(page: model.Page, language: str) -> tuple[str, ...]:
    """What the columns of a list are called: name, state, since when, the kind's own, and the id."""
    codes = ("column.called", "column.status", "column.created", *page.names)
    return (*(texts.of_code(code, language) for code in codes), "id")


def cells(row: model.Row, language: str) -> tuple[Any, ...]:
    """A row of a list for a file: amounts as yuan, all else as texts."""
    return (
        row.hit.title,
        texts.of_code(row.hit.status, language),
        in_shanghai(row.created_at),
        *(
            value.number / 100 if value.form == "money" else told(value, language, in_shanghai)
            for value in row.values
        ),
        row.hit.id,
    )


def wanted_of(kind: str, address: Mapping[str, str]) -> model.Wanted:
    """What the address of a list asks for: `status`, `platform`, `agency`, `from` and `until` (days).

    Raises: KindUnknown, DayWrong.
    """
    known = kinds.KINDS.get(kind)
    if known is None:
        raise KindUnknown(name=kind)
    since, until = (_day(address.get(name, ""), name) for name in ("from", "until"))
    return model.Wanted(
        kind=known.name,
        status=address.get("status", ""),
        platform_id=address.get("platform", ""),
        agency_id=address.get("agency", ""),
        since=None if since is None else clock.start_of(since),
        until=None if until is None else clock.start_of(until + datetime.timedelta(days=1)),
    )


def address_of(wanted: model.Wanted) -> dict[str, str]:
    """What the address of a list says of a filter: the other way round."""
    days = {
        "from": None if wanted.since is None else clock.civil_date(wanted.since),
        "until": None if wanted.until is None else clock.civil_date(wanted.until - 1),
    }
    found = {
        "kind": wanted.kind,
        "status": wanted.status,
        "platform": wanted.platform_id,
        "agency": wanted.agency_id,
        **{name: day.isoformat() for name, day in days.items() if day is not None},
    }
    return {name: text for name, text in found.items() if text}


def _day(text: str, field: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise DayWrong(field=field, value=text[:20]) from wrong
