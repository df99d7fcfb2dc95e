"""Every report says what it answers, heeds the filters that it names, and uses terms that are explained."""

from __future__ import annotations

import re

import pytest

from engine.reports import catalog, definitions, filters

# Besides the filters: the levels of a roll-up, which a report declares itself.
_GIVEN = {*filters.parameters(filters.Filters()), "levels"}


@pytest.mark.row("RPT-1")
@pytest.mark.parametrize("name", catalog.NAMES)
def test_a_report_has_its_header_in_both_languages(name: str) -> None:
    report = catalog.load(name)
    for part in ("title", "question", "unit", "definition"):
        for language in ("en", "zh_CN"):
            assert report.text(part, language).strip(), (part, language)
    asked = "\n".join(line for line in report.sql.splitlines() if not line.startswith("--"))
    named = set(re.findall(r"\$([a-z_]+)", asked))
    assert named <= _GIVEN
    assert report.parameters == named
    assert all(definitions.of(term).source for term in report.terms)


@pytest.mark.row("RPT-5")
@pytest.mark.parametrize("name", catalog.NAMES)
def test_a_report_is_drawn_of_columns_that_it_has(name: str) -> None:
    report = catalog.load(name)
    chart = report.chart
    if chart is None:
        return
    for column in (chart.x, *chart.y, *([chart.split] if chart.split else [])):
        assert re.search(rf"\b{column}\b", report.sql.split("\nWITH", 1)[-1]), column


def test_a_term_that_nobody_explained_is_refused_by_name() -> None:
    with pytest.raises(definitions.TermUnknown, match="nonsense"):
        definitions.of("nonsense")


def test_definitions_say_it_in_both_languages() -> None:
    for name, found in definitions.all_of_them().items():
        for text in (found.term, found.counts):
            assert text.zh.strip(), name
            assert text.en.strip(), name
        assert re.search(r"[一-鿿]", found.counts.zh), name
