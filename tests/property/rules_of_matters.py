"""Services, post, certificates and their keys, files, calls and staff, as rules of the state machine.

Each walks a way that a person or a member of staff walks in the product, as far as it goes; whatever
refuses ends the way there, and whatever was done before it stays done.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine.boot import World, tables
from engine.calls import actions as calls
from engine.delivering import actions as delivering
from engine.issuing.model import Why
from engine.kernel import actors, clock, errors
from engine.operating import actions as operating
from engine.ordering import actions as money
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.policies import queries as versions
from engine.records import actions as records
from engine.records import model as listed
from engine.registration import actions as registration
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Wanted
from engine.staffing import actions as staffing
from engine.staffing import queries as staff_queries
from engine.staffing.model import Role
from simulations.people import Person

somebody = st.integers(min_value=0, max_value=2)
which = st.integers(min_value=0, max_value=5)
ADDRESS = {
    "recipient": "王敏",
    "phone": "13800138111",
    "region": "650102",
    "detail": "新华北路 8 号",
}
DRAFTS = "(SELECT rowid, id FROM contract WHERE status = 'draft')"
# What people order, by category, and whether for themselves.
SERVICES = (("tender_alerts", False), ("tender_alerts", True), ("trading_seat", False))


@contextlib.contextmanager
def as_far_as_it_goes() -> Iterator[None]:
    """A way of several steps ends where one is refused; what was done before stays done."""
    try:
        yield
    except errors.EngineError:
        return


class MatterRules:
    """Rules over `people`, `staff` and `world` of the machine that mixes them in."""

    world: World
    people: list[Person]
    staff: list[str]

    def _attempt(self, act: Any) -> bool:
        raise AssertionError("the machine attempts")

    def _work(self) -> None:
        raise AssertionError("the machine works")

    def confirms_in_person(self, who: int) -> None:
        """The machine's own: enter a code that confirms who acts."""
        raise AssertionError("the machine confirms")

    def _newest(self, table: str, place: int = 0, column: str = "id") -> str:
        with self.world.engine.parts.db.read() as connection:
            rows = connection.rows(f"SELECT {column} AS one FROM {table} ORDER BY rowid DESC")
        return str(rows[place % len(rows)]["one"]) if rows else "nothing"

    def _member(self, place: int) -> actors.Staff:
        engine = self.world.engine
        found = engine.ask(staff_queries.actor, tables.INSIDE, self.staff[place % len(self.staff)])
        if found is None:
            raise errors.NotPermitted()
        return dataclasses.replace(found, second_factor_at=engine.now())

    def _by(self, place: int, action: Callable[..., Any], /, **given: Any) -> Any:
        """A member of staff does something; what came of it, or None where it was refused."""
        told: list[Any] = []

        def act() -> None:
            key = self.people[0].key()
            member = self._member(place)
            told.append(self.world.engine.perform(action, given, actor=member, key=key))

        return told[0] if self._attempt(act) else None

    # -- services and post -----------------------------------------------------------------------

    @rule(who=somebody, service=st.sampled_from(SERVICES), months=st.sampled_from((0, 1, 3, 12)))
    def orders_a_service(self, who: int, service: tuple[str, bool], months: int) -> None:
        """Order a service, for oneself or for the enterprise."""
        name, own = service
        self._attempt(lambda: self.people[who].order_service(name, months, own=own))

    @rule(
        who=somebody,
        place=which,
        act=st.sampled_from(("pay_service", "cancel_service", "give_up_service")),
    )
    def goes_on_with_a_service(self, who: int, place: int, act: str) -> None:
        """Pay for one, take it back or give it up."""
        order_id = self._newest("service_order", place)
        with as_far_as_it_goes():
            getattr(self.people[who], act)(order_id)
        self._work()

    @rule(who=somebody, place=which, act=st.sampled_from(("add", "change", "default", "delete")))
    def keeps_addresses(self, who: int, place: int, act: str) -> None:
        """Keep an address, change it, make it the default, delete it; one's own or somebody's."""
        address_id = self._newest("delivery_address", place)
        given: tuple[str, dict[str, Any]] = {
            "add": ("add_address", {**ADDRESS, "is_default": True}),
            "change": ("change_address", {**ADDRESS, "detail": "别处", "address_id": address_id}),
            "default": ("set_default_address", {"address_id": address_id}),
            "delete": ("delete_address", {"address_id": address_id}),
        }[act]
        door, key = self.people[who].handset.door, self.people[who].key()
        self._attempt(lambda: door.perform(f"delivering.{given[0]}", given[1], key=key))

    @rule(who=somebody, place=which)
    def asks_for_an_invoice_on_paper(self, who: int, place: int) -> None:
        """Apply for an invoice on paper, to the default address."""
        person = self.people[who]
        order_id = person.order_id if place % 2 else self._newest("service_order", place)
        kind = "certificate" if place % 2 else "information"
        given = {"order_ids": [order_id], "kind": "ordinary", "medium": "paper", "order_kind": kind}
        self._attempt(
            lambda: person.handset.door.perform(
                "invoicing.apply_for_invoice", given, key=person.key()
            )
        )

    @rule(who=somebody, place=which, lost=st.booleans())
    def asks_after_the_post(self, who: int, place: int, lost: bool) -> None:
        """Say that something has not come, or have it sent to another address."""
        subject, person = self._newest("shipment", place, "subject"), self.people[who]
        address = {"address_id": self._newest("delivery_address", place)}
        name, more = ("report_lost", {}) if lost else ("redirect", address)
        self._attempt(
            lambda: person.handset.door.perform(
                f"delivering.{name}", {"subject": subject, **more}, key=person.key()
            )
        )

    @rule(member=somebody, place=which)
    def staff_look_after_the_post(self, member: int, place: int) -> None:
        """Finance writes a parcel off, sends it again or finds it."""
        acts = (delivering.find, delivering.send_again, delivering.write_off)
        self._by(member, acts[place % 3], shipment_id=self._newest("shipment", place))

    @rule(days=st.sampled_from((1, 8, 40)))
    def days_pass(self, days: int) -> None:
        """Days of tax lists, statements, terms and notices."""
        moves: Any = self.world.engine.parts.clock
        for _ in range(days):
            moves.advance(clock.DAY)
            self._work()

    # -- certificates and what they open -----------------------------------------------------------

    @rule(who=somebody)
    def completes_the_pair(self, who: int) -> None:
        """Take the encryption key onto the phone."""
        self._work()
        with as_far_as_it_goes():
            self.people[who].complete_pair()

    @rule(
        who=somebody,
        act=st.sampled_from(("suspend_certificate", "resume_certificate", "unlock_pin")),
    )
    def holds_or_lifts(self, who: int, act: str) -> None:
        """Put the certificate on hold, lift that, unlock its PIN."""
        self._attempt(getattr(self.people[who], act))

    @rule(
        who=somebody,
        reason=st.sampled_from(("keyCompromise", "superseded", "nothing")),
        fresh=st.booleans(),
    )
    def revokes(self, who: int, reason: str, fresh: bool) -> None:
        """Give the certificate up, with a code entered just before or without."""
        if fresh:
            self.confirms_in_person(who)
        self._attempt(lambda: self.people[who].revoke_certificate(reason))

    @rule(who=somebody, business=st.sampled_from(("renew", "replace", "change")))
    def orders_a_successor(self, who: int, business: str) -> None:
        """Order what takes the certificate's place, and go on with that."""
        person, more = self.people[who], {"renew": {"years": 1}, "replace": {"why": "lost_phone"}}
        told: list[str] = []
        self.confirms_in_person(who)
        if not self._attempt(
            lambda: told.append(
                person.order_successor(business, confirmed=True, **more.get(business, {}))
            )
        ):
            return
        self._work()
        with as_far_as_it_goes():
            person.pay_for(told[0])
        self._work()

    @rule(who=somebody, to=somebody)
    def delegates(self, who: int, to: int) -> None:
        """Order a certificate for a member, who takes it, and take it back."""
        person, member = self.people[who], self.people[to]
        with as_far_as_it_goes():
            order_id = person.delegate(member.me()["account_id"])
            self._pays(person, order_id)
            certificate_id = member.request_for(order_id)
            self._work()
            member.take(certificate_id)
            person.withdraw_delegation(certificate_id)

    def _pays(self, person: Person, order_id: str) -> None:
        """Pay for an order, hand in its papers, and have it decided."""
        moves: Any = self.world.engine.parts.clock
        self._work()
        person.pay_for(order_id)
        moves.advance(clock.MINUTE)
        self._work()
        with as_far_as_it_goes():
            person.attach_to(order_id)
        for reviewer in (0, 1, 2, 0, 1, 2):
            self.decides(reviewer, True)

    def decides(self, reviewer: int, yes: bool) -> None:
        """The machine's own: a reviewer decides what is due."""
        raise AssertionError("the machine decides")

    @rule(who=somebody)
    def replaces_what_was_lost(self, who: int) -> None:
        """The phone is lost: a new pair on a new one, and the old encryption key out of its archive."""
        person = self.people[who]
        with as_far_as_it_goes():
            lost = person.encryption_certificate()
            person.change_phone()
            asked = person.request_code()
            self._work()
            person.sign_in(asked, person.read_code())
            order_id = person.order_successor("replace", confirmed=True, why="lost_phone")
            self._pays(person, order_id)
            person.certificate_id = person.request_for(order_id)
            self._work()
            person.take(person.certificate_id)
            self._work()
            person.complete_pair()
            for back in (True, False):
                person.ask_recovery(lost, "phone_lost")
                if back:
                    given = {"recovery_id": self._newest("key_recovery")}
                    person.handset.door.perform(
                        "issuing.withdraw_recovery", given, key=person.key()
                    )
            for reviewer in (0, 1, 2, 0, 1, 2):
                self.decides(reviewer, True)
            self._work()
            person.take_recovered_key(lost)

    @rule(who=somebody, why=st.sampled_from(get_args(Why)), back=st.booleans())
    def asks_for_a_key_back(self, who: int, why: str, back: bool) -> None:
        """Have an encryption key recovered; take the request back, or take the key."""
        person = self.people[who]
        with as_far_as_it_goes():
            person.ask_recovery(person.encryption_certificate(), why)
            if back:
                given = {"recovery_id": self._newest("key_recovery")}
                person.handset.door.perform("issuing.withdraw_recovery", given, key=person.key())
        with as_far_as_it_goes():
            person.take_recovered_key(person.encryption_certificate())

    @rule(who=somebody)
    def guesses_the_pin(self, who: int) -> None:
        """Enter a wrong PIN until it is locked."""
        person = self.people[who]
        for _ in range(7):
            with as_far_as_it_goes():
                person.handset.change_pin(person.certificate_id, "739164", "280517")

    @rule(who=somebody)
    def asks_for_the_second_certificate(self, who: int) -> None:
        """Ask for the pair's encryption certificate again."""
        person = self.people[who]
        given = {"certificate_id": person.certificate_id}
        self._attempt(
            lambda: person.handset.door.perform(
                "issuing.ask_encryption_key", given, key=person.key()
            )
        )

    @rule(who=somebody, place=which)
    def cancels_an_order(self, who: int, place: int) -> None:
        """Take back some order, one's own or not."""
        order_id = self._newest("certificate_order", place)
        self._attempt(lambda: self.people[who].cancel_order(order_id))

    @rule(who=somebody)
    def waits_until_renewal(self, who: int) -> None:
        """The window in which the certificate can be renewed opens."""
        with as_far_as_it_goes():
            moves: Any = self.world.engine.parts.clock
            moves.set(self.people[who].renewable_from() + clock.DAY)
        self._work()

    @rule(who=somebody, kind=st.sampled_from(("contract", "finance", "personnel")))
    def stamps_a_form(self, who: int, kind: str) -> None:
        """Print a form, stamp it, scan it and hand it in."""
        with as_far_as_it_goes():
            self.people[who].apply_for_seal(kind, "", line="专用章")

    @rule(with_=st.integers(1, 2), then=st.sampled_from(("save_draft", "discard_draft")))
    def orders_from_a_supplier(self, with_: int, then: str) -> None:
        """Place a purchase order, begin its contract, and maybe throw that away."""
        person, supplier = self.people[0], self.people[with_]
        lines = [{"name": "滤芯", "unit": "套", "quantity": 2, "unit_price_fen": 999}]
        with as_far_as_it_goes():
            person.sign_in_by_password()
            order = person.place_purchase_order(supplier.mall_account_id, lines)
            given: dict[str, Any] = {"purchase_order_id": order["id"]}
            person.act_on_contract("save_draft", **given, form={"number": "HT-1"})
            if then == "discard_draft":
                person.act_on_contract(then, **given)

    @rule(who=somebody)
    def sends_a_contract_to_the_phone(self, who: int) -> None:
        """Have what is to be signed shown on the phone, with the password once more."""
        person = self.people[who]
        with as_far_as_it_goes():
            person.sign_in_by_password()
            given = {
                "password": person.identity.password,
                "nonce": person.own_nonce(),
                "batch_id": self._newest("signing_batch"),
            }
            person.browser.perform("signing.send_to_phone", given, key=person.key())

    @rule(who=somebody, to=somebody, harm=st.booleans())
    def sends_a_file(self, who: int, to: int, harm: bool) -> None:
        """Sign and encrypt a file for another enterprise, which opens it; another one is given up."""
        sender, receiver = self.people[who], self.people[to]
        with as_far_as_it_goes():
            sender.sign_in_by_password()
            given_up, _ = sender.show_file_qr("旧.txt", b"old", [receiver.enterprise_id])
            sender.browser.perform("enveloping.drop_file", {"file_id": given_up}, key=sender.key())
            made = sender.make_file("标书.txt", b"content", [receiver.enterprise_id])
            receiver.sign_in_by_password()
            receiver.confirm_on_phone(receiver.show_opening_qr("标书.txt.p7m", made))
            # One byte of what is encrypted, near the end, changes on the way.
            receiver.decrypt_here(
                made[:-20] + bytes((made[-20] ^ 1,)) + made[-19:] if harm else made
            )

    @rule(who=somebody, pin=st.sampled_from(("280517", "739164")))
    def signs_in_by_scan(self, who: int, pin: str) -> None:
        """Sign in at the PC by scan."""
        person = self.people[who]
        with as_far_as_it_goes():
            ticket_id, qr_text = person.show_login_qr()
            person.scan_and_confirm(qr_text, pin)
            person.finish_login(ticket_id)

    @rule(who=somebody, refuse=st.booleans())
    def shows_a_code_and_leaves_it(self, who: int, refuse: bool) -> None:
        """Scan a code and say no, or the browser takes it back; or unbind."""
        person = self.people[who]
        with as_far_as_it_goes():
            ticket_id, qr_text = person.show_login_qr()
            if refuse:
                ticket = person.handset.scan(qr_text)
                person.handset.door.perform(
                    "scanning.refuse", {"ticket_id": ticket["id"]}, key=person.key()
                )
            else:
                given = {"ticket_id": ticket_id, "nonce": person.own_nonce()}
                person.browser.perform("scanning.cancel", given, key=person.key())

    @rule(who=somebody, old=st.sampled_from(("280517", "739164")))
    def changes_the_pin(self, who: int, old: str) -> None:
        """Give the certificate another PIN, which is the same one again."""
        person = self.people[who]
        with as_far_as_it_goes():
            person.handset.change_pin(person.certificate_id, old, person.identity.pin)

    @rule(who=somebody)
    def signs_several_at_once(self, who: int) -> None:
        """Ask for a batch of what waits, and confirm it."""
        person = self.people[who]
        with as_far_as_it_goes():
            person.sign_in_by_password()
            person.know_seal()
            given = {
                "contract_ids": [self._newest(DRAFTS), self._newest(DRAFTS, 1)],
                "certificate_id": person.certificate_id,
                "seal_id": person.seal_id,
            }
            person.browser.perform("signing.request_batch", given, key=person.key())
            self._work()

    # -- staff -------------------------------------------------------------------------------------

    @rule(member=somebody, who=somebody, place=which)
    def answers_a_call(self, member: int, who: int, place: int) -> None:
        """Somebody calls: the agent looks them up, hurries something along, and writes it down."""
        number = self.people[who].identity.phone
        call = self._by(member, calls.answer, number=number)
        if call is None:
            return
        if place % 2:
            with self.world.engine.parts.db.read() as connection:
                sql = "SELECT id FROM review_case WHERE maker = ? ORDER BY opened_at DESC"
                rows = connection.rows(sql, (f"person:{call.account_id}",))
            case_id = rows[0]["id"] if rows else "nothing"
            self._by(member, calls.urge, call_id=call.id, case_id=case_id)
        self._by(member, calls.log_call, call_id=call.id, matters=(), note="问进度")

    @rule(place=which)
    def asks_for_jobs_that_are_not_stuck(self, place: int) -> None:
        """Whoever wants a job done again that goes on by itself is refused, the administrator too."""
        given = {"job_ids": (self._newest("job", place),), "reason": "看过"}
        for member in range(len(self.staff)):
            assert self._by(member, operating.take_up, **given) is None
            kind = self._newest("job", place, "kind")
            assert self._by(member, operating.take_up_kind, kind=kind, reason="看过") is None

    @rule(member=somebody, place=which)
    def tidies_the_desk(self, member: int, place: int) -> None:
        """Keep a view, hand over, take a handover, write a note, put a case on hold or back."""
        case_id = self._waiting(member, place)
        view = self._by(member, reviewing.save_view, name=f"视图 {place}", wanted=Wanted())
        if view is not None:
            self._by(member, reviewing.change_view, view_id=view.id, name="改", wanted=Wanted())
            self._by(member, reviewing.delete_view, view_id=view.id)
        kept = self._by(
            member, records.save_view, name="在办订单", wanted=listed.Wanted(kind="order")
        )
        if kept is not None:
            self._by(member, records.delete_view, view_id=kept.id)
        self._by(member, reviewing.claim, case_id=case_id)
        self._by(member, reviewing.note_case, case_id=case_id, text="看过")
        self._by(member, reviewing.hold, case_id=case_id, reason="applicant_asked")
        self._by(member, reviewing.resume, case_id=case_id)
        self._by(member, reviewing.hand_over, case_ids=(case_id,), text="请接着办")
        self._by(member + 1, reviewing.take_handover, handover_id=self._newest("handover"))
        self._by(member, reviewing.release, case_id=case_id)
        self._by(member, reviewing.claim, case_id=case_id)
        self._by(member + 1, reviewing.take_over, case_id=case_id, reason="急")
        whom = self.staff[member % 3]
        self._by(member + 1, reviewing.reassign, case_id=case_id, staff_id=whom, reason="急")

    def _waiting(self, member: int, place: int) -> str:
        """A case that a member of staff may claim, or any."""
        wanted = Wanted(state="claimable")
        rows = self.world.engine.ask(cases.page, self._member(member % 3), wanted).rows
        return rows[place % len(rows)].case.id if rows else self._newest("review_case", place)

    @rule(number=st.integers(1, 3), role=st.sampled_from((Role.QA, Role.FINANCE, Role.LEAD)))
    def an_administrator_hires(self, number: int, role: Role) -> None:
        """The administrator makes an account, grants, links, disables, enables and lets go."""
        boss, login = len(self.staff) - 1, f"new-{number}"
        given = {"name": "x", "password": "a long enough secret", "login": login, "roles": (role,)}
        made = self._by(boss, staffing.create_staff, **given)
        if made is None:
            return
        whom = {"staff_id": made.id}
        link = {"issuer": "https://login.example", "subject": login}
        for action, more in (
            (staffing.grant_role, {**whom, "role": Role.AUDITOR}),
            (staffing.revoke_role, {"grant_id": self._newest("staff_grant")}),
            (staffing.change_staff, {**whom, "name": "改名"}),
            (staffing.reset_staff_password, {**whom, "password": "another long secret"}),
            (staffing.link_oidc, {**whom, **link}),
            (staffing.disable_staff, {**whom, "reason": "离职"}),
            (staffing.enable_staff, whom),
            (staffing.end_sessions, whom),
        ):
            self._by(boss, action, **more)
        self._by(boss, staffing.unlink_oidc, link_id=self._newest("staff_link"))

    @rule()
    def everything_is_looked_at_twice(self) -> None:
        """From now on every decided case has a second look."""
        engine = self.world.engine
        rule_ = engine.ask(versions.in_force, tables.INSIDE, policies.Sampling, "")
        body = {**rule_.model_dump(mode="json"), "per_thousand": 1_000}
        given = {"kind": "sampling", "name": "", "body": body, "effective_at": engine.now()}
        proposed = self._by(0, settings.propose, **given)
        if proposed is not None:
            self._by(1, settings.approve, version_id=proposed.id)

    @rule(right=st.sampled_from(("first", "second")))
    def settles_differences(self, right: str) -> None:
        """A lead says which of two looks was right."""
        for member in (0, 1, 2):
            case_id = self._newest("case_difference", 0, "case_id")
            self._by(member, reviewing.settle_difference, case_id=case_id, right=right, note="看过")

    @rule(member=somebody, place=which)
    def finance_settles(self, member: int, place: int) -> None:
        """Finance answers a case about money in one of the ways there are."""
        resolutions = ("explain", "refund", "accept", "retry", "write_off", "nothing")
        self._by(
            member,
            money.settle_case,
            case_id=self._newest("money_case", place),
            resolution=resolutions[place],
            note="已核对",
        )

    @rule(member=somebody, place=which)
    def looks_into_an_archive(self, member: int, place: int) -> None:
        """Ask for what is left of somebody who has gone, and look."""
        archive_id = self._newest("archive", place)
        asked = self.world.engine.ask(cases.reasons_for, tables.INSIDE, "archive_ground")
        told = self.world.engine.ask(cases.reasons_for, tables.INSIDE, "reveal_ground")
        ground, why = next(iter(told)), next(iter(asked))
        self._by(member, registration.released, archive_id=archive_id)
        self._by(member, registration.request_release, archive_id=archive_id, reason=why)
        account_id = self._newest("account", place)
        for place_of in (f"account|phone|{account_id}", f"account|name|{account_id}"):
            self._by(member, records.reveal, record_id=account_id, place=place_of, ground=ground)
