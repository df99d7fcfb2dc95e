"""What never is: a question for each, whose every row is a violation."""

from __future__ import annotations

INVARIANTS: dict[str, str] = {
    "a bulk act that is done has one result for each item": (
        "SELECT b.id FROM bulk_act b WHERE b.status = 'done' AND b.size <>"
        " (SELECT COUNT(*) FROM bulk_item i WHERE i.bulk_id = b.id AND i.outcome IS NOT NULL)"
    ),
    "a bulk act has no item beyond its list": (
        "SELECT b.id FROM bulk_act b JOIN bulk_item i ON i.bulk_id = b.id"
        " WHERE i.position < 0 OR i.position >= b.size"
    ),
    "an item of a bulk act is acted upon once": (
        "SELECT subject AS id FROM event WHERE kind = 'bulk.item_done' GROUP BY subject"
        " HAVING COUNT(*) > 1"
    ),
    "an item is done where the log says so, and nowhere else": (
        "SELECT i.id FROM bulk_item i LEFT JOIN event e ON e.subject = i.id"
        " AND e.kind = 'bulk.item_done' WHERE (COALESCE(i.outcome, '') = 'done') <> (e.seq IS NOT NULL)"
    ),
    "nothing is done in bulk before it was tried and started": (
        "SELECT i.id FROM bulk_item i JOIN bulk_act b ON b.id = i.bulk_id"
        " WHERE i.outcome IS NOT NULL AND (b.started_at IS NULL OR b.rehearsed_at IS NULL"
        " OR i.done_at < b.started_at)"
    ),
    "who agrees to a bulk act did not make it": (
        "SELECT id FROM bulk_act WHERE approved_by = made_by"
    ),
}
