"""The SQL of saved questions."""

from __future__ import annotations

from engine.asking import model
from engine.kernel.reader import Reader


def questions(q: Reader, staff_id: str) -> list[model.KeptQuestion]:
    """The questions of a member of staff, and then those that others share."""
    sql = (
        "SELECT * FROM saved_question WHERE staff_id = ? OR shared = 1"
        " ORDER BY CASE WHEN staff_id = ? THEN 0 ELSE 1 END, name, id"
    )
    return q.all(model.KeptQuestion, sql, (staff_id, staff_id))
