"""主体注册 at an enterprise's first binding: asked, compared, reviewed, told on both screens."""

from __future__ import annotations

import collections
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.binding import actions, model, queries
from engine.boot import tables
from engine.http.doors import DirectDoor
from engine.kernel import errors
from engine.messaging import queries as messages
from engine.reviewing import queries as cases
from engine.staffing.model import Role
from tests.support import binding, fold, parties, worlds
from tests.support.line import Line
from tests.support.worlds import SYSTEM

OTHER = "新疆昆仑商贸有限公司"


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    """A party with an active certificate of this platform, not bound yet."""
    return parties.certified(world, reviewers)


def scanned(world, party, kind=binding.PLATFORM):
    opened = binding.binding_qr(world, party, kind)
    binding.scan(world, party, opened)
    return opened


def submitted(world, party, **changes) -> model.Binding:
    """A binding whose particulars differ, so that staff look at them."""
    changes = changes or {"contact": "王小明"}
    found = binding.confirm(
        world, party, scanned(world, party), given=binding.answers(world, party, **changes)
    )
    assert isinstance(found, model.Binding)
    return found


def course(world, party) -> model.Course:
    return world.engine.ask(queries.course, party.mall)


def on_phone(world, party, found: model.Binding) -> model.PhoneBinding:
    return world.engine.ask(queries.on_phone, party.person, found.id)


def open_todos(world, party) -> list[str]:
    found = world.engine.ask(messages.mine, party.person)
    return [one.kind for one in found if one.todo and not one.done_at]


def sheet(world, found: model.Binding):
    return world.engine.ask(queries.review_sheet_entity, tables.INSIDE, found.entity_id)


@pytest.mark.row("BND-1")
@pytest.mark.guide("G-binding-1")
def test_the_phone_asks_for_what_is_missing_and_binds_at_once_where_it_agrees(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    opened = scanned(world, party)
    form = world.engine.ask(queries.entity_form, party.person, opened.ticket.id)
    assert [field.code for field in form.fields] == [
        "contact",
        "phone",
        "email",
        "region",
        "address",
    ]
    known = {field.code: field.value for field in form.fields}
    assert known == binding.answers(world, party, address="", email="")
    made = binding.confirm(world, party, opened)
    assert made.status is model.BindingStatus.BOUND
    kinds = worlds.kinds(world)
    assert kinds.index("entity.submitted") < kinds.index("entity.registered")
    assert kinds.index("entity.registered") < kinds.index("binding.bound")
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("BND-2")
def test_what_differs_is_reviewed_and_both_screens_say_so_until_it_is_bound(any_world):
    world = any_world
    reviewers = parties.Reviewers.of(world)
    party = parties.certified(world, reviewers)
    found = submitted(world, party)
    assert (course(world, party).status, on_phone(world, party, found).status) == (
        "in_review",
        "in_review",
    )
    assert world.engine.ask(queries.mine, party.mall) is None
    assert not world.engine.ask(queries.is_certified, SYSTEM, party.mall.mall_account_id)
    assert [check.ok for check in sheet(world, found).checks] == [False, True, True]
    parties.approve(world, "entity", found.entity_id, reviewers.platform)
    assert (course(world, party).status, on_phone(world, party, found).status) == (
        "bound",
        "bound",
    )
    told = [one.kind for one in world.engine.ask(messages.mine, party.person)]
    assert {"binding.in_review", "binding.bound"} <= set(told)
    assert world.engine.ask(queries.mine, party.mall).id == found.id
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("BND-1")
def test_a_rejection_gives_reasons_and_what_was_handed_in_to_correct(any_world):
    world = any_world
    reviewers = parties.Reviewers.of(world)
    party = parties.certified(world, reviewers)
    first = submitted(world, party, contact="王小明", address="新疆")
    parties.reject(world, "entity", first.entity_id, reviewers.platform)
    told = course(world, party)
    assert (told.status, len(told.reasons)) == ("rejected", 1)
    assert on_phone(world, party, first).reasons == told.reasons
    assert open_todos(world, party) == ["binding.rejected"]
    # Of two at one instant chance says which is the newest.
    worlds.clock_of(world).advance(1)
    opened = scanned(world, party)
    form = world.engine.ask(queries.entity_form, party.person, opened.ticket.id)
    filled = {field.code: field.value for field in form.fields}
    assert (filled["contact"], filled["address"]) == ("王小明", "新疆")
    assert form.reasons == told.reasons
    again = binding.confirm(
        world, party, opened, given=filled | {"address": "新疆乌鲁木齐市天山区光明路 1 号"}
    )
    assert isinstance(again, model.Binding)
    case_id = parties.open_case(world, "entity", again.entity_id)
    case = world.engine.ask(cases.case, reviewers.platform, case_id)
    assert case.corrects is not None
    assert not [
        one for one in world.engine.ask(messages.mine, party.person) if one.todo and not one.done_at
    ]
    parties.approve(world, "entity", again.entity_id, reviewers.platform)
    assert course(world, party).status == "bound"
    fold.require(world)


@pytest.mark.row("BND-1")
def test_a_national_codes_new_entity_is_looked_at_even_where_all_agrees(world, reviewers):
    party = binding.certified(world, reviewers, kind="national", number=2, name=OTHER)
    opened = scanned(world, party, binding.NATIONAL)
    found = binding.confirm(world, party, opened)
    assert found.status is model.BindingStatus.IN_REVIEW
    assert all(check.ok for check in sheet(world, found).checks)
    parties.approve(world, "entity", found.entity_id, reviewers.platform)
    # The platform knows the enterprise now: it is not asked again, nor looked at.
    world.engine.perform(actions.unbind, {}, actor=party.mall)
    opened = scanned(world, party, binding.NATIONAL)
    form = world.engine.ask(queries.entity_form, party.person, opened.ticket.id)
    assert form.fields == ()
    made = binding.confirm(world, party, opened, given={})
    assert (made.status, made.entity_id) == ("bound", found.entity_id)


@pytest.mark.parametrize(
    ("changes", "problem", "field"),
    [
        ({"contact": ""}, actions.ParticularMissing, "contact"),
        ({"address": "  "}, actions.ParticularMissing, "address"),
        ({"contact": "<b>"}, actions.ParticularInvalid, "contact"),
        ({"phone": "12345"}, actions.ParticularInvalid, "phone"),
        ({"email": "nobody"}, actions.ParticularInvalid, "email"),
        ({"region": "99"}, actions.ParticularInvalid, "region"),
        ({"address": "长" * 101}, actions.ParticularInvalid, "address"),
        ({"address": "a\u202eb"}, actions.ParticularInvalid, "address"),
        ({"status": "registered"}, actions.ParticularUnknown, "status"),
    ],
)
def test_answers_that_will_not_do_are_refused_at_their_field(world, party, changes, problem, field):
    opened = scanned(world, party)
    given = binding.answers(world, party, **changes)
    with binding.untouched(world), pytest.raises(problem) as refused:
        binding.confirm(world, party, opened, given=given)
    assert refused.value.field == field
    assert binding.confirm(world, party, opened).status == "bound"


@pytest.mark.row("BND-3")
def test_one_binding_waits_at_a_time_and_can_be_taken_back(world, party, reviewers):
    found = submitted(world, party)
    with binding.untouched(world), pytest.raises(actions.InReviewAlready):
        binding.binding_qr(world, party)
    world.engine.perform(actions.unbind, {}, actor=party.mall)
    assert course(world, party).status == "none"
    parties.approve(world, "entity", found.entity_id, reviewers.platform)
    assert world.engine.ask(queries.mine, party.mall) is None
    assert binding.bind(world, party).entity_id == found.entity_id
    assert parties.violations(world) == {}


@pytest.mark.row("BND-1")
def test_of_fifty_binds_at_once_one_account_gets_one(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    opened = []
    for number in range(50):
        nonce = f"browser {number}"
        arguments = {"kind": binding.PLATFORM, "nonce": nonce}
        one = world.engine.perform(actions.open_binding_ticket, arguments, actor=party.mall)
        binding.scan(world, party, one)
        opened.append((one, nonce))

    def confirm(which):
        one, nonce = which
        try:
            return binding.confirm(world, party, one, nonce=nonce).status.value
        except errors.EngineError as refused:
            return type(refused).__name__

    # Four at a time: a phone that opens more tries at once than the CA allows locks its own PIN.
    with ThreadPoolExecutor(4) as pool:
        came = collections.Counter(pool.map(confirm, opened))
    assert came["bound"] == 1
    sql = "SELECT id FROM binding WHERE status IN ('bound', 'in_review')"
    assert len(worlds.rows(world, sql)) == 1


def test_the_contact_is_kept_sealed_and_shown_masked(world, party, reviewers):
    found = submitted(world, party, contact="欧阳小明", phone="13911112222", address="隐私路 7 号")
    text = repr(worlds.content(world))
    assert not [one for one in ("欧阳小明", "13911112222", "隐私路") if one in text]
    shown = {field.name: field.value for field in sheet(world, found).fields}
    assert "欧阳小明" not in shown["contact"]
    assert shown["phone"] == "139****2222"
    assert next(one for one in sheet(world, found).fields if one.name == "contact").digest


def test_a_platforms_entities_are_decided_by_its_own_reviewers(world, party, reviewers):
    found = submitted(world, party)
    case_id = parties.open_case(world, "entity", found.entity_id)
    foreign = worlds.staff(world, Role.AGENCY_REVIEWER)
    with pytest.raises(errors.EngineError):
        world.engine.ask(cases.case, foreign, case_id)
    assert world.engine.ask(cases.case, reviewers.platform, case_id).title == party.name


def test_nobody_else_sees_a_binding_or_its_form(world, party, reviewers):
    found = submitted(world, party)
    other = parties.certified(world, reviewers, number=2, name=OTHER)
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.on_phone, other.person, found.id)
    opened = binding.login_qr(world, "guangzheng")
    with pytest.raises(errors.NotFound):
        world.engine.ask(queries.entity_form, other.person, opened.ticket.id)
    assert world.engine.ask(queries.of_phone, other.person) == ()
    assert [one.id for one in world.engine.ask(queries.of_phone, party.person)] == [found.id]


@pytest.mark.row("BND-1")
@pytest.mark.guide("G-binding-2")
def test_without_onboarding_there_is_no_account_to_bind(world):
    """The twin: a certificate's holder whose enterprise has no account here signs in nowhere."""
    line = Line.on(world)
    person = line.person(1)
    line.registered(person)
    door = DirectDoor(world.engine)
    with worlds.unchanged(world), pytest.raises(errors.NotPermitted):
        door.perform(
            "binding.open_binding_ticket",
            {"kind": "platform", "nonce": "x", "browser_name": ""},
            key="bind-nowhere",
        )
