"""A record in a browser: what is masked is shown on a ground, after a second factor, and gone in 30 s."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.kernel import texts
from tests.support import worlds
from tests.support.console_pages import ConsolePage, said
from tests.support.line import identity
from tests.support.served import ServedLine

NUMBER = 4
PHONE = identity(NUMBER).phone
_PHONE = texts.of_code("column.phone", "zh_CN")
MASKED = f"{PHONE[:3]}****{PHONE[-4:]}"


def _reveal(console: ConsolePage) -> None:
    """Open the panel, choose the phone number and a ground, and show it."""
    console.unfold(said("Look behind the mask"))
    console.choose(said("Field"), f"{_PHONE} · {MASKED}")
    console.choose(said("Ground"), "来电或来访")
    console.press(said("Show for 30 seconds"))


@pytest.mark.row("OPS-6", "S-PI-3", "SEC-1")
def test_a_value_is_shown_after_the_second_factor_and_gone_after_half_a_minute(
    page: Page, phone_page: Page, server: str, served: ServedLine, tmp_path: Path
) -> None:
    person = served.somebody(NUMBER)
    served.registered(person)
    [account] = worlds.rows(served.world, "SELECT id FROM account")
    place = f"/record?id={account['id']}"
    console, narrow = ConsolePage(page, server), ConsolePage(phone_page, server)
    console.open("lead", place)
    narrow.open("second", place)
    narrow.fits()
    # The sign-in's own proof is over.
    served.pass_time(301)
    for one, name in ((console, "1440"), (narrow, "390")):
        one.sees(MASKED)
        assert PHONE not in one.page.content()
        _reveal(one)
        one.confirm()
        one.sees(PHONE)
        one.page.screenshot(path=tmp_path / f"reveal-{name}.png")
    assert worlds.kinds(served.world).count("value.revealed") == 2
    # By the world's clock: nobody touches the pages, and nobody waits.
    served.pass_time(31)
    for one in (console, narrow):
        expect(one.page.get_by_text(PHONE)).to_have_count(0)
        assert PHONE not in one.page.content()
        one.sees(MASKED)
