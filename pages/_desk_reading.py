"""What the desk shows, read in one go: the list and the case belong to the same moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import boot
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The queue as it is filtered, and the case in hand."""

    rows: Sequence[cases.QueueRow]
    kinds: Sequence[str]
    rules: Mapping[str, policies.ReviewRule]
    shown: Shown | None
    refusal: errors.EngineError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case with everything that a reviewer decides it by."""

    row: cases.QueueRow
    rule: policies.ReviewRule
    sheet: model.Sheet
    reasons: Mapping[str, policies.Reason]
    earlier: Sequence[model.Case]
    names: Mapping[str, str]

    @property
    def case(self) -> model.Case:
        """The case itself."""
        return self.row.case


def desk(q: Reader, *, kind: str, case_id: str) -> Desk:
    """The queue, and the case that is named or the one to begin with."""
    rows = cases.queue(q, kind=kind)
    shown, refusal = None, None
    try:
        shown = _shown(q, case_id or _first(rows))
    except (errors.NotFound, errors.NotPermitted) as problem:
        refusal = problem
    return Desk(
        rows=rows,
        kinds=cases.kinds_seen(q),
        rules=q.policies(policies.ReviewRule),
        shown=shown,
        refusal=refusal,
    )


def _first(rows: Sequence[cases.QueueRow]) -> str:
    """Mine before what anybody may claim, and that before what others have."""
    for wanted in ("approve", "claim"):
        for row in rows:
            if wanted in row.possible:
                return row.case.id
    return rows[0].case.id if rows else ""


def _shown(q: Reader, case_id: str) -> Shown | None:
    if not case_id:
        return None
    case = cases.case(q, case_id)
    earlier = [one for one in cases.of_subject(q, case.subject_id) if one.id != case.id]
    people = [case.assignee, case.decided_by, *(one.decided_by for one in earlier)]
    return Shown(
        row=cases.row(q, case),
        rule=q.policy(policies.ReviewRule, case.kind),
        sheet=boot.tables.review_sheet(q, case),
        reasons=cases.reasons_for(q, case.kind),
        earlier=earlier,
        names=names(q, people),
    )


def names(q: Reader, texts: Sequence[str | None]) -> dict[str, str]:
    """The names of the members of staff among these actors."""
    found = {}
    for text in dict.fromkeys(one for one in texts if one):
        kind, _, staff_id = text.partition(":")
        if kind == "staff":
            found[text] = staffing.profile(q, staff_id).name
    return found
