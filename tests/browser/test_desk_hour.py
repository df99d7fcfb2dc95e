"""A reviewer's hour: thirty cases by the keyboard alone, and no key that does what nobody meant."""

from __future__ import annotations

import collections
import json

import pytest
from playwright.sync_api import Page, expect

from engine.reviewing import queries as cases
from tests.support import desk_pages, worlds
from tests.support.desk_pages import DeskPage
from tests.support.served import ServedLine

CASES = 36
# Nothing that a reviewer needs for a case lies outside the window.
_OUTSIDE = r"""() => ['.desk-head', '.desk-fields', '.desk-checks', '.desk-papers', '.st-key-desk-acts',
  '.st-key-desk-queue'].filter((one) => {
    const place = document.querySelector(one);
    if (!place) return true;
    const box = place.getBoundingClientRect();
    return box.top < 0 || box.left < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
  })"""


@pytest.fixture(scope="module")
def claimed(served: ServedLine) -> ServedLine:
    """The served world with cases waiting."""
    desk_pages.claims(served, CASES)
    return served


@pytest.fixture
def desk(page: Page, server: str, claimed: ServedLine) -> DeskPage:
    """The desk of the lead."""
    found = DeskPage(page, server)
    found.open("lead")
    return found


# What each case of the hour ends with.
_DECIDED = ("case.approval_given", "case.approved", "case.rejected", "case.held")


def _facts(served: ServedLine) -> collections.Counter[str]:
    return collections.Counter(worlds.kinds(served.world))


@pytest.mark.row("OPS-1")
def test_a_case_is_on_one_screen_and_what_is_typed_is_never_an_act(
    desk: DeskPage, claimed: ServedLine
) -> None:
    assert desk.page.evaluate(_OUTSIDE) == []
    assert desk.page.evaluate("document.querySelector('.stMain').scrollHeight") <= 900
    before = _facts(claimed)
    desk.press("n")
    expect(desk.button("通过")).to_be_visible()
    shown = desk.ready()
    assert desk.page.evaluate(_OUTSIDE) == []
    desk.press("m")
    desk.page.keyboard.type("axhpn 1 请补充 ? ]")
    desk.page.keyboard.press("Escape")
    desk.ready()
    assert desk.case == shown
    assert (_facts(claimed) - before).keys() == {"case.claimed"}
    expect(desk.page.get_by_placeholder("给申请人的备注")).to_have_value("axhpn 1 请补充 ? ]")
    desk.press("?")
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    desk.press("a")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    assert (_facts(claimed) - before).keys() == {"case.claimed"}
    desk.put_back()
    assert (_facts(claimed) - before)["case.released"] == 1


@pytest.mark.row("OPS-1")
def test_a_key_pressed_twice_decides_one_case(desk: DeskPage, claimed: ServedLine) -> None:
    desk.press("n")
    expect(desk.button("通过")).to_be_visible()
    desk.ready()
    before = _facts(claimed)
    desk.decide("a", "a", "a")
    desk.ready()
    told = _facts(claimed) - before
    assert told["case.approval_given"] + told["case.approved"] == 1
    assert told["case.claimed"] == 1
    expect(desk.button("通过")).to_be_visible()
    # Else the next test is given this case, which is in hand already.
    desk.put_back()


@pytest.mark.row("OPS-1")
def test_an_hour_of_thirty_cases_by_the_keyboard_alone(desk: DeskPage, claimed: ServedLine) -> None:
    before, sheets = _facts(claimed), []
    desk.press("n")
    expect(desk.button("通过")).to_be_visible()
    desk.ready()
    desk.pressed.clear()
    for number in range(30):
        sheets.append(desk.case)
        if number % 6 == 4:
            desk.press("x", "1")
            expect(desk.page.locator("tr.desk-lit")).to_have_count(1)
            desk.decide("Enter")
        elif number % 10 == 9:
            desk.decide("h", "1")
        else:
            desk.press("]")
            desk.decide("a")
        told = _facts(claimed) - before
        # One act for each case: here it is seen which one was lost, and what the page said of it.
        said = desk.page.locator('[data-testid="stAlert"]').all_inner_texts()
        assert sum(told[one] for one in _DECIDED) == number + 1, (number, sheets[-1], said)
    told = _facts(claimed) - before
    decided = told["case.approval_given"] + told["case.approved"]
    print(json.dumps({"keys": len(desk.pressed), "cases": len(sheets), "facts": dict(told)}))
    assert len(set(sheets)) == 30
    assert (told["case.rejected"], told["case.held"], decided) == (5, 3, 22)
    assert told["case.claimed"] == 31
    how = claimed.world.engine.ask(cases.case, claimed.reviewer(0), sheets[4])
    assert how.reasons
