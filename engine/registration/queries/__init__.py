"""Who a handset belongs to, and what a person or a reviewer may see of people and enterprises."""

from engine.registration.queries.accounts import (
    NotRealNamed,
    account,
    me,
    person,
    person_by_token,
    person_name,
    person_phone,
    real_named,
    terms,
)
from engine.registration.queries.enterprises import (
    NotAMember,
    administrators,
    enterprise,
    enterprise_by_code,
    enterprises_like,
    membership,
    my_claims,
    require_member,
    review_sheet_enterprise_claim,
)
from engine.registration.queries.proofs import (
    my_newest_proof,
    ways,
)

__all__ = [
    "NotAMember",
    "NotRealNamed",
    "account",
    "administrators",
    "enterprise",
    "enterprise_by_code",
    "enterprises_like",
    "me",
    "membership",
    "my_claims",
    "my_newest_proof",
    "person",
    "person_by_token",
    "person_name",
    "person_phone",
    "real_named",
    "require_member",
    "review_sheet_enterprise_claim",
    "terms",
    "ways",
]
