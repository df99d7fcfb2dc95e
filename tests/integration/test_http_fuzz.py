"""Every operation of the JSON API under requests made from its own description (API-1).

No answer is a fault of ours; nothing is taken that the description forbids; and every answer, a refusal's
code too, is one that the description names.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.http.offering import offered
from tests.support import api_fuzzing

pytestmark = pytest.mark.row("API-1")
STAGES = sorted({route.name.split(".")[0] for route in offered()})


@pytest.mark.parametrize("stage", STAGES)
def test_every_operation_answers_as_its_description_says(
    stage: str, monkeypatch: pytest.MonkeyPatch, count: Callable[[int, int], int]
) -> None:
    names = [name for name in api_fuzzing.operations() if name.split(".")[0] == stage]
    told = api_fuzzing.fuzz_all(names, monkeypatch, count(1, 40))
    assert not any(status >= 500 and status != 503 for status in told)
    # Who calls is let in: what is refused is refused for its arguments or its state.
    assert told[401] * 4 < told.total()
