"""What a shard adds to its replication's indicators, counted from its tables, its answers and its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from engine.kernel import clock, database
from simulations import answers, office_time
from simulations.indicators.spreads import Spread
from simulations.scenario import Scenario
from simulations.staffing import periods, rosters

# A batch after the case that was read last, so that a million of them need no more room than a thousand.
_BATCH = 20_000
_CASES = (
    "SELECT id, kind, opened_at, first_touched_at, decided_at, held_ms FROM review_case WHERE id > ?"
    " AND opened_at >= ? AND status <> 'withdrawn' AND sample_of IS NULL ORDER BY id LIMIT ?"
)
# When an account was made, and when its first certificate was in use.
_LIVES = (
    "SELECT a.created_at AS came_at, c.certified_at FROM account a JOIN (SELECT account_id,"
    " MIN(activated_at) AS certified_at FROM certificate WHERE activated_at IS NOT NULL"
    " GROUP BY account_id) c ON c.account_id = a.id WHERE a.created_at >= ?"
)
# Name of a sum → how it is counted; each takes the first measured instant.
_SUMS = {
    "registered": "SELECT COUNT(*) AS n FROM account WHERE created_at >= ?",
    "orders_placed": "SELECT COUNT(*) AS n FROM certificate_order WHERE created_at >= ?",
    "certificates_issued": (
        "SELECT COUNT(*) AS n FROM certificate WHERE created_at >= ? AND der IS NOT NULL"
        " AND usage = 'signing'"
    ),
    "contracts_made": "SELECT COUNT(*) AS n FROM contract WHERE created_at >= ?",
    "contracts_passed": (
        "SELECT COUNT(*) AS n FROM contract WHERE created_at >= ? AND status = 'passed'"
    ),
    "paid_fen": "SELECT COALESCE(SUM(amount_fen), 0) AS n FROM payment WHERE paid_at >= ?",
    "refunded_fen": (
        "SELECT COALESCE(SUM(amount_fen), 0) AS n FROM refund WHERE settled_at >= ? AND status = 'done'"
    ),
    "invoiced_fen": (
        "SELECT COALESCE(SUM(total_fen), 0) AS n FROM invoice WHERE issued_at >= ? AND number <> ''"
    ),
    "calls_answered": "SELECT COUNT(*) AS n FROM phone_call WHERE began_at >= ?",
}
Tally = dict[str, Any]


def of_shard(
    connection: database.Connection,
    scenario: Scenario,
    ended_at: int,
    *,
    rows: Iterable[answers.Answer] = (),
    counts: Mapping[str, int] | None = None,
    faults: Mapping[str, Mapping[str, int]] | None = None,
) -> Tally:
    """The sums and spreads of a shard's world at its end, from the end of the warm-up on.

    `ended_at` is its end: the horizon, or earlier where it broke. `rows` are its answer key, `counts` its
    steps, `faults` how often each fault of the plan fired.
    """
    since = scenario.measured_from_ms
    sums = {name: float(connection.rows(sql, (since,))[0]["n"]) for name, sql in _SUMS.items()}
    sums |= dict.fromkeys(("cases", "cases_open", "cases_unseen"), 0.0)
    spreads: dict[str, Spread] = {"wait_minutes": Spread(), "hours_to_certificate": Spread()}
    last = ""
    while batch := connection.rows(_CASES, (last, since, _BATCH)):
        _add_cases(sums, spreads, batch, scenario, ended_at)
        last = batch[-1]["id"]
    _add_lives(sums, spreads, connection.rows(_LIVES, (since,)))
    _add_answers(sums, [row for row in rows if row.decided_at >= since])
    _add_shifts(sums, scenario)
    steps = counts or {}
    sums["calls_made"] = float(steps.get("called in", 0))
    sums["gave_up"] = float(steps.get("gave up", 0))
    sums["faults_fired"] = float(sum(told["fired"] for told in (faults or {}).values()))
    return {"sums": sums, "spreads": {name: one.as_json() for name, one in spreads.items()}}


def _add_cases(
    sums: dict[str, float],
    spreads: dict[str, Spread],
    rows: list[database.Row],
    scenario: Scenario,
    end: int,
) -> None:
    """The clocks of the cases, in business minutes, and whether they kept what is promised.

    A case that is open at the end and still has time is neither in time nor late: it is counted as open.
    """
    opened = _column(rows, "opened_at", end)
    touched = _column(rows, "first_touched_at", end)
    decided = _column(rows, "decided_at", end)
    held = _column(rows, "held_ms", 0)
    waited = office_time.between(opened, touched) / clock.MINUTE
    taken = np.maximum(0, office_time.between(opened, decided) - held)
    handled = np.maximum(0, office_time.between(touched, decided) - held) / clock.MINUTE
    done = np.array([row["decided_at"] is not None for row in rows], dtype=bool)
    seen = np.array([row["first_touched_at"] is not None for row in rows], dtype=bool)
    kinds = np.array([row["kind"] for row in rows], dtype=object)
    allowed = np.array([periods.promised_ms(scenario, kind) for kind in kinds], dtype=np.int64)
    late = taken > allowed
    for suffix, chosen in [
        ("", np.ones(len(rows), dtype=bool)),
        *((f".{kind}", kinds == kind) for kind in sorted(set(kinds.tolist()))),
    ]:
        for name, value in {
            "cases": chosen.sum(),
            "cases_open": (chosen & ~done).sum(),
            "cases_unseen": (chosen & ~seen).sum(),
            "cases_judged": (chosen & (done | late)).sum(),
            "cases_late": (chosen & late).sum(),
            "cases_decided": (chosen & done).sum(),
            "wait_minutes": waited[chosen].sum(),
            "handle_minutes": handled[chosen & done].sum(),
            "decide_minutes": taken[chosen & done].sum() / clock.MINUTE,
        }.items():
            sums[name + suffix] = sums.get(name + suffix, 0.0) + float(value)
        spreads.setdefault(f"wait_minutes{suffix}", Spread()).add(waited[chosen].tolist())


def _column(rows: list[database.Row], name: str, otherwise: int) -> office_time.Instants:
    values = [otherwise if row[name] is None else row[name] for row in rows]
    return np.array(values, dtype=np.int64)


def _add_lives(
    sums: dict[str, float], spreads: dict[str, Spread], rows: list[database.Row]
) -> None:
    sums["certified"] = float(len(rows))
    spreads["hours_to_certificate"].add(
        (row["certified_at"] - row["came_at"]) / clock.HOUR for row in rows
    )


def _add_answers(sums: dict[str, float], rows: list[answers.Answer]) -> None:
    decided = [row for row in rows if row.kind != answers.REAL_NAME]
    sums["decisions"] = float(len(decided))
    sums["rejected"] = float(sum(row.rejected for row in decided))
    sums["rejected_wrongly"] = float(
        sum(row.rejected and row.truth == answers.HONEST for row in decided)
    )
    sums["approved_wrongly"] = float(
        sum(not row.rejected and row.truth != answers.HONEST for row in decided)
    )
    for name, score in (
        ("rules", answers.of_rules(rows)),
        ("people", answers.of_people(rows)),
        ("both", answers.of_both(rows)),
    ):
        sums[f"lies.{name}"] = float(score.there)
        sums[f"found.{name}"] = float(score.found)
        sums[f"alarms.{name}"] = float(score.alarms)
        sums[f"alarms_right.{name}"] = float(score.right)


def _add_shifts(sums: dict[str, float], scenario: Scenario) -> None:
    paid = rosters.paid(rosters.of(scenario), scenario)
    sums["staff_hours"] = paid.hours
    if paid.fen is not None:
        sums["staff_fen"] = float(paid.fen)
