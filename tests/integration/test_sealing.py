"""A seal from application to use: reviewed by one, made by another, a signed object in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography import x509

from engine import worker
from engine.issuing import queries as certificates
from engine.pdf import intake
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.sealing import actions, model, queries
from engine.ses import structures, verifying
from engine.staffing.model import Role
from tests.support import fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

PDF_FORM = b"%PDF-1.7\n" + bytes(64)


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    return parties.certified(world, reviewers)


def apply(world, party, *, kind=model.SealKind.CONTRACT, form=registering.PNG, actor=None):
    arguments = {"enterprise_id": party.enterprise_id, "kind": kind, "form": form}
    return world.engine.perform(actions.apply_for_seal, arguments, actor=actor or party.person)


def intermediates(world):
    return [
        x509.load_der_x509_certificate(der)
        for der in world.authorities.material(list(world.authorities.agencies))[0]
    ]


@pytest.mark.row("ENT-1")
def test_the_enterprises_approval_orders_its_first_three_seals_at_the_makers(world, reviewers):
    party = parties.enterprise(world, reviewers)
    found = world.engine.ask(queries.applications_of, party.person, party.enterprise_id)
    assert {(one.kind, one.status, one.name) for one in found} == {
        (model.SealKind.COMPANY, model.ApplicationStatus.IN_MAKING, party.name),
        (model.SealKind.REPRESENTATIVE, model.ApplicationStatus.IN_MAKING, "企业法人印鉴"),
        (model.SealKind.SIGNATURE, model.ApplicationStatus.IN_MAKING, "企业法人手写签名"),
    }


@pytest.mark.row("SEA-4")
def test_a_made_seal_is_a_signed_object_that_lists_the_enterprises_certificate(world, party):
    parties.approve_seal(world, party)
    parties.settle(world, rounds=1)
    seal = parties.seal_of(world, party)
    certificate = world.engine.ask(certificates.certificate, party.person, party.certificate_id)
    results = verifying.verify(
        seal.ses,
        roots=world.roots,
        intermediates=intermediates(world),
        at_ms=world.engine.now(),
        signer_certificate=x509.load_der_x509_certificate(certificate.der),
    )
    assert {one.outcome for one in results} == {verifying.Outcome.PASSED}
    read = structures.parse(seal.ses)
    assert (read.name, read.seal_id) == (party.name, seal.code)
    assert len(seal.code) == 13
    assert (read.width_mm, read.height_mm) == (42, 42)
    assert seal.status is model.SealStatus.ACTIVE
    with world.engine.reader(SYSTEM) as q:
        assert q.blob(seal.png_blob_id) == read.picture
        assert q.blob(seal.svg_blob_id).startswith(b"<svg")


def test_a_byte_changed_in_a_made_seal_is_found(world, party):
    parties.approve_seal(world, party)
    parties.settle(world, rounds=1)
    ses = parties.seal_of(world, party).ses
    changed = ses.replace(party.name.encode(), party.name[::-1].encode())
    results = verifying.verify(
        changed, roots=world.roots, intermediates=intermediates(world), at_ms=world.engine.now()
    )
    failure = verifying.first_failure(results)
    assert failure is not None
    assert failure.step is verifying.Step.MAKER_SIGNATURE


def test_a_seal_ordered_before_the_first_certificate_waits_for_it(world, reviewers):
    party = parties.order(world, parties.enterprise(world, reviewers))
    parties.approve_seal(world, party)
    parties.pay(world, party)
    assert parties.seal_of(world, party).status is model.SealStatus.MAKING
    assert worlds.rows(world, "SELECT kind FROM job WHERE status = 'stuck'") == []
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    party = parties.download(world, party)
    parties.settle(world, rounds=1)
    seal = parties.seal_of(world, party)
    certificate = world.engine.ask(certificates.certificate, party.person, party.certificate_id)
    assert seal.certificates == (queries.certificate_digest(certificate.der),)
    assert parties.violations(world) == {}


def test_a_suspended_seal_lists_a_new_certificate_once_it_is_taken_up_again(world, reviewers):
    party = parties.sealed(world, reviewers)
    before = parties.seal_of(world, party)
    world.engine.perform(actions.suspend, {"seal_id": before.id}, actor=party.person)
    # The answer of an agency that was asked before the suspension comes too late and changes nothing.
    world.engine.perform(
        actions.record_seal,
        {
            "seal_id": before.id,
            "ses": before.ses,
            "svg": b"",
            "png": b"",
            "width_mm": 1,
            "height_mm": 1,
            "certificates": (),
        },
        actor=SYSTEM,
    )
    suspended = parties.seal_of(world, party)
    assert suspended == replace(before, status=model.SealStatus.SUSPENDED)
    worlds.run_sql(world, "UPDATE seal SET certificates = '[]' WHERE id = ?", before.id)
    world.engine.perform(actions.resume, {"seal_id": before.id}, actor=party.person)
    worker.tick(world, owner="test")
    assert parties.seal_of(world, party).certificates == before.certificates


def test_the_reviewer_of_an_application_does_not_make_its_seal(world, reviewers, party):
    subject_id = apply(world, party).id
    both = worlds.staff(world, Role.LEAD)
    parties.approve(world, "seal", subject_id, both)
    case_id = parties.open_case(world, "seal_making", subject_id)
    with worlds.unchanged(world), pytest.raises(reviewing.MakerIsNotChecker):
        world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=both)


def test_a_rejected_application_tells_its_applicant_and_frees_the_kind(world, reviewers, party):
    first = apply(world, party)
    reason = parties.reject(world, "seal", first.id, reviewers.seal)
    found = world.engine.ask(queries.applications_of, party.person, party.enterprise_id)
    assert (found[0].status, found[0].reasons) == (model.ApplicationStatus.REJECTED, (reason,))
    told = worlds.rows(world, "SELECT kind, todo FROM message WHERE subject = ?", first.id)
    assert told == [{"kind": "seal.rejected", "todo": 1}]
    assert apply(world, party).status is model.ApplicationStatus.IN_REVIEW


def test_the_maker_can_reject_too(world, reviewers, party):
    found = apply(world, party)
    parties.approve(world, "seal", found.id, reviewers.seal)
    parties.reject(world, "seal_making", found.id, reviewers.maker)
    newest = world.engine.ask(queries.applications_of, party.person, party.enterprise_id)[0]
    assert newest.status is model.ApplicationStatus.REJECTED


def test_a_contract_seal_is_applied_for_with_its_form_and_made(world, reviewers, party):
    form = world.engine.ask(
        queries.application_form, party.person, party.enterprise_id, model.SealKind.CONTRACT
    )
    assert intake.inspect(form).pages == 1
    found = apply(world, party, form=form)
    parties.approve(world, "seal", found.id, reviewers.seal)
    parties.approve(world, "seal_making", found.id, reviewers.maker)
    parties.settle(world, rounds=1)
    seal = parties.seal_of(world, party, model.SealKind.CONTRACT)
    assert (seal.kind, seal.status) == (model.SealKind.CONTRACT, model.SealStatus.ACTIVE)
    assert (seal.width_mm, seal.height_mm) == (38, 38)
    assert parties.violations(world) == {}
    fold.require(world)


def test_the_form_is_for_the_administrator_only(world, party, reviewers):
    stranger = registering.sign_up(world, "13900139000")
    with pytest.raises(people.NotAMember):
        world.engine.ask(
            queries.application_form, stranger, party.enterprise_id, model.SealKind.CONTRACT
        )
    with pytest.raises(queries.KindNotOffered):
        world.engine.ask(
            queries.application_form, party.person, party.enterprise_id, model.SealKind.COMPANY
        )
