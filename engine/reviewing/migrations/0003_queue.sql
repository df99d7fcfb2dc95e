-- The queue at a million cases. Cases that were never on hold are due in the order in which they were
-- opened, kind by kind: pages are read off the first index. All others are few, and have small indexes.
DROP INDEX review_case_queue

CREATE INDEX review_case_due ON review_case (kind, opened_at, id)
    WHERE status IN ('waiting', 'claimed') AND held_ms = 0

CREATE INDEX review_case_resumed ON review_case (kind)
    WHERE status IN ('waiting', 'claimed') AND held_ms > 0

CREATE INDEX review_case_held ON review_case (kind) WHERE status = 'held'

CREATE INDEX review_case_in_hand ON review_case (assignee) WHERE status = 'claimed'

CREATE INDEX review_case_decided ON review_case (decided_at, id) WHERE decided_at IS NOT NULL
