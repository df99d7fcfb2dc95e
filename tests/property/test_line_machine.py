"""A state machine over the actions of the line: whatever people do in whatever order, the rules hold.

After each step: the chain is intact, the log folds to the tables, and no invariant of any stage is broken.
Refusals are part of it: a refused act must leave everything as it was (unless the refusal is itself a
fact, such as a wrong PIN).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine import boot, worker
from engine.boot import tables
from engine.kernel import actors, clock, database, errors, events, identifiers, ids
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Wanted
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations.people import Identity, Person
from tests.property.rules_of_contracts import ContractRules
from tests.property.rules_of_invoices import InvoiceRules
from tests.property.rules_of_places import PlaceRules
from tests.property.rules_of_seals import SealRules
from tests.support import fresh

PEOPLE = 3
CLAIMABLE = Wanted(state="claimable")


def _identity(index: int) -> Identity:
    born = f"650102198{index}0315{index + 11:03d}"
    code = f"9165010{index + 1}MA77{index:02d}5T0"[:17]
    return Identity(
        name=f"测试{'甲乙丙丁戊己'[index]}",
        resident_id=born + identifiers.id_check_character(born),
        phone=f"1380000000{index}",
        bank_card="622202000000000" + identifiers.luhn_digit("622202000000000"),
        enterprise=f"新疆{'甲乙丙丁戊己'[index]}字号商贸有限公司",
        uscc=code + identifiers.credit_code_check_character(code),
        legal_representative=f"测试{'甲乙丙丁戊己'[index]}",
    )


class Line(ContractRules, InvoiceRules, PlaceRules, SealRules, RuleBasedStateMachine):
    """Three people, three reviewers, a bank that repeats itself, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: Any = None

    @initialize(rounds=st.sampled_from((0, 1, 3)))
    def begin(self, rounds: int) -> None:
        """A new world with three members of staff who hold every right to review.

        Nobody is there yet, or everybody has an enterprise, or everybody has a certificate.
        """
        self.world = self.new_world()
        self.clock = self.world.engine.parts.clock
        self.people = [
            Person(
                self.world,
                _identity(index),
                ids.seeded(7, f"person {index}"),
                role="purchaser" if index == 0 else "supplier",
            )
            for index in range(PEOPLE)
        ]
        self.requests: dict[int, str] = {}
        self.contract = ""
        self.folded_to = 0
        self.state: dict[str, dict[str, dict[str, Any]]] = {}
        self.staff = []
        for login in ("one", "two", "three"):
            made = self.world.engine.perform(
                staffing.create_staff,
                {
                    "login": login,
                    "name": login,
                    "password": "a long enough secret",
                    "roles": (Role.LEAD,),
                },
                actor=actors.System(job="setup"),
            )
            self.staff.append(made.id)
        for _ in range(rounds):
            self.everything_goes_well()
            self.time_passes(61)

    def identity(self, index: int) -> Identity:
        """The identity of a person by number."""
        return _identity(index)

    def new_world(self) -> boot.World:
        """The machine's world."""
        return fresh.in_memory()

    def _digest(self) -> str:
        with self.world.engine.parts.db.read() as connection:
            return events.head(connection).mac.hex()

    def _attempt(self, act: Any) -> bool:
        before = self._digest()
        try:
            act()
        except errors.EngineError as refusal:
            changed = self._digest() != before and not refusal.commits
        else:
            return True
        assert not changed, "a refusal changed something"
        return False

    people_ = st.integers(min_value=0, max_value=PEOPLE - 1)

    @rule(who=people_)
    def asks_for_a_code(self, who: int) -> None:
        """Ask for a code."""
        person = self.people[who]

        def act() -> None:
            self.requests[who] = person.request_code()

        self._attempt(act)

    @rule(who=people_, right=st.booleans())
    def enters_a_code(self, who: int, right: bool) -> None:
        """Enter the code that came, or another."""
        person = self.people[who]
        if who in self.requests and self.world.sms.outbox(person.identity.phone):
            code = person.read_code() if right else "000000"
            self._attempt(lambda: person.sign_in(self.requests[who], code))

    @rule(who=people_)
    def proves_name(self, who: int) -> None:
        """Prove the real name."""
        self._attempt(self.people[who].prove_name)

    @rule(who=people_)
    def claims(self, who: int) -> None:
        """Claim the enterprise."""
        self._attempt(self.people[who].claim)

    @rule(who=people_)
    def onboards(self, who: int) -> None:
        """Onboard at the platform."""
        person = self.people[who]
        self._attempt(lambda: (person.know_enterprise(), person.onboard()))

    @rule(who=people_)
    def orders(self, who: int) -> None:
        """Order a certificate."""
        self._attempt(lambda: self.people[who].order(agency_id="dongfang"))

    @rule(who=people_)
    def pays(self, who: int) -> None:
        """Pay at the cashier."""
        self._attempt(self.people[who].pay)

    @rule(who=people_)
    def attaches(self, who: int) -> None:
        """Hand in the papers."""
        self._attempt(self.people[who].attach)

    @rule(who=people_)
    def cancels(self, who: int) -> None:
        """Take the order back."""
        person = self.people[who]
        self._attempt(
            lambda: person.handset.door.perform(
                "ordering.cancel", {"order_id": person.order_id}, key=person.key()
            )
        )

    @rule(who=people_)
    def downloads(self, who: int) -> None:
        """Ask for the certificate, or take it into use."""
        person = self.people[who]
        self._attempt(person.request_certificate)
        self._work()
        self._attempt(person.activate)

    @rule(who=people_, pin=st.sampled_from(["280517", "739164"]))
    def binds(self, who: int, pin: str) -> None:
        """Bind at the PC, with the right PIN or a wrong one."""
        person = self.people[who]

        def act() -> None:
            person.sign_in_by_password()
            person.scan_and_confirm(person.show_binding_qr(), pin)

        try:
            act()
        except errors.EngineError:
            return

    @rule(who=people_)
    def applies_for_invoice(self, who: int) -> None:
        """Apply for the order's invoice."""
        self._attempt(self.people[who].invoice)

    @rule(with_=st.integers(min_value=1, max_value=PEOPLE - 1))
    def makes_a_contract(self, with_: int) -> None:
        """The purchaser orders from a supplier and makes the contract."""
        purchaser, supplier = self.people[0], self.people[with_]
        lines = [{"name": "滤芯", "unit": "套", "quantity": 2, "unit_price_fen": 999}]
        try:
            order = purchaser.place_purchase_order(supplier.mall_account_id, lines)
            made = purchaser.create_contract(
                order, number=f"HT-{purchaser.key()[:8]}", date="2026-06-01"
            )
        except errors.EngineError:
            return
        self.contract = made["id"]

    @precondition(lambda self: self.contract)
    @rule(who=people_)
    def signs(self, who: int) -> None:
        """Somebody signs the contract, whether they are a party or not."""
        person = self.people[who]
        try:
            person.know_seal()
            signature_id = person.request_signature(self.contract)
            self._work()
            person.scan_and_confirm(person.show_signing_qr(signature_id))
        except errors.EngineError:
            return

    @precondition(lambda self: self.contract)
    @rule()
    def submits(self) -> None:
        """The purchaser submits."""
        self._attempt(lambda: self.people[0].submit(self.contract))

    @rule(reviewer=st.integers(min_value=0, max_value=2), yes=st.booleans())
    def decides(self, reviewer: int, yes: bool) -> None:
        """A reviewer takes a case and decides it."""
        engine = self.world.engine
        staff = engine.ask(staff_queries.actor, tables.INSIDE, self.staff[reviewer])
        assert staff is not None
        for row in engine.ask(cases.page, staff, CLAIMABLE, limit=200).rows:
            given: dict[str, Any] = {"case_id": row.case.id}
            if not self._goes(partial(engine.perform, reviewing.claim, given, actor=staff)):
                return
            if yes:
                # A claim whose register has not answered yet cannot be approved a second time.
                self._attempt(partial(engine.perform, reviewing.approve, given, actor=staff))
            else:
                reasons = tuple(engine.ask(cases.reasons_for, staff, row.case.kind))[:1]
                if reasons:
                    no = {**given, "reasons": reasons}
                    self._goes(partial(engine.perform, reviewing.reject, no, actor=staff))
            return

    def _goes(self, act: Any) -> bool:
        """What is not refused where nothing else goes wrong."""
        act()
        return True

    @rule()
    def everything_goes_well(self) -> None:
        """Whoever can go on does, and both reviewers approve: so that deep states are reached."""
        for index in range(PEOPLE):
            if not self.people[index].handset.signed_in:
                self.asks_for_a_code(index)
                self._work()
                self.enters_a_code(index, True)
            for step in (self.proves_name, self.claims, self.onboards, self.orders, self.pays):
                step(index)
                self._work()
            self.attaches(index)
        for _ in range(10):
            for reviewer in range(3):
                self.decides(reviewer, True)
        for index in range(PEOPLE):
            self.downloads(index)

    @rule(seconds=st.sampled_from([1, 61, 200, 4_000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        """The clock moves on and what is due happens."""
        self.clock.advance(seconds * clock.SECOND)
        self._work()

    @rule()
    def the_worker_runs(self) -> None:
        """Jobs and notices that are due are done."""
        self._work()

    def _work(self) -> None:
        worker.tick(self.world, owner="test")

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def no_rule_is_broken(self) -> None:
        """Every stage's invariants: no certificate without payment and two approvals, and so on."""
        if self.clock is None:
            return
        with self.world.engine.parts.db.read() as connection:
            for name, sql in tables.INVARIANTS.items():
                assert connection.rows(sql) == [], name
            stuck = connection.rows("SELECT kind, last_error FROM job WHERE status = 'stuck'")
            assert stuck == []

    @invariant()
    def the_log_folds_to_the_tables(self) -> None:
        """What the log tells is what the tables hold."""
        if self.clock is None:
            return
        with self.world.engine.parts.db.read() as connection:
            fresh = events.read(connection, after=self.folded_to, limit=100_000)
            for table, rows in _fold_on(self.state, fresh).items():
                self.state[table] = rows
            self.folded_to = fresh[-1].seq if fresh else self.folded_to
            for table in database.tables(connection, "sqlite"):
                if table in tables.UNLOGGED:
                    continue
                held = {row["id"]: row for row in connection.rows(f"SELECT * FROM {table}")}
                assert held == self.state.get(table, {}), table

    def teardown(self) -> None:
        """At the end: the whole chain."""
        if self.clock is None:
            return
        with self.world.engine.parts.db.read() as connection:
            _, breaks = events.verify(connection, self.world.keyring)
        assert breaks == []
        self.world.close()


def _fold_on(
    state: dict[str, dict[str, dict[str, Any]]], fresh: list[events.Event]
) -> dict[str, dict[str, dict[str, Any]]]:
    for event in fresh:
        for table, row_id, values in event.changes:
            rows = state.setdefault(table, {})
            if values is None:
                rows.pop(row_id, None)
            else:
                rows.setdefault(row_id, {}).update(values)
    return state


TestLine = Line.TestCase
TestLine.settings = settings(stateful_step_count=25, deadline=None)


def test_the_rules_reach_what_they_are_for() -> None:
    """One walk by hand, so that no rule is refused for ever without anybody noticing."""
    line = Line()
    line.begin(3)
    zone = ("zone", "xinjiang", {"open": False})
    walk = (
        partial(line.follows_zones, 0, ["xinjiang", "nationwide"], "set_default_zone"),
        partial(line.follows_zones, 0, ["nationwide"], "leave_zone"),
        partial(line.joins_by_application, 0, 1, False),
        partial(line.changes_the_mall_password, 2, "12345678", "纸上得来终觉浅绝知此事"),
        partial(line.changes_particulars, 1, "新疆改名商贸有限公司", "测试新", True, True, False),
        partial(line.changes_particulars, 1, "新疆改名商贸有限公司", "测试新", True, True, True),
        partial(line.a_setting_changes, 0, zone),
        partial(line.joins_by_application, 0, 1, True),
    )
    for step in walk:
        step()
        line.no_rule_is_broken()
        line.the_log_folds_to_the_tables()
    with line.world.engine.parts.db.read() as connection:
        kinds = {row["kind"] for row in connection.rows("SELECT DISTINCT kind FROM event")}
    line.teardown()
    expected = {
        *("zone.joined", "zone.left", "zone.preferred", "invitation.declined"),
        *("invitation.accepted", "mall_account.password_changed", "change.rejected"),
        *("change.approved", "enterprise.changed", "certificate.revoked", "policy.proposed"),
    }
    assert expected - kinds == set()
