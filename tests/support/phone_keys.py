"""A phone's keys in a test's browser: the very scripts that the screens use, called without the screens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def call(page: Page, what: str, base: str = "/w/demo/phone/me", **given: Any) -> tuple[int, Any]:
    """Do something with the keys of a phone: a status, and what came of it or the refusal."""
    status, told = page.evaluate(_SCRIPT, [base, what, given])
    return status, told


def done(page: Page, what: str, base: str = "/w/demo/phone/me", **given: Any) -> Any:
    """The same, where it is not refused."""
    status, told = call(page, what, base, **given)
    assert status == 200, told
    return told
