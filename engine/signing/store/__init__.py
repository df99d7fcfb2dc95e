"""The SQL of contracts."""

from __future__ import annotations

from engine.kernel import notes
from engine.signing.store.attachments import attachments, draft, drafts
from engine.signing.store.contracts import (
    ListedRow,
    by_number,
    completed,
    count_listed,
    counts,
    form,
    listed,
    names,
    newest_version,
    of_batch,
    of_enterprise,
    open_signature,
    part,
    signatures,
    unfinished_of,
    unsigned_with,
    versions,
)
from engine.signing.store.parties import (
    acts,
    acts_since,
    all_parties,
    is_party,
    open_voiding,
    parties,
    possible_parties,
    voidings,
)

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="contract_signature",
        columns=(
            "contract_id",
            "version",
            "mall_account_id",
            "role",
            "certificate_id",
            "seal_id",
            "status",
            "digest_hex",
            "attributes",
            "value",
            "created_at",
            "signed_at",
            "completed_at",
            "batch_id",
            "placements",
            "level",
            "why",
        ),
    ),
    notes.Owned(
        table="signing_batch",
        columns=(
            "mall_account_id",
            "platform_id",
            "certificate_id",
            "seal_id",
            "created_at",
            "signed_at",
        ),
    ),
)

__all__ = [
    "OWNED",
    "UNLOGGED",
    "ListedRow",
    "acts",
    "acts_since",
    "all_parties",
    "attachments",
    "by_number",
    "completed",
    "count_listed",
    "counts",
    "draft",
    "drafts",
    "form",
    "is_party",
    "listed",
    "names",
    "newest_version",
    "of_batch",
    "of_enterprise",
    "open_signature",
    "open_voiding",
    "part",
    "parties",
    "possible_parties",
    "signatures",
    "unfinished_of",
    "unsigned_with",
    "versions",
    "voidings",
]
