"""What codes by SMS open, other ways to prove a name and to join, and leaving, as rules of the machine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine.kernel import clock, ids
from engine.registration.model import CodePurpose
from simulations import papers
from simulations.at_pc import b64
from simulations.people import Identity, Person
from tests.property.rules_of_matters import MatterRules, as_far_as_it_goes

somebody = st.integers(min_value=0, max_value=2)
# What somebody does with a code that came for it; its number is the own one, or a new one.
OPENED: tuple[tuple[str, str], ...] = (
    (CodePurpose.REPORT_MISUSE.value, "registration.report_misuse_by_code"),
    (CodePurpose.UNFREEZE.value, "registration.unfreeze"),
    (CodePurpose.FORGOTTEN_PASSWORD.value, "registration.reset_password"),
    (CodePurpose.CHANGE_NUMBER.value, "registration.change_number"),
    (CodePurpose.RECOVER_NUMBER.value, "registration.recover_number"),
    (CodePurpose.ONBOARD.value, "mall.onboard_at_pc"),
)
# So many people come at most.
MOST = 6
NEW_NUMBERS = ("13700000001", "13700000002")


class CodeRules(MatterRules):
    """Rules over `people` and `world` of the machine that mixes them in."""

    @rule(who=somebody, what=st.sampled_from(OPENED), new=st.sampled_from(NEW_NUMBERS))
    def does_by_code(self, who: int, what: tuple[str, str], new: str) -> None:
        """Ask for a code for something, and do it once the code has come."""
        purpose, name = what
        person, identity = self.people[who], self.people[who].identity
        number = new if purpose.endswith("_number") else identity.phone
        with as_far_as_it_goes():
            asked = person.handset.request_code(number, purpose=purpose, terms_accepted=True)
            self._work()
            sent = self.world.sms.outbox(number)
            code = next((word for word in _numbers(sent[0].text)), "000000") if sent else "000000"
            given = self._given(person, name, number) | {
                "request_id": asked["request_id"],
                "code": code,
            }
            person.handset.door.perform(name, given, key=person.key())
        self._work()

    def _given(self, person: Person, name: str, number: str) -> dict[str, Any]:
        identity = person.identity
        proof = {
            "way": "alipay",
            "name": identity.name,
            "resident_id": identity.resident_id,
            "face": b64(papers.face()),
        }
        return {
            "registration.report_misuse_by_code": {"phone": number},
            "registration.unfreeze": {"phone": number, **proof},
            "registration.reset_password": {
                "phone": number,
                "new_password": "a quite long sentence",
                "name": identity.name,
                "resident_id": identity.resident_id,
            },
            "registration.change_number": {"new_phone": number},
            "registration.recover_number": {"new_phone": number, **proof},
            "mall.onboard_at_pc": {
                "platform_id": person.platform_id,
                "role": "purchaser",
                "enterprise_name": identity.enterprise,
                "uscc": identity.uscc,
                "phone": number,
                "login": f"pc-{identity.phone}",
                "password": "another long secret",
            },
        }[name]

    @rule(who=somebody, right=st.booleans())
    def proves_name_by_card(self, who: int, right: bool) -> None:
        """Prove the real name by a bank card, whose code comes apart and perhaps once more."""
        person = self.people[who]
        with as_far_as_it_goes():
            proof = person.prove_name("bankcard")
            self._work()
            if not right:
                moves: Any = self.world.engine.parts.clock
                moves.advance(61 * clock.SECOND)
                person.resend_proof_code(proof["id"])
                self._work()
            person.complete_proof(proof["id"], person.read_bank_code() or "000000")
        self._work()

    @rule(by=st.sampled_from(("letter", "payment", "app")))
    def somebody_new_claims(self, by: str) -> None:
        """Somebody comes and claims their enterprise by letter, by paying, or by its representative."""
        number = len(self.people)
        if number >= MOST:
            return
        person = Person(self.world, self.identity(number), ids.seeded(7, f"person {number}"))
        self.people.append(person)
        with as_far_as_it_goes():
            asked = person.request_code()
            self._work()
            person.sign_in(asked, person.read_code())
            person.prove_name()
            self._work()
            claim = person.claim(by)
            given, door = {"claim_id": claim["id"]}, person.handset.door
            with as_far_as_it_goes():
                urged = {"subject_id": claim["id"]}
                door.perform("reviewing.urge_own", urged, key=person.key())
            if by == "payment":
                asked = door.perform("registration.start_reverse_payment", given, key=person.key())
                enterprise, fen = person.identity.enterprise, asked["amount_fen"]
                self.world.bank.transfer(asked["sub_account"], enterprise, fen)
            if by == "app":
                phone = {"phone": person.identity.phone}
                door.perform("registration.ask_representative", given | phone, key=person.key())
                door.perform("registration.authorize_claim", given, key=person.key())
        self._work()

    @rule(who=somebody)
    def taps_once(self, who: int) -> None:
        """Sign in by the carrier's word."""
        person = self.people[who]
        with as_far_as_it_goes():
            token = self.world.carrier.token_for(person.identity.phone)
            person.handset.one_tap(token, "模拟手机", terms_accepted=True, wait=self._work)

    def identity(self, index: int) -> Identity:
        """The machine's own: the identity of a person by number."""
        raise AssertionError("the machine knows people")

    @rule(who=somebody, whom=somebody, answer=st.sampled_from(("take", "cancel")))
    def joins_by_a_shown_code(self, who: int, whom: int, answer: str) -> None:
        """Show the code of an invitation, which somebody scans and takes, or which is taken back."""
        person = self.people[who]
        with as_far_as_it_goes():
            person.know_enterprise()
            text = person.show_invitation()
            if answer == "take":
                self.people[whom].join_by_qr(text)
                return
            given = {"invitation_id": self._newest("invitation")}
            person.handset.door.perform("registration.cancel_invitation", given, key=person.key())

    @rule(who=somebody)
    def declines(self, who: int) -> None:
        """Say no to every invitation."""
        person = self.people[who]
        with as_far_as_it_goes():
            for one in person.invitations():
                given = {"invitation_id": one["id"]}
                person.handset.door.perform(
                    "registration.decline_invitation", given, key=person.key()
                )

    @rule(who=somebody, whose=somebody)
    def leaves_another_s_enterprise(self, who: int, whose: int) -> None:
        """Leave the enterprise of somebody else, as one of its members or as none."""
        person, given = self.people[who], {"enterprise_id": self.people[whose].enterprise_id}
        self._attempt(
            lambda: person.handset.door.perform(
                "registration.leave_enterprise", given, key=person.key()
            )
        )

    @rule(who=somebody)
    def signs_in_again(self, who: int) -> None:
        """Sign in by a code, on whichever phone there is."""
        person = self.people[who]
        with as_far_as_it_goes():
            asked = person.request_code()
            self._work()
            person.sign_in(asked, person.read_code())

    @rule(who=somebody)
    def loses_the_phone(self, who: int) -> None:
        """Go on with another phone, on which there is no key."""
        self.people[who].change_phone()
        self.signs_in_again(who)

    @rule(who=somebody)
    def signs_out_everywhere(self, who: int) -> None:
        """Sign in on the phone and at the PC, and out again."""
        person = self.people[who]
        self.signs_in_again(who)
        with as_far_as_it_goes():
            person.sign_in_by_password()
            given = {"token": getattr(person.browser, "_token", "")}
            person.browser.perform("mall.sign_out", given, key=person.key())
        with as_far_as_it_goes():
            person.handset.sign_out()

    @rule(who=somebody)
    def leaves_the_pc(self, who: int) -> None:
        """Unbind, and sign the browser out."""
        person = self.people[who]
        with as_far_as_it_goes():
            person.sign_in_by_password()
            person.browser.perform("binding.unbind", {}, key=person.key())
        with as_far_as_it_goes():
            session_id = self._newest("mall_session")
            person.handset.door.perform(
                "mall.end_browser_session", {"session_id": session_id}, key=person.key()
            )


def _numbers(text: str) -> list[str]:
    """The numbers of six digits in a message."""
    return [
        word for word in "".join(c if c.isdigit() else " " for c in text).split() if len(word) == 6
    ]
