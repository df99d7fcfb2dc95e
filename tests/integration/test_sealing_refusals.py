"""What an application, an answer of the agency, and a stranger are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine import worker
from engine.issuing import queries as certificates
from engine.kernel import actors, errors, files, ports
from engine.sealing import actions, model, queries
from engine.staffing.model import Role
from tests.support import parties, registering, worlds
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


ONE = model.SealKind.PERSONNEL


def test_a_second_application_of_a_kind_of_which_there_is_one_waits_for_the_first(world, party):
    apply(world, party, kind=ONE)
    with worlds.unchanged(world), pytest.raises(queries.SealExists):
        apply(world, party, kind=ONE)


def test_a_seal_of_a_kind_of_which_there_is_one_exists_once(world, reviewers, party):
    found = apply(world, party, kind=ONE)
    parties.approve(world, "seal", found.id, reviewers.seal)
    parties.approve(world, "seal_making", found.id, reviewers.maker)
    with worlds.unchanged(world), pytest.raises(queries.SealExists):
        apply(world, party, kind=ONE)


def test_an_answer_that_does_not_fit_the_order_is_put_aside(world, party):
    parties.approve_seal(world, party)
    ordered = parties.seal_of(world, party)
    maker = world.ports.seal_makers[ordered.agency_id]
    der = world.engine.ask(certificates.certificate, party.person, party.certificate_id).der
    request = ports.SealRequest(
        seal_id=ordered.id,
        kind="company",
        line="",
        shape="round",
        width_mm=42,
        height_mm=42,
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
            shape="round",
            width_mm=42,
            height_mm=42,
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
