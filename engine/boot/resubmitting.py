"""What was rejected, kept as its reviewer saw it, and compared with what is submitted next (OPS-5).

Whose a sheet is, is known to the stages above reviewing: this joins them, as the tables do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from engine.kernel import errors, vault
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.registration import queries as people
from engine.reviewing import actions as cases
from engine.reviewing import model as reviewing
from engine.reviewing import queries

SheetOfCase = Callable[[Reader, reviewing.Case], reviewing.Sheet]


def data_subject(q: Reader, maker: str) -> str | None:
    """The data subject of who submitted a case; None for staff, whose cases are never revised in place."""
    side, _, who = maker.partition(":")
    with contextlib.suppress(errors.NotFound):
        if side == "person":
            return people.account(q, who).subject_id
        if side == "mall":
            return people.account(q, mall.mall_account(q, who).account_id).subject_id
    return None


def keep(op: Operation, case_id: str, sheet_of: SheetOfCase) -> None:
    """Keep the sheet of a case that is being rejected, before its subject's stage hears of it.

    Emits: case.sheet_kept, where somebody outside submitted it.
    """
    case = op.get(reviewing.Case, "review_case", case_id)
    subject_id = data_subject(op, case.maker)
    if subject_id is None:
        return
    # A rejection is never refused because what it is about cannot be read any more.
    with contextlib.suppress(vault.Destroyed):
        sheet = sheet_of(op, case)
        cases.keep_sheet(op, case_id=case.id, data_subject_id=subject_id, sheet=sheet)


def compare(q: Reader, case: reviewing.Case, sheet_of: SheetOfCase) -> reviewing.Changes | None:
    """What a case changes about the one that it corrects; None where it corrects none.

    None too once whoever submitted it has left for good, and nothing of theirs can be read any more.
    """
    if case.corrects is None:
        return None
    earlier = q.get(reviewing.Case, "review_case", case.corrects)
    known = queries.reasons(q)
    reasons = {code: known[code] for code in earlier.reasons if code in known}
    try:
        before = queries.kept_sheet(q, earlier.id) or sheet_of(q, earlier)
        return reviewing.changes(before, sheet_of(q, case), reasons)
    except vault.Destroyed:
        return None
