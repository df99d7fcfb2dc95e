"""What may be asked of contracts."""

from engine.signing.queries.acting import (
    contract_parties,
    possible_actions,
    possible_parties,
    voiding,
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
    signature_of_ticket,
    signatures,
    tab_counts,
    to_be_signed,
    versions,
)
from engine.signing.queries.history import history
from engine.signing.queries.review import INVARIANTS, blockers, review_sheet_contract

__all__ = [
    "INVARIANTS",
    "TabUnknown",
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
    "review_sheet_contract",
    "row",
    "rows",
    "signature_of_ticket",
    "signatures",
    "tab_counts",
    "to_be_signed",
    "versions",
    "voiding",
]
