"""Incidents and stops of issuing, as rules of the state machine (OPS-6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine.impact import actions as impact
from engine.incidents import actions, model

_KNOWN = {"summary": "误报", "cause": "规则有误", "lessons": "先回放"}


class IncidentRules:
    """Members of staff of the machine, each with their own rights."""

    staff: list[str]
    _by: Callable[..., Any]
    _newest: Callable[..., str]

    @rule(member=st.integers(min_value=0, max_value=3), refused=st.booleans())
    def stops_issuing_and_lets_it_go_on(self, member: int, refused: bool) -> None:
        """One stops a CA, having seen what would stop; all are asked to let it go on, the others may."""
        given = {"reason": "密钥核查"}
        self._by(member, impact.would_stop, act="agency.stop", subject="dongfang", **given)
        self._by(member, actions.stop_issuing, agency_id="dongfang", **given)
        stop_id = self._newest("issuing_stop")
        if refused:
            self._by(member, actions.ask_to_lift, stop_id=stop_id, reason="再等等")
            self._by(member, actions.refuse_lift, stop_id=stop_id)
        self._by(member, actions.ask_to_lift, stop_id=stop_id, reason="核查完成")
        for other in range(len(self.staff)):
            self._by(other, actions.lift_stop, stop_id=stop_id)

    @rule(member=st.integers(min_value=0, max_value=3), drops=st.booleans())
    def writes_an_incident_down(self, member: int, drops: bool) -> None:
        """From its opening to its end, and taken up again."""
        opened = self._by(member, actions.open_incident, kind="other", title="有人报告异常")
        if opened is None:
            return
        about = {"incident_id": opened.id}
        self._by(member, actions.note_incident, **about, text="已核对")
        self._by(member, actions.name_subject, **about, subject_id=self._newest("account"))
        item = self._by(
            member,
            actions.add_item,
            **about,
            purpose=model.Purpose.DETECT,
            what="增加告警",
            owner=self.staff[member % len(self.staff)],
            due_on="2099-12-31",
        )
        ends = actions.drop_item if drops else actions.do_item
        self._by(member, ends, item_id=item.id if item else "nothing", result="已处理")
        self._by(member, actions.describe_incident, **about, **_KNOWN)
        self._by(member, actions.contain_incident, **about)
        self._by(member, actions.close_incident, **about)
        self._by(member, actions.reopen_incident, **about, text="又出现了")


# A walk that reaches every act of the list.
STEPS: tuple[tuple[str, dict[str, Any]], ...] = tuple(
    (name, {"member": member, more: yes})
    for member in range(3)
    for yes in (True, False)
    for name, more in (
        ("stops_issuing_and_lets_it_go_on", "refused"),
        ("writes_an_incident_down", "drops"),
    )
)
