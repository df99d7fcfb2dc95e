"""What changed between two sheets, and which reason of the rejection each change answers (OPS-5)."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engine.kernel.catalog import Text
from engine.policies.model import Reason
from engine.reviewing.model.sheet import Paper, Sheet, SheetField


class How(enum.StrEnum):
    """What became of a field or a paper."""

    SAME = "same"
    CHANGED = "changed"  # of a paper: another file in its place
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field before and after. A value that is shown masked may have changed behind the mask."""

    name: str
    label: str
    before: str | Text
    after: str | Text
    how: How
    answers: tuple[str, ...] = ()

    @property
    def behind_mask(self) -> bool:
        """Whether what changed cannot be seen in what is shown."""
        return self.how is How.CHANGED and self.before == self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChange:
    """A paper before and after; None where there was, or is, none."""

    code: str
    label: str | Text
    before: Paper | None
    after: Paper | None
    how: How
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A resubmission against what was rejected. `reasons` are all of the rejection, by their codes."""

    fields: tuple[FieldChange, ...]
    papers: tuple[PaperChange, ...]
    reasons: tuple[str, ...]
    unanswered: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether the very same was submitted again."""
        return {one.how for one in self.fields} | {one.how for one in self.papers} <= {How.SAME}


def changes(before: Sheet, after: Sheet, reasons: Mapping[str, Reason]) -> Changes:
    """Field by field and paper by paper, in the order of the new sheet, what is gone at the end.

    A reason is answered by a change of the field or the paper that it points at.
    """

    def answered(name: str, how: How) -> tuple[str, ...]:
        if how is How.SAME:
            return ()
        return tuple(code for code, reason in reasons.items() if reason.field == name)

    old_fields, new_fields = ({one.name: one for one in side.fields} for side in (before, after))
    old_papers, new_papers = ({one.code: one for one in side.papers} for side in (before, after))
    fields = tuple(
        _field(name, old, new, answered) for name, old, new in _pairs(old_fields, new_fields)
    )
    papers = tuple(
        _paper(code, old, new, answered) for code, old, new in _pairs(old_papers, new_papers)
    )
    told = {code for one in fields for code in one.answers}
    told |= {code for one in papers for code in one.answers}
    return Changes(
        fields=fields,
        papers=papers,
        reasons=tuple(reasons),
        unanswered=tuple(code for code in reasons if code not in told),
    )


T = TypeVar("T")


def _pairs(before: Mapping[str, T], after: Mapping[str, T]) -> list[tuple[str, T | None, T | None]]:
    return [(key, before.get(key), after.get(key)) for key in dict.fromkeys((*after, *before))]


def _how(old: object | None, new: object | None, *, same: bool) -> How:
    if old is None:
        return How.ADDED
    if new is None:
        return How.REMOVED
    return How.SAME if same else How.CHANGED


Answered = Callable[[str, How], tuple[str, ...]]


def _field(
    name: str, old: SheetField | None, new: SheetField | None, answered: Answered
) -> FieldChange:
    shown = new or old
    assert shown is not None
    same = old is not None and new is not None and _content(old) == _content(new)
    how = _how(old, new, same=same)
    return FieldChange(
        name=name,
        label=shown.label,
        before=old.value if old else "",
        after=new.value if new else "",
        how=how,
        answers=answered(name, how),
    )


def _content(one: SheetField) -> tuple[str | Text, str]:
    return one.value, one.digest


def _paper(code: str, old: Paper | None, new: Paper | None, answered: Answered) -> PaperChange:
    shown = new or old
    assert shown is not None
    same = old is not None and new is not None and old.digest == new.digest
    how = _how(old, new, same=same)
    return PaperChange(
        code=code,
        label=shown.label,
        before=old,
        after=new,
        how=how,
        answers=answered(code, how),
    )
