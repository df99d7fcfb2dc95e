"""A seal and its application (SEA-1 to SEA-4, ENT-3; GB/T 38540).

A seal is a signed object, not a picture: the seal agency signs image, size, owner, validity and the list of
certificates that may use it. An application is reviewed by one person and made by another. The first
three seals (company seal, legal representative's seal, their handwritten signature) are ordered by the
enterprise's approval itself; other kinds are applied for by its administrator with a stamped form, or
written by hand on the pad. A seal names the certificates it may be used with by digest, and names one at
least: an ordered seal waits in `making` for its owner's first certificate, and is signed anew when there
is another; picture, code and validity stay. A seal that is changed or made again stays in use until the
one in its place is made.
"""

from engine.sealing.model.entrusting import (
    ACTS,
    DELEGATION,
    DelegationShown,
    DelegationStatus,
    SealAct,
    SealDelegation,
    SealUse,
    UseShown,
)
from engine.sealing.model.filing import FILING, FilingMatter, FilingStatus, SealFiling
from engine.sealing.model.kinds import (
    FIRST,
    MADE_ANEW_AFTER,
    KindOffered,
    SealKind,
    Size,
    size_of,
)
from engine.sealing.model.seals import (
    APPLICATION,
    LIVING,
    MADE,
    MAKEABLE,
    SEAL,
    STOPS_AT_ONCE,
    ApplicationDetail,
    ApplicationStatus,
    Deletion,
    Fate,
    Follow,
    Picture,
    Purpose,
    RemakeReason,
    Seal,
    SealApplication,
    SealStatus,
)
from engine.sealing.model.seen import ListedCertificate, Maker, SealData, StepShown

__all__ = [
    "ACTS",
    "APPLICATION",
    "DELEGATION",
    "FILING",
    "FIRST",
    "LIVING",
    "MADE",
    "MADE_ANEW_AFTER",
    "MAKEABLE",
    "SEAL",
    "STOPS_AT_ONCE",
    "ApplicationDetail",
    "ApplicationStatus",
    "DelegationShown",
    "DelegationStatus",
    "Deletion",
    "Fate",
    "FilingMatter",
    "FilingStatus",
    "Follow",
    "KindOffered",
    "ListedCertificate",
    "Maker",
    "Picture",
    "Purpose",
    "RemakeReason",
    "Seal",
    "SealAct",
    "SealApplication",
    "SealData",
    "SealDelegation",
    "SealFiling",
    "SealKind",
    "SealStatus",
    "SealUse",
    "Size",
    "StepShown",
    "UseShown",
    "size_of",
]
