"""A state machine over the desk: whoever does whatever in whatever order, maker is never checker.

Members of staff are makers too (they propose to end accounts), customers too (two of them have claims of
their own), and change their minds; papers change behind everybody's back. After each step no approval is
by who took part, and nothing is approved by fewer people than its rule asks for.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.boot import tables
from engine.kernel import actors, clock, errors, events
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import actions as registration
from engine.reviewing import actions, model, queries
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import deciding, fold, fresh, registering, worlds

STAFF = 5
who_ = st.integers(min_value=0, max_value=STAFF - 1)
which_ = st.integers(min_value=0, max_value=40)
seen = {"histories": 0, "decided": 0, "refused": 0}


class Desk(RuleBasedStateMachine):
    """Five leads, of whom two are customers as well, and what they are asked to decide."""

    def __init__(self) -> None:
        super().__init__()
        self.world: Any = None

    @initialize()
    def begin(self) -> None:
        """A new world in which every decision is looked at again."""
        self.world = fresh.in_memory()
        deciding.sample_everything(self.world)
        self.staff = [deciding.reviewer(self.world, Role.LEAD) for _ in range(STAFF)]
        administrator = deciding.reviewer(self.world, Role.ADMINISTRATOR)
        self.people = []
        for number in range(3):
            person = registering.sign_up(self.world, f"1380013800{number}")
            identity = registering.resident_id(sequence=f"{number * 2 + 100:03d}")
            registering.prove(self.world, person, identity)
            self.people.append(person)
        for place in (0, 1):
            given = {
                "staff_id": self.staff[place].staff_id,
                "name": "王审核",
                "phone": f"1380013800{place}",
            }
            self.world.engine.perform(staffing.change_staff, given, actor=administrator)
        self.made = 0
        rules = self.world.engine.ask(
            policy_queries.all_in_force, worlds.SYSTEM, policies.ReviewRule
        )
        self.needed = {kind: rule.approvers for kind, rule in rules.items()}

    # -- what comes in ---------------------------------------------------------------------------

    @rule(person=st.integers(min_value=0, max_value=2))
    def claims(self, person: int) -> None:
        """Somebody claims an enterprise."""
        self.made += 1
        try:
            deciding.claim_case(self.world, self.made, person=self.people[person])
        except errors.EngineError:
            return

    @rule(who=who_, person=st.integers(min_value=0, max_value=2))
    def proposes_to_end_an_account(self, who: int, person: int) -> None:
        """A member of staff makes a case."""
        account = self.people[person].account_id
        given = {"account_id": account, "reason": "account_passed_on", "note": "x"}
        self._attempt(registration.propose_termination, given, who)

    @rule(which=which_, code=st.integers(min_value=0, max_value=3))
    def papers_change(self, which: int, code: int) -> None:
        """Behind everybody's back one paper of a claim becomes another of its papers."""
        cases = [one for one in self._cases() if one.kind == "enterprise_claim"]
        if not cases:
            return
        subject = cases[which % len(cases)].subject_id
        sql = "SELECT papers, status FROM enterprise_claim WHERE id = ?"
        found = worlds.rows(self.world, sql, subject)[0]
        if found["status"] in ("approved", "rejected"):
            return
        papers = json.loads(found["papers"])
        papers[code]["blob_id"] = papers[(code + 1) % 4]["blob_id"]
        sql = "UPDATE enterprise_claim SET papers = ? WHERE id = ?"
        worlds.run_sql(self.world, sql, json.dumps(papers), subject)

    @rule(minutes=st.sampled_from([1, 10, 16, 500]))
    def time_passes(self, minutes: int) -> None:
        """Leases run out."""
        worlds.clock_of(self.world).advance(minutes * clock.MINUTE)

    # -- what staff do ---------------------------------------------------------------------------

    @rule(who=who_)
    def takes_the_next(self, who: int) -> None:
        """Somebody takes what is due."""
        self._attempt(actions.next_case, {}, who)

    @rule(
        who=who_,
        which=which_,
        action=st.sampled_from(
            [actions.claim, actions.claim, actions.release, actions.resume, actions.take_over]
        ),
    )
    def handles(self, who: int, which: int, action: Any) -> None:
        """Somebody claims, releases, resumes or takes over some case, theirs or not."""
        more = {"reason": "急"} if action is actions.take_over else {}
        self._on(action, who, which, more)

    @rule(who=who_, which=which_, to=who_)
    def hands_on(self, who: int, which: int, to: int) -> None:
        """Somebody gives some case to somebody."""
        self._on(actions.reassign, who, which, {"staff_id": self.staff[to].staff_id, "reason": "x"})

    @rule(who=who_, which=which_)
    def holds(self, who: int, which: int) -> None:
        """Somebody puts some case on hold."""
        self._on(actions.hold, who, which, {"reason": "applicant_asked"})

    @rule(who=who_, which=which_, first=st.booleans())
    def approves(self, who: int, which: int, first: bool) -> None:
        """Somebody says yes to some case, after claiming it or without."""
        if first:
            self._on(actions.claim, who, which, {})
        self._on(actions.approve, who, which, {})

    @rule(who=who_, which=which_)
    def rejects(self, who: int, which: int) -> None:
        """Somebody says no to some case."""
        self._on(actions.claim, who, which, {})
        case = self._case(which)
        if case is not None:
            reasons = tuple(self.world.engine.ask(queries.reasons_for, worlds.SYSTEM, case.kind))
            self._on(actions.reject, who, which, {"reasons": reasons[:1]})

    @rule(who=who_, which=which_, right=st.sampled_from(["first", "second"]))
    def settles(self, who: int, which: int, right: str) -> None:
        """Somebody says which of two looks was right."""
        self._on(actions.settle_difference, who, which, {"right": right, "note": "看过"})

    @rule()
    def everybody_works_the_queue_off(self) -> None:
        """Whoever may, takes what is due and says yes, so that much is decided."""
        for place in range(STAFF):
            for _ in range(3):
                case = self._attempt(actions.next_case, {}, place)
                if case is not None:
                    self._attempt(actions.approve, {"case_id": case.id}, place)

    # -- what always holds -----------------------------------------------------------------------

    @invariant()
    def maker_is_never_checker(self) -> None:
        """0 cases decided, held or approved by their maker, by who is excluded, or twice by one."""
        if self.world is None:
            return
        own = {
            f"person:{self.people[place].account_id}": self.staff[place].text for place in (0, 1)
        }
        for case in self._cases():
            deciders = [*case.approved_by, *([case.decided_by] if case.decided_by else [])]
            assert len(deciders) == len(set(deciders))
            for one in (*deciders, *([case.assignee] if case.assignee else [])):
                assert one not in (case.maker, *case.excluded), case
                assert own.get(case.maker) != one, case
            if case.status is model.CaseStatus.APPROVED and case.sample_of is None:
                assert len(deciders) >= self.needed[case.kind], case

    def teardown(self) -> None:
        """At the end: every invariant of every stage, and the chain."""
        if self.world is None:
            return
        with self.world.engine.parts.db.read() as connection:
            for name, sql in tables.INVARIANTS.items():
                assert connection.rows(sql) == [], name
            _, breaks = events.verify(connection, self.world.keyring)
        assert breaks == []
        # Papers were changed behind the log's back; everything else folds.
        tables_apart = {name.split("/")[0] for name in fold.differences(self.world)}
        assert tables_apart <= {"enterprise_claim"}
        seen["histories"] += 1
        seen["decided"] += sum(case.decided_at is not None for case in self._cases())
        self.world.close()

    # -- means -----------------------------------------------------------------------------------

    def _cases(self) -> list[model.Case]:
        with self.world.engine.reader(worlds.SYSTEM) as q:
            return q.all(model.Case, "SELECT * FROM review_case ORDER BY opened_at, id")

    def _case(self, which: int) -> model.Case | None:
        cases = self._cases()
        return cases[which % len(cases)] if cases else None

    def _on(self, action: Any, who: int, which: int, more: dict[str, Any]) -> None:
        case = self._case(which)
        if case is not None:
            self._attempt(action, {"case_id": case.id, **more}, who)

    def _attempt(self, action: Any, given: dict[str, Any], who: int) -> Any:
        actor: actors.Staff = self.staff[who]
        try:
            return self.world.engine.perform(action, given, actor=actor)
        except errors.EngineError:
            seen["refused"] += 1
            return None


# Without shrinking: a history of the desk that fails is short enough, and shrinking one takes minutes.
Desk.TestCase.settings = settings(
    stateful_step_count=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


class TestDesk(Desk.TestCase):
    """The histories, and afterwards that they were not empty ones."""

    @classmethod
    def tearDownClass(cls):
        print(
            f"\n{seen['histories']} histories: {seen['decided']} decided, {seen['refused']} refused"
        )
        assert seen["histories"] > 0
        assert 4 * seen["decided"] > seen["histories"]
        assert seen["refused"] > seen["histories"]
