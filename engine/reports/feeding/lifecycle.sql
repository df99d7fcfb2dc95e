-- The new events of the log as events of cases, and what each of them follows.
-- `lifecycle_kind` names the kinds that count; `$after` is the event up to which the copy had been fed.

CREATE OR REPLACE TEMP TABLE event_now AS
SELECT e.seq, e.occurred_at, e.kind, e.subject, e.actor_kind
FROM event_fact e
WHERE e.seq > $after AND e.kind IN (SELECT kind FROM lifecycle_kind);

-- A review is its subject's, with the kind of review as its part; a second, blind look is nobody's.
CREATE OR REPLACE TEMP TABLE object_now AS
SELECT r.id AS subject, r.subject_id AS object, r.kind AS part
FROM review_task r
WHERE r.sample_of IS NULL AND r.id IN (SELECT subject FROM event_now)
UNION ALL
SELECT DISTINCT subject, subject, NULL FROM event_now;

CREATE OR REPLACE TEMP TABLE member_now AS
SELECT n.subject, o.case_kind, o.case_id, coalesce(n.part, o.part) AS part
FROM object_now n
JOIN (SELECT * FROM case_object WHERE subject IN (SELECT object FROM object_now)) o ON o.subject = n.object;

CREATE OR REPLACE TEMP TABLE told AS
SELECT m.case_kind, m.case_id, e.kind || CASE m.part WHEN '' THEN '' ELSE ':' || m.part END AS activity,
    e.seq, e.occurred_at AS happened_at, e.actor_kind,
    coalesce(a.platform_id, '') AS platform_id, coalesce(a.agency_id, '') AS agency_id,
    coalesce(a.region, '') AS region, coalesce(a.product, '') AS product
FROM event_now e
JOIN member_now m ON m.subject = e.subject
JOIN lifecycle_kind k ON k.kind = e.kind AND k.case_kind = m.case_kind
LEFT JOIN (SELECT * FROM case_about WHERE case_id IN (SELECT case_id FROM member_now)) a
    ON a.case_kind = m.case_kind AND a.case_id = m.case_id
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
LEFT JOIN lifecycle_case t ON t.case_kind = n.case_kind AND t.case_id = n.case_id
WHERE n.before IS NOT NULL OR t.activity IS NOT NULL
ORDER BY n.seq;

MERGE INTO lifecycle_case t
USING (
    SELECT case_kind, case_id,
        min_by(activity, seq) AS first_activity, min_by(happened_at, seq) AS began_at,
        max_by(activity, seq) AS activity, max(seq) AS seq, max_by(happened_at, seq) AS happened_at,
        string_agg(activity, ' > ' ORDER BY seq) AS path,
        max_by(platform_id, seq) AS platform_id, max_by(agency_id, seq) AS agency_id,
        max_by(region, seq) AS region, max_by(product, seq) AS product
    FROM told
    GROUP BY case_kind, case_id
) n ON t.case_kind = n.case_kind AND t.case_id = n.case_id
WHEN MATCHED THEN UPDATE SET activity = n.activity, seq = n.seq, happened_at = n.happened_at,
    path = t.path || ' > ' || n.path, platform_id = n.platform_id, agency_id = n.agency_id,
    region = n.region, product = n.product
WHEN NOT MATCHED THEN INSERT BY NAME;
