"""The desk in depth: bulk acts, incidents and stops, what machines are told, looks behind masks.

Of a look behind a mask neither whose record it was nor who looked is copied: what kind of record, and with
which roles, is made of them while they are read.
"""

from __future__ import annotations

from engine.reports.copies.model import Copy

_ATTEMPTS = "FROM webhook_attempt a WHERE a.delivery_id = webhook_delivery.id"
_TAKEN = f"{_ATTEMPTS} AND a.code BETWEEN 200 AND 299"

DESK: tuple[Copy, ...] = (
    Copy(
        table="bulk_fact",
        origin="bulk_act",
        columns=(
            *("id", "act", "size", "status", "made_at", "rehearsed_at", "approved_at"),
            *("started_at", "ended_at", "ran_ms"),
        ),
        carried=("places",),
    ),
    Copy(
        table="bulk_item_fact",
        origin="bulk_item",
        columns=("id", "bulk_id", "item_id", "foreseen", "outcome", "done_at"),
    ),
    Copy(
        table="incident_fact",
        origin="incident",
        columns=(
            *("id", "kind", "status", "began_at", "opened_at", "contain_by", "contained_at"),
            "closed_at",
        ),
    ),
    Copy(
        table="agency_fact",
        origin="policy_version",
        columns=("id", "name AS agency_id", "effective_at AS from_ms"),
        where="kind = 'certificate_agency' AND approved_at IS NOT NULL",
    ),
    Copy(
        table="issuing_stop_fact",
        origin="issuing_stop",
        columns=("id", "agency_id", "incident_id", "status", "stopped_at", "lifted_at"),
    ),
    Copy(
        table="staff_role_fact",
        origin="staff_grant",
        columns=("id", "staff_id", "role", "granted_at", "revoked_at"),
    ),
    Copy(
        table="reveal_fact",
        origin="reveal",
        columns=("id", "name AS field", "ground", "revealed_at"),
        carried=("record_id", "staff_id"),
    ),
    Copy(
        table="machine_fact",
        origin="machine_client",
        columns=("id", "name", "status", "made_at", "ended_at"),
    ),
    Copy(
        table="endpoint_fact",
        origin="webhook_endpoint",
        columns=("id", "client_id", "status", "made_at"),
        carried=("url",),
    ),
    Copy(
        table="delivery_fact",
        origin="webhook_delivery",
        columns=(
            *("id", "endpoint_id", "kind", "status", "made_at", "ended_at"),
            f"(SELECT COUNT(*) {_ATTEMPTS}) AS tries",
            f"(SELECT MIN(a.number) {_TAKEN}) AS accepted_try",
            f"(SELECT MIN(a.tried_at) {_TAKEN}) AS accepted_at",
        ),
        ends="ended_at",
    ),
)
