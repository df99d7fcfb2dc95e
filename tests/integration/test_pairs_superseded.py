"""After a replacement the old encryption key still opens what it was used for (CRT-6, domain-rules 4)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.issuing import actions, model, queries
from engine.ordering import actions as orders
from engine.pki import decrypting
from tests.support import ordering, pairing, parties, worlds
from tests.support.pairing import PIN
from tests.support.worlds import SYSTEM

S = model.CertificateStatus
NEW_PIN = "730914"


def replaced(world, found: pairing.Paired, phone) -> tuple[str, str]:
    """Another pair takes the place of this one, downloaded on a phone; the ids of the new pair."""
    placed = ordering.perform(
        world,
        found.party,
        orders.replace_certificate,
        certificate_id=found.signing,
        why="lost_phone",
        stranding_confirmed=True,
    )
    ordering.until_ready(world, found.party, placed.id)
    asked = phone.request_certificate(placed.id, NEW_PIN)
    worker.run_due(world)
    signing, encryption = world.engine.ask(queries.pair, SYSTEM, asked["id"])
    phone.activate(signing.id, signing.der or b"", NEW_PIN)
    return signing.id, encryption.id


@pytest.mark.row("CRT-3")
@pytest.mark.row("CRT-6")
@pytest.mark.parametrize("scheme", ["split_rsa", "seeded_ec"])
def test_a_superseded_pair_is_revoked_and_its_encryption_key_still_opens(world, scheme):
    found = pairing.complete(world, scheme=scheme)
    old = pairing.certificate(world, found.encryption)
    sample = decrypting.sample_for(old.public_key, "an old file")
    phone = pairing.phone(world, "13800130001", scheme=scheme)
    phone.store.put(f"encryption/{old.id}", found.phone.store.get(f"encryption/{old.id}"))
    signing, encryption = replaced(world, found, phone)
    ended = [pairing.certificate(world, one) for one in (found.signing, found.encryption)]
    assert {(one.status, one.revocation_reason) for one in ended} == {(S.REVOKED, "superseded")}
    assert {one.replaced_by for one in ended} == {signing}
    assert pairing.certificate(world, encryption).replaces == found.encryption
    # Under the new certificate's PIN, once the phone has moved it there.
    with pytest.raises(decrypting.HalfWrong):
        phone.bring_over(found.encryption, signing, NEW_PIN, "739164")
    phone.bring_over(found.encryption, signing, NEW_PIN, PIN)
    opened = phone.decrypt(found.encryption, signing, NEW_PIN, sample.value)
    assert opened == sample.expected
    assert parties.violations(world) == {}


@pytest.mark.row("CRT-6")
def test_on_a_new_phone_the_old_key_comes_back_by_a_recovery(world):
    found = pairing.complete(world)
    old = pairing.certificate(world, found.encryption)
    sample = decrypting.sample_for(old.public_key, "an old file")
    phone = pairing.phone(world, "13800130001", device="another phone")
    signing, _ = replaced(world, found, phone)
    device_id = pairing.certificate(world, signing).device_id
    assert device_id != old.device_id
    person = dataclasses.replace(found.party.person, device_id=device_id)
    recovery = world.engine.perform(
        actions.ask_recovery,
        {"certificate_id": found.encryption, "why": "phone_lost"},
        actor=ordering.fresh(world, person),
    )
    for _ in range(2):
        parties.approve(world, "key_recovery", recovery.id, parties.Reviewers.of(world).agency)
    worker.run_due(world)
    phone.take_encryption_share(found.encryption, signing, NEW_PIN)
    assert phone.decrypt(found.encryption, signing, NEW_PIN, sample.value) == sample.expected
    # Its certificate stays revoked: nobody encrypts for it any more.
    assert pairing.certificate(world, found.encryption).status is S.REVOKED
    assert "key_recovery.taken" in worlds.kinds(world)
