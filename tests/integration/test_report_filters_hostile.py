"""Whatever a filter is given instead of a code or a day, it is refused by name or matches nothing."""

from __future__ import annotations

import dataclasses

import pytest

from engine.kernel import errors
from engine.reports import catalog, filters
from engine.reports.filters import Filters
from tests.support import hostile_texts, report_copies

# What each list means nothing of by itself: codes that no row has.
_NOTHING = "nothing-is-called-so"


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("name", filters.NAMES)
def test_an_address_with_an_injection_is_refused_by_name_or_taken_for_a_code(name: str):
    refused: list[str] = []
    for text in hostile_texts.INJECTIONS:
        try:
            parsed = filters.parse({name: text})
        except errors.InvalidInput as refusal:
            refused.append(refusal.field)
            continue
        # What passes consists of codes: nothing in it ends a text or begins a comment.
        told = filters.address(parsed)
        assert filters.parse(told) == parsed
        for value in told.values():
            assert not set(value) & set("'\";()\\\0 \r\n$%{}<>/")
    assert set(refused) == {name}
    assert len(refused) > len(hostile_texts.INJECTIONS) // 2


def _wished(report: catalog.Report) -> list[str]:
    """The lists that a report heeds."""
    return [field for field in filters.LISTS.values() if field in report.parameters]


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("name", catalog.NAMES)
def test_an_injection_that_reaches_a_report_matches_nothing(name: str):
    """The second wall: even what no address lets through is a bound parameter, as any unknown code is."""
    copy, report = report_copies.generated(), catalog.load(name)
    for field in _wished(report):
        nothing = catalog.ask(copy, report, Filters(**{field: (_NOTHING,)}))
        # One by one for some, and all of them in one list.
        for texts in (
            *((text,) for text in hostile_texts.INJECTIONS[:3]),
            hostile_texts.INJECTIONS,
        ):
            told = catalog.ask(copy, report, Filters(**{field: texts}))
            assert told == nothing, (field, texts)


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("name", catalog.NAMES)
def test_a_roll_up_or_level_that_a_report_has_not_is_refused(name: str):
    copy, report = report_copies.generated(), catalog.load(name)
    for text in hostile_texts.INJECTIONS:
        with pytest.raises(catalog.RollUpUnknown):
            catalog.ask(copy, report, by=text)
        with pytest.raises(catalog.RollUpUnknown):
            catalog.ask(copy, report, levels=[text])


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("text", hostile_texts.INJECTIONS)
def test_a_report_by_such_a_name_is_unknown(text: str):
    with pytest.raises(catalog.ReportUnknown):
        catalog.load(text)


def test_after_all_of_it_the_copy_is_as_it_was():
    copy = report_copies.generated()
    before = copy.execute("SELECT count(*) FROM order_fact").fetchone()
    report = catalog.load("orders")
    for text in hostile_texts.INJECTIONS:
        for field in dataclasses.fields(Filters):
            if field.name in filters.LISTS.values():
                catalog.ask(copy, report, Filters(**{field.name: (text,)}))
    assert copy.execute("SELECT count(*) FROM order_fact").fetchone() == before
