"""A seal from application to use: reviewed by one, made by another, a signed object in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography import x509

from engine import worker
from engine.issuing import queries as certificates
from engine.kernel import actors, errors, files, ports
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
    return [x509.load_der_x509_certificate(der) for der in world.authorities.certificates()]


def test_the_enterprises_approval_applies_for_its_company_seal(world, reviewers):
    party = parties.enterprise(world, reviewers)
    found = world.engine.ask(queries.applications_of, party.person, party.enterprise_id)
    assert [(one.kind, one.status, one.name) for one in found] == [
        (model.SealKind.COMPANY, model.ApplicationStatus.IN_REVIEW, party.name)
    ]


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
    subject_id = parties.application(world, party)
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
    seal = parties.seal_of(world, party)
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


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (b"", files.FileEmpty),
        (b"PK\x03\x04" + bytes(64), files.FileKindRefused),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", files.FileKindRefused),
        (PDF_FORM + bytes(10 * files.MEGABYTE), files.FileTooBig),
    ],
    ids=["empty", "archive", "svg", "too big"],
)
def test_a_form_of_the_wrong_kind_or_size_is_refused(world, party, form, refusal):
    with worlds.unchanged(world), pytest.raises(refusal) as refused:
        apply(world, party, form=form)
    assert refused.value.field == "form"


def test_the_company_seal_is_not_applied_for(world, party):
    with worlds.unchanged(world), pytest.raises(queries.KindNotOffered):
        apply(world, party, kind=model.SealKind.COMPANY)


def test_only_the_administrator_applies(world, party):
    stranger = registering.sign_up(world, "13900139000")
    for actor in (stranger, party.mall, party.reviewers.seal):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            apply(world, party, actor=actor)


def test_a_second_application_of_a_kind_waits_for_the_first(world, party):
    apply(world, party)
    with worlds.unchanged(world), pytest.raises(actions.SealExists):
        apply(world, party)


def test_a_seal_of_a_kind_exists_once(world, reviewers, party):
    found = apply(world, party)
    parties.approve(world, "seal", found.id, reviewers.seal)
    parties.approve(world, "seal_making", found.id, reviewers.maker)
    with worlds.unchanged(world), pytest.raises(actions.SealExists):
        apply(world, party)


def test_an_answer_that_does_not_fit_the_order_is_put_aside(world, party):
    parties.approve_seal(world, party)
    ordered = parties.seal_of(world, party)
    maker = world.ports.seal_makers[ordered.agency_id]
    der = world.engine.ask(certificates.certificate, party.person, party.certificate_id).der
    request = ports.SealRequest(
        seal_id=ordered.id,
        kind="company",
        line="",
        name=ordered.name,
        enterprise=ordered.name,
        code=ordered.code,
        certificates=(der,),
        created_at=world.engine.now(),
        valid_from=ordered.valid_from,
        valid_to=ordered.valid_to,
    )
    good = maker.make(request)
    listed = (queries.certificate_digest(der),)
    wrong = {
        "another name": maker.make(replace(request, name="新疆冒名科技有限公司")).ses,
        "another code": maker.make(replace(request, code="6501020000000")).ses,
        "another validity": maker.make(replace(request, valid_to=request.valid_to + 1_000)).ses,
        "no seal at all": ordered.name.encode() + ordered.code.encode(),
        "a broken signature": good.ses[:-1] + bytes([good.ses[-1] ^ 1]),
    }
    for ses, told in [*((one, listed) for one in wrong.values()), (good.ses, ("00" * 32,))]:
        arguments = {
            "seal_id": ordered.id,
            "ses": ses,
            "svg": good.svg.encode(),
            "png": good.png,
            "width_mm": 42,
            "height_mm": 42,
            "certificates": told,
        }
        with worlds.unchanged(world), pytest.raises(actions.NotTheSealOrdered):
            world.engine.perform(actions.record_seal, arguments, actor=SYSTEM)


def test_an_answer_overtaken_by_a_new_certificate_is_followed_by_another_order(world, reviewers):
    party = parties.sealed(world, reviewers)
    other = parties.certified(world, reviewers, number=2, name="乌鲁木齐恒基建材有限公司")
    seal = parties.seal_of(world, party)
    der = world.engine.ask(certificates.certificate, other.person, other.certificate_id).der
    made = world.ports.seal_makers[seal.agency_id].make(
        ports.SealRequest(
            seal_id=seal.id,
            kind="company",
            line="",
            name=seal.name,
            enterprise=seal.name,
            code=seal.code,
            certificates=(der,),
            created_at=world.engine.now(),
            valid_from=seal.valid_from,
            valid_to=seal.valid_to,
        )
    )
    world.engine.perform(
        actions.record_seal,
        {
            "seal_id": seal.id,
            "ses": made.ses,
            "svg": made.svg.encode(),
            "png": made.png,
            "width_mm": 42,
            "height_mm": 42,
            "certificates": (queries.certificate_digest(der),),
        },
        actor=SYSTEM,
    )
    assert parties.seal_of(world, party).certificates != seal.certificates
    worker.tick(world, owner="test")
    assert parties.seal_of(world, party).certificates == seal.certificates


def test_nobody_but_the_platform_records_a_seal(world, party):
    parties.approve_seal(world, party)
    arguments = {
        "seal_id": parties.seal_of(world, party).id,
        "ses": b"",
        "svg": b"",
        "png": b"",
        "width_mm": 42,
        "height_mm": 42,
        "certificates": (),
    }
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        world.engine.perform(actions.record_seal, arguments, actor=party.person)


def test_a_seal_is_seen_by_its_enterprise_and_by_staff_alone(world, reviewers):
    mine = parties.sealed(world, reviewers)
    other = parties.enterprise(world, reviewers, number=2, name="乌鲁木齐恒基建材有限公司")
    seal = parties.seal_of(world, mine)
    for actor in (mine.person, mine.mall, reviewers.seal, SYSTEM):
        assert world.engine.ask(queries.seal, actor, seal.id) == seal
        assert world.engine.ask(queries.by_code, actor, seal.code) == seal
    product = worlds.staff(world, Role.PRODUCT)
    for actor in (other.person, other.mall, product):
        for question, subject in (
            (queries.seal, seal.id),
            (queries.by_code, seal.code),
            (queries.of_enterprise, mine.enterprise_id),
            (queries.applications_of, mine.enterprise_id),
        ):
            with pytest.raises((errors.NotPermitted, errors.NotFound)):
                world.engine.ask(question, actor, subject)


def test_only_the_administrator_suspends_a_seal_and_takes_it_up_again(world, reviewers):
    party = parties.sealed(world, reviewers)
    stranger = registering.sign_up(world, "13900139000")
    for actor in (stranger, party.mall, reviewers.seal, actors.System(job="x")):
        with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
            world.engine.perform(actions.suspend, {"seal_id": party.seal_id}, actor=actor)
    suspended = world.engine.perform(
        actions.suspend, {"seal_id": party.seal_id}, actor=party.person
    )
    assert suspended.status is model.SealStatus.SUSPENDED
    resumed = world.engine.perform(actions.resume, {"seal_id": party.seal_id}, actor=party.person)
    assert resumed.status is model.SealStatus.ACTIVE
