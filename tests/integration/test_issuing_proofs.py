"""The PIN behind a certificate's key, and the end of a certificate."""

from __future__ import annotations

import collections
import dataclasses
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine import worker
from engine.issuing import actions, model, proofs, queries
from engine.kernel import clock, errors, ids
from engine.ordering import model as orders
from engine.pki import keys
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import certifying, fold, key_proofs, parties, worlds
from tests.support.worlds import SYSTEM

MESSAGE = b"yinxin test\n{}"
WRONG = keys.generate(ids.seeded(9, "wrong PIN"))


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    """A party with an active certificate."""
    return parties.certified(world, reviewers)


def prove(world, party, *, key=None, actor=None, message=MESSAGE):
    """What the stages above do inside their confirmations."""
    proof = key_proofs.prove(
        world,
        actor or party.person,
        party.certificate_id,
        key or party.key,
        message,
        owner=party.person,
    )
    return use(world, party, proof, actor=actor)


def use(world, party, proof, *, actor=None):
    """The act that a try was opened for."""
    arguments = {
        "certificate_id": party.certificate_id,
        "message": MESSAGE,
        "proof": proof,
        "act": "contract",
    }
    return world.engine.perform(proofs.require_proof, arguments, actor=actor or party.person)


def tries(world):
    """The counted wrong tries."""
    return [row["tries"] for row in worlds.rows(world, "SELECT tries FROM pin_guard")]


def revoke(world, party, *, reason="keyCompromise", actor=None):
    arguments = {"certificate_id": party.certificate_id, "reason": reason}
    return world.engine.perform(actions.revoke, arguments, actor=actor or party.person)


# -- the PIN --------------------------------------------------------------------------------------------


def test_the_right_pin_proves_the_certificate(world, party):
    assert prove(world, party).certificate.id == party.certificate_id
    assert worlds.kinds(world)[-1] == "pin.proved"


def test_the_last_wrong_try_locks_and_even_the_right_pin_stays_out(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    left = []
    for _ in range(4):
        with pytest.raises(proofs.WrongPin) as refused:
            prove(world, party, key=WRONG)
        left.append(refused.value.params["left"])
    assert left == [4, 3, 2, 1]
    with pytest.raises(proofs.PinLocked):
        prove(world, party, key=WRONG)
    assert worlds.kinds(world)[-2:] == ["pin.locked", "message.sent"]
    for key in (party.key, WRONG):
        with pytest.raises(proofs.PinLocked), worlds.unchanged(world):
            prove(world, party, key=key)
    assert tries(world) == [5]
    fold.require(world)


def test_a_right_pin_forgives_the_wrong_ones_before(world, party):
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(proofs.WrongPin):
                prove(world, party, key=WRONG)
        prove(world, party)
        assert tries(world) == [0]


@pytest.mark.parametrize("half", [b"", b"x", bytes(72), bytes(256), b"\xff" * 256, bytes(257)])
def test_bytes_that_are_no_signature_count_as_a_wrong_pin(world, party, half):
    opened = key_proofs.open_try(world, party.person, party.certificate_id)
    with pytest.raises(proofs.WrongPin):
        use(world, party, model.KeyProof(try_id=opened.id, half=half))
    assert tries(world) == [1]


def test_a_signature_over_something_else_proves_nothing(world, party):
    with pytest.raises(proofs.WrongPin):
        prove(world, party, message=b"something else")


def test_nobody_but_the_holder_on_their_phone_can_even_try(world, party, reviewers):
    other = parties.enterprise(world, reviewers, number=2, name="新疆昆仑商贸有限公司")
    for actor in (other.person, party.mall, reviewers.agency, SYSTEM):
        with pytest.raises(errors.NotFound), worlds.unchanged(world):
            prove(world, party, actor=actor)
    with pytest.raises(proofs.NotYourDevice), worlds.unchanged(world):
        prove(world, party, actor=certifying.other_phone(party))


def test_many_guesses_at_once_get_no_more_tries_than_one_after_another(any_world, count):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    worlds.clock_of(world).advance(1)

    def guess(number):
        try:
            prove(world, party, key=keys.generate(ids.seeded(number, "guess")))
        except (proofs.WrongPin, proofs.PinLocked) as refused:
            return type(refused).__name__
        return "proved"

    with ThreadPoolExecutor(8) as pool:
        came = collections.Counter(pool.map(guess, range(count(50, 200))))
    assert set(came) <= {"WrongPin", "PinLocked"}
    assert tries(world) == [5]
    facts = collections.Counter(worlds.kinds(world))
    assert (facts["pin.wrong"], facts["pin.locked"]) == (came["WrongPin"], 1)
    looked_at = "SELECT id FROM pin_try WHERE used_at IS NOT NULL AND opened_at >= ?"
    assert len(worlds.rows(world, looked_at, world.engine.now())) <= 5


# -- its end ----------------------------------------------------------------------------------------------


def test_a_certificate_is_usable_to_the_last_millisecond_of_its_term(world, party):
    ends = certifying.found(world, party.certificate_id).not_after
    worlds.clock_of(world).set(ends - 1)
    prove(world, party)
    worlds.clock_of(world).set(ends)
    with pytest.raises(proofs.CertificateNotUsable) as refused, worlds.unchanged(world):
        prove(world, party)
    assert refused.value.params == {"status": "expired"}


def test_a_revoked_certificate_is_useless_and_frees_the_platform(world, party):
    revoked = revoke(world, party)
    assert (revoked.status, revoked.revocation_reason) == (
        model.CertificateStatus.REVOKED,
        "keyCompromise",
    )
    with pytest.raises(proofs.CertificateNotUsable), worlds.unchanged(world):
        prove(world, party)
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        revoke(world, party)
    assert parties.order(world, party).order_id != party.order_id
    assert parties.violations(world) == {}
    fold.require(world)


def test_an_issued_certificate_revoked_before_its_use_ends_its_order_too(world, reviewers):
    party = certifying.approved(world, reviewers)
    asked = certifying.request(world, party)
    worker.run_due(world)
    revoke(world, dataclasses.replace(party, certificate_id=asked.id))
    assert certifying.order_status(world, party) is orders.OrderStatus.COMPLETED
    assert parties.order(world, party).order_id != party.order_id
    assert parties.violations(world) == {}


@pytest.mark.parametrize("reason", ["", "certificateHold", "because", "KEYCOMPROMISE"])
def test_only_rfc_5280s_reasons_revoke(world, party, reason):
    with pytest.raises(actions.ReasonInvalid), worlds.unchanged(world):
        revoke(world, party, reason=reason)


def test_only_the_holder_and_the_cas_staff_revoke(world, party, reviewers):
    other = parties.enterprise(world, reviewers, number=2, name="新疆昆仑商贸有限公司")
    far = worlds.staff(world, Role.AGENCY_REVIEWER, scope_kind="agency", scope_id="huaxia")
    refusals = (
        (other.person, errors.NotFound),
        (party.mall, errors.NotPermitted),
        (reviewers.platform, staffing.MayNot),
        (far, staffing.MayNot),
    )
    for actor, refusal in refusals:
        with pytest.raises(refusal), worlds.unchanged(world):
            revoke(world, party, actor=actor)
    near = worlds.staff(world, Role.AGENCY_REVIEWER, scope_kind="agency", scope_id="dongfang")
    assert revoke(world, party, actor=near).revoked_at == world.engine.now()


def hold(world, party, action, actor):
    arguments = {"certificate_id": party.certificate_id}
    return world.engine.perform(action, arguments, actor=actor)


@pytest.mark.row("CRT-3")
def test_a_certificate_on_hold_proves_nothing_until_it_is_taken_off_hold(any_world):
    reviewers = parties.Reviewers.of(any_world)
    party = parties.certified(any_world, reviewers)
    hold(any_world, party, actions.suspend, reviewers.agency)
    with pytest.raises(proofs.CertificateNotUsable), worlds.unchanged(any_world):
        prove(any_world, party)
    serial = int(certifying.found(any_world, party.certificate_id).serial_hex, 16)
    told = any_world.engine.ask(
        queries.status_for_ocsp, SYSTEM, agency_id="dongfang", serial=serial
    )
    assert (told[0], told[2]) == ("revoked", "certificateHold")
    hold(any_world, party, actions.resume, reviewers.agency)
    assert prove(any_world, party).certificate.revoked_at is None
    hold(any_world, party, actions.suspend, reviewers.agency)
    assert revoke(any_world, party).revocation_reason == "keyCompromise"
    fold.require(any_world)


def test_only_its_holder_and_the_cas_staff_put_a_certificate_on_hold(world, party, reviewers):
    for actor, refusal in ((party.mall, errors.NotPermitted), (reviewers.seal, staffing.MayNot)):
        with pytest.raises(refusal), worlds.unchanged(world):
            hold(world, party, actions.suspend, actor)


@pytest.mark.row("PKI-1")
def test_openssl_finds_a_revoked_certificate_in_the_crl_and_no_other(
    world, party, reviewers, tmp_path: Path
):
    kept = parties.certified(world, reviewers, number=2, name="新疆昆仑商贸有限公司")
    revoke(world, party)
    chain = world.ports.agencies["dongfang"].chain()
    for name, der in (("issuing", chain[0]), ("root", chain[-1])):
        pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
        (tmp_path / f"{name}.pem").write_bytes(pem)
    crl = x509.load_der_x509_crl(world.authorities.crl("dongfang"))
    (tmp_path / "crl.pem").write_bytes(crl.public_bytes(Encoding.PEM))
    verdicts = {}
    for name, certificate_id in (("revoked", party.certificate_id), ("kept", kept.certificate_id)):
        der = certifying.found(world, certificate_id).der
        assert der is not None
        pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
        (tmp_path / f"{name}.pem").write_bytes(pem)
        said = subprocess.run(
            [
                *("openssl", "verify", "-crl_check", "-CAfile", "root.pem"),
                *("-untrusted", "issuing.pem", "-CRLfile", "crl.pem"),
                *("-attime", str(world.engine.now() // 1000 + 1), f"{name}.pem"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        verdicts[name] = (said.returncode == 0, "certificate revoked" in said.stdout + said.stderr)
    assert verdicts == {"revoked": (False, True), "kept": (True, False)}


def test_what_ocsp_is_told_has_three_values_and_expired_entries_leave_the_crl(world, party):
    found = certifying.found(world, party.certificate_id)
    serial = int(found.serial_hex, 16)

    def told(number, agency="dongfang"):
        return world.engine.ask(queries.status_for_ocsp, SYSTEM, agency_id=agency, serial=number)

    assert told(serial)[0] == "good"
    assert told(serial + 1)[0] == told(serial, "huaxia")[0] == "unknown"
    revoke(world, party, reason="cessationOfOperation")
    assert told(serial) == ("revoked", world.engine.now(), "cessationOfOperation")
    both = {
        int(one.serial_hex, 16) for one in world.engine.ask(queries.pair, SYSTEM, found.pair_id)
    }

    def listed():
        known = world.engine.ask(queries.revocations, SYSTEM, agency_id="dongfang")
        return {one.serial for one in known.table}

    # It stays until a list was regularly made after it had expired (RFC 5280 3.3).
    worlds.clock_of(world).set(found.not_after)
    assert listed() == both
    worlds.clock_of(world).advance(2 * clock.DAY)
    assert listed() == set()
