from __future__ import annotations

import pytest

from engine.pdf import typeset
from tests import support_pdf


@pytest.fixture(scope="session")
def world() -> support_pdf.World:
    return support_pdf.make_world()


@pytest.fixture(scope="session")
def contract() -> bytes:
    return typeset.render("contract", support_pdf.contract_data())


@pytest.fixture(scope="session")
def half_signed(world: support_pdf.World, contract: bytes) -> bytes:
    """The contract with the purchaser's signature alone, at B-LT."""
    signed = support_pdf.sign_field(
        world, contract, world.purchaser, support_pdf.PURCHASER, first=True
    )
    return world.with_info(signed)


@pytest.fixture(scope="session")
def signed(world: support_pdf.World, contract: bytes) -> bytes:
    """The contract signed by both parties, at B-LT."""
    return support_pdf.both_signed(world, contract)
