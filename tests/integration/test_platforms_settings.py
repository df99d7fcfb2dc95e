"""Trading platforms and zones that staff manage while the world runs (MAL-4)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from engine.boot import World
from engine.http.doors import DirectDoor
from engine.kernel import clock, errors
from engine.mall import actions as mall
from engine.mall import queries as malls_of
from engine.ordering import actions as ordering
from engine.ordering import model as orders
from engine.ordering import progress
from engine.ordering import queries as order_queries
from engine.policies import actions, checking, model, queries, references
from engine.staffing.model import Role
from tests.support import fold, malls, parties, worlds

PLATFORM = malls.PLATFORM


def preview(world: World, kind: str, name: str, body: Any) -> model.Preview:
    given = {"kind": kind, "name": name, "body": body}
    return world.engine.ask(checking.preview, worlds.staff(world, Role.LEAD), **given)


def body_of(world: World, name: str) -> dict[str, Any]:
    """A platform in force, to be changed."""
    return dict(
        world.engine.ask(queries.in_force, worlds.SYSTEM, model.Platform, name).model_dump()
    )


@pytest.mark.row("MAL-4")
def test_a_platform_added_at_run_time_works_from_onboarding_to_the_certificate(any_world):
    reviewers = parties.Reviewers.of(any_world)
    malls.put(any_world, "platform", "tianshan", PLATFORM)
    found = any_world.engine.ask(malls_of.find_platforms, worlds.SYSTEM, "天山")
    assert list(found) == ["tianshan"]
    party = parties.enterprise(any_world, reviewers, platform_id="tianshan")
    party = parties.order(any_world, party)
    parties.pay(any_world, party)
    parties.approve_order(any_world, party)
    party = parties.download(any_world, party)
    done = any_world.engine.ask(order_queries.order, worlds.SYSTEM, party.order_id)
    assert (done.platform_id, done.status) == ("tianshan", "completed")
    fold.require(any_world)


@pytest.mark.row("MAL-4")
def test_an_order_keeps_the_platforms_version_it_was_made_under(world):
    reviewers = parties.Reviewers.of(world)
    party = parties.order(world, parties.enterprise(world, reviewers))
    before = world.engine.ask(queries.version_in_force, worlds.SYSTEM, model.Platform, "guangzheng")
    malls.put(world, "platform", "guangzheng", body_of(world, "guangzheng") | {"attachments": []})
    parties.pay(world, party)
    kept = world.engine.ask(order_queries.order, worlds.SYSTEM, party.order_id)
    assert kept.platform_version == before.id
    assert kept.status is orders.OrderStatus.AWAITING_PAPERS
    parties.hand_in(world, party)
    newer = parties.enterprise(world, reviewers, number=2, name="新疆天池有限公司")
    newer = parties.order(world, newer)
    parties.pay(world, newer)
    found = world.engine.ask(order_queries.order, worlds.SYSTEM, newer.order_id)
    assert found.status is orders.OrderStatus.PLATFORM_REVIEW


@pytest.mark.row("MAL-4")
def test_an_order_from_before_versions_were_kept_goes_by_what_holds_now(world):
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    found = world.engine.ask(order_queries.order, worlds.SYSTEM, party.order_id)
    old = dataclasses.replace(found, platform_version=None)
    assert world.engine.ask(progress.platform_of, worlds.SYSTEM, old).label.en.startswith("Xin")


@pytest.mark.row("MAL-4")
def test_a_change_shows_at_its_effective_date_without_a_restart(world):
    later = world.engine.now() + clock.DAY
    malls.put(world, "platform", "tianshan", PLATFORM, later)
    assert "tianshan" not in world.engine.ask(malls_of.platforms, worlds.SYSTEM)
    worlds.clock_of(world).set(later)
    assert "tianshan" in world.engine.ask(malls_of.platforms, worlds.SYSTEM)


@pytest.mark.row("MAL-4")
def test_a_closed_platform_takes_nobody_new_and_keeps_what_it_has(world):
    reviewers = parties.Reviewers.of(world)
    party = parties.order(world, parties.enterprise(world, reviewers))
    other = parties.enterprise(world, reviewers, number=2, name="新疆天池有限公司")
    malls.put(world, "platform", "guangzheng", body_of(world, "guangzheng") | {"open": False})
    with worlds.unchanged(world), pytest.raises(malls_of.PlatformClosed):
        parties.order(world, other)
    new = malls.at_pc(world, "13800130001", platform_id="guangzheng", login="another")
    with worlds.unchanged(world), pytest.raises(malls_of.PlatformClosed):
        malls.onboard(world, new)
    assert malls.session(world, "party0001").token
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve_order(world, party)
    assert parties.download(world, party).certificate_id
    given = {"platform_id": "guangzheng", "login": "party0001", "password": worlds.PASSWORD}
    assert world.engine.perform(mall.sign_in, given, actor=worlds.SYSTEM).token


WRONG: dict[str, tuple[str, str, dict[str, Any], str, type[errors.EngineError]]] = {
    "no such CA": (
        "platform", "tianshan", {"agencies": ["nobody"]}, "agencies", references.ReferenceUnknown,
    ),
    "a CA twice": (
        "platform", "tianshan", {"agencies": ["dongfang"] * 2}, "agencies", references.NamedTwice,
    ),
    "no CA": ("platform", "tianshan", {"agencies": []}, "agencies", references.ChoiceMissing),
    "no such seal agency": (
        "platform", "tianshan", {"seal_agencies": ["x"]}, "seal_agencies", references.ReferenceUnknown,
    ),
    "no term": ("platform", "tianshan", {"years": []}, "years", references.ChoiceMissing),
    "seven years": ("platform", "tianshan", {"years": [1, 7]}, "years", checking.YearsInvalid),
    "no kind": (
        "platform", "tianshan", {"certificate_kinds": []}, "certificate_kinds", references.ChoiceMissing,
    ),
    "national without a CA for it": (
        "platform", "tianshan", {"agencies": ["nanfang"], "certificate_kinds": ["national"]},
        "certificate_kinds", checking.NoneCountryWide,
    ),
    "a paper's code": (
        "platform", "tianshan", {"attachments": [{"code": "A b", "label": PLATFORM["label"]}]},
        "attachments", checking.NameInvalid,
    ),
    "a name": ("platform", "Tian Shan", {}, "name", checking.NameInvalid),
    "a wrong word": (
        "platform", "tianshan", {"download_mode": "by hand"}, "download_mode", checking.SettingInvalid,
    ),
}  # fmt: skip


@pytest.mark.row("MAL-4")
@pytest.mark.parametrize("case", WRONG)
def test_what_a_platform_names_must_exist_and_the_field_is_told(world, case):
    kind, name, changes, field, refusal = WRONG[case]
    body = PLATFORM | changes
    lead = worlds.staff(world, Role.LEAD)
    with worlds.unchanged(world), pytest.raises(refusal) as refused:
        malls.propose(world, lead, kind, name, body)
    assert refused.value.field == field
    shown = preview(world, kind, name, body)
    assert not shown.valid
    assert field in [problem.field for problem in shown.problems]


@pytest.mark.row("MAL-4")
def test_zones_announcements_and_agencies_are_checked_too(world):
    lead = worlds.staff(world, Role.LEAD)
    text = PLATFORM["label"]
    for kind, name, body, refusal in (
        (
            "zone",
            "north",
            {"label": text, "text": text, "platforms": ["x"]},
            references.ReferenceUnknown,
        ),
        ("zone", "north", {"label": text, "text": text, "platforms": []}, references.ChoiceMissing),
        (
            "announcement",
            "news",
            {"title": text, "text": text, "starts_on": "2026-06-02", "ends_on": "2026-06-01"},
            checking.EndsBeforeItStarts,
        ),
        ("seal_agency", "newcomer", _agency(world), checking.KeysMissing),
    ):
        with worlds.unchanged(world), pytest.raises(refusal):
            malls.propose(world, lead, kind, name, body)


def _agency(world: World) -> dict[str, Any]:
    found = world.engine.ask(queries.in_force, worlds.SYSTEM, model.SealAgency, "huayin")
    return dict(found.model_dump())


@pytest.mark.row("MAL-4")
def test_a_preview_tells_each_value_before_and_after(world):
    body = body_of(world, "guangzheng") | {"years": [1, 2], "payment": "after_review"}
    body["label"] = {"zh": "新疆光正商城", "en": body["label"]["en"]}
    shown = preview(world, "platform", "guangzheng", body)
    assert shown.valid
    assert [(one.path, one.before, one.after) for one in shown.changes] == [
        ("label.zh", "新疆光正电子商城", "新疆光正商城"),
        ("years", "[1,3]", "[1,2]"),
        ("payment", "before_review", "after_review"),
    ]
    assert preview(world, "platform", "guangzheng", body_of(world, "guangzheng")).changes == ()


@pytest.mark.row("MAL-4")
def test_proposals_wait_with_their_changes_until_somebody_else_decides(any_world):
    maker, checker = malls.two_leads(any_world)
    version = malls.propose(any_world, maker, "platform", "tianshan", PLATFORM)
    [waiting] = any_world.engine.ask(checking.pending, checker)
    assert (waiting.version.id, waiting.mine) == (version.id, False)
    assert {one.path for one in waiting.changes} >= {"label.zh", "agencies", "open"}
    assert any_world.engine.ask(checking.pending, maker)[0].mine
    why = {"version_id": version.id, "reason": "地区写错了"}
    rejected = any_world.engine.perform(actions.reject, why, actor=checker)
    assert (rejected.ended_by, rejected.end_reason) == (checker.text, "地区写错了")
    assert any_world.engine.ask(checking.pending, checker) == []
    second = malls.propose(any_world, maker, "platform", "tianshan", PLATFORM)
    taken = any_world.engine.perform(actions.withdraw, {"version_id": second.id}, actor=maker)
    assert (taken.version, taken.ended_by) == (2, maker.text)
    history = any_world.engine.ask(queries.history, worlds.SYSTEM, "platform", "tianshan")
    assert [(one.version, one.author, one.approved_by) for one in history] == [
        (2, maker.text, None),
        (1, maker.text, None),
    ]
    assert "tianshan" not in any_world.engine.ask(malls_of.platforms, worlds.SYSTEM)
    fold.require(any_world)


@pytest.mark.row("MAL-4")
def test_a_proposal_is_decided_once_and_by_the_right_person(world):
    maker, checker = malls.two_leads(world)
    version = malls.propose(world, maker, "platform", "tianshan", PLATFORM)
    about = {"version_id": version.id}
    for action, given, actor, refusal in (
        (actions.withdraw, about, checker, actions.NotYourProposal),
        (actions.reject, about | {"reason": "x"}, maker, actions.OwnProposal),
        (actions.reject, about | {"reason": " "}, checker, actions.WhyMissing),
        (actions.withdraw, about, worlds.staff(world, Role.AUDITOR), actions.MayNotSet),
    ):
        with worlds.unchanged(world), pytest.raises(refusal):
            world.engine.perform(action, given, actor=actor)
    world.engine.perform(actions.withdraw, about, actor=maker)
    for action, given, actor in (
        (actions.withdraw, about, maker),
        (actions.approve, about, checker),
        (actions.reject, about | {"reason": "x"}, checker),
    ):
        with worlds.unchanged(world), pytest.raises(actions.ProposalEnded):
            world.engine.perform(action, given, actor=actor)


@pytest.mark.row("MAL-4")
def test_of_two_proposals_the_older_can_not_be_approved_over_the_newer(world):
    maker, checker = malls.two_leads(world)
    older, newer = (malls.propose(world, maker, "platform", "tianshan", PLATFORM) for _ in range(2))
    world.engine.perform(actions.approve, {"version_id": newer.id}, actor=checker)
    with worlds.unchanged(world), pytest.raises(actions.Overtaken):
        world.engine.perform(actions.approve, {"version_id": older.id}, actor=checker)


@pytest.mark.row("MAL-4")
def test_who_may_not_manage_settings_sees_no_proposals(world):
    for actor in (worlds.staff(world, Role.AUDITOR), worlds.SYSTEM):
        with pytest.raises(queries.MayNotSet):
            world.engine.ask(checking.pending, actor)
        with pytest.raises(queries.MayNotSet):
            world.engine.ask(checking.preview, actor, kind="zone", name="x", body={})


@pytest.mark.row("MAL-4")
def test_the_other_platform_is_found_by_search_at_a_door(world):
    found = DirectDoor(world.engine).ask("mall.platforms", {})
    assert found["yangguang"]["label"]["zh"] == "阳光采购平台"
    assert ordering.PaperMissing
