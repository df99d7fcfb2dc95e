"""What staff do to many at once, as rules of the state machine (OPS-4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine.bulk import actions as bulk
from engine.bulk import model
from engine.reviewing import model as cases

_GIVEN = model.Given(
    reasons=("papers_unreadable",), reason="applicant_asked", note="一并处理", staff_id="stf_nobody"
)
_ACTS = ("hold", "resume", "urge", "put_back", "assign", "approve", "reject")
_THEN = ("run", "pause", "stop", "drop", "again", "refused")


class BulkRules:
    """Members of staff of the machine, each with their own rights."""

    staff: list[str]
    _by: Callable[..., Any]
    _work: Callable[[], None]

    @rule(
        member=st.integers(min_value=0, max_value=3),
        act=st.sampled_from(_ACTS),
        then=st.sampled_from(_THEN),
    )
    def does_one_thing_to_all_cases(self, member: int, act: str, then: str) -> None:
        """Freeze all that one sees, let it be tried and agreed to, and run it, or not quite."""
        told = {"act": act, "wanted": cases.Wanted(), "given": _GIVEN}
        self._carry_out(member, self._by(member, bulk.freeze_cases, **told), then)

    def _carry_out(self, member: int, found: model.Bulk | None, then: str) -> None:
        if found is None:
            return
        given = {"bulk_id": found.id}
        if then == "drop":
            self._by(member, bulk.drop, **given)
            return
        self._work()
        if then == "again":
            self._by(member, bulk.rehearse_again, **given)
            self._work()
        for other in range(len(self.staff)):
            self._by(other, bulk.approve, **given, digest=self._digest_of(found.id))
        self._by(member, bulk.start, **given, digest=self._digest_of(found.id))
        if then == "pause":
            self._by(member, bulk.pause, **given)
            self._by(member, bulk.go_on, **given)
        if then == "stop":
            self._by(member, bulk.stop, **given)
        self._work()
        if then == "refused":
            self._by(member, bulk.freeze_refused, **given)

    def _digest_of(self, bulk_id: str) -> str:
        engine = self.world.engine  # type: ignore[attr-defined]
        with engine.parts.db.read() as connection:
            sql = "SELECT rehearsal_digest FROM bulk_act WHERE id = ?"
            return str(connection.rows(sql, (bulk_id,))[0]["rehearsal_digest"])


def _to_all(act: str, then: str, member: int) -> tuple[str, dict[str, Any]]:
    return "does_one_thing_to_all_cases", {"member": member, "act": act, "then": then}


# A walk that reaches every act of the list: two cases that the first member of staff made.
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("the_staff_propose_an_end", {"reviewer": 0, "who": who}) for who in (1, 2)),
    *(_to_all("hold", "again", 1), _to_all("assign", "refused", 1), _to_all("resume", "pause", 2)),
    *(_to_all("urge", "stop", 1), _to_all("put_back", "drop", 1), _to_all("approve", "run", 2)),
)
