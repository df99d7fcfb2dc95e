"""What may be asked of contracts."""

from engine.signing.queries.acting import (
    contract_parties,
    possible_actions,
    possible_parties,
    voiding,
)
from engine.signing.queries.asked import (
    asked_to_sign,
    sent_to_me,
    signature,
    signatures_of_ticket,
    signing_batch,
    to_be_signed,
    validation,
    wanted_level,
)
from engine.signing.queries.contracts import (
    TabUnknown,
    by_number,
    contract,
    contracts_page,
    current,
    document,
    newest,
    of_enterprise,
    row,
    rows,
    signatures,
    tab_counts,
    versions,
)
from engine.signing.queries.history import history
from engine.signing.queries.published import public_page, published
from engine.signing.queries.review import INVARIANTS, blockers, review_sheet_contract

__all__ = [
    "INVARIANTS",
    "TabUnknown",
    "asked_to_sign",
    "blockers",
    "by_number",
    "contract",
    "contract_parties",
    "contracts_page",
    "current",
    "document",
    "history",
    "newest",
    "of_enterprise",
    "possible_actions",
    "possible_parties",
    "public_page",
    "published",
    "review_sheet_contract",
    "row",
    "rows",
    "sent_to_me",
    "signature",
    "signatures",
    "signatures_of_ticket",
    "signing_batch",
    "tab_counts",
    "to_be_signed",
    "validation",
    "versions",
    "voiding",
    "wanted_level",
]
