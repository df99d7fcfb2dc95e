"""Pairs of certificates: a key to decrypt with, in two shares, beside the one to sign with (CRT-6)."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from engine import worker
from engine.issuing import actions, model, proofs, queries
from engine.kernel import clock, errors, jobs
from engine.pki import decrypting, envelopes, keys
from engine.providers import escrow
from tests.support import certifying, fold, pairing, parties, worlds
from tests.support.pairing import PIN
from tests.support.worlds import SYSTEM

S = model.CertificateStatus
CONTENT = "招标文件正文，开标前保密。".encode() * 50


@pytest.fixture
def pair(world):
    """A complete pair over RSA."""
    return pairing.complete(world)


def envelope(folder: Path, der: bytes, *options: str) -> bytes:
    """What OpenSSL makes for a certificate."""
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    (folder / "to.pem").write_bytes(pem)
    (folder / "plain").write_bytes(CONTENT)
    subprocess.run(
        [
            *("openssl", "cms", "-encrypt", "-binary", "-aes256", "-outform", "DER"),
            *("-in", "plain", "-out", "sealed.der", "-recip", "to.pem", *options),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return (folder / "sealed.der").read_bytes()


@pytest.mark.row("CRT-6")
@pytest.mark.parametrize("scheme", ["split_rsa", "seeded_ec"])
def test_a_pair_is_complete_once_the_phone_holds_its_share_of_the_encryption_key(any_world, scheme):
    found = pairing.waiting(any_world, scheme=scheme)
    signing, encryption = (
        pairing.certificate(any_world, one) for one in (found.signing, found.encryption)
    )
    assert (signing.status, encryption.status) == (S.ACTIVE, S.ISSUED)
    assert encryption.pair_id == signing.id
    assert (encryption.not_before, encryption.not_after) == (
        signing.not_before,
        signing.not_after,
    )
    key = keys.public_from_der(encryption.public_key)
    wanted = rsa.RSAPublicKey if scheme == "split_rsa" else ec.EllipticCurvePublicKey
    assert isinstance(key, wanted)
    found.phone.take_encryption_share(found.encryption, found.signing, PIN)
    taken = pairing.certificate(any_world, found.encryption)
    assert taken.status is S.ACTIVE
    assert worlds.rows(any_world, "SELECT phone_share FROM encryption_share") == [
        {"phone_share": None}
    ]
    assert "encryption_key.taken" in worlds.kinds(any_world)
    assert parties.violations(any_world) == {}
    assert not fold.differences(any_world)


@pytest.mark.row("CRT-6")
@pytest.mark.parametrize("scheme", ["split_rsa", "seeded_ec"])
def test_one_of_a_pair_signs_and_the_other_is_encrypted_for(world, scheme):
    found = pairing.waiting(world, scheme=scheme)
    signing, encryption = (
        x509.load_der_x509_certificate(pairing.certificate(world, one).der or b"")
        for one in (found.signing, found.encryption)
    )
    usages = [
        _set(one.extensions.get_extension_for_class(x509.KeyUsage).value)
        for one in (signing, encryption)
    ]
    # RFC 8813: a key on a curve agrees, it does not encipher.
    other = (
        {"key_encipherment", "data_encipherment"} if scheme == "split_rsa" else {"key_agreement"}
    )
    assert usages == [{"digital_signature", "content_commitment"}, other]
    assert signing.subject == encryption.subject


def _set(usage: x509.KeyUsage) -> set[str]:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
    return {name for name in (*names, "key_agreement") if getattr(usage, name)}


@pytest.mark.row("CRT-6")
@pytest.mark.parametrize("options", [(), ("-keyopt", "rsa_padding_mode:oaep")], ids=["v15", "oaep"])
def test_an_envelope_that_openssl_made_opens_by_both_halves(world, pair, tmp_path, options):
    encryption = pairing.certificate(world, pair.encryption)
    sealed = envelope(tmp_path, encryption.der or b"", *options)
    opened = pair.phone.open_envelope(
        pair.encryption, encryption.der or b"", pair.signing, PIN, sealed
    )
    assert opened == CONTENT
    assert worlds.kinds(world)[-1] == "envelope.opened"


def test_a_wrong_pin_opens_nothing_and_is_counted(world, pair, tmp_path):
    encryption = pairing.certificate(world, pair.encryption)
    sealed = envelope(tmp_path, encryption.der or b"")
    with pytest.raises(proofs.WrongPin):
        pair.phone.open_envelope(
            pair.encryption, encryption.der or b"", pair.signing, "739164", sealed
        )
    assert worlds.kinds(world)[-1] == "pin.wrong"
    assert "envelope.opened" not in worlds.kinds(world)


def test_an_envelope_for_others_or_damaged_is_refused_before_a_pin_is_spent(world, pair, tmp_path):
    encryption = pairing.certificate(world, pair.encryption)
    signing = pairing.certificate(world, pair.signing)
    sealed = envelope(tmp_path, encryption.der or b"")
    for certificate, content, refusal in (
        (signing.der, sealed, envelopes.NotForThisCertificate),
        (encryption.der, sealed[:-7], envelopes.EnvelopeRefused),
        (encryption.der, b"no envelope", envelopes.EnvelopeRefused),
    ):
        with pytest.raises(refusal), worlds.unchanged(world):
            pair.phone.open_envelope(
                pair.encryption, certificate or b"", pair.signing, PIN, content
            )


@pytest.mark.row("CRT-6")
def test_what_the_platform_joins_tells_it_nothing_of_the_content_key(world, pair, tmp_path):
    """The value is veiled: neither it nor what comes back is the key that the envelope carries."""
    encryption = pairing.certificate(world, pair.encryption)
    sealed = envelopes.read(
        envelope(tmp_path, encryption.der or b""),
        x509.load_der_x509_certificate(encryption.der or b""),
    )
    given: list[str] = []
    inner = pair.phone.door.perform

    def watched(name, arguments, *, key):
        answer = inner(name, arguments, key=key)
        if name == "issuing.open_envelope":
            given.extend([arguments["value"], answer])
        return answer

    pair.phone.door.perform = watched
    opened = pair.phone.decrypt(pair.encryption, pair.signing, PIN, sealed.value)
    assert len(given) == 2
    assert pairing.text(sealed.value) not in given
    assert pairing.text(opened) not in given
    assert sealed.open(opened) == CONTENT


def test_shares_wait_sealed_and_a_lost_answer_loses_nothing(world):
    found = pairing.waiting(world)
    [kept] = worlds.rows(world, "SELECT server_share, phone_share FROM encryption_share")
    inner = found.phone.door.perform

    def cut_off(name, arguments, *, key):
        if name == "issuing.confirm_encryption_share":
            raise ConnectionError
        return inner(name, arguments, key=key)

    found.phone.door.perform = cut_off
    with pytest.raises(ConnectionError):
        found.phone.take_encryption_share(found.encryption, found.signing, PIN)
    assert pairing.certificate(world, found.encryption).status is S.ISSUED
    assert worlds.rows(world, "SELECT server_share, phone_share FROM encryption_share") == [kept]
    found.phone.door.perform = inner
    found.phone.take_encryption_share(found.encryption, found.signing, PIN)
    assert pairing.certificate(world, found.encryption).status is S.ACTIVE
    with pytest.raises(actions.ShareNotThere):
        found.phone.take_encryption_share(found.encryption, found.signing, PIN)


def test_a_half_made_without_the_share_does_not_complete_a_pair(world):
    found = pairing.waiting(world)
    size = 384
    for half in (b"", bytes(size), (5).to_bytes(size, "big"), b"\xff" * size):
        with pytest.raises(actions.ShareNotHeld), worlds.unchanged(world):
            world.engine.perform(
                actions.confirm_encryption_share,
                {"certificate_id": found.encryption, "half": half},
                actor=found.party.person,
            )


def test_a_changed_pin_moves_the_encryption_key_too(world, pair, tmp_path):
    encryption = pairing.certificate(world, pair.encryption)
    sealed = envelope(tmp_path, encryption.der or b"")
    pair.phone.change_pin(pair.signing, PIN, "730914")
    opened = pair.phone.open_envelope(
        pair.encryption, encryption.der or b"", pair.signing, "730914", sealed
    )
    assert opened == CONTENT
    assert pair.phone.store.names("encryption-next/") == []


@pytest.mark.parametrize("old_stands", [True, False], ids=["not changed", "changed, not heard"])
def test_a_pin_change_cut_off_leaves_an_encryption_key_under_the_pin_that_stands(
    world, pair, tmp_path, old_stands
):
    encryption = pairing.certificate(world, pair.encryption)
    sealed = envelope(tmp_path, encryption.der or b"")
    inner = pair.phone.door.perform

    def cut_off(name, arguments, *, key):
        if name == "issuing.change_pin":
            if not old_stands:
                inner(name, arguments, key=key)
            raise ConnectionError
        return inner(name, arguments, key=key)

    pair.phone.door.perform = cut_off
    with pytest.raises(ConnectionError):
        pair.phone.change_pin(pair.signing, PIN, "730914")
    pair.phone.door.perform = inner
    # The signing share was not written anew, so the old PIN is the one that stands on the phone.
    opened = pair.phone.open_envelope(
        pair.encryption, encryption.der or b"", pair.signing, PIN, sealed
    )
    assert opened == CONTENT


# -- who issues pairs, and what may fail ------------------------------------------------------------


def test_a_ca_that_issues_its_certificates_alone_makes_no_second_one(world, monkeypatch):
    from engine.policies import model as policies

    unpaired = property(lambda self: ())
    monkeypatch.setattr(policies.CertificateAgency, "paired", unpaired, raising=False)
    party = pairing.approved(world)
    handset = pairing.phone(world, "13800130001", scheme="seeded_ec")
    asked = handset.request_certificate(party.order_id, PIN)
    worker.run_due(world)
    assert [one.id for one in world.engine.ask(queries.pair, SYSTEM, asked["id"])] == [asked["id"]]


class Silent:
    """A key management centre that does not answer."""

    def make(self, kind, *, key_id):
        """Nothing."""
        raise errors.ProviderUnavailable()

    def recover(self, key_id, *, approved_by):
        """Nothing."""
        raise errors.ProviderUnavailable()


@pytest.mark.row("CRT-6")
def test_a_centre_that_does_not_answer_leaves_a_pair_to_be_completed_later(world):
    party = pairing.approved(world)
    handset = pairing.phone(world, "13800130001")
    silent = dataclasses.replace(world, ports=dataclasses.replace(world.ports, key_centre=Silent()))
    asked = handset.request_certificate(party.order_id, PIN)
    for _ in range(len(jobs.BACKOFF_MS) + 2):
        worker.run_due(silent)
        worlds.clock_of(world).advance(clock.HOUR)
    assert "encryption_key.missing" in worlds.kinds(world)
    [signing] = world.engine.ask(queries.pair, SYSTEM, asked["id"])
    # Scanning and signing do not wait for it.
    handset.activate(signing.id, signing.der or b"", PIN)
    handset.door.perform(
        "issuing.ask_encryption_key", {"certificate_id": signing.id}, key="once more"
    )
    worker.run_due(world)
    _, encryption = world.engine.ask(queries.pair, SYSTEM, asked["id"])
    assert encryption.status is S.ISSUED
    with pytest.raises(errors.Conflict):
        handset.door.perform(
            "issuing.ask_encryption_key", {"certificate_id": signing.id}, key="again"
        )


def test_an_abandoned_encryption_certificate_is_asked_for_again_with_the_same_key(world):
    party = pairing.approved(world)
    handset = pairing.phone(world, "13800130001")
    asked = handset.request_certificate(party.order_id, PIN)
    worker.run_due(world, limit=1)
    [signing] = world.engine.ask(queries.pair, SYSTEM, asked["id"])
    while len(world.engine.ask(queries.pair, SYSTEM, signing.id)) < 2:
        assert worker.run_due(world, limit=1)
    first = world.engine.ask(queries.pair, SYSTEM, signing.id)[1]
    world.engine.perform(actions.abandon, {"certificate_id": first.id}, actor=SYSTEM)
    handset.door.perform("issuing.ask_encryption_key", {"certificate_id": signing.id}, key="anew")
    worker.run_due(world)
    second = world.engine.ask(queries.pair, SYSTEM, signing.id)[1]
    assert second.id != first.id
    assert second.public_key == first.public_key
    assert second.serial_hex != first.serial_hex


# -- the end of a pair ------------------------------------------------------------------------------


@pytest.mark.row("CRT-3")
@pytest.mark.parametrize("named", ["signing", "encryption"])
def test_both_certificates_of_a_pair_are_revoked_together(any_world, named):
    found = pairing.complete(any_world, scheme="seeded_ec")
    any_world.engine.perform(
        actions.revoke,
        {"certificate_id": getattr(found, named), "reason": "keyCompromise"},
        actor=found.party.person,
    )
    for one in (found.signing, found.encryption):
        now = pairing.certificate(any_world, one)
        assert (now.status, now.revocation_reason) == (S.REVOKED, "keyCompromise")
        answer = any_world.engine.ask(
            queries.status_for_ocsp, SYSTEM, agency_id="dongfang", serial=int(now.serial_hex, 16)
        )
        assert answer[0] == "revoked"
    # Nobody decrypts with it any more unless it is recovered from its archive.
    assert worlds.rows(any_world, "SELECT certificate_id FROM encryption_share") == []
    assert parties.violations(any_world) == {}


def test_an_encryption_certificate_that_comes_after_its_pair_has_ended_ends_at_once(world):
    party = pairing.approved(world)
    handset = pairing.phone(world, "13800130001")
    asked = handset.request_certificate(party.order_id, PIN)
    while len(world.engine.ask(queries.pair, SYSTEM, asked["id"])) < 2:
        assert worker.run_due(world, limit=1)
    arguments = {"certificate_id": asked["id"], "reason": "cessationOfOperation"}
    world.engine.perform(actions.revoke, arguments, actor=party.person)
    worker.run_due(world)
    both = world.engine.ask(queries.pair, SYSTEM, asked["id"])
    assert [one.status for one in both] == [S.REVOKED, S.REVOKED]
    assert worlds.rows(world, "SELECT certificate_id FROM encryption_share") == []


@pytest.mark.row("CRT-3")
def test_both_certificates_of_a_pair_are_held_and_released_together(world, pair):
    staff = parties.Reviewers.of(world).agency
    both = (pair.signing, pair.encryption)
    world.engine.perform(actions.suspend, {"certificate_id": pair.signing}, actor=staff)
    assert {pairing.certificate(world, one).status for one in both} == {S.SUSPENDED}
    value = decrypting.sample_for(
        pairing.certificate(world, pair.encryption).public_key, pair.encryption
    ).value
    with pytest.raises(errors.EngineError), worlds.unchanged(world):
        pair.phone.decrypt(pair.encryption, pair.signing, PIN, value)
    world.engine.perform(actions.resume, {"certificate_id": pair.signing}, actor=staff)
    assert {pairing.certificate(world, one).status for one in both} == {S.ACTIVE}
    assert pair.phone.decrypt(pair.encryption, pair.signing, PIN, value)


# -- the archive ------------------------------------------------------------------------------------


@pytest.mark.row("CRT-6")
def test_the_centre_gives_a_key_again_to_two_people_and_never_to_fewer(any_world):
    centre = any_world.ports.key_centre
    made = centre.make("curve", key_id="crt_one")
    assert centre.make("curve", key_id="crt_one") == made
    assert centre.make("curve", key_id="crt_two").public_key != made.public_key
    for few in ((), ("staff:a",), ("staff:a", "staff:a")):
        with pytest.raises(escrow.ReleaseRefused):
            centre.recover("crt_one", approved_by=few)
    assert centre.recover("crt_one", approved_by=("staff:b", "staff:a")) == made
    assert centre.recover("crt_one", approved_by=("staff:b", "staff:c")) == made
    released = worlds.rows(
        any_world, "SELECT key_id, number, approved_by FROM sim_key_release ORDER BY number"
    )
    assert [tuple(one.values()) for one in released] == [
        ("crt_one", 1, '["staff:a","staff:b"]'),
        ("crt_one", 2, '["staff:b","staff:c"]'),
    ]
    with pytest.raises(errors.NotFound):
        centre.recover("crt_three", approved_by=("staff:a", "staff:b"))


def test_neither_a_whole_key_nor_a_share_is_in_the_clear_anywhere(world, pair):
    """Of the tables' bytes and the log's texts none is the key, its exponent, or a share."""
    released = world.ports.key_centre.recover(
        pair.signing, approved_by=("staff:test", "staff:proof")
    )
    kept = world.engine.ask(_kept, SYSTEM, pair.encryption)
    [sealed] = worlds.rows(world, "SELECT sealed FROM sim_encryption_key")
    assert released.private_key not in bytes(sealed["sealed"])
    content = worlds.content(world)
    for secret in (released.private_key[-400:], kept.server):
        assert secret.hex() not in str(content)
        assert repr(secret) not in str(content)
    assert "private_key" not in repr(released)


def _kept(q, certificate_id):
    from engine.issuing import store

    return store.encryption_share(q, certificate_id)


def test_the_signing_key_is_archived_nowhere(world, pair):
    archived = worlds.rows(world, "SELECT public_key FROM sim_encryption_key")
    signing = pairing.certificate(world, pair.signing)
    assert [bytes(one["public_key"]) for one in archived] != [signing.public_key]
    with pytest.raises(actions.NeverRecovered), worlds.unchanged(world):
        world.engine.perform(
            actions.ask_recovery,
            {"certificate_id": pair.signing, "why": "phone_lost"},
            actor=pair.party.person,
        )


def test_a_stranger_sees_no_pair(world, pair):
    stranger = certifying.other_phone(pair.party)
    stranger = dataclasses.replace(stranger, account_id="acc_other")
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.pair, stranger, pair.signing)
