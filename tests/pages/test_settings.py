"""Platforms and settings: proposed by one, approved by another, in force without a restart (MAL-4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import serialization
from streamlit.testing.v1 import AppTest

from engine.boot import World, pki_status
from engine.kernel import texts
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing.model import Role
from tests.support import worlds


def platform(world: World, name: str) -> policies.Platform:
    """A trading platform as it is in force."""

    def asked(q: Reader) -> policies.Platform:
        return q.policy(policies.Platform, name)

    return world.engine.ask(asked, worlds.SYSTEM)


def by_key(elements: object, end: str) -> object:
    """The element whose key ends like this."""
    return next(one for one in elements if str(one.key or "").endswith(end))  # type: ignore[attr-defined]


def tables_of(page: AppTest) -> str:
    """Everything that the page's tables to read show."""
    return " ".join(
        one.value.to_string() for one in page.dataframe if one.editing_mode == "read_only"
    )


def edit(page: AppTest, end: str, **edits: object) -> AppTest:
    """Edit the table whose key ends like this, as its own editor would."""
    editor = by_key(page.data_editor, end)
    page.session_state[str(editor.key)] = {  # type: ignore[attr-defined]
        "edited_rows": {},
        "added_rows": [],
        "deleted_rows": [],
        **edits,
    }
    return page.run()


@pytest.mark.row("MAL-4")
def test_a_platform_is_changed_by_two_and_shows_at_once(
    console_world: World,
    sign_in: Callable[..., object],
    console: Callable[[str], AppTest],
):
    sign_in(Role.LEAD)
    app = console("settings")
    assert not app.exception
    choice = by_key(app.selectbox, "/payment")
    choice.set_value("after_review").run()  # type: ignore[attr-defined]
    # In words, never as a code.
    assert texts.text("choice.after_review", "zh_CN") in tables_of(app)
    assert "after_review" not in tables_of(app)
    by_key(app.button, "/propose").click().run()  # type: ignore[attr-defined]
    assert platform(console_world, "guangzheng").payment == "before_review"
    # Whoever proposed it can only take it back.
    assert not [one for one in app.button if str(one.key).startswith("approve-")]
    sign_in(Role.LEAD)
    app = console("settings")
    approve = next(one for one in app.button if str(one.key).startswith("approve-"))
    approve.click().run()
    assert not app.exception
    assert platform(console_world, "guangzheng").payment == "after_review"
    assert worlds.kinds(console_world)[-2:].count("policy.changed") == 1


def test_a_wrong_value_is_told_beside_its_field_and_can_not_be_proposed(
    sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("settings")
    by_key(app.multiselect, "/agencies").set_value([]).run()  # type: ignore[attr-defined]
    assert app.error
    assert by_key(app.button, "/propose").disabled  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", list(policies.KINDS))
def test_every_kind_of_setting_has_a_form(
    sign_in: Callable[..., object], console: Callable[[str], AppTest], kind: str
):
    sign_in(Role.ADMINISTRATOR)
    app = console("settings")
    by_key(app.selectbox, "kind").set_value(kind).run()  # type: ignore[attr-defined]
    assert not app.exception
    # What is drawn is what is in force: nothing would change, and nothing is wrong.
    assert not app.error, [one.value for one in app.error]
    assert not [one for one in app.button if str(one.key).endswith("/propose")]


@pytest.mark.row("MAL-4")
def test_a_rule_s_papers_are_chosen_from_the_platform_s_own_and_told_by_their_names(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("settings")
    before = platform(console_world, "guangzheng")
    [place] = [
        place
        for place, one in enumerate(before.rules)
        if (one.product, one.business) == ("enterprise", "renewal")
    ]
    column = texts.text("setting.papers", "zh_CN")
    app = edit(app, "/rules", edited_rows={place: {column: ["authorization", "power_of_attorney"]}})
    assert not app.exception
    told = tables_of(app)
    assert "企业授权书、授权委托书" in told
    assert "企业" in told
    assert "续期" in told
    assert "authorization" not in told
    by_key(app.button, "/propose").click().run()  # type: ignore[attr-defined]
    sign_in(Role.LEAD)
    app = console("settings")
    assert "企业授权书、授权委托书" in tables_of(app)
    next(one for one in app.button if str(one.key).startswith("approve-")).click().run()
    after = platform(console_world, "guangzheng")
    assert after.rules[place].papers == ("authorization", "power_of_attorney")
    # Everything else is as it was.
    rules = [*before.rules]
    rules[place] = after.rules[place]
    assert after == before.model_copy(update={"rules": tuple(rules)})


@pytest.mark.row("MAL-4")
def test_a_rule_without_review_asks_for_no_papers(
    sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("settings")
    column = texts.text("setting.platform_review", "zh_CN")
    app = edit(app, "/rules", edited_rows={1: {column: False}})
    assert app.error
    assert by_key(app.button, "/propose").disabled  # type: ignore[attr-defined]


@pytest.mark.row("MAL-4")
def test_a_new_row_of_a_list_takes_what_it_leaves_out_from_the_model(
    sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("settings")
    product, business = (texts.text(f"setting.{one}", "zh_CN") for one in ("product", "business"))
    app = edit(app, "/rules", added_rows=[{product: "event", business: "renewal"}])
    assert not app.exception
    assert not app.error, [one.value for one in app.error]
    assert not by_key(app.button, "/propose").disabled  # type: ignore[attr-defined]
    app = edit(app, "/rules", added_rows=[{product: "event"}])
    # A kind of business has no value to fall back on: it is told, and nothing breaks.
    assert not app.exception
    assert app.error


def test_amounts_are_typed_and_told_in_yuan(
    sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("settings")
    by_key(app.selectbox, "kind").set_value("certificate_agency").run()  # type: ignore[attr-defined]
    per_year = by_key(app.number_input, "/price_per_year_fen")
    assert "（元）" in per_year.label  # type: ignore[attr-defined]
    before = per_year.value  # type: ignore[attr-defined]
    assert before < 1000
    per_year.set_value(before + 10.5).run()  # type: ignore[attr-defined]
    told = tables_of(app)
    assert f"{before + 10.5:.2f}" in told
    assert str(round(before * 100)) not in told


def test_a_list_within_a_row_is_a_table_of_its_own(
    sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.LEAD)
    app = console("settings")
    by_key(app.selectbox, "kind").set_value("entity_rules").run()  # type: ignore[attr-defined]
    assert any("注册地区" in one.label and "34" not in one.label for one in app.expander)
    columns = by_key(app.data_editor, "/region/choices").value.columns  # type: ignore[attr-defined]
    [zh] = [one for one in columns if one.endswith("中文")]
    app = edit(app, "/region/choices", edited_rows={0: {zh: "北京"}})
    assert not app.exception
    [row] = by_key_rows(app)
    assert (row["before"], row["after"]) == ("北京市", "北京")
    assert "注册地区" in row["where"]


def by_key_rows(page: AppTest) -> list[dict[str, str]]:
    """The rows that tell what would change."""
    [table] = [one.value for one in page.dataframe if one.editing_mode == "read_only"][:1]
    return [
        dict(zip(("where", "before", "after"), row, strict=True))
        for row in table.itertuples(index=False, name=None)
    ]


def test_certificates_of_an_agency_outside_are_pasted_as_they_stand_in_their_files(
    console_world: World, sign_in: Callable[..., object], console: Callable[[str], AppTest]
):
    sign_in(Role.ADMINISTRATOR)
    app = console("settings")
    by_key(app.selectbox, "kind").set_value("recognized_agency").run()  # type: ignore[attr-defined]
    box = by_key(app.text_area, "/certificates")
    someone = worlds.staff(console_world, Role.AUDITOR)
    held = pki_status.status(console_world, someone).authorities
    of_own = "".join(
        one.own.certificate.public_bytes(serialization.Encoding.PEM).decode() for one in held[:2]
    )
    box.set_value(of_own).run()  # type: ignore[attr-defined]
    assert not app.exception
    assert not app.error, [one.value for one in app.error]
    box = by_key(app.text_area, "/certificates")
    box.set_value("no certificate").run()  # type: ignore[attr-defined]
    assert app.error
