"""Where people belong, as rules of the state machine: joining, particulars, zones, the mall, settings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine import worker
from engine.boot import tables
from engine.kernel import clock, codec
from engine.policies import actions as settings
from engine.policies import queries as versions
from engine.staffing import queries as staff_queries
from tests.property.rules_of_people import PASSWORDS, ROLES, PeopleRules, somebody

# What two members of staff change, and to what; the last two are refused.
CHANGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("zone", "xinjiang", {"open": False}),
    ("zone", "nationwide", {"open": True, "platforms": ["guangzheng", "yangguang"]}),
    ("membership_rules", "", {"application_hours": 1, "invitations_per_day": 1}),
    ("sms_codes", "", {"gap_seconds": 1, "per_day": 20, "per_hour": 20}),
    ("zone", "xinjiang", {"platforms": ["nowhere"]}),
    ("membership_rules", "", {"application_hours": "long"}),
)
ZONES = ("xinjiang", "nationwide", "nowhere")
NAMES = ("新疆甲字号商贸有限公司", "新疆改名商贸有限公司")


class PlaceRules(PeopleRules):
    """Rules over `people`, `staff` and `world` of the machine that mixes them in."""

    def decides(self, reviewer: int, yes: bool) -> None:
        """The machine decides."""
        raise AssertionError("the machine decides")

    # -- joining an enterprise -----------------------------------------------------------------

    @rule(who=somebody, whose=somebody)
    def applies_to_join(self, who: int, whose: int) -> None:
        """Ask to be let into somebody's enterprise."""
        self._attempt(self.people[whose].know_enterprise)
        enterprise_id = self.people[whose].enterprise_id
        self._do(who, "apply_to_join", enterprise_id=enterprise_id, note="我是采购部的王敏")

    @rule(who=somebody, accept=st.booleans(), role=st.sampled_from(ROLES))
    def decides_who_joins(self, who: int, accept: bool, role: str) -> None:
        """Answer everybody who asked to join."""
        enterprise_id = self.people[who].enterprise_id
        for one in self._ask(who, "join_requests", enterprise_id=enterprise_id):
            given = {"invitation_id": one["invitation_id"], "accept": accept, "role": role}
            self._do(who, "decide_join", **given)

    @rule(who=somebody, whose=somebody, accept=st.booleans())
    def joins_by_application(self, who: int, whose: int, accept: bool) -> None:
        """Apply, and be answered at once."""
        self.applies_to_join(who, whose)
        self.decides_who_joins(whose, accept, "handler")

    # -- what is known of an enterprise --------------------------------------------------------

    @rule(
        who=somebody,
        name=st.sampled_from(NAMES),
        representative=st.sampled_from(("测试甲", "测试新")),
        confirmed=st.sampled_from((True, True, False)),
        fresh=st.sampled_from((True, True, False)),
        answer=st.sampled_from((True, False, None)),
    )
    def changes_particulars(
        self,
        who: int,
        name: str,
        representative: str,
        confirmed: bool,
        fresh: bool,
        answer: bool | None,
    ) -> None:
        """Ask for a change of name or representative; it is approved, or rejected, or lies there."""
        person = self.people[who]
        self._attempt(person.know_enterprise)
        if fresh:
            self.confirms_in_person(who)
        asked = self._ask(who, "papers_for", uscc=person.identity.uscc)
        self._do(
            who,
            "change_enterprise",
            enterprise_id=person.enterprise_id,
            name=name,
            legal_representative=representative,
            legal_representative_id=person.identity.representative_number,
            papers=[{"code": one["code"], "content": person.paper(one["code"])} for one in asked],
            confirmed=confirmed,
        )
        worker.tick(self.world, owner="test")
        for reviewer in range(6) if answer is not None else ():
            self.decides(reviewer % 3, bool(answer))

    # -- the mall ------------------------------------------------------------------------------

    @rule(who=somebody, old=st.sampled_from(PASSWORDS), new=st.sampled_from(PASSWORDS))
    def changes_the_mall_password(self, who: int, old: str, new: str) -> None:
        """Change the password at the platform, the old one right, wrong or long gone."""
        person = self.people[who]
        old = person.identity.password if old == "12345678" else old
        given = {"old_password": old, "new_password": new}

        def act() -> None:
            person.browser.perform("mall.change_password", given, key=person.key())

        self._attempt(person.sign_in_by_password)
        self._attempt(act)

    @rule(
        who=somebody,
        zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
        then=st.sampled_from(("", "leave_zone", "set_default_zone")),
    )
    def follows_zones(self, who: int, zones: list[str], then: str) -> None:
        """Join trading zones; leave the last one again, or make it the default one."""
        for zone in zones:
            self._zone(who, "join_zone", zone)
        if then:
            self._zone(who, then, zones[-1])

    def _zone(self, who: int, action: str, zone: str) -> None:
        person = self.people[who]
        self._attempt(
            lambda: person.handset.door.perform(
                f"mall.{action}", {"zone_id": zone}, key=person.key()
            )
        )

    # -- settings ------------------------------------------------------------------------------

    @rule(
        maker=somebody,
        change=st.sampled_from(CHANGES),
        seconds=st.sampled_from((-60, 0, 61, 4_000)),
    )
    def a_setting_is_proposed(
        self, maker: int, change: tuple[str, str, dict[str, Any]], seconds: int
    ) -> None:
        """A member of staff proposes a setting, for now or for later."""
        engine = self.world.engine
        kind, name, what = change
        newest = engine.ask(versions.history, tables.INSIDE, kind, name)[-1]
        body = {**codec.load(newest.body), **what}
        given = {"kind": kind, "name": name, "body": body}
        self._as_staff(
            maker,
            settings.propose,
            {**given, "effective_at": engine.now() + seconds * clock.SECOND},
        )

    @rule(checker=somebody, end=st.sampled_from(("approve", "approve", "reject", "withdraw")))
    def a_proposal_ends(self, checker: int, end: str) -> None:
        """A member of staff, its author or another, answers every proposal."""
        for one in self.world.engine.ask(versions.proposals, tables.INSIDE):
            given = {"version_id": one.id}
            if end == "reject":
                given["reason"] = "与现行规则不符"
            self._as_staff(checker, getattr(settings, end), given)

    @rule(maker=somebody, change=st.sampled_from(CHANGES[:4]))
    def a_setting_changes(self, maker: int, change: tuple[str, str, dict[str, Any]]) -> None:
        """One proposes and another approves."""
        self.a_setting_is_proposed(maker, change, 0)
        self.a_proposal_ends((maker + 1) % 3, "approve")

    def _as_staff(self, number: int, action: Any, given: dict[str, Any]) -> None:
        engine = self.world.engine
        staff = engine.ask(staff_queries.actor, tables.INSIDE, self.staff[number])
        assert staff is not None
        self._attempt(lambda: engine.perform(action, given, actor=staff))
