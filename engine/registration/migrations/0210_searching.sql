-- An enterprise is found by a part of its name: every two signs that stand side by side in it, in capitals.
CREATE TABLE enterprise_name_part (
    part TEXT NOT NULL,
    enterprise_id TEXT NOT NULL REFERENCES enterprise (id),
    PRIMARY KEY (part, enterprise_id)
)

CREATE INDEX enterprise_name_part_of ON enterprise_name_part (enterprise_id)

INSERT INTO enterprise_name_part (part, enterprise_id)
    WITH RECURSIVE place (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM place WHERE i < 300)
    SELECT DISTINCT upper(substr(e.name, place.i, 2)), e.id FROM enterprise e
    JOIN place ON place.i < length(e.name)

-- The claims by which an enterprise came to be are a part of its record.
CREATE INDEX enterprise_claim_became ON enterprise_claim (enterprise_id) WHERE enterprise_id IS NOT NULL
