"""The diagram of a record's states: every state and move of its table, where it was, where it is."""

from __future__ import annotations

import re

import pytest

from engine.records import kinds, model
from pages import _record_states

WIDE = 340


def drawn(states: model.States) -> str:
    return _record_states.draw(states, name_of=lambda name: f"<{name}>", when=str)


def states_of(kind: kinds.Kind, present: str, *passed: str) -> model.States:
    course = kind.states({"reverses": ""})
    return model.States(
        family=course.family,
        initial=course.workflow.initial.value,
        present=present,
        names=tuple(one.value for one in course.workflow.statuses()),
        moves=tuple(
            (one.value, verb, to.value)
            for one, verbs in course.workflow.transitions.items()
            for verb, to in verbs.items()
        ),
        passed=tuple(
            model.Passed(status=status, at=1_000 + index) for index, status in enumerate(passed)
        ),
    )


@pytest.mark.row("OPS-6")
@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=list(kinds.KINDS))
def test_each_kind_s_diagram_is_its_table_and_fits_a_phone(kind):
    course = kind.states({"reverses": ""})
    first = course.workflow.initial.value
    svg = drawn(states_of(kind, first, first))
    for one in course.workflow.statuses():
        assert f">&lt;{one.value}&gt;" in svg
    moves = {
        (one.value, to.value)
        for one, verbs in course.workflow.transitions.items()
        for to in verbs.values()
        if one is not to
    }
    assert svg.count("<title>") == len(moves)
    assert f'viewBox="0 0 {WIDE} ' in svg
    assert "max-width:100%" in svg
    xs = [float(x) for x in re.findall(r"[MC ](-?\d+(?:\.\d+)?) -?\d", svg)]
    assert all(0 <= x <= WIDE for x in xs), "an arc leaves the picture"


@pytest.mark.row("OPS-6")
def test_the_present_state_is_boxed_and_bold_and_what_was_passed_has_its_times():
    order = kinds.KINDS["order"]
    svg = drawn(states_of(order, "awaiting_papers", "awaiting_payment", "awaiting_papers"))
    assert svg.count('font-weight="700"') == 1
    assert svg.count("<rect") == 1
    assert re.search(r'font-weight="700">&lt;awaiting_papers&gt;', svg)
    assert ">1000</text>" in svg
    assert ">1001</text>" in svg
    # The one move that it made stands out; the others are faint.
    assert svg.count('<g opacity="1.0">') == 1


@pytest.mark.row("OPS-6")
def test_a_state_that_only_time_brings_about_stands_beside_the_table():
    certificate = kinds.KINDS["certificate"]
    svg = drawn(states_of(certificate, "expired", "requested", "issued", "active"))
    assert 'font-weight="700">&lt;expired&gt;' in svg
    assert svg.count('<g opacity="1.0">') == 2


def test_what_people_wrote_never_becomes_markup():
    states = states_of(kinds.KINDS["seal"], "active", "active")
    svg = _record_states.draw(states, name_of=lambda name: "<script>", when=lambda at: "<b>")
    assert "<script>" not in svg
    assert "<b>" not in svg
