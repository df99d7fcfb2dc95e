"""How many certificates there are, by agency, generation of its keys, usage and state."""

from __future__ import annotations

from engine.issuing import model
from engine.kernel.reader import Reader

# A serial has 16 octets, of which the first is the generation; hex drops a leading zero.
_COUNTS = """
SELECT agency_id, SUBSTR(serial_hex, 1, LENGTH(serial_hex) - 30) AS generation, usage,
CASE WHEN status IN ('issued', 'active', 'suspended') AND not_after <= ?
THEN 'expired' ELSE status END AS state, COUNT(*) AS count
FROM certificate GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def counts(q: Reader) -> list[model.StateCount]:
    """One row for each agency, generation, usage and state that occurs."""
    return [
        model.StateCount(
            agency_id=row["agency_id"],
            generation=int(row["generation"], 16),
            usage=model.Usage(row["usage"]),
            state=row["state"],
            count=row["count"],
        )
        for row in q.rows(_COUNTS, (q.now,))
    ]
