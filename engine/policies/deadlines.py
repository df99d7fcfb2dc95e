"""When a setting that was approved comes into force."""

from engine.kernel.deadlines import of_rows

DEADLINES = (
    of_rows(
        "setting_in_force",
        "SELECT effective_at AS at, id AS subject FROM policy_version"
        " WHERE approved_at IS NOT NULL AND ended_at IS NULL",
    ),
)
