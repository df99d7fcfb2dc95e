"""What is made of the rows that were read (`rows_now`), before their batch is let go."""

from __future__ import annotations

# The lines of an invoice are in its row. An earlier one's rate is in percent, a later one's in thousandths.
_LINES = """
INSERT INTO invoice_line_fact BY NAME
WITH line AS (
    SELECT id, unnest(from_json(lines, '[{"tax_item": "VARCHAR", "rate_percent": "BIGINT",
        "rate_permille": "BIGINT", "exempt": "BOOLEAN", "amount_fen": "BIGINT", "tax_fen": "BIGINT",
        "quantity": "BIGINT"}]'), recursive := TRUE),
        generate_subscripts(json_extract(lines, '$[*]'), 1) AS line
    FROM rows_now
)
SELECT id AS invoice_id, line, coalesce(tax_item, '') AS tax_item,
    CASE WHEN NOT coalesce(exempt, FALSE)
        THEN coalesce(rate_permille, rate_percent * 10) / 10.0 END AS rate,
    amount_fen AS net_fen, tax_fen, quantity
FROM line
"""


# How long a kind of review may take, as its rule says.
_LIMITS = """
UPDATE review_limit SET
    touch_ms = json_extract(n.body, '$.first_touch_minutes')::BIGINT * 60000,
    decision_ms = json_extract(n.body, '$.decision_minutes')::BIGINT * 60000
FROM rows_now n
WHERE n.id = review_limit.id
"""
# The one platform and the one authority that a list of items keeps to.
_KEEPS_TO = """
UPDATE bulk_fact SET platform_id = p.platform_id, agency_id = p.agency_id
FROM (
    SELECT id,
        CASE WHEN list_count(platforms) = len(platforms) AND len(list_distinct(platforms)) = 1
            THEN platforms[1] END AS platform_id,
        CASE WHEN list_count(agencies) = len(agencies) AND len(list_distinct(agencies)) = 1
            THEN agencies[1] END AS agency_id
    FROM (
        SELECT id, json_extract_string(places, '$[*][1]') AS platforms,
            json_extract_string(places, '$[*][2]') AS agencies
        FROM rows_now
    )
) p
WHERE p.id = bulk_fact.id
"""
# With which roles somebody looked behind a mask, and at what kind of record.
_LOOKED = """
UPDATE reveal_fact SET record_kind = l.record_kind, roles = l.roles
FROM (
    SELECT n.id, split_part(n.record_id, '_', 1) AS record_kind,
        coalesce(string_agg(DISTINCT r.role, '|' ORDER BY r.role), '') AS roles
    FROM rows_now n
    LEFT JOIN staff_role_fact r ON r.staff_id = n.staff_id AND r.granted_at <= n.revealed_at
        AND coalesce(r.revoked_at > n.revealed_at, TRUE)
    GROUP BY n.id, n.record_id
) l
WHERE l.id = reveal_fact.id
"""
# Where an endpoint is, without what may be secret in its address; the endpoints of a machine are numbered.
_WHERE = r"""
UPDATE endpoint_fact SET host = regexp_extract(n.url, '^https?://(?:[^/?#@]*@)?([^/?#@:]+)', 1)
FROM rows_now n WHERE n.id = endpoint_fact.id;
UPDATE endpoint_fact SET number = o.number
FROM (
    SELECT id, row_number() OVER (PARTITION BY client_id ORDER BY made_at, id) AS number FROM endpoint_fact
) o
WHERE o.id = endpoint_fact.id
"""
# What is made of what a row carries.
MADE = {
    "invoice_fact": _LINES,
    "review_limit": _LIMITS,
    "bulk_fact": _KEEPS_TO,
    "reveal_fact": _LOOKED,
    "endpoint_fact": _WHERE,
}
