"""What people and the staff do with accounts, members and enterprises, as rules of the state machine."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine import worker
from engine.boot import World, tables
from engine.kernel import errors
from engine.registration import actions as registration
from engine.registration.model import CodePurpose
from engine.reviewing import queries as cases
from engine.staffing import queries as staff_queries
from simulations import papers
from simulations.at_pc import b64
from simulations.people import Person

PASSWORDS = ("纸上得来终觉浅绝知此事", "a quite long sentence", "12345678")
ROLES = ("handler", "seal_user", "administrator")
somebody = st.integers(min_value=0, max_value=2)


class PeopleRules:
    """Rules over `people`, `staff` and `world` of the machine that mixes them in."""

    world: World
    people: list[Person]
    staff: list[str]

    def _attempt(self, act: Any) -> bool:
        raise AssertionError("the machine attempts")

    def _do(self, who: int, action: str, **given: Any) -> None:
        person = self.people[who]
        self._attempt(
            lambda: person.handset.door.perform(f"registration.{action}", given, key=person.key())
        )

    def _ask(self, who: int, name: str, **given: Any) -> list[dict[str, Any]]:
        try:
            found = self.people[who].handset.door.ask(f"registration.{name}", given)
        except errors.EngineError:
            return []
        return found if isinstance(found, list) else []

    @rule(who=somebody)
    def confirms_in_person(self, who: int) -> None:
        """Enter a code that confirms it."""
        person, asked = self.people[who], list[str]()
        self._attempt(lambda: asked.append(person.request_step_up()))
        worker.tick(self.world, owner="test")
        for request_id in asked:
            code = self._newest_code(who)
            given = {"request_id": request_id, "code": code}
            self._do(who, "step_up", **given)

    @rule(who=somebody, new=st.sampled_from(PASSWORDS), old=st.sampled_from(("", *PASSWORDS)))
    def sets_a_password(self, who: int, new: str, old: str) -> None:
        """Set or change the password."""
        self._do(who, "set_password", new_password=new, old_password=old)

    @rule(who=somebody, password=st.sampled_from(PASSWORDS))
    def signs_in_by_password(self, who: int, password: str) -> None:
        """Sign in by password, right or wrong."""
        person = self.people[who]
        self._attempt(
            lambda: person.handset.sign_in_by_password(
                person.identity.phone, password, "模拟手机", terms_accepted=True
            )
        )

    @rule(who=somebody)
    def reports_misuse(self, who: int) -> None:
        """Freeze the own account."""
        self._do(who, "report_misuse")

    @rule(who=somebody)
    def thaws(self, who: int) -> None:
        """Get a frozen account back by a code and a fresh look at the name."""
        person, identity = self.people[who], self.people[who].identity
        asked: list[dict[str, Any]] = []
        self._attempt(
            lambda: asked.append(
                person.handset.request_code(
                    identity.phone, purpose=CodePurpose.UNFREEZE.value, terms_accepted=True
                )
            )
        )
        worker.tick(self.world, owner="test")
        for one in asked:
            self._do(
                who,
                "unfreeze",
                request_id=one["request_id"],
                phone=identity.phone,
                code=self._newest_code(who),
                way="alipay",
                name=identity.name,
                resident_id=identity.resident_id,
                face=b64(papers.face()),
            )

    @rule(who=somebody, whom=somebody, role=st.sampled_from(ROLES))
    def invites(self, who: int, whom: int, role: str) -> None:
        """Invite a number into the enterprise."""
        person = self.people[who]
        self._attempt(person.know_enterprise)
        self._attempt(lambda: person.invite(self.people[whom].identity.phone, role))

    @rule(who=somebody)
    def accepts(self, who: int) -> None:
        """Take every invitation."""
        for one in self._ask(who, "my_invitations"):
            self._do(who, "accept_invitation", invitation_id=one["id"])

    @rule(who=somebody, role=st.sampled_from(ROLES))
    def changes_roles(self, who: int, role: str) -> None:
        """Give every other member a role."""
        for one in self._members(who):
            self._do(who, "change_role", membership_id=one["membership_id"], role=role)

    @rule(who=somebody)
    def takes_somebody_out(self, who: int) -> None:
        """Take a member out."""
        for one in self._members(who)[:1]:
            self._do(who, "remove_member", membership_id=one["membership_id"])

    @rule(who=somebody)
    def leaves(self, who: int) -> None:
        """Leave the enterprise."""
        self._do(who, "leave_enterprise", enterprise_id=self.people[who].enterprise_id)

    @rule(who=somebody)
    def closes_the_enterprise(self, who: int) -> None:
        """Leave it as the only one who belongs to it."""
        self._do(who, "close_enterprise", enterprise_id=self.people[who].enterprise_id)

    @rule(who=somebody)
    def hands_over(self, who: int) -> None:
        """Offer the administrator's role to a member."""
        for one in self._members(who)[:1]:
            self._do(
                who,
                "offer_transfer",
                enterprise_id=self.people[who].enterprise_id,
                membership_id=one["membership_id"],
            )

    @rule(who=somebody, yes=st.booleans())
    def answers_the_offer(self, who: int, yes: bool) -> None:
        """Take the administrator's role, or not."""
        for one in self._ask(who, "my_transfers"):
            self._do(who, "answer_transfer", transfer_id=one["transfer_id"], accept=yes)

    @rule(who=somebody, revoke=st.booleans())
    def asks_for_the_end(self, who: int, revoke: bool) -> None:
        """Ask for the own account to be cancelled."""
        self._do(who, "request_cancellation", confirmed=True, revoke_certificates=revoke)

    @rule(who=somebody)
    def takes_it_back(self, who: int) -> None:
        """Take the cancellation back."""
        self._do(who, "withdraw_cancellation")

    @rule(who=somebody)
    def appeals(self, who: int) -> None:
        """Say why the account should not be ended."""
        self._do(who, "appeal", text="我没有做过这样的事，请再看一看记录。")

    @rule(reviewer=somebody, who=somebody)
    def the_staff_propose_an_end(self, reviewer: int, who: int) -> None:
        """A member of staff proposes to end somebody's account."""
        engine = self.world.engine
        staff = engine.ask(staff_queries.actor, tables.INSIDE, self.staff[reviewer])
        phone = self.people[who].identity.phone
        found = engine.ask(lambda q: q.find("account.phone", phone), tables.INSIDE)
        grounds = list(engine.ask(cases.reasons_for, tables.INSIDE, "termination_ground"))
        if staff is not None and found:
            given = {"account_id": found[0], "reason": grounds[0], "note": "多人举报"}
            proved = dataclasses.replace(staff, second_factor_at=engine.now())
            self._attempt(
                lambda: engine.perform(registration.propose_termination, given, actor=proved)
            )

    def _newest_code(self, who: int) -> str:
        """The newest code on somebody's phone; a number that nobody has gets none."""
        person = self.people[who]
        return person.read_code() if self.world.sms.outbox(person.identity.phone) else "000000"

    def _members(self, who: int) -> list[dict[str, Any]]:
        """The other members of the enterprise."""
        found = self._ask(who, "members", enterprise_id=self.people[who].enterprise_id)
        return [one for one in found if not one["me"]]
