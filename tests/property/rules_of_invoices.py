"""Titles, applications, refusals, red letters and money that goes back, in whatever order, as rules."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine.boot import World, tables
from engine.invoicing import actions
from engine.kernel import actors, clock, errors, ports
from engine.ordering import actions as money
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.staffing import queries as staff_queries
from simulations.people import Person
from tests.support import worlds

OTHER_CODE = "91650100MA77TE5T1Y"
somebody = st.integers(min_value=0, max_value=2)
which = st.integers(min_value=0, max_value=5)
REASONS = ("01", "02", "03", "04")


class InvoiceRules:
    """Rules over `people`, `staff` and `world` of the machine that mixes them in."""

    world: World
    people: list[Person]
    staff: list[str]

    def _attempt(self, act: Any) -> bool:
        raise AssertionError("the machine attempts")

    def _work(self) -> None:
        raise AssertionError("the machine works")

    def _invoices(self, who: int, action: str, **given: Any) -> bool:
        person = self.people[who]
        return self._attempt(
            lambda: person.handset.door.perform(f"invoicing.{action}", given, key=person.key())
        )

    def _asked(self, who: int, question: str, **given: Any) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = self.people[who].handset.door.ask(question, given)
        except errors.EngineError:
            return []
        return found

    def _invoice(self, who: int, place: int) -> str:
        """The id of one of a person's invoices or red letters; a wrong one where there is none."""
        mine = self._asked(who, "invoicing.mine")
        ids = [i for one in mine for i in (one["id"], *one["reversed_by"])]
        return str(ids[place % len(ids)]) if ids else "inv_nothing"

    def _finance(self, place: int) -> actors.Staff:
        found = self.world.engine.ask(
            staff_queries.actor, tables.INSIDE, self.staff[place % len(self.staff)]
        )
        assert found is not None
        return dataclasses.replace(found, second_factor_at=1 << 62)

    @rule(who=somebody, company=st.booleans(), default=st.booleans())
    def keeps_a_title(self, who: int, company: bool, default: bool) -> None:
        """Keep a title, maybe one that is there already."""
        given = {"kind": "company", "name": "测试抬头有限公司", "code": OTHER_CODE}
        if not company:
            given = {"kind": "personal", "name": "测试抬头"}
        self._invoices(who, "add_title", **given, is_default=default)

    @rule(who=somebody, place=which, default=st.booleans())
    def switches_a_title(self, who: int, place: int, default: bool) -> None:
        """Make a title the default, or not, the enterprise's own included."""
        found = self._asked(who, "invoicing.titles")
        title_id = found[place % len(found)]["id"] if found else "ttl_nothing"
        self._invoices(who, "change_title", title_id=title_id, is_default=default)

    @rule(who=somebody, places=st.lists(which, max_size=3))
    def deletes_titles(self, who: int, places: list[int]) -> None:
        """Delete several, maybe the enterprise's own among them."""
        found = self._asked(who, "invoicing.titles")
        chosen = [found[place % len(found)]["id"] for place in places] if found else []
        self._invoices(who, "delete_titles", title_ids=chosen)

    @rule(who=somebody, kind=st.sampled_from(("ordinary", "special")), own=st.booleans())
    def applies_with_a_title(self, who: int, kind: str, own: bool) -> None:
        """Apply for the order's invoice, ordinary or special, to the payer or to somebody else."""
        given: dict[str, Any] = {"order_ids": [self.people[who].order_id], "kind": kind}
        if not own:
            given["title"] = {"kind": "company", "name": "测试抬头有限公司", "code": OTHER_CODE}
        self._invoices(who, "apply_for_invoice", **given)

    @rule(who=somebody, place=which)
    def takes_an_application_for_an_invoice_back(self, who: int, place: int) -> None:
        """Take one back, whether that is possible or not."""
        self._invoices(who, "withdraw_application", invoice_id=self._invoice(who, place))

    @rule(who=somebody, place=which)
    def the_tax_service_refuses(self, who: int, place: int) -> None:
        """The tax service says no to whatever it may be asked about."""
        given = {"invoice_id": self._invoice(who, place), "problem": "tax.title_unknown"}
        engine = self.world.engine
        self._attempt(lambda: engine.perform(actions.record_refused, given, actor=tables.INSIDE))

    @rule(who=somebody, place=which, changed=st.booleans())
    def sends_a_refused_invoice_again(self, who: int, place: int, changed: bool) -> None:
        """Send it again as it was, or to another title."""
        given: dict[str, Any] = {"invoice_id": self._invoice(who, place)}
        if changed:
            given["title"] = {"kind": "company", "name": "测试抬头有限公司", "code": OTHER_CODE}
        self._invoices(who, "send_again", **given)

    @rule(
        who=somebody,
        place=which,
        reason=st.sampled_from(REASONS),
        amount=st.none() | st.integers(min_value=1, max_value=25_000),
    )
    def asks_for_a_red_letter(self, who: int, place: int, reason: str, amount: int | None) -> None:
        """Ask for an invoice to be taken back, all of it or an amount, also too much."""
        invoice_id = self._invoice(who, place)
        given = {"invoice_id": invoice_id, "reason": reason, "amount_fen": amount}
        self._invoices(who, "ask_red_letter", **given)

    @rule(who=somebody, place=which, finance=which)
    def finance_proposes_a_red_letter(self, who: int, place: int, finance: int) -> None:
        """Finance proposes one; another one of them decides, as of every case."""
        given = {"invoice_id": self._invoice(who, place), "reason": "04", "amount_fen": 777}
        engine, staff = self.world.engine, self._finance(finance)
        self._attempt(lambda: engine.perform(actions.propose_red_letter, given, actor=staff))

    @rule(who=somebody, place=which, act=st.sampled_from(("confirm", "decline")))
    def the_buyer_answers_a_red_letter(self, who: int, place: int, act: str) -> None:
        """The buyer confirms or declines one, whether they are asked or not."""
        self._invoices(who, f"{act}_red_letter", invoice_id=self._invoice(who, place))

    @rule(who=somebody, place=which)
    def the_buyer_deducts_an_invoice(self, who: int, place: int) -> None:
        """From now on a red letter about it needs the buyer's word."""
        self._invoices(who, "declare_deducted", invoice_id=self._invoice(who, place))

    @rule(
        who=somebody,
        place=which,
        finance=which,
        act=st.sampled_from(("retry_invoice", "ask_buyer_again", "drop_red_letter")),
    )
    def finance_looks_after_an_invoice(self, who: int, place: int, finance: int, act: str) -> None:
        """Finance tries whatever it can do with whatever there is."""
        given = {"invoice_id": self._invoice(who, place)}
        engine, staff = self.world.engine, self._finance(finance)
        self._attempt(lambda: engine.perform(getattr(actions, act), given, actor=staff))

    @rule(who=somebody, finance=which, fen=st.sampled_from((1, 999, 5_000, 20_000)))
    def money_goes_back_unasked(self, who: int, finance: int, fen: int) -> None:
        """The provider gives a part back by itself, and finance accepts that."""
        order_id = self.people[who].order_id
        payment = self.world.engine.ask(orders.payment_for, tables.INSIDE, order_id or "ord_x")
        if payment is None or not payment.trade_no:
            return
        back = ports.Payback(
            refund_no=f"rfd_{self.people[who].key()[:12]}",
            payment_id=payment.id,
            trade_no=payment.trade_no,
            amount_fen=fen,
        )
        try:
            self.world.ports.payment.refund(back)
        except errors.EngineError:
            return
        # Its notice comes some seconds later.
        for _ in range(2):
            worlds.clock_of(self.world).advance(clock.MINUTE)
            self._work()
        staff = self._finance(finance)
        sql = "SELECT id FROM money_case WHERE kind = 'refund_unasked' AND status = 'open'"
        for row in worlds.rows(self.world, sql):
            given = {
                "case_id": row["id"],
                "resolution": ordering.Resolution.ACCEPT,
                "note": "已核对",
            }
            settle = partial(self.world.engine.perform, money.settle_case, given, actor=staff)
            self._attempt(settle)
