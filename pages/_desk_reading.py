"""What the desk shows, read in one go: the list and the case belong to the same moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import boot
from engine.kernel import errors, events
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing import queries as cases
from engine.reviewing.model import desk as desk_model
from engine.staffing import queries as staffing


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the queue can be narrowed by, for this reader."""

    kinds: Mapping[str, Text]
    platforms: Mapping[str, Text]
    agencies: Mapping[str, Text]
    views: Sequence[desk_model.View]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A page of the queue as it is filtered, and the case in hand."""

    page: model.Page
    shown: Shown | None
    refusal: errors.EngineError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case with everything that a reviewer decides it by."""

    row: model.QueueRow
    rule: policies.ReviewRule
    sheet: model.Sheet
    changes: model.Changes | None
    reasons: Mapping[str, policies.Reason]
    hold_reasons: Mapping[str, policies.HoldReason]
    known: Mapping[str, policies.Reason]
    earlier: Sequence[model.Case]
    course: Sequence[events.Event]
    names: Mapping[str, str]
    notes: Sequence[desk_model.Note]
    kinds: Mapping[str, policies.ReviewRule]

    @property
    def case(self) -> model.Case:
        """The case itself."""
        return self.row.case


def choices(q: Reader) -> Choices:
    """The kinds that the reader may decide, and all platforms and agencies, by their names."""
    rules = q.policies(policies.ReviewRule)
    agencies = {**q.policies(policies.CertificateAgency), **q.policies(policies.SealAgency)}
    return Choices(
        kinds={kind: rules[kind].label for kind in cases.kinds_seen(q) if kind in rules},
        platforms={code: one.label for code, one in q.policies(policies.Platform).items()},
        agencies={code: one.label for code, one in agencies.items()},
        views=cases.views(q),
    )


def desk(q: Reader, *, wanted: model.Wanted, after: str, case_id: str) -> Desk:
    """A page of the queue, and the case that is named or the one to begin with."""
    page = cases.page(q, wanted, after=after)
    shown, refusal = None, None
    try:
        shown = _shown(q, case_id or _first(page.rows))
    except (errors.NotFound, errors.NotPermitted) as problem:
        refusal = problem
    return Desk(page=page, shown=shown, refusal=refusal)


def _first(rows: Sequence[model.QueueRow]) -> str:
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
    # A second look is blind: what the first one came to, and what followed from it, is not told.
    others = () if case.sample_of else cases.of_subject(q, case.subject_id)
    earlier = [one for one in others if one.id != case.id]
    people = [case.assignee, case.decided_by, *case.approved_by]
    people += [one.decided_by for one in earlier]
    course = cases.course(q, case)
    sheet = boot.tables.review_sheet(q, case)
    people += [one.actor for one in course]
    return Shown(
        row=cases.row(q, case),
        rule=q.policy(policies.ReviewRule, case.kind),
        sheet=sheet,
        changes=boot.tables.resubmission(q, case),
        reasons=cases.reasons_on(q, case.kind, sheet),
        hold_reasons=cases.hold_reasons_for(q, case.kind),
        known=cases.reasons(q),
        earlier=earlier,
        course=course,
        names=names(q, people),
        notes=cases.notes(q, case.id),
        kinds=q.policies(policies.ReviewRule),
    )


def colleagues(q: Reader, case: model.Case) -> dict[str, str]:
    """Who else could decide a case, by name."""
    found = {}
    for one in staffing.everyone(q):
        actor = staffing.actor(q, one.id)
        if actor and actor.text != q.actor.text and cases.may_decide(q, case, actor):
            found[one.id] = one.name
    return found


def names(q: Reader, texts: Sequence[str | None]) -> dict[str, str]:
    """The names of the members of staff among these actors."""
    found = {}
    for text in dict.fromkeys(one for one in texts if one):
        kind, _, staff_id = text.partition(":")
        if kind == "staff":
            found[text] = staffing.profile(q, staff_id).name
    return found
