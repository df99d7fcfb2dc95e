"""What never is: a question for each, whose every row is a violation."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "maker is never checker": (
        "SELECT id FROM review_case WHERE decided_by = maker OR assignee = maker"
    ),
    "nobody who took part decides": (
        "SELECT id FROM review_case WHERE excluded LIKE '%\"' || decided_by || '\"%'"
        " OR approved_by LIKE '%\"' || decided_by || '\"%'"
        " OR approved_by LIKE '%\"' || maker || '\"%'"
    ),
    "an approval is never its maker's": (
        "SELECT a.id FROM case_approval a JOIN review_case c ON c.id = a.case_id"
        " WHERE a.staff = c.maker OR c.excluded LIKE '%\"' || a.staff || '\"%'"
    ),
    "who approves as one of several is named on the case": (
        "SELECT a.id FROM case_approval a JOIN review_case c ON c.id = a.case_id"
        " WHERE c.approved_by NOT LIKE '%\"' || a.staff || '\"%'"
    ),
    "a second look is never by who took the first": (
        "SELECT two.id FROM review_case two JOIN review_case one ON one.id = two.sample_of"
        " WHERE two.decided_by = one.decided_by"
        " OR one.approved_by LIKE '%\"' || two.decided_by || '\"%'"
    ),
}
