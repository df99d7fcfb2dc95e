"""What members do with their enterprise's seals, in whatever order, as rules of the state machine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine import worker
from engine.boot import World
from engine.kernel import clock, errors
from simulations import pad, papers
from simulations.at_pc import b64
from simulations.people import Person

KINDS = ("contract", "finance", "personnel", "company", "custom", "personal")
somebody = st.integers(min_value=0, max_value=2)
which = st.integers(min_value=0, max_value=5)


class SealRules:
    """Rules over `people` and `world` of the machine that mixes them in."""

    world: World
    people: list[Person]

    def _attempt(self, act: Any) -> bool:
        raise AssertionError("the machine attempts")

    def _seals(self, who: int, action: str, **given: Any) -> None:
        person = self.people[who]
        self._attempt(
            lambda: person.handset.door.perform(f"sealing.{action}", given, key=person.key())
        )

    def _one_of(self, who: int, place: int, question: str) -> str:
        """The id of one of the enterprise's seals or applications; a wrong one where there is none."""
        person = self.people[who]
        try:
            given = {"enterprise_id": person.enterprise_id}
            found = person.handset.door.ask(f"sealing.{question}", given)
        except errors.EngineError:
            return "sea_nothing"
        return str(found[place % len(found)]["id"]) if found else "sea_nothing"

    @rule(who=somebody, kind=st.sampled_from(KINDS), named=st.booleans())
    def applies_for_a_seal(self, who: int, kind: str, named: bool) -> None:
        """Hand in a form for whatever kind, also for those that are not applied for."""
        person = self.people[who]
        self._seals(
            who,
            "apply_for_seal",
            enterprise_id="" if kind == "personal" else person.enterprise_id,
            kind=kind,
            name="东区印章" if named else "",
            form=b64(papers.picture("seal form", person.identity.enterprise)),
        )

    @rule(who=somebody, place=which)
    def takes_an_application_back(self, who: int, place: int) -> None:
        """Take one back, whether it is still open or not."""
        application_id = self._one_of(who, place, "applications_of")
        self._seals(who, "withdraw_application", application_id=application_id)

    @rule(who=somebody)
    def writes_on_the_pad(self, who: int) -> None:
        """Write a signature; the agency signs it next."""
        person = self.people[who]
        self._seals(
            who,
            "draw_signature",
            enterprise_id=person.enterprise_id,
            strokes=pad.signature(person.identity.name),
        )
        worker.tick(self.world, owner="test")

    @rule(who=somebody, place=which, size=st.sampled_from(("38", "40", "42", "20")))
    def changes_a_seal(self, who: int, place: int, size: str) -> None:
        """Ask for another size."""
        self._seals(
            who, "change_seal", seal_id=self._one_of(who, place, "of_enterprise"), size=size
        )

    @rule(who=somebody, place=which, reason=st.sampled_from(("worn", "lost", "key_compromise")))
    def has_a_seal_made_again(self, who: int, place: int, reason: str) -> None:
        """The simplified way."""
        seal_id = self._one_of(who, place, "of_enterprise")
        self._seals(who, "remake_seal", seal_id=seal_id, reason=reason)

    @rule(who=somebody, place=which, act=st.sampled_from(("suspend", "resume", "delete_seal")))
    def pauses_or_deletes_a_seal(self, who: int, place: int, act: str) -> None:
        """Pause one, take it up again, or delete it."""
        self._seals(who, act, seal_id=self._one_of(who, place, "of_enterprise"))

    @rule(who=somebody, other=somebody, place=which, days=st.integers(min_value=-1, max_value=90))
    def entrusts_a_seal(self, who: int, other: int, place: int, days: int) -> None:
        """Let somebody use one, whoever they are."""
        with self.world.engine.parts.db.read() as connection:
            found = connection.rows("SELECT id FROM account ORDER BY id")
        if not found:
            return
        self._seals(
            who,
            "delegate_seal",
            seal_id=self._one_of(who, place, "of_enterprise"),
            account_id=found[other % len(found)]["id"],
            acts=["contract", "bid"],
            valid_to=self.world.engine.now() + days * clock.DAY,
        )

    @rule(who=somebody, place=which)
    def takes_a_seal_back(self, who: int, place: int) -> None:
        """Take the use of one back."""
        with self.world.engine.parts.db.read() as connection:
            found = connection.rows("SELECT id FROM seal_delegation ORDER BY id")
        if found:
            delegation_id = found[place % len(found)]["id"]
            self._seals(who, "withdraw_seal_delegation", delegation_id=delegation_id)
