"""The hierarchy that the tests of this folder share; nothing in it changes."""

import pytest

from tests.unit.pki import hierarchy


@pytest.fixture(scope="session")
def world() -> hierarchy.Hierarchy:
    return hierarchy.make()
