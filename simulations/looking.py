"""What a reviewer sees before they decide: the sheet's warnings, and what only a look at a paper tells.

A planted untruth leaves a mark on the paper (`papers.marked`). A reviewer opens the paper through the
engine, as at the desk, and notices the mark with the chance of their group; nothing else tells them.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from engine.boot import reviews
from engine.http import holders
from engine.kernel import actors
from engine.reviewing import model
from simulations import papers
from simulations.environment import Stage
from simulations.scenario import Reviewers

# Kind of case → the paper that a lie stands on, and the reason that is given for it.
_LOOKED_AT = {"enterprise_claim": "licence", "seal": "form"}
_REASON = {"enterprise_claim": "licence_not_original", "seal": "seal_form_of_another"}
_REGISTER = "The register confirms the enterprise"
_PICTURE = "No picture was handed in by another applicant"
_FORM = "The form is the one for this seal"
# The register has not answered yet: no warning.
_PENDING = "register.asked"
_NORMAL = statistics.NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`flagged`: the engine warned. `reason` is the one to reject with, where the reviewer acts upon it."""

    flagged: bool
    reason: str


UNSEEN = Look(flagged=False, reason="")


def moved(rate: float, by: float) -> float:
    """A share whose threshold lies so many standard deviations elsewhere; 0 and 1 stay what they are."""
    if not by or rate in (0.0, 1.0):
        return rate
    return _NORMAL.cdf(_NORMAL.inv_cdf(rate) + by)


def look(stage: Stage, actor: actors.Staff, group: Reviewers, case: model.Case, drawn: str) -> Look:
    """Look at a case's sheet and papers, where there may be something to see; `drawn` names the chance."""
    if case.kind not in _LOOKED_AT or not stage.scenario.looks_at_papers:
        return UNSEEN
    sheet = stage.ask(reviews.review_sheet, actor, case)
    sees, heeds = stage.stream("looks", drawn).random(2).tolist()
    warned = _warnings(sheet)
    if warned and heeds < moved(group.heeds, group.strictness):
        differs = _REGISTER in warned and _PICTURE not in warned
        reason = "register_differs" if differs else _REASON[case.kind]
        return Look(flagged=True, reason=reason)
    noticed = _marked(stage, actor, sheet, _LOOKED_AT[case.kind]) and sees < moved(
        group.sees, group.strictness
    )
    return Look(flagged=bool(warned), reason=_REASON[case.kind] if noticed else "")


def _warnings(sheet: model.Sheet) -> set[str]:
    found = {one.label for one in sheet.checks if not one.ok and one.label in (_REGISTER, _PICTURE)}
    for one in sheet.checks:
        if one.label == _REGISTER and _PENDING in one.detail:
            found.discard(_REGISTER)
        if one.label == _FORM and not one.ok and not one.detail:
            # A number that was read and is another seal's.
            found.add(_FORM)
    return found


def _marked(stage: Stage, actor: actors.Staff, sheet: model.Sheet, code: str) -> bool:
    for paper in sheet.papers:
        if paper.code == code and paper.media_type.startswith("image/"):
            content, _ = stage.ask(holders.file, actor, blob_id=paper.blob_id)
            return papers.bears_mark(content)
    return False
