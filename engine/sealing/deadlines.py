"""When seals end."""

from engine.kernel.deadlines import of_rows

DEADLINES = (
    of_rows(
        "seal_ends",
        "SELECT valid_to AS at, id AS subject FROM seal WHERE status IN ('active', 'suspended')",
    ),
)
