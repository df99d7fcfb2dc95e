"""The page of test values: what stands there does what it says (IDV-5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.registration import model
from tests.support import registering


@pytest.mark.row("IDV-5")
def test_a_number_of_the_page_forces_its_outcome(world: World, open_as: Callable[..., AppTest]):
    app = open_as("product").switch_page("sandbox.py").run()
    assert not app.exception
    tables = [table.value for table in app.dataframe]
    number = next(
        value
        for table in tables
        for row in table.to_dict("records")
        for value in row.values()
        if "404" in row.values() and len(str(value)) == 18
    )
    person = registering.sign_up(world)
    assert registering.prove(world, person, str(number)) is model.ProofStatus.MISMATCHED
