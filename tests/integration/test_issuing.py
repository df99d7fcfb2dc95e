"""Certificates from the request to the end of their life, judged by OpenSSL where it can judge."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from engine import worker
from engine.issuing import actions, model, proofs, queries, schemes
from engine.kernel import actors, clock, errors, ids, jobs, ports
from engine.ordering import model as orders
from engine.pki import keys
from engine.providers.authorities import Agency
from tests.support import certifying, fold, key_proofs, parties, registering, worlds
from tests.support.worlds import SYSTEM

S = model.CertificateStatus


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def approved(world, reviewers):
    """A party whose order is paid and approved by both."""
    return certifying.approved(world, reviewers)


# -- requesting ---------------------------------------------------------------------------------------


@pytest.mark.row("PKI-1")
def test_serial_and_intent_are_stored_before_anything_is_signed(world, approved):
    asked = certifying.request(world, approved)
    stored = certifying.found(world, asked.id)
    assert stored.status is S.REQUESTED
    assert stored.der is None
    assert len(stored.serial_hex) >= 16
    assert worlds.rows(world, "SELECT kind, subject FROM job WHERE kind = 'issue_certificate'") == [
        {"kind": "issue_certificate", "subject": asked.id}
    ]
    assert worlds.kinds(world)[-1] == "certificate.requested"
    answer = world.engine.ask(
        queries.status_for_ocsp, SYSTEM, agency_id="dongfang", serial=int(asked.serial_hex, 16)
    )
    assert answer[0] == "unknown"


@pytest.mark.row("CRT-1")
def test_no_certificate_before_payment_and_both_approvals(world, reviewers):
    party = parties.order(world, parties.enterprise(world, reviewers))
    steps = (
        lambda: parties.pay(world, party),
        lambda: parties.hand_in(world, party),
        lambda: parties.approve(world, "certificate_platform", party.order_id, reviewers.platform),
        lambda: parties.approve(world, "certificate_ca", party.order_id, reviewers.agency),
    )
    for step in steps:
        with pytest.raises(actions.NotReady), worlds.unchanged(world):
            certifying.request(world, party)
        step()
    assert certifying.request(world, party).status is S.REQUESTED


@pytest.mark.parametrize("proof", [b"", b"\x30\x06\x02\x01\x01\x02\x01\x01", bytes(70)])
def test_a_key_that_does_not_prove_itself_is_refused(world, approved, proof):
    with pytest.raises(actions.KeyNotProved), worlds.unchanged(world):
        certifying.request(world, approved, proof=proof)


def test_a_proof_for_another_order_is_refused(world, approved):
    other = key_proofs.request_arguments("ord_other", approved.key)
    with pytest.raises(actions.KeyNotProved), worlds.unchanged(world):
        certifying.request(world, approved, proof=other["proof"])


@pytest.mark.parametrize("kind", ["rsa", "p384"])
def test_a_key_of_another_kind_is_refused(world, approved, kind):
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ec.derive_private_key(7, ec.SECP384R1())
    )
    material = keys.public_to_der(key.public_key())
    with pytest.raises(schemes.KeyKindRefused), worlds.unchanged(world):
        certifying.request(world, approved, public_material=material)


def test_bytes_that_are_no_key_are_refused(world, approved):
    with pytest.raises(keys.KeyUnreadable), worlds.unchanged(world):
        certifying.request(world, approved, public_material=b"no key")


def test_only_the_orders_applicant_asks(world, approved):
    stranger = registering.sign_up(world, "13900139000")
    with pytest.raises(errors.NotFound), worlds.unchanged(world):
        certifying.request(world, approved, actor=stranger)


def test_asking_again_with_the_same_key_is_the_same_request(world, approved):
    first = certifying.request(world, approved)
    with worlds.unchanged(world):
        assert certifying.request(world, approved).id == first.id
    with pytest.raises(actions.RequestedAlready), worlds.unchanged(world):
        certifying.request(world, approved, key=keys.generate(ids.seeded(9, "other")))
    with pytest.raises(actions.RequestedAlready), worlds.unchanged(world):
        certifying.request(world, approved, actor=certifying.other_phone(approved))


# -- issuing ----------------------------------------------------------------------------------------


@pytest.mark.row("PKI-1")
def test_openssl_finds_the_certificate_good_and_it_names_the_enterprise(
    world, approved, tmp_path: Path
):
    asked = certifying.request(world, approved)
    worker.run_due(world)
    certificate = certifying.found(world, asked.id)
    assert certificate.status is S.ISSUED
    assert certificate.der is not None
    chain = [
        x509.load_der_x509_certificate(one) for one in world.ports.agencies["dongfang"].chain()
    ]
    signed = x509.load_der_x509_certificate(certificate.der)
    for name, one in (("leaf", signed), ("issuing", chain[0]), ("root", chain[-1])):
        (tmp_path / f"{name}.pem").write_bytes(one.public_bytes(Encoding.PEM))
    said = subprocess.run(
        [
            *("openssl", "verify", "-x509_strict", "-CAfile", "root.pem"),
            *("-untrusted", "issuing.pem", "-attime", str(world.engine.now() // 1000), "leaf.pem"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout.strip()) == (0, "leaf.pem: OK"), said.stderr
    assert f"{signed.serial_number:x}" == certificate.serial_hex
    assert approved.name in signed.subject.rfc4514_string()
    assert signed.public_key() == approved.key.public_key()
    assert certificate.not_after - certificate.not_before == 365 * clock.DAY


def test_a_worker_killed_between_signature_and_record_signs_the_same_bytes_again(world, approved):
    asked = certifying.request(world, approved)
    agency = world.ports.agencies["dongfang"]
    wanted = ports.CertificateRequest(
        serial=int(asked.serial_hex, 16),
        profile=asked.profile,
        applicant=ports.Applicant(
            common_name=approved.name, organization=approved.name, uscc=registering.credit_code(1)
        ),
        public_key=asked.public_key,
        not_before=asked.not_before,
        not_after=asked.not_after,
    )
    before_the_kill = agency.issue(wanted)
    worker.run_due(world)
    assert certifying.found(world, asked.id).der == before_the_kill
    arguments = {"certificate_id": asked.id, "der": before_the_kill}
    with worlds.unchanged(world):
        world.engine.perform(actions.record_issuance, arguments, actor=SYSTEM)


@pytest.mark.parametrize("wrong", ["garbage", "other"])
def test_what_was_not_asked_for_is_put_aside_and_remembered(world, approved, wrong):
    asked = certifying.request(world, approved)
    der = world.ports.agencies["dongfang"].chain()[0] if wrong == "other" else b"\x30\x00"
    with (
        pytest.raises(actions.NotWhatWasRequested),
        worlds.unchanged(world, without={"event"}),
    ):
        world.engine.perform(
            actions.record_issuance, {"certificate_id": asked.id, "der": der}, actor=SYSTEM
        )
    assert worlds.kinds(world)[-1] == "certificate.differs"
    worker.run_due(world)
    assert certifying.found(world, asked.id).status is S.ISSUED


@pytest.mark.parametrize("action", [actions.record_issuance, actions.abandon])
def test_only_the_platform_itself_records_and_abandons(world, approved, action):
    asked = certifying.request(world, approved)
    arguments = {"certificate_id": asked.id}
    if action is actions.record_issuance:
        arguments["der"] = b""
    for actor in (approved.person, approved.mall, approved.reviewers.agency):
        with pytest.raises(errors.NotPermitted), worlds.unchanged(world):
            world.engine.perform(action, arguments, actor=actor)


@dataclasses.dataclass(frozen=True, kw_only=True)
class UnreachableAgency(Agency):
    """A real authority behind a line that is down."""

    def issue(self, request: ports.CertificateRequest) -> bytes:
        """Nobody answers."""
        raise errors.ProviderUnavailable()


def test_a_request_that_is_never_answered_is_abandoned_and_asked_anew_with_a_new_serial(
    world, approved
):
    agency = world.ports.agencies["dongfang"]
    cut_off = UnreachableAgency(keys=agency.keys, profiles=agency.profiles)
    down = dataclasses.replace(
        world,
        ports=dataclasses.replace(
            world.ports, agencies={**world.ports.agencies, "dongfang": cut_off}
        ),
    )
    first = certifying.request(world, approved)
    for wait in (0, *jobs.BACKOFF_MS):
        assert certifying.found(world, first.id).status is S.REQUESTED
        worlds.clock_of(world).advance(wait)
        worker.run_due(down)
    assert certifying.found(world, first.id).status is S.ABANDONED
    assert worlds.rows(world, "SELECT id FROM job WHERE kind = 'issue_certificate'") == []
    told = worlds.rows(
        world, "SELECT todo, subject FROM message WHERE kind = 'certificate.abandoned'"
    )
    assert told == [{"todo": 1, "subject": approved.order_id}]
    second = certifying.request(world, approved, key=keys.generate(ids.seeded(9, "other")))
    assert second.serial_hex != first.serial_hex
    worker.run_due(world)
    assert certifying.found(world, second.id).status is S.ISSUED
    arguments = {"certificate_id": first.id, "der": b""}
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        world.engine.perform(actions.record_issuance, arguments, actor=SYSTEM)
    assert parties.violations(world) == {}


# -- activating --------------------------------------------------------------------------------------


@pytest.mark.row("CRT-1")
def test_a_certificate_is_active_only_once_it_is_downloaded_and_its_pin_proved(any_world):
    world = any_world
    party = certifying.approved(world, parties.Reviewers.of(world))
    asked = certifying.request(world, party)
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        certifying.activate(world, party, asked, proof=model.KeyProof(try_id="none", half=b""))
    with pytest.raises(proofs.CertificateNotUsable), worlds.unchanged(world):
        certifying.activate(world, party, asked)
    worker.run_due(world)
    issued = certifying.found(world, asked.id)
    assert not issued.usable(world.engine.now())
    assert certifying.order_status(world, party) is orders.OrderStatus.AWAITING_DOWNLOAD
    with pytest.raises(proofs.NotYourDevice), worlds.unchanged(world):
        certifying.activate(world, party, issued, actor=certifying.other_phone(party))
    with pytest.raises(proofs.WrongPin) as refused:
        certifying.activate(world, party, issued, key=keys.generate(ids.seeded(9, "wrong PIN")))
    assert refused.value.params == {"left": 4}
    assert certifying.found(world, asked.id).status is S.ISSUED
    proof = key_proofs.prove(world, party.person, issued.id, party.key, b"something else")
    with pytest.raises(proofs.WrongPin):
        certifying.activate(world, party, issued, proof=proof)
    active = certifying.activate(world, party, issued)
    assert active.usable(world.engine.now())
    assert certifying.order_status(world, party) is orders.OrderStatus.COMPLETED
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        certifying.activate(world, party, issued, proof=proof)
    assert parties.violations(world) == {}
    fold.require(world)


def test_a_certificate_that_was_never_taken_expires_like_any_other(world, approved):
    asked = certifying.request(world, approved)
    worker.run_due(world)
    issued = certifying.found(world, asked.id)
    worlds.clock_of(world).set(issued.not_after)
    with pytest.raises(proofs.CertificateNotUsable) as refused, worlds.unchanged(world):
        certifying.activate(world, approved, issued)
    assert refused.value.params == {"status": "expired"}


def test_a_machine_and_a_strangers_mall_account_see_no_certificate(world, approved, reviewers):
    asked = certifying.request(world, approved)
    other = parties.enterprise(world, reviewers, number=2, name="新疆昆仑商贸有限公司")
    for actor in (other.person, other.mall, actors.Machine(name="payment")):
        with pytest.raises(errors.NotFound):
            world.engine.ask(queries.certificate, actor, asked.id)
    for actor in (approved.person, approved.mall, reviewers.agency):
        assert world.engine.ask(queries.certificate, actor, asked.id).id == asked.id
