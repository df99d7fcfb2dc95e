"""The review desk without a browser: claim, decide, hold, hand on, what is refused, and an empty queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World, tables
from engine.kernel import actors, clock, texts
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing import queries as cases
from engine.staffing.model import Role
from simulations.people import Person
from tests.support import parties, registering, worlds
from tests.support.line import Line

Console = Callable[[str], AppTest]
SignIn = Callable[..., actors.Staff | None]


@pytest.fixture
def line(console_world: World) -> Line:
    """The line on the world that the pages see."""
    return Line.on(console_world)


@pytest.fixture
def claims(line: Line) -> list[Person]:
    """Two people who have each claimed an enterprise."""
    people = []
    for index in (0, 1):
        person = line.person(index)
        line.registered(person)
        person.claim()
        line.work()
        people.append(person)
    return people


@pytest.fixture
def reviewer(sign_in: SignIn) -> actors.Staff:
    """The lead, signed in."""
    found = sign_in(Role.LEAD)
    assert found is not None
    return found


def _button(app: AppTest, begins: str) -> list[object]:
    return [one for one in app.button if str(one.key or "").startswith(begins)]


def _press(app: AppTest, begins: str) -> AppTest:
    found = _button(app, begins)
    assert found, f"no button {begins}: {[one.key for one in app.button]}"
    assert not app.exception
    return found[0].click().run()  # type: ignore[attr-defined,no-any-return]


def _shown(app: AppTest) -> str:
    named = app.query_params["case"]
    return str(named if isinstance(named, str) else named[0])


@pytest.mark.row("OPS-1")
def test_the_next_case_is_claimed_approved_and_followed_by_the_one_after(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(console("desk"), "next-")
    first = _shown(app)
    app.text_input(key=f"note-{first}").set_value("核对无误").run()
    app = _press(app, f"approve-{first}")
    assert not app.error
    second = _shown(app)
    assert second != first
    kinds = worlds.kinds(console_world)
    assert (kinds.count("case.approval_given"), kinds.count("case.claimed")) == (1, 2)
    decided = console_world.engine.ask(cases.approvals, reviewer, _case(console_world, first))
    assert [(one.staff, one.note) for one in decided] == [(reviewer.text, "核对无误")]
    assert _case(console_world, second).assignee == reviewer.text


def _case(world: World, case_id: str) -> model.Case:
    return world.engine.ask(lambda q: q.get(model.Case, "review_case", case_id), tables.INSIDE)


@pytest.mark.row("OPS-1")
def test_a_rejection_needs_a_reason_which_lights_its_field(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(console("desk"), "next-")
    case_id = _shown(app)
    app = _press(app, "open-reject-")
    app = _press(app, f"reject-{case_id}")
    said = "Choose at least one reason, so that the applicant knows what to correct."
    assert app.error[0].value == texts.text(said, "zh_CN")
    assert _case(console_world, case_id).status == "claimed"
    app.checkbox(key=f"reason-{case_id}-name_differs_from_register").check().run()
    lit = [one.proto.body for one in app.get("html") if "desk-fields" in one.proto.body]
    assert 'data-field="name" class=desk-lit' in lit[0]
    app = _press(app, f"reject-{case_id}")
    assert not app.error
    assert _case(console_world, case_id).reasons == ("name_differs_from_register",)
    assert _shown(app) != case_id


@pytest.mark.row("OPS-1")
def test_a_case_is_held_for_a_reason_and_taken_up_again(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(console("desk"), "next-")
    case_id = _shown(app)
    app = _press(_press(app, "open-hold-"), f"hold-{case_id}-other")
    assert app.error
    assert _case(console_world, case_id).status == "claimed"
    app.text_input(key=f"why-{case_id}").set_value("等电话").run()
    app = _press(app, f"hold-{case_id}-other")
    held = _case(console_world, case_id)
    assert (held.status, held.hold_reason, held.hold_note) == ("held", "other", "等电话")
    app.query_params["case"] = case_id
    app = _press(app.run(), f"resume-{case_id}")
    assert _case(console_world, case_id).status == "claimed"
    [course] = [one.proto.body for one in app.get("html") if "desk-course" in one.proto.body]
    steps = ("case.opened", "case.claimed", "case.held", "case.resumed")
    told = [course.index(texts.of_code(step, "zh_CN")) for step in steps]
    assert told == sorted(told, reverse=True), "the newest first"


@pytest.mark.row("OPS-1")
def test_a_case_goes_to_a_colleague_and_is_taken_back_with_reasons(
    console: Console, line: Line, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(console("desk"), "next-")
    case_id = _shown(app)
    app = _press(app, "open-reassign-")
    colleague = line.reviewer(0)
    app.selectbox(key=f"colleague-{case_id}").set_value(colleague.staff_id)
    app.text_input(key=f"why-{case_id}").set_value("懂这类企业")
    app = _press(app, f"FormSubmitter:form-{case_id}")
    assert _case(console_world, case_id).assignee == colleague.text
    app.query_params["case"] = case_id
    app = _press(app.run(), "open-take_over-")
    app.text_input(key=f"why-{case_id}").set_value("")
    app = _press(app, f"FormSubmitter:form-{case_id}")
    assert app.error
    app.text_input(key=f"why-{case_id}").set_value("同事已下班")
    app = _press(app, f"FormSubmitter:form-{case_id}")
    assert _case(console_world, case_id).assignee == reviewer.text
    assert {"case.reassigned", "case.taken_over"} <= set(worlds.kinds(console_world))


@pytest.mark.row("OPS-1")
def test_a_case_that_a_colleague_has_meanwhile_is_not_approved(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(console("desk"), "next-")
    case_id = _shown(app)
    console_world.engine.parts.clock.advance(16 * clock.MINUTE)  # type: ignore[attr-defined]
    other = worlds.staff(console_world, Role.LEAD)
    console_world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=other)
    before = worlds.kinds(console_world)
    app = _press(app, f"approve-{case_id}")
    assert app.error
    assert worlds.kinds(console_world) == before
    assert not _button(app, "approve-")


@pytest.mark.row("OPS-1")
def test_the_queue_is_narrowed_by_the_address_and_says_when_it_is_empty(
    console: Console, claims: list[Person], reviewer: actors.Staff
) -> None:
    app = console("desk")
    app.text_input(key="q").set_value("没有这样的单位").run()
    assert "这里没有待您处理的任务" in app.info[0].value
    app.text_input(key="q").set_value(claims[0].identity.enterprise).run()
    assert not app.info
    told = next(one.value for one in app.caption if "件" in one.value)
    assert told == "共 1 件"


@pytest.mark.row("OPS-1")
def test_a_view_is_kept_shows_its_count_and_goes(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = console("desk")
    app.selectbox(key="state").set_value("claimable").run()
    app.text_input(key="view-name").set_value("先办这些")
    app = _press(app, "FormSubmitter:view-form")
    view = console_world.engine.ask(cases.views, reviewer)[0]
    assert (view.name, view.wanted.state, view.count) == ("先办这些", "claimable", 2)
    assert any(one.label.startswith("先办这些") for one in app.button)
    app = _press(app, "view-delete")
    assert console_world.engine.ask(cases.views, reviewer) == []


@pytest.mark.row("OPS-1")
def test_a_view_is_changed_with_the_filters_before_one_s_eyes(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    given = {"name": "先办这些", "wanted": model.Wanted(state="claimable", text="无此企业")}
    view = console_world.engine.perform(reviewing.save_view, given, actor=reviewer, key="v")
    app = console("desk")
    app = _press(app, f"view-{view.id}")
    app = _press(app, "view-change")
    assert app.selectbox(key="state").value == "claimable"
    assert app.text_input(key="q").value == "无此企业"
    app.text_input(key="q").set_value("").run()
    app.selectbox(key="state").set_value("late").run()
    app.text_input(key=f"name-{view.id}").set_value("已逾期")
    app.checkbox(key=f"shared-{view.id}").set_value(True)
    app = _press(app, f"FormSubmitter:change-{view.id}")
    (changed,) = console_world.engine.ask(cases.views, reviewer)
    assert (changed.name, changed.shared) == ("已逾期", True)
    assert changed.wanted == model.Wanted(state="late")
    assert any(one.label.startswith("已逾期") for one in app.button)


@pytest.mark.row("OPS-1")
def test_a_view_under_change_can_be_left_as_it_was(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    given = {"name": "先办这些", "wanted": model.Wanted(state="claimable")}
    view = console_world.engine.perform(reviewing.save_view, given, actor=reviewer, key="v")
    app = _press(_press(console("desk"), f"view-{view.id}"), "view-change")
    app.selectbox(key="state").set_value("late").run()
    app = _press(app, "view-leave")
    assert console_world.engine.ask(cases.views, reviewer)[0].wanted == model.Wanted(
        state="claimable"
    )
    assert not app.exception
    assert not any(one.key == "view-leave" for one in app.button)


@pytest.mark.row("OPS-8")
def test_a_remark_stands_beside_the_case_for_colleagues(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(console("desk"), "next-")
    case_id = _shown(app)
    app = _press(app, "open-remark-")
    app.text_input(key=f"remark-{case_id}").set_value("已电话核实 <b>本人</b>")
    app = _press(app, f"FormSubmitter:form-{case_id}")
    notes = console_world.engine.ask(cases.notes, reviewer, case_id)
    assert [one.text for one in notes] == ["已电话核实 <b>本人</b>"]
    drawn = [one.proto.body for one in app.get("html") if "已电话核实" in one.proto.body]
    assert "&lt;b&gt;本人" in drawn[0]


@pytest.mark.row("OPS-1")
def test_when_nothing_is_left_to_claim_the_next_says_so(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(_press(console("desk"), "next-"), "next-")
    assert len({_shown(app)}) == 1
    app = _press(app, "next-")
    assert any("没有其他可领取的任务了" in one.value for one in app.caption)
    assert worlds.kinds(console_world).count("case.claimed") == 2


@pytest.mark.row("OPS-3")
def test_a_case_that_i_approved_offers_nothing_to_me(
    console: Console, claims: list[Person], reviewer: actors.Staff, console_world: World
) -> None:
    app = _press(console("desk"), "next-")
    case_id = _shown(app)
    app = _press(app, f"approve-{case_id}")
    app.query_params["case"] = case_id
    app.run()
    assert not [one for one in app.button if str(one.key).startswith(("claim-", "approve-"))]
    assert any("您参与过" in one.value or "不能" in one.value for one in app.caption)


@pytest.mark.row("OPS-1")
def test_an_unknown_case_in_the_address_is_told(console: Console, reviewer: actors.Staff) -> None:
    app = console("desk")
    app.query_params["case"] = "cas_nowhere"
    app.run()
    assert app.error
    assert not app.exception


@pytest.mark.row("OPS-5")
def test_a_correction_shows_what_changed_and_which_reason_nothing_answers(
    console: Console, reviewer: actors.Staff, console_world: World
) -> None:
    person = registering.sign_up(console_world)
    registering.prove(console_world, person)
    first = registering.claim(console_world, person, name="江苏东方科技公司")
    case_id = parties.open_case(console_world, "enterprise_claim", first.id)
    console_world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=reviewer)
    reasons = ("name_differs_from_register", "licence_unreadable")
    given = {"case_id": case_id, "reasons": reasons}
    console_world.engine.perform(reviewing.reject, given, actor=reviewer)
    worlds.clock_of(console_world).advance(clock.MINUTE)
    registering.claim(console_world, person)
    app = console("desk")
    drawn = next(one.proto.body for one in app.get("html") if "desk-changes" in one.proto.body)
    assert "<b>企业名称</b> 已修改" in drawn
    assert "对应驳回原因：填写的单位名称与登记信息不一致" in drawn
    assert "未回应： 营业执照无法看清" in drawn
    table = next(one.proto.body for one in app.get("html") if "desk-fields" in one.proto.body)
    assert "<del>江苏东方科技公司</del>" in table
