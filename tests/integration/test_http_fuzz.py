"""Every operation of the JSON API under requests made from its own description (API-1).

No answer is a fault of ours; nothing is taken that the description forbids; and every answer, a refusal's
code too, is one that the description names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from engine.http.offering import offered
from tests.property import filling
from tests.support import api_fuzzing

pytestmark = pytest.mark.row("API-1")
NUMBERS = ("resident_id", "legal_representative_id")
STAGES = sorted({route.name.split(".")[0] for route in offered()})


def test_whatever_names_a_row_is_filled_with_a_row_that_is_there() -> None:
    """Else every act upon it ends at its first line, and nothing behind that is tried."""
    arguments = {
        (route.name, name)
        for route in offered()
        for name in inspect.signature(route.function).parameters
        if name.endswith(("_id", "_ids"))
    }
    # A person's numbers, and what a review is of: looked up by other ways than an id.
    known = {*filling.TABLES, *filling.WORDS, *NUMBERS, "subject_id"}
    assert len(arguments) > 200
    assert {
        (route, name)
        for route, name in arguments - filling.OF_ACTION.keys()
        if name not in known and name.removesuffix("s") not in known
    } == set()


@pytest.mark.parametrize("stage", STAGES)
def test_every_operation_answers_as_its_description_says(
    stage: str, monkeypatch: pytest.MonkeyPatch, count: Callable[[int, int], int]
) -> None:
    names = [name for name in api_fuzzing.operations() if name.split(".")[0] == stage]
    told = api_fuzzing.fuzz_all(names, monkeypatch, count(1, 40))
    assert not any(status >= 500 and status != 503 for status in told)
    # Who calls is let in: what is refused is refused for its arguments or its state.
    assert told[401] * 4 < told.total()


@pytest.mark.parametrize("scope", sorted({one.scope for one in offered() if one.who == "staff"}))
def test_every_operation_answers_a_machine_as_its_description_says(
    scope: str, monkeypatch: pytest.MonkeyPatch, count: Callable[[int, int], int]
) -> None:
    """With every scope in its token: what machines never do is refused as the description says."""
    mine = {one.name for one in offered() if one.who == "staff" and one.scope == scope}
    names = [one for one in api_fuzzing.operations() if one.removesuffix(".get") in mine]
    told = api_fuzzing.fuzz_all(names, monkeypatch, count(1, 40), machine=True)
    assert not any(status >= 500 and status != 503 for status in told)
    assert not told[401]
