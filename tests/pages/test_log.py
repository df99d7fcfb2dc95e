"""The page of the log: how it stands to its newest head, a proof, heads compared, breaks in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine import boot
from engine.boot import World
from engine.evidence import growing
from engine.http import identity
from engine.kernel import clock, texts
from engine.staffing.model import Role
from tests.support import heads as support
from tests.support import worlds


def zh(message: str, **params: object) -> str:
    return texts.text(message, "zh_CN", **params)


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label == zh(label)).click().run()


@pytest.fixture
def console_world(file_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world that the pages see here: in a file, with a folder for its heads."""
    made = support.with_heads(file_world, tmp_path)
    monkeypatch.setattr(boot, "current", lambda: made)
    return made


@pytest.fixture
def kept(console_world: World) -> World:
    """That world with two heads."""
    growing.grow(console_world.engine.parts)
    worlds.clock_of(console_world).advance(clock.MINUTE)
    support.write(console_world, 1)
    growing.grow(console_world.engine.parts)
    return console_world


Opens = Callable[[str], AppTest]


@pytest.mark.row("AUD-1")
def test_the_first_thing_is_whether_it_holds_and_how_old_the_newest_head_is(
    kept: World, sign_in: Callable[..., object], console: Opens
) -> None:
    sign_in(Role.AUDITOR)
    worlds.clock_of(kept).advance(7_000)
    app = console("log")
    assert not app.exception
    told = app.success[0].value
    assert f"{support.heads(kept)[-1].size:,}" in told
    assert zh("{n} s", n=7) in told
    press(app, "Check the whole log")
    assert any(f"{support.size(kept):,}" in one.value for one in app.success)
    assert not app.error


@pytest.mark.row("AUD-1")
def test_an_event_is_found_by_number_operation_and_record_with_its_proof(
    kept: World, sign_in: Callable[..., object], console: Opens
) -> None:
    sign_in(Role.AUDITOR)
    row = worlds.rows(kept, "SELECT seq, operation, subject FROM event ORDER BY seq DESC LIMIT 1")[
        0
    ]
    app = console("log")
    for wanted in (str(row["seq"]), row["operation"], row["subject"]):
        app.text_input[0].set_value(wanted).run()
        assert not app.exception, wanted
        told = [one.value for one in app.success]
        assert any(zh("Event {seq}", seq=row["seq"]) in one for one in told), wanted
        drawn = [one for one in app.get("html") if "lp" in one.proto.body]
        assert support.heads(kept)[-1].root[:12] in drawn[-1].proto.body
    app.text_input[0].set_value("999999").run()
    assert zh("There is no such event.") in [one.value for one in app.warning]
    app.text_input[0].set_value("op_'; DROP TABLE event").run()
    assert not app.exception


@pytest.mark.row("AUD-1")
def test_two_heads_are_compared(
    kept: World, sign_in: Callable[..., object], console: Opens
) -> None:
    sign_in(Role.AUDITOR)
    app = console("log")
    app.session_state["view"] = "heads"
    app.run()
    first, second = (head.size for head in support.heads(kept)[:2])
    told = zh(
        "The log of {second} events begins with that of {first}: {n} nodes show it.",
        first=first,
        second=second,
        n=0,
    ).split("0")[0]
    assert any(one.value.startswith(told) for one in app.success), [o.value for o in app.success]
    assert len(app.dataframe[0].value) >= 2


@pytest.mark.row("AUD-1")
def test_breaks_are_told_in_words_with_their_place(
    kept: World, sign_in: Callable[..., object], console: Opens
) -> None:
    sign_in(Role.AUDITOR)
    app = console("log")
    worlds.run_sql(kept, "DROP TRIGGER event_is_not_updated")
    worlds.run_sql(kept, "UPDATE event SET actor = 'x' WHERE seq = 5")
    press(app, "Check the whole log")
    told = app.error[-1].value + "".join(one.value for one in app.markdown)
    assert zh("Event {seq} was changed.", seq=5) in told
    assert zh("The log is not what was signed: it differs first at event {seq}.", seq=5) in told


@pytest.mark.row("AUD-1")
def test_a_log_behind_its_heads_is_the_first_thing_that_is_said(
    kept: World, sign_in: Callable[..., object], console: Opens
) -> None:
    sign_in(Role.AUDITOR)
    growing.grow(kept.engine.parts)
    worlds.run_sql(kept, "DROP TRIGGER event_is_not_deleted")
    worlds.run_sql(kept, "DELETE FROM event WHERE seq > ?", support.size(kept) - 2)
    app = console("log")
    assert not app.exception
    assert zh(growing.Problem.BEHIND.value) in app.error[0].value


@pytest.mark.row("AUD-1")
def test_a_world_without_heads_says_so_and_still_checks_its_chain(
    file_world: World,
    sign_in: Callable[..., object],
    console: Opens,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in(Role.AUDITOR)
    monkeypatch.setattr(boot, "current", lambda: file_world)
    app = console("log")
    assert not app.exception
    assert app.info
    press(app, "Check the whole log")
    assert app.success


@pytest.mark.row("AUD-1")
@pytest.mark.parametrize("proved", [True, False])
def test_the_whole_log_is_handed_out_after_a_code_alone(
    kept: World,
    sign_in: Callable[..., Any],
    console: Opens,
    monkeypatch: pytest.MonkeyPatch,
    proved: bool,
) -> None:
    at = worlds.clock_of(kept).now_ms() if proved else None
    staff = dataclasses.replace(sign_in(Role.AUDITOR), second_factor_at=at)
    monkeypatch.setattr(identity, "signed_in", lambda cookie, acting=True: staff)
    app = console("log")
    app.session_state["view"] = "take"
    app.run()
    before = [one.proto.url for one in app.get("link_button")]
    assert any(url.endswith("/verify_log.py") for url in before)
    assert any(url.endswith("/log/heads.jsonl") for url in before)
    assert not any("export" in url for url in before)
    press(app, "Export the whole log")
    links = [one.proto.url for one in app.get("link_button")]
    assert any(url.endswith("/log/export.jsonl.gz") for url in links) == proved
