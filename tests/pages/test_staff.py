"""Staff and roles, one's own account, and the question for a second factor, as pages (OPS-7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.http import identity
from engine.kernel import clock
from engine.staffing import actions, queries
from engine.staffing.model import Role
from tests.support import staffing, worlds

pytestmark = pytest.mark.row("OPS-7")
Console = Callable[[str], AppTest]


def by_key(elements: Any, end: str) -> Any:
    """The element whose key ends so."""
    return next(one for one in elements if str(one.key).endswith(end))


def texts_of(app: AppTest) -> str:
    """Everything that the page says."""
    found = [
        str(one.value)
        for kind in (
            "markdown",
            "caption",
            "warning",
            "info",
            "error",
            "code",
            "metric",
            "subheader",
        )
        for one in app.get(kind)
    ]
    return "\n".join([*found, *(table.value.to_csv() for table in app.dataframe)])


@pytest.fixture
def root(console_world: World, monkeypatch: pytest.MonkeyPatch) -> staffing.App:
    """An administrator with a living session of their own, which proved its second factor long ago."""
    worlds.staff(console_world, Role.ADMINISTRATOR, login="root")
    step = {"token": staffing.sign_in(console_world, "root").token}
    begun = staffing.do(console_world, staffing.DOOR, actions.begin_enrolment, **step)
    app = staffing.App(console_world, begun)
    done = staffing.do(
        console_world, staffing.DOOR, actions.finish_enrolment, **step, code=app.code()
    )
    worlds.clock_of(console_world).advance(10 * clock.MINUTE)
    token = done.session.token
    monkeypatch.setattr(identity, "cookie_in", lambda cookies, scheme="": "")
    monkeypatch.setattr(
        identity, "signed_in", lambda cookie, acting=True: staffing.who(console_world, token)
    )
    return app


def opened(console: Console, login: str) -> AppTest:
    """The page with somebody chosen."""
    app = console("staff")
    assert not app.exception
    return by_key(app.selectbox, "who").set_value(login).run()


def test_an_act_waits_for_the_code_and_is_then_done_once(
    console_world: World, root: staffing.App, console: Console
) -> None:
    member = worlds.staff(console_world, login="anna")
    app = opened(console, "anna")
    by_key(app.selectbox, f"role-{member.staff_id}").set_value("auditor").run()
    by_key(app.button, f"grant-{member.staff_id}").click().run()
    assert not app.exception
    assert "staff.role_granted" not in worlds.kinds(console_world)
    # A wrong code is told in the dialog, and the act goes on waiting.
    by_key(app.text_input, "step-up-code").set_value("12345x")
    next(one for one in app.button if one.label == "确认").click().run()
    assert any("验证码" in str(one.value) for one in app.error)
    assert "staff.role_granted" not in worlds.kinds(console_world)
    worlds.clock_of(console_world).advance(clock.MINUTE)
    by_key(app.text_input, "step-up-code").set_value(root.code())
    next(one for one in app.button if one.label == "确认").click().run()
    assert not app.exception
    told = console_world.engine.ask(queries.profile, worlds.SYSTEM, member.staff_id)
    assert told.roles == ("auditor",)
    assert worlds.kinds(console_world).count("staff.role_granted") == 1
    assert not [one for one in app.text_input if one.key == "step-up-code"]
    # Within five minutes nothing is asked again.
    by_key(app.button, f"revoke-{told.grants[0].id}").click().run()
    assert "staff.role_revoked" in worlds.kinds(console_world)
    assert not [one for one in app.text_input if one.key == "step-up-code"]


def test_what_was_typed_stays_while_the_code_is_asked(
    console_world: World, root: staffing.App, console: Console
) -> None:
    member = worlds.staff(console_world, login="anna")
    app = opened(console, "anna")
    by_key(app.text_input, f"name-{member.staff_id}").set_value("安娜")
    next(one for one in app.button if one.label == "保存").click().run()
    assert by_key(app.text_input, f"name-{member.staff_id}").value == "安娜"
    by_key(app.text_input, "step-up-code").set_value(root.code())
    next(one for one in app.button if one.label == "确认").click().run()
    told = console_world.engine.ask(queries.profile, worlds.SYSTEM, member.staff_id)
    assert told.name == "安娜"


def test_a_new_member_gets_a_password_that_is_shown_once(
    console_world: World, sign_in: Callable[..., object], console: Console
) -> None:
    sign_in(Role.ADMINISTRATOR)
    app = console("staff")
    by_key(app.text_input, "new-login").set_value("berta")
    by_key(app.text_input, "new-name").set_value("贝塔")
    by_key(app.multiselect, "new-roles").set_value(["finance"])
    by_key(app.button, "new-make").click().run()
    assert not app.exception
    (password,) = [str(one.value) for one in app.get("code")]
    assert staffing.sign_in(console_world, "berta", password).step == "password"
    by_key(app.button, "told-password").click().run()
    assert password not in texts_of(app)


def test_a_refusal_is_told_and_nothing_is_done(
    console_world: World, sign_in: Callable[..., object], console: Console
) -> None:
    sign_in(Role.ADMINISTRATOR)
    member = worlds.staff(console_world, Role.SEAL_REVIEWER, login="anna")
    app = opened(console, "anna")
    by_key(app.selectbox, f"role-{member.staff_id}").set_value("administrator").run()
    by_key(app.button, f"grant-{member.staff_id}").click().run()
    assert app.error
    told = console_world.engine.ask(queries.profile, worlds.SYSTEM, member.staff_id)
    assert told.roles == ("seal_reviewer",)


def test_sessions_are_seen_and_ended_and_the_history_tells_old_and_new(
    console_world: World, sign_in: Callable[..., object], console: Console
) -> None:
    sign_in(Role.ADMINISTRATOR)
    worlds.staff(console_world, Role.AUDITOR, login="anna")
    anna = staffing.signed_in(console_world, "anna")
    app = opened(console, "anna")
    assert "Chrome · Windows · 203.0.*.*" in texts_of(app)
    by_key(app.button, f"end-{anna.session_id}").click().run()
    assert console_world.engine.ask(queries.my_sessions, anna) == []
    by_key(app.button, f"off-{anna.staff_id}").click().run()
    assert "active → disabled" in texts_of(app)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_the_page_of_the_staff_is_for_those_who_manage_them(
    sign_in: Callable[..., object], console: Console, role: Role
) -> None:
    sign_in(role)
    with pytest.raises(ValueError, match="navigation page"):
        console("staff")


def test_ones_own_second_factor_is_set_up_by_its_first_code(
    console_world: World, monkeypatch: pytest.MonkeyPatch, console: Console
) -> None:
    worlds.staff(console_world, Role.LEAD, login="lead")
    token = staffing.sign_in(console_world, "lead").token
    monkeypatch.setattr(identity, "cookie_in", lambda cookies, scheme="": "")
    monkeypatch.setattr(
        identity, "signed_in", lambda cookie, acting=True: staffing.who(console_world, token)
    )
    app = console("my_account")
    assert not app.exception
    by_key(app.text_input, "totp-password").set_value("not the password")
    next(one for one in app.button if one.label == "立即设置").click().run()
    assert app.error
    worlds.clock_of(console_world).advance(clock.MINUTE)
    by_key(app.text_input, "totp-password").set_value(worlds.PASSWORD)
    next(one for one in app.button if one.label == "立即设置").click().run()
    assert not app.exception
    (secret,) = [str(one.value) for one in app.get("code")]
    code = pyotp.TOTP(secret).generate_otp(worlds.clock_of(console_world).now_ms() // 30_000)
    by_key(app.text_input, "totp-code").set_value(code)
    next(one for one in app.button if one.label == "确认").click().run()
    assert not app.exception
    codes = str(app.get("code")[0].value).split()
    assert len(codes) == 10
    by_key(app.button, "codes-kept").click().run()
    assert codes[0] not in texts_of(app)
    assert staffing.sign_in(console_world, "lead").step == "code"


def test_ones_own_password_is_changed_and_two_that_differ_are_told(
    console_world: World, monkeypatch: pytest.MonkeyPatch, console: Console
) -> None:
    worlds.staff(console_world, Role.LEAD, login="lead")
    token = staffing.sign_in(console_world, "lead").token
    monkeypatch.setattr(identity, "cookie_in", lambda cookies, scheme="": "")
    monkeypatch.setattr(
        identity, "signed_in", lambda cookie, acting=True: staffing.who(console_world, token)
    )
    app = console("my_account")
    for old, new, again in (
        (worlds.PASSWORD, "one long new sentence", "another one"),
        ("wrong", "one long new sentence", "one long new sentence"),
    ):
        by_key(app.text_input, "password-old").set_value(old)
        by_key(app.text_input, "password-new").set_value(new)
        by_key(app.text_input, "password-again").set_value(again)
        next(one for one in app.button if one.label == "修改密码").click().run()
        assert app.error
        assert "staff.password_changed" not in worlds.kinds(console_world)
    by_key(app.text_input, "password-old").set_value(worlds.PASSWORD)
    next(one for one in app.button if one.label == "修改密码").click().run()
    assert not app.exception
    assert staffing.sign_in(console_world, "lead", "one long new sentence")


def test_an_outside_account_is_linked_and_the_link_taken_away(
    console_world: World, sign_in: Callable[..., object], console: Console
) -> None:
    sign_in(Role.ADMINISTRATOR)
    member = worlds.staff(console_world, login="anna")
    app = opened(console, "anna")
    by_key(app.button, f"link-{member.staff_id}").click().run()
    assert app.error
    by_key(app.text_input, f"issuer-{member.staff_id}").set_value("https://id.example")
    by_key(app.text_input, f"subject-{member.staff_id}").set_value("24400320")
    next(b for b in app.button if b.key == f"link-{member.staff_id}").click().run()
    assert not app.exception
    outside = {"issuer": "https://id.example", "subject": "24400320"}
    opened_by = staffing.do(console_world, staffing.DOOR, actions.sign_in_by_link, **outside)
    assert opened_by.staff_id == member.staff_id
    next(b for b in app.button if str(b.key).startswith("unlink-")).click().run()
    with pytest.raises(actions.LinkUnknown):
        staffing.do(console_world, staffing.DOOR, actions.sign_in_by_link, **outside)
