"""The first deep link on a fresh server: to a stranger it shows no page, whatever it names."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def test_an_anonymous_first_deep_link_shows_no_page(page: Page, server: str) -> None:
    for path in ("/desk", "/_demo_drawer", "/nowhere"):
        page.goto(server + path)
        expect(page).to_have_url(re.compile(r"/login\?next="))
