"""Files made by scan and opened by scan, through the doors of phone and PC (ENC-2, ENC-3)."""

from __future__ import annotations

import hashlib
import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from engine.boot import World
from engine.enveloping import actions, queries
from engine.issuing import proofs
from engine.kernel import actors, clock, errors
from engine.pki import decrypting, envelopes
from engine.scanning import actions as scanning
from simulations.people import Person
from tests.support import fold, worlds
from tests.support.line import Line

CONTENT = "投标报价：壹佰贰拾万元整\n".encode() * 4_000
NAME = "投标文件.pdf"


@pytest.fixture
def line(any_world: World) -> Line:
    return Line.on(any_world)


def ready(line: Line, index: int) -> Person:
    """Somebody whose pair is complete, at their PC."""
    person = line.person(index)
    line.certified(person)
    line.work()
    assert person.complete_pair()
    person.sign_in_by_password()
    return person


@pytest.fixture
def two(line: Line) -> tuple[Person, Person]:
    """A purchaser and a supplier."""
    return ready(line, 0), ready(line, 1)


@pytest.mark.row("ENC-2")
@pytest.mark.row("ENC-3")
def test_what_one_enterprise_makes_for_another_opens_there_by_scan(line, two):
    purchaser, supplier = two
    made = supplier.make_file(NAME, CONTENT, [purchaser.enterprise_id, supplier.enterprise_id])
    content, signer = purchaser.open_file(f"{NAME}.p7m", made)
    assert content == CONTENT
    assert signer["verdict"] == "trusted"
    assert signer["enterprise"] == supplier.identity.enterprise
    # Whoever made it for themselves too opens it as well.
    assert supplier.open_file(f"{NAME}.p7m", made)[0] == CONTENT
    [row] = supplier.files()
    assert (row["file"]["status"], row["own"]) == ("made", True)
    assert {one["enterprise"] for one in row["openings"]} == {
        purchaser.identity.enterprise,
        supplier.identity.enterprise,
    }
    [row] = purchaser.files()
    assert (row["own"], row["sender"]) == (False, supplier.identity.enterprise)
    assert [one["status"] for one in row["openings"]] == ["read"]
    kinds = worlds.kinds(line.world)
    for fact in ("file.asked", "file.signed", "file.made", "file_opening.opened"):
        assert fact in kinds
    fold.require(line.world)
