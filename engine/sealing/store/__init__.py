"""The SQL of seals."""

from engine.kernel import notes
from engine.sealing.store.entrusted import (
    active_delegation,
    active_delegations,
    active_within,
    count_uses,
    delegated_to,
    delegations,
    filings,
    never_filed,
    uses,
    without_reminder,
)
from engine.sealing.store.seals import (
    applications_by,
    applications_of,
    applications_of_person,
    by_code,
    in_place_of,
    living,
    living_of_person,
    newest_application,
    of_enterprise,
    of_person,
    open_applications,
    open_for,
    open_of,
)

__all__ = [
    "OWNED",
    "UNLOGGED",
    "active_delegation",
    "active_delegations",
    "active_within",
    "applications_by",
    "applications_of",
    "applications_of_person",
    "by_code",
    "count_uses",
    "delegated_to",
    "delegations",
    "filings",
    "in_place_of",
    "living",
    "living_of_person",
    "never_filed",
    "newest_application",
    "of_enterprise",
    "of_person",
    "open_applications",
    "open_for",
    "open_of",
    "uses",
    "without_reminder",
]

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="seal_application",
        columns=(
            *("enterprise_id", "kind", "name", "agency_id", "status", "form_blob_id", "reasons"),
            "before_blob_id",
            *("created_at", "ended_at", "purpose", "replaces", "why", "size", "colour", "picture"),
            *("impression_blob_id", "impression", "strokes_blob_id"),
        ),
    ),
    notes.Owned(
        table="seal",
        columns=(
            *("application_id", "enterprise_id", "kind", "name", "code", "platform_id"),
            *("agency_id", "status", "valid_from", "valid_to", "created_at", "made_at", "size"),
            *("colour", "picture", "replaces", "filing_number", "ended_at"),
        ),
    ),
    notes.Owned(
        table="seal_delegation",
        columns=(
            *("seal_id", "enterprise_id", "acts", "status", "valid_to", "created_at", "ended_at"),
            "why",
        ),
    ),
    notes.Owned(
        table="seal_use",
        columns=(
            "seal_id",
            "delegation_id",
            "certificate_id",
            "act",
            "subject",
            "digest_hex",
            "result",
            "created_at",
        ),
    ),
)
