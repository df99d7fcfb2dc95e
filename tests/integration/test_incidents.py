"""Incidents: their record from the first note to the last action item, and who may write it (OPS-6)."""

from __future__ import annotations

import pytest

from engine.incidents import actions, model, queries
from engine.kernel import clock, errors, workflow
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import fold, parties, worlds

S, P = model.IncidentStatus, model.Purpose


def do(world, action, who, **given):
    """Something done by a member of staff."""
    return world.engine.perform(action, given, actor=who)


def opened(world, who, **more):
    """An incident that goes on."""
    given = {"kind": "key_compromise", "title": "东方 CA 的密钥可能外泄", **more}
    return do(world, actions.open_incident, who, **given)


def shown(world, found, who):
    """The record as it is now."""
    return world.engine.ask(queries.incident, who, found.id)


@pytest.mark.row("OPS-6")
def test_an_incident_goes_from_its_first_note_to_its_end_and_the_timeline_tells_all_of_it(
    any_world,
):
    world = any_world
    lead, other = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.AGENCY_REVIEWER)
    party = parties.certified(world, parties.Reviewers.of(world))
    began = world.engine.now() - 2 * clock.HOUR
    found = opened(world, lead, began_at=began, subject_id=party.certificate_id)
    assert found.number == "IN20260601001"
    assert (found.status, found.contain_by) == (S.OPEN, found.opened_at + 24 * clock.HOUR)
    do(
        world,
        actions.note_incident,
        other,
        incident_id=found.id,
        text="值班同事在日志里发现异常签名",
    )
    stop = do(
        world,
        actions.stop_issuing,
        lead,
        agency_id="dongfang",
        reason="等密钥核查结果",
        incident_id=found.id,
    )
    item = do(
        world,
        actions.add_item,
        lead,
        incident_id=found.id,
        purpose=P.PREVENT,
        what="密钥仪式增加录像复核",
        owner=other.staff_id,
        due_on="2026-06-30",
    )
    do(world, actions.contain_incident, lead, incident_id=found.id)
    with pytest.raises(actions.CauseMissing):
        do(world, actions.close_incident, lead, incident_id=found.id)
    told = {"summary": "一次误报", "cause": "监控规则写错", "lessons": "规则上线前先回放"}
    do(world, actions.describe_incident, lead, incident_id=found.id, **told)
    with pytest.raises(actions.ItemsLeft) as left:
        do(world, actions.close_incident, lead, incident_id=found.id)
    assert left.value.params == {"n": 1}
    # Its owner says that it is done, though they might not handle incidents.
    do(world, actions.do_item, other, item_id=item.id, result="已录像")
    with pytest.raises(actions.StillStopped):
        do(world, actions.close_incident, lead, incident_id=found.id)
    do(world, actions.ask_to_lift, lead, stop_id=stop.id, reason="确认是误报")
    do(world, actions.lift_stop, other, stop_id=stop.id)
    closed = do(world, actions.close_incident, lead, incident_id=found.id)
    assert (closed.status, closed.closed_by) == (S.CLOSED, lead.text)
    record = shown(world, found, other)
    kinds = [one.kind for one in record.timeline]
    # What happened to the certificate since it began belongs to it, what was before does not.
    assert kinds[0].startswith("certificate.") or kinds[0] == "incident.opened"
    assert [kind for kind in kinds if kind.split(".")[0] in ("incident", "issuing")] == [
        "incident.opened",
        "incident.subject_named",
        "incident.noted",
        "issuing.stopped",
        "incident.item_added",
        "incident.contained",
        "incident.described",
        "incident.item_done",
        "issuing.lift_asked",
        "issuing.lifted",
        "incident.closed",
    ]
    assert [one.text for one in record.timeline if one.text] == ["值班同事在日志里发现异常签名"]
    assert all(one.occurred_at >= began for one in record.timeline)
    assert world.engine.ask(queries.incidents, other) == []
    assert [one.id for one in world.engine.ask(queries.incidents, other, closed=True)] == [found.id]
    assert [one.id for one in world.engine.ask(queries.about, other, party.certificate_id)] == [
        found.id
    ]
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("OPS-6")
def test_a_closed_incident_is_reopened_before_more_is_written_of_it(world):
    lead = worlds.staff(world, Role.LEAD)
    found = opened(world, lead)
    told = {"summary": "x", "cause": "x", "lessons": "x"}
    do(world, actions.describe_incident, lead, incident_id=found.id, **told)
    with pytest.raises(workflow.NotPossibleNow):
        do(world, actions.close_incident, lead, incident_id=found.id)
    do(world, actions.contain_incident, lead, incident_id=found.id)
    # Contained too early: it goes on.
    do(world, actions.reopen_incident, lead, incident_id=found.id, text="还没有止住")
    do(world, actions.contain_incident, lead, incident_id=found.id)
    do(world, actions.close_incident, lead, incident_id=found.id)
    for action, given in (
        (actions.note_incident, {"text": "还有一件"}),
        (actions.describe_incident, told),
        (actions.name_subject, {"subject_id": found.id}),
    ):
        with pytest.raises(workflow.NotPossibleNow), worlds.unchanged(world):
            do(world, action, lead, incident_id=found.id, **given)
    again = do(world, actions.reopen_incident, lead, incident_id=found.id, text="又出现了")
    assert (again.status, again.closed_at, again.contained_at) == (S.OPEN, None, None)
    assert shown(world, found, lead).timeline[-1].text == "又出现了"


@pytest.mark.row("OPS-6")
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": "rain"}, actions.KindUnknown),
        ({"title": "  "}, actions.TextMissing),
        ({"title": "x" * 121}, actions.TextMissing),
        ({"title": "客户 13800138001 来电"}, actions.PersonalInText),
        ({"began_at": 1 << 50}, actions.BeganLater),
        ({"subject_id": "crt_nowhere"}, actions.SubjectUnknown),
    ],
)
def test_what_makes_no_record_is_refused_and_nothing_is_written(world, given, refusal):
    lead = worlds.staff(world, Role.LEAD)
    with worlds.unchanged(world), pytest.raises(refusal):
        opened(world, lead, **given)


@pytest.mark.row("OPS-6")
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"due_on": "2026-05-31"}, actions.DayInvalid),
        ({"due_on": "soon"}, actions.DayInvalid),
        ({"owner": "stf_nobody"}, actions.OwnerUnknown),
        ({"what": ""}, actions.TextMissing),
    ],
)
def test_an_action_item_has_an_owner_and_a_day(world, given, refusal):
    lead = worlds.staff(world, Role.LEAD)
    found = opened(world, lead)
    item = {"purpose": P.DETECT, "what": "x", "owner": lead.staff_id, "due_on": "2026-06-02"}
    with worlds.unchanged(world), pytest.raises(refusal):
        do(world, actions.add_item, lead, incident_id=found.id, **{**item, **given})


@pytest.mark.row("OPS-6")
def test_an_item_is_done_by_its_owner_and_dropped_by_who_handles_incidents(world):
    lead, owner = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.QA)
    stranger = worlds.staff(world, Role.FINANCE)
    found = opened(world, lead)
    given = {"purpose": P.DETECT, "what": "x", "owner": owner.staff_id, "due_on": "2026-06-02"}
    item = do(world, actions.add_item, lead, incident_id=found.id, **given)
    assert [one.id for one in world.engine.ask(queries.items_to_do, owner)] == [item.id]
    with worlds.unchanged(world), pytest.raises(staffing.MayNot):
        do(world, actions.do_item, stranger, item_id=item.id, result="x")
    with worlds.unchanged(world), pytest.raises(staffing.MayNot):
        do(world, actions.drop_item, owner, item_id=item.id, result="x")
    assert do(world, actions.do_item, owner, item_id=item.id, result="好了").status == "done"
    with worlds.unchanged(world), pytest.raises(workflow.NotPossibleNow):
        do(world, actions.drop_item, lead, item_id=item.id, result="x")
    other = do(world, actions.add_item, lead, incident_id=found.id, **given)
    dropped = do(world, actions.drop_item, lead, item_id=other.id, result="没有必要")
    assert (dropped.status, dropped.result) == (model.ItemStatus.DROPPED, "没有必要")
    assert world.engine.ask(queries.items_to_do, owner) == []


@pytest.mark.row("OPS-6")
def test_all_staff_read_incidents_and_nobody_else_does(world):
    lead, reader = worlds.staff(world, Role.LEAD), worlds.staff(world, Role.AGENT)
    found = opened(world, lead)
    assert shown(world, found, reader).incident.id == found.id
    person = parties.enterprise(world, parties.Reviewers.of(world)).person
    for ask in (queries.incidents, queries.stops, queries.items_to_do):
        with pytest.raises(errors.NotPermitted):
            world.engine.ask(ask, person)
    with pytest.raises(errors.NotPermitted):
        shown(world, found, person)
