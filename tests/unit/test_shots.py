"""The tool that takes the pictures knows every screen of the console, also those that are yet to come."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest

from tests.support import web


@pytest.fixture(scope="module")
def shots() -> ModuleType:
    """The tool."""
    spec = importlib.util.spec_from_file_location("shots", web.ROOT / "tools" / "shots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_of_the_console_has_a_picture(shots: ModuleType) -> None:
    files = {one.stem for one in (web.ROOT / "pages").glob("[a-z]*.py")}
    taken = {re.split(r"\W", address)[0] or "overview" for _, address, _ in shots.addresses()}
    assert files
    assert files <= taken


def test_no_two_screens_share_a_picture(shots: ModuleType) -> None:
    stems = [stem for stem, _, _ in shots.addresses()]
    assert len(set(stems)) == len(stems)
