"""The page of the authorities: what it tells, and what it warns of before it is too late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World, pki_status
from engine.kernel import actors, clock, errors
from engine.staffing.model import Role
from tests.support import parties, worlds


def text_of(app: AppTest) -> str:
    """What stands on the page outside of tables."""
    elements = (*app.markdown, *app.caption, *app.success, *app.warning, *app.error, *app.subheader)
    found = [str(one.value) for one in elements]
    found += [str(one.proto.body) for one in app.get("html")]
    return "\n".join(found)


@pytest.mark.row("PKI-1", "PKI-4")
def test_the_page_shows_the_hierarchy_its_lists_and_who_is_recognized(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> None:
    parties.certified(console_world, parties.Reviewers.of(console_world))
    sign_in(Role.AUDITOR)
    page = console("pki")
    assert not page.exception
    told = text_of(page)
    for name in ("印信根证书 R1", "东方电子认证 签发 CA G1", "华夏电子认证 签发 CA G1"):
        assert name in told
    lists, states, recognized = (one.value for one in page.dataframe)
    by_name = lists.set_index(lists.columns[0])
    own = by_name.loc["东方电子认证 签发 CA G1"]
    assert int(own.iloc[0]) >= 1
    counted = console_world.engine.ask(
        lambda q: q.rows("SELECT COUNT(*) AS n FROM certificate WHERE status = 'active'", ()),
        worlds.SYSTEM,
    )[0]["n"]
    assert sum(states.iloc[:, 1]) == counted > 0
    assert set(recognized.iloc[:, 0]) >= {"北方电子认证有限公司"}


@pytest.mark.row("PKI-1")
def test_nothing_is_to_be_done_in_a_new_world(world: World) -> None:
    found = pki_status.status(world, worlds.SYSTEM)
    assert found.concerns == ()
    assert [one.answers for one in found.authorities] == [True, True, True]
    assert [one.above for one in found.authorities] == ["root"] * 3


@pytest.mark.row("PKI-1")
def test_what_ends_is_told_before_it_does(world: World) -> None:
    found = pki_status.status(world, worlds.SYSTEM)
    tsa = min(one.not_after for one in found.authorities[0].delegates if one.kind == "tsa")
    clock_of = worlds.clock_of(world)
    clock_of.set(tsa - pki_status.SOON_MS + clock.DAY)
    codes = {one.code for one in pki_status.status(world, worlds.SYSTEM).concerns}
    # The trust list and the root's list were not renewed on the way there: the page says that too.
    assert codes == {"certificate_ends", "list_ends", "no_trust_list"}


@pytest.mark.row("PKI-1")
def test_the_pages_warnings_reach_a_person(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
) -> None:
    listed = pki_status.status(console_world, worlds.SYSTEM).listed
    assert listed is not None
    worlds.clock_of(console_world).set(listed.next_update - clock.DAY)
    sign_in(Role.AUDITOR)
    page = console("pki")
    assert not page.exception
    assert [len(page.warning), len(page.error), len(page.success)] == [1, 0, 0]
    worlds.clock_of(console_world).set(listed.next_update)
    assert len(console("pki").error) == 1


def test_only_staff_ask_for_the_counts(world: World) -> None:
    with pytest.raises(errors.NotPermitted):
        pki_status.status(world, actors.Machine(name="payment"))
