-- The new events of the log as events of cases, and what each of them follows.
-- `lifecycle_kind` names the kinds that count; `$after` is the event up to which the copy had been fed.

CREATE OR REPLACE TEMP TABLE told AS
SELECT m.case_kind, m.case_id, e.kind || CASE m.part WHEN '' THEN '' ELSE ':' || m.part END AS activity,
    e.seq, e.occurred_at AS happened_at, e.actor_kind,
    coalesce(a.platform_id, '') AS platform_id, coalesce(a.agency_id, '') AS agency_id,
    coalesce(a.region, '') AS region, coalesce(a.product, '') AS product
FROM event_fact e
JOIN lifecycle_kind k ON k.kind = e.kind
JOIN case_member m ON m.subject = e.subject AND m.case_kind = k.case_kind
LEFT JOIN case_about a ON a.case_kind = m.case_kind AND a.case_id = m.case_id
WHERE e.seq > $after
ORDER BY e.seq;

INSERT INTO lifecycle_event BY NAME SELECT * FROM told ORDER BY seq;

INSERT INTO lifecycle_step BY NAME
SELECT n.case_kind, n.case_id, coalesce(n.before, t.activity) AS from_activity,
    n.activity AS to_activity, coalesce(n.before_ms, t.happened_at) AS from_ms,
    n.happened_at AS to_ms, n.seq AS to_seq, n.platform_id, n.agency_id, n.region, n.product
FROM (
    SELECT *, lag(activity) OVER follows AS before, lag(happened_at) OVER follows AS before_ms
    FROM told
    WINDOW follows AS (PARTITION BY case_kind, case_id ORDER BY seq)
) n
LEFT JOIN lifecycle_tip t ON t.case_kind = n.case_kind AND t.case_id = n.case_id
WHERE n.before IS NOT NULL OR t.activity IS NOT NULL
ORDER BY n.seq;

MERGE INTO lifecycle_tip t
USING (
    SELECT case_kind, case_id, max_by(activity, seq) AS activity, max(seq) AS seq,
        max_by(happened_at, seq) AS happened_at
    FROM told
    GROUP BY case_kind, case_id
) n ON t.case_kind = n.case_kind AND t.case_id = n.case_id
WHEN MATCHED THEN UPDATE SET activity = n.activity, seq = n.seq, happened_at = n.happened_at
WHEN NOT MATCHED THEN INSERT (case_kind, case_id, activity, seq, happened_at)
    VALUES (n.case_kind, n.case_id, n.activity, n.seq, n.happened_at);
