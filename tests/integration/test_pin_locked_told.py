"""A locked PIN is told before anybody enters it in vain: the phone asks the rules first (CRT-4)."""

from __future__ import annotations

import pytest

from engine.issuing import actions, proofs, queries
from engine.kernel import ids
from engine.pki import keys
from tests.support import key_proofs, parties, registering, worlds

MESSAGE = b"yinxin test\n{}"
WRONG = keys.generate(ids.seeded(9, "wrong PIN"))


def locked(world, party):
    """What the rules of the party's certificate say."""
    given = {"certificate_id": party.certificate_id}
    return world.engine.ask(queries.pin_rules, party.person, **given).locked


def mistype(world, party):
    """One try with a wrong PIN."""
    proof = key_proofs.prove(world, party.person, party.certificate_id, WRONG, MESSAGE)
    given = {"certificate_id": party.certificate_id, "message": MESSAGE, "proof": proof}
    world.engine.perform(proofs.require_proof, given | {"act": "contract"}, actor=party.person)


@pytest.mark.row("CRT-4")
def test_the_rules_of_a_pin_say_that_it_is_locked_until_it_is_unlocked(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    for _ in range(4):
        with pytest.raises(proofs.WrongPin):
            mistype(world, party)
        assert not locked(world, party)
    with pytest.raises(proofs.PinLocked):
        mistype(world, party)
    assert locked(world, party)
    worlds.clock_of(world).advance(1_000)
    registering.prove(world, party.person, registering.resident_id(sequence="002"))
    given = {"certificate_id": party.certificate_id}
    world.engine.perform(actions.unlock_pin, given, actor=party.person)
    assert not locked(world, party)
