"""Seals as their owner, its reviewers and the stages above may see them."""

from engine.sealing.queries.entrusting import (
    delegated_to_me,
    delegations,
    deletion,
    filing,
    uses,
)
from engine.sealing.queries.following import blockers, consequences, follows
from engine.sealing.queries.forms import application_form, change_form, specimen
from engine.sealing.queries.gate import (
    ActNotEntrusted,
    CertificateNotListed,
    DelegationOver,
    NotEntrusted,
    NotYourSeal,
    SealNotUsable,
    entrusted,
    require_usable,
)
from engine.sealing.queries.invariants import INVARIANTS
from engine.sealing.queries.offers import (
    KindNotOffered,
    NameTaken,
    NoIndividualCertificate,
    SealExists,
    full_name,
    kinds,
    label,
)
from engine.sealing.queries.seals import (
    application,
    applications_of,
    by_code,
    certificate_digest,
    my_applications,
    my_seals,
    of_enterprise,
    seal,
)
from engine.sealing.queries.seen import SealNotMadeYet, seal_data
from engine.sealing.queries.sheets import SPECIMEN, review_sheet_seal, review_sheet_seal_making

__all__ = [
    "INVARIANTS",
    "SPECIMEN",
    "ActNotEntrusted",
    "CertificateNotListed",
    "DelegationOver",
    "KindNotOffered",
    "NameTaken",
    "NoIndividualCertificate",
    "NotEntrusted",
    "NotYourSeal",
    "SealExists",
    "SealNotMadeYet",
    "SealNotUsable",
    "application",
    "application_form",
    "applications_of",
    "blockers",
    "by_code",
    "certificate_digest",
    "change_form",
    "consequences",
    "delegated_to_me",
    "delegations",
    "deletion",
    "entrusted",
    "filing",
    "follows",
    "full_name",
    "kinds",
    "label",
    "my_applications",
    "my_seals",
    "of_enterprise",
    "require_usable",
    "review_sheet_seal",
    "review_sheet_seal_making",
    "seal",
    "seal_data",
    "specimen",
    "uses",
]
