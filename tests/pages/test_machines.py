"""The page of machines: two people let one in, its secret is shown once, and what came is seen."""

from __future__ import annotations

import importlib
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import worker
from engine.boot import World
from engine.integrating import signing
from engine.kernel import actors
from engine.staffing.model import Role
from pages import _webhook_words
from tests.support import machines, worlds

SignIn = Callable[..., actors.Staff | None]
Open = Callable[..., AppTest]
pytestmark = pytest.mark.row("API-1")


def texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.code, *app.error]
    return "\n".join(str(one.value) for one in parts)


def view(app: AppTest, name: str) -> AppTest:
    app.session_state["view"] = name
    return app.run()


def test_a_machine_is_registered_by_one_and_approved_by_another(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    sign_in(Role.ADMINISTRATOR)
    app = console("machines")
    assert not app.exception
    app.text_input(key="new-name").input("仓储系统")
    app.text_area(key="new-purpose").input("核对库存")
    app.multiselect(key="new-scopes").select("ordering:read")
    app = app.button(key="new-propose").click().run()
    assert not app.exception
    assert not app.error, texts(app)
    assert "核对库存" in texts(app)
    assert not [one for one in app.button if "approve" in str(one.key)]
    sign_in(Role.ADMINISTRATOR)
    app = console("machines")
    (approve,) = [one for one in app.button if str(one.key).startswith("approve_client")]
    app = approve.click().run()
    assert not app.error, texts(app)
    (issue,) = [one for one in app.button if str(one.key).startswith("issue-")]
    app = issue.click().run()
    (shown,) = [one.value for one in app.code if one.value.startswith("ymt_")]
    assert machines.Office(console_world, worlds.SYSTEM, worlds.SYSTEM).machine(shown)
    app = app.button(key="secret-kept").click().run()
    assert not [one for one in app.code if one.value.startswith("ymt_")]


def test_a_test_event_is_seen_to_arrive_and_to_be_checked(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    office = machines.office(console_world)
    office.client()
    sign_in(Role.ADMINISTRATOR)
    app = view(console("machines"), "endpoints")
    assert not app.exception
    app.text_input(key="add-url").input(machines.STEADY)
    app.multiselect(key="add-kinds").select("order.placed")
    app = app.button(key="add").click().run()
    assert not app.error, texts(app)
    assert [one.value for one in app.code if one.value.startswith("whsec_")]
    (test,) = [one for one in app.button if str(one.key).startswith("test-")]
    app = test.click().run()
    assert not app.error, texts(app)
    worker.tick(console_world, owner="test")
    (came,) = console_world.receivers.arrived()
    assert came.verified
    app = view(app, "receiver")
    (table,) = [one.value for one in app.dataframe if "webhook.test" in one.value.to_string()]
    assert came.message_id in table.to_string()
    app = view(app, "verify")
    assert not app.exception
    assert "webhook-signature" in texts(app)


def test_what_was_given_up_is_seen_with_its_tries_and_sent_again(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    office = machines.office(console_world)
    made = office.endpoint(office.client(), "https://receiver.example/refusing")
    office.test(made.endpoint_id)
    worker.tick(console_world, owner="test")
    worlds.run_sql(console_world, "UPDATE webhook_delivery SET status = 'given_up', ended_at = 1")
    sign_in(Role.ADMINISTRATOR)
    app = view(console("machines"), "deliveries")
    assert not app.exception
    assert "503" in "\n".join(one.value.to_string() for one in app.dataframe)
    app = app.button(key="replay").click().run()
    assert not app.error, texts(app)
    worker.tick(console_world, owner="test")
    assert len(office.attempts(office.deliveries(made.endpoint_id)[0].id)) == 2


def test_an_endpoint_that_does_not_answer_is_left_in_peace_until_an_instant_that_is_shown(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    office = machines.office(console_world)
    made = office.endpoint(office.client(), "https://receiver.example/down")
    sign_in(Role.ADMINISTRATOR)
    before = "前暂不推送"
    assert before not in texts(view(console("machines"), "endpoints"))
    office.test(made.endpoint_id)
    worker.tick(console_world, owner="test")
    assert before in texts(view(console("machines"), "endpoints"))


def test_an_auditor_looks_and_presses_nothing(
    console_world: World, sign_in: SignIn, console: Open
) -> None:
    office = machines.office(console_world)
    office.endpoint(office.client())
    office.propose(name="财务系统")
    sign_in(Role.AUDITOR)
    app = console("machines")
    for name in ("clients", "endpoints", "deliveries", "receiver", "verify"):
        app = view(app, name)
        assert not app.exception
        acts = ("issue", "revoke", "approve", "refuse", "test-", "pause", "rotate", "add", "replay")
        assert [one.key for one in app.button if str(one.key).startswith(acts)] == []
        assert [one.label for one in app.expander] == []


def test_the_check_in_python_that_the_page_shows_takes_ours_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shown_check.py").write_text(_webhook_words.PYTHON, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    check = importlib.import_module("shown_check").is_ours
    secret, body = bytes(range(32)), '{"type":"订单"}'
    now = round(time.time() * 1000)
    headers = dict(signing.headers("whd_1", body, [b"older", secret], now=now))
    assert check(headers, body.encode(), signing.text_of(secret))
    assert not check(headers, b"{}", signing.text_of(secret))
    assert not check(headers, body.encode(), signing.text_of(b"another"))
    late = dict(signing.headers("whd_1", body, [secret], now=now - 301_000))
    assert not check(late, body.encode(), signing.text_of(secret))


def test_the_check_in_the_shell_that_the_page_shows_gives_our_signature(tmp_path: Path) -> None:
    secret, body = bytes(range(32)), '{"type":"订单"}'
    (tmp_path / "body.json").write_text(body, encoding="utf-8")
    headers = signing.headers("whd_1", body, [secret], now=1_780_272_000_000)
    given = {
        "ID": headers["webhook-id"],
        "TIMESTAMP": headers["webhook-timestamp"],
        "SECRET": signing.text_of(secret),
    }
    done = subprocess.run(
        ["sh", "-c", _webhook_words.SHELL],
        cwd=tmp_path,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"v1,{done.stdout.strip()}" == headers["webhook-signature"]
