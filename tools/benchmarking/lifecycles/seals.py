"""Seals of a generated population: asked for, looked at, made or rejected."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tools.benchmarking.lifecycles import gathering
from tools.benchmarking.lifecycles.chance import DAY, END, HOUR, Chance, Column, office_ms
from tools.benchmarking.lifecycles.gathering import Cases, Gathered, moments, named
from tools.benchmarking.lifecycles.orders import Orders, cases_like

_SEALS = ("official", "finance", "contract", "representative")
_SEAL_REASONS = ("seal_imprint_unclear", "seal_kind_differs", "seal_outside_box")
_SEAL_LISTS = (*(f'["{one}"]' for one in _SEAL_REASONS), '["seal_imprint_unclear","seal_not_red"]')


def lived(chance: Chance, orders: Orders, which: Column, after: Column, out: Gathered) -> None:
    """Applications of a quarter of those whose certificate is in use, and the seals made of them."""
    those = np.flatnonzero(chance.happens(len(which), 0.25))
    which, at = which[those], after[those] + chance.wait(len(those), DAY, 1.0)
    count = len(at)
    made_at = at + chance.wait(count, 26 * HOUR, 0.9)
    rejected = chance.happens(count, 0.1)
    made = ~rejected & (made_at < END)
    rejected &= made_at < END
    kind = chance.one_of(count, (5, 2, 2, 1))
    ids = chance.ids("sealapp", at)
    cases = cases_like(orders, which, "seal", ids)
    everyone = at < END
    out.happened(cases, "seal.applied_for", at, everyone)
    out.happened(cases, "case.opened:seal", at + 30, everyone, "system")
    out.happened(cases, "case.rejected:seal", made_at, rejected & everyone, "staff")
    out.happened(cases, "seal.rejected", made_at, rejected & everyone, "system")
    out.happened(cases, "seal.made", made_at, made & everyone, "staff")
    out.add(
        "seal_application_fact",
        {
            "id": ids,
            "kind": named(kind, _SEALS),
            "agency_id": named(cases.agency, gathering.AGENCIES),
            "status": named(
                np.where(made, 0, np.where(rejected, 1, 2)), ("made", "rejected", "in_review")
            ),
            "purpose": "new",
            "enterprise_id": pa.nulls(count, pa.string()),
            "picture": "drawn",
            "strokes_blob_id": pa.nulls(count, pa.string()),
            "created_at": at,
            "ended_at": moments(made_at, made | rejected),
        },
    )
    said = np.flatnonzero(rejected)
    _reviewed(chance, cases, ids, at, made_at, said, out)
    done = np.flatnonzero(made)
    out.add(
        "seal_fact",
        {
            "id": chance.ids("seal", made_at[done]),
            "application_id": ids.take(pa.array(done)),
            "kind": named(kind[done], _SEALS),
            "agency_id": named(cases.agency[done], gathering.AGENCIES),
            "status": "active",
            "code": chance.ids("5", made_at[done]),
            "created_at": made_at[done],
            "ended_at": pa.nulls(len(done), pa.int64()),
        },
    )


def _reviewed(
    chance: Chance,
    cases: Cases,
    applications: pa.Array,
    opened_at: Column,
    decided_at: Column,
    said: Column,
    out: Gathered,
) -> None:
    """The rejected applications for seals, one in five of them for two reasons."""
    count = len(said)
    out.add(
        "review_task",
        {
            "id": chance.ids("case", opened_at[said]),
            "kind": "seal",
            "stage": "seal",
            "platform_id": named(cases.platform[said], gathering.PLATFORMS),
            "agency_id": named(cases.agency[said], gathering.AGENCIES),
            "region": named(cases.region[said], gathering.REGIONS),
            "product": pa.nulls(count, pa.string()),
            "status": "rejected",
            "opened_at": opened_at[said],
            "first_touched_at": pa.array(opened_at[said]),
            "decided_at": pa.array(decided_at[said]),
            "ended_at": pa.array(decided_at[said]),
            "decided_by": named(np.zeros(count, dtype=np.int32), ("staff:seal-00",)),
            "held_ms": np.zeros(count, dtype=np.int64),
            "corrects": pa.nulls(count, pa.string()),
            "attempt": np.ones(count, dtype=np.int64),
            "reasons": named(chance.one_of(count, (4, 2, 2, 2)), _SEAL_LISTS),
            "sample_of": pa.nulls(count, pa.string()),
            "subject_id": applications.take(pa.array(said)),
            "case_kind": "seal",
            "case_id": applications.take(pa.array(said)),
            "wait_ms": pa.array(np.zeros(count, dtype=np.int64)),
            "handle_ms": pa.array(decided_at[said] - opened_at[said]),
            "wait_business_ms": pa.array(np.zeros(count, dtype=np.int64)),
            "handle_business_ms": pa.array(
                office_ms(decided_at[said]) - office_ms(opened_at[said])
            ),
            "overdue": pa.array(np.zeros(count, dtype=bool)),
        },
    )
