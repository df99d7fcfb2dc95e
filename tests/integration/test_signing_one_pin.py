"""Several messages confirmed with one entry of the PIN: one try, all or nothing (security 3.3)."""

from __future__ import annotations

import dataclasses

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from engine.issuing import proofs
from engine.kernel import ids
from engine.pki import keys, splitting
from tests.support import key_proofs, many_proofs, parties, worlds

MESSAGES = [b"first", b"second", b"third"]


def certified(world, key=None):
    """A party with an active certificate, whose key is divided where one is given."""
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    return parties.download(world, dataclasses.replace(party, key=key or party.key))


def divided():
    return splitting.make_phone_key(ids.seeded(5, "phone key"))


@pytest.fixture(params=["seeded_ec", "split_rsa"])
def party(request, world):
    return certified(world, divided() if request.param == "split_rsa" else None)


def brought(world, party, messages=MESSAGES):
    return many_proofs.prove(world, party.person, party.certificate_id, party.key, messages)


def use(world, party, proof, messages=MESSAGES):
    arguments = {
        "certificate_id": party.certificate_id,
        "messages": messages,
        "proof": proof,
        "act": "contract",
    }
    return world.engine.perform(proofs.require_proofs, arguments, actor=party.person)


def tries(world):
    return [row["tries"] for row in worlds.rows(world, "SELECT tries FROM pin_guard")]


@pytest.mark.row("SGN-3")
def test_one_entry_signs_all_and_counts_once(world, party):
    before = worlds.kinds(world).count("pin.proved")
    done = use(world, party, brought(world, party))
    public = keys.public_from_der(done.certificate.public_key)
    assert len(done.signatures) == 3
    for message, signature in zip(MESSAGES, done.signatures, strict=True):
        if isinstance(party.key, splitting.PhoneKey):
            public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            assert keys.verify(public, signature, message)
    assert worlds.kinds(world).count("pin.proved") == before + 1
    assert tries(world) == [0]


def test_the_shares_move_once(world):
    key = divided()
    party = certified(world, key)
    size = splitting.PHONE_SHARE_BYTES
    following = int.from_bytes(ids.seeded(6, "next share")(size), "big")
    refresh = (following - key.share).to_bytes(size + 1, "big", signed=True)
    proof = dataclasses.replace(brought(world, party), refresh=refresh)
    use(world, party, proof)
    # The new share signs from now on, and once it has, the old one is over.
    renewed = dataclasses.replace(party, key=dataclasses.replace(key, share=following))
    use(world, renewed, brought(world, renewed))
    with pytest.raises(proofs.WrongPin):
        use(world, party, brought(world, party))


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_one_wrong_half_among_right_ones_signs_nothing_and_counts(world, party, wrong):
    proof = brought(world, party)
    halves = list(proof.halves)
    halves[wrong] = key_proofs.half(party.key, b"something else")
    forged = dataclasses.replace(proof, half=halves[0], more=tuple(halves[1:]))
    with pytest.raises(proofs.WrongPin) as refused:
        use(world, party, forged)
    assert refused.value.params["left"] == 4
    assert tries(world) == [1]
    assert "pin.proved" not in worlds.kinds(world)[-1:]


@pytest.mark.parametrize(
    "messages",
    [
        [b"second", b"first", b"third"],
        [b"first", b"second", b"fourth"],
        [b"first", b"second"],
        [b"first", b"second", b"third", b"third"],
        [],
    ],
)
def test_swapped_missing_or_added_messages_are_refused_and_count(world, party, messages):
    with pytest.raises(proofs.WrongPin):
        use(world, party, brought(world, party), messages)
    assert tries(world) == [1]


def test_a_proof_is_used_once(world, party):
    proof = brought(world, party)
    use(world, party, proof)
    with worlds.unchanged(world), pytest.raises(proofs.TryNotOpen):
        use(world, party, proof)
    later = key_proofs.open_try(world, party.person, party.certificate_id)
    other = brought(world, party)
    use(world, party, dataclasses.replace(other, try_id=later.id))
    with worlds.unchanged(world), pytest.raises(proofs.TryNotOpen):
        use(world, party, other)


def test_wrong_halves_lock_at_the_limit_however_many_come_at_once(world, party):
    stranger = dataclasses.replace(party, key=keys.generate(ids.seeded(9, "wrong PIN")))
    for left in (4, 3, 2, 1):
        with pytest.raises(proofs.WrongPin) as refused:
            use(world, party, brought(world, stranger))
        assert refused.value.params["left"] == left
    with pytest.raises(proofs.PinLocked):
        use(world, party, brought(world, stranger))
    with pytest.raises(proofs.PinLocked):
        brought(world, party)
