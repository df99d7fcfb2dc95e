"""Whatever administrators do, nobody ends up granting roles and reviewing, with however many accounts."""

from __future__ import annotations

import contextlib
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from engine.kernel import errors
from engine.policies import actions as policies
from engine.staffing import actions, model, queries
from engine.staffing.model import Right, Role
from tests.support import fresh, staffing, worlds

_PHONES = ("13800138001", "13800138002", "")
_NUMBERS = ("110101199003074514", "")
_ACCOUNTS = st.integers(0, 3)
_MOVES = st.one_of(
    st.tuples(st.just("grant"), _ACCOUNTS, st.sampled_from([role.value for role in Role])),
    st.tuples(st.just("revoke"), _ACCOUNTS, st.integers(0, 3)),
    st.tuples(st.just("phone"), _ACCOUNTS, st.sampled_from(_PHONES)),
    st.tuples(st.just("number"), _ACCOUNTS, st.sampled_from(_NUMBERS)),
    st.tuples(st.just("disable"), _ACCOUNTS, st.none()),
    st.tuples(st.just("enable"), _ACCOUNTS, st.none()),
    st.tuples(st.just("role"), st.sampled_from(["qa", "auditor"]), st.sampled_from(list(Right))),
)


class Office:
    """Two administrators and four accounts that they do things to."""

    def __init__(self) -> None:
        self.world = fresh.in_memory()
        self.admins = [staffing.administrator(self.world) for _ in range(2)]
        self.accounts = [worlds.staff(self.world).staff_id for _ in range(4)]
        self.own = dict.fromkeys(self.accounts, ("", ""))

    def do(self, kind: str, whom: Any, what: Any) -> None:
        """One move, which may be refused."""
        with contextlib.suppress(errors.EngineError):
            if kind == "role":
                self._change_role(whom, what)
                return
            staff_id = self.accounts[whom]
            action, given = self._given(kind, staff_id, what)
            staffing.do(self.world, self.admins[0], action, **given)
            phone, number = self.own[staff_id]
            if kind == "phone":
                self.own[staff_id] = (what, number)
            if kind == "number":
                self.own[staff_id] = (phone, what)

    def _given(self, kind: str, staff_id: str, what: Any) -> tuple[Any, dict[str, Any]]:
        whom = {"staff_id": staff_id}
        named = {**whom, "name": "王审核"}
        if kind == "revoke":
            grants = self.profile(staff_id).grants
            return actions.revoke_role, {
                "grant_id": grants[what % len(grants)].id if grants else ""
            }
        return {
            "grant": (actions.grant_role, {**whom, "role": what}),
            "phone": (actions.change_staff, {**named, "phone": what}),
            "number": (actions.change_staff, {**named, "resident_id": what}),
            "disable": (actions.disable_staff, {**whom, "reason": ""}),
            "enable": (actions.enable_staff, whom),
        }[kind]

    def _change_role(self, name: str, right: Right) -> None:
        body = {"label": {"zh": "角色", "en": "Role"}, "rights": [right.value]}
        given = {"kind": "role", "name": name, "body": body, "effective_at": 0}
        version = self.world.engine.perform(policies.propose, given, actor=self.admins[0])
        staffing.do(self.world, self.admins[1], policies.approve, version_id=version.id)

    def profile(self, staff_id: str) -> model.Profile:
        """An account as it is now."""
        return self.world.engine.ask(queries.profile, worlds.SYSTEM, staff_id)

    def rights(self, staff_id: str) -> set[str]:
        """What an account can do now; a disabled one nothing."""
        found = self.world.engine.ask(queries.actor, worlds.SYSTEM, staff_id)
        return set().union(*(grant.rights for grant in found.grants)) if found else set()

    def together(self) -> list[set[str]]:
        """The rights of each person, over all accounts with the same phone or number."""
        found = []
        for one in self.accounts:
            person = {one}
            for _ in self.accounts:
                person |= {b for b in self.accounts if any(self.shares(a, b) for a in person)}
            found.append(set().union(*(self.rights(account) for account in person)))
        return found

    def shares(self, one: str, other: str) -> bool:
        """Whether two accounts have a phone or a resident ID number in common."""
        pairs = zip(self.own[one], self.own[other], strict=True)
        return any(mine and mine == theirs for mine, theirs in pairs)


@pytest.mark.row("OPS-7")
@pytest.mark.row("OPS-3")
@hypothesis.given(st.lists(_MOVES, min_size=4, max_size=25))
def test_nobody_both_grants_roles_and_reviews(moves: list[tuple[str, Any, Any]]) -> None:
    office = Office()
    for kind, whom, what in moves:
        office.do(kind, whom, what)
        office.world.engine.parts.clock.advance(1)
        for rights in office.together():
            both = model.grants_and_decides(frozenset(Right(right) for right in rights))
            assert not both, (kind, whom, what)
    office.world.close()
