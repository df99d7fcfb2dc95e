"""What follows in this stage from a reviewer's decision."""

from engine.registration.reactions.changes import decide_enterprise_change
from engine.registration.reactions.claims import (
    VerificationMissing,
    claim_approvals_fell,
    claim_approved_in_part,
    decide_enterprise_claim,
)
from engine.registration.reactions.closing import (
    decide_account_termination,
    decide_archive_release,
    decide_cancellation,
    decide_termination_appeal,
)

__all__ = [
    "VerificationMissing",
    "claim_approvals_fell",
    "claim_approved_in_part",
    "decide_account_termination",
    "decide_archive_release",
    "decide_cancellation",
    "decide_enterprise_change",
    "decide_enterprise_claim",
    "decide_termination_appeal",
]
