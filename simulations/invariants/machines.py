"""Rows beside the state machines of the engine: no row may be where its machine has no place (I4)."""

from __future__ import annotations

from engine.kernel import database


def unknown(connection: database.Connection) -> list[str]:
    """Rows in a state that their machine does not have."""
    # Here, because states on demand are made on a stage, which keeps what invariants found.
    from simulations.states.machines import MACHINES

    wrong = []
    for machine in MACHINES.values():
        known = machine.statuses()
        marks = ", ".join("?" for _ in known)
        narrowed = f" AND ({machine.where})" if machine.where else ""
        sql = f'SELECT id, status FROM "{machine.table}" WHERE status NOT IN ({marks}){narrowed}'  # noqa: S608
        wrong += [
            f"{machine.name} {row['id']}: {row['status']}" for row in connection.rows(sql, known)
        ]
    return wrong
