"""What outside parties owe: notices of money on their way, and the authorities' next revocation lists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.deadlines import Deadline, of_rows
from engine.kernel.reader import Reader
from engine.providers import publishing

LISTS = "revocation_list_renewed"


def _lists(q: Reader, after: int, until: int) -> Iterator[tuple[int, str]]:
    sql = (
        "SELECT authority, MAX(this_update) AS made FROM published_list"
        " WHERE complete IS NOT NULL GROUP BY authority ORDER BY authority"
    )
    for row in q.rows(sql):
        over = row["made"] + publishing.PERIOD_MS
        if after < over <= until:
            yield over, row["authority"]


DEADLINES = (
    of_rows(
        "payment_notice",
        "SELECT due_at AS at, payment_id AS subject FROM sim_callback WHERE delivered_at IS NULL",
    ),
    of_rows(
        "transfer_notice",
        "SELECT due_at AS at, id AS subject FROM sim_transfer WHERE delivered_at IS NULL",
    ),
    Deadline(LISTS, _lists),
)
