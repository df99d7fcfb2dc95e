"""The page of states on demand: it makes what was chosen, and says whose it is and what cannot be made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import actors
from engine.staffing.model import Role
from tests.support import worlds

pytestmark = pytest.mark.row("SIM-9")
SignIn = Callable[..., actors.Staff | None]


@pytest.fixture
def page(console_world: World, sign_in: SignIn, console: Callable[[str], AppTest]) -> AppTest:
    """The page as a tester sees it, in a world in which somebody reviews."""
    for _ in range(3):
        worlds.staff(console_world, Role.LEAD)
    sign_in(Role.QA)
    app = console("simulation_states")
    assert not app.exception
    return app


def test_a_state_is_made_by_its_button(console_world: World, page: AppTest) -> None:
    page.selectbox[0].select("claim").run()
    page.selectbox[1].select("claim.in_second_review").run()
    page.button("make states").click().run(timeout=60)
    assert not page.exception
    made = worlds.rows(console_world, "SELECT status FROM enterprise_claim")
    assert [row["status"] for row in made] == ["in_second_review"]
    told = " ".join(str(one.value) for one in (*page.markdown, *page.caption))
    waiting = "SELECT id FROM review_case WHERE status = 'waiting'"
    assert worlds.rows(console_world, waiting)[0]["id"] in told
    shown = [str(one) for table in page.dataframe for one in table.value.to_numpy().flatten()]
    assert any(one.startswith(("142", "143", "154")) for one in shown)


def test_what_cannot_be_made_is_listed_with_why(page: AppTest) -> None:
    rows = page.dataframe[-1].value.to_dict("records")
    why, name = list(rows[0])[-1], list(rows[0])[2]
    unmade = {row[name] for row in rows if isinstance(row[why], str)}
    assert unmade == {"certificate.abandoned", "difference.open", "difference.settled"}


def test_somebody_without_the_right_does_not_see_it(
    console_world: World, sign_in: SignIn, console: Callable[[str], AppTest]
) -> None:
    sign_in(Role.AUDITOR)
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        console("simulation_states")
