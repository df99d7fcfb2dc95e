"""A contract, its versions, its parties and the signatures on it (SGN-1…5).

A contract starts from a purchase order; its document is made from a template or uploaded. Each party
signs by scan: the document is prepared first, its digest is fixed in the QR, and what the phone signs
are the CMS signed attributes over exactly that digest. One signature at a time, each on the file the one
before left. Submission needs every party's seal. A returned contract is a draft again with a new
document: what was signed stays as it was, as an earlier version.
"""

from engine.signing.model.attachments import (
    Attached,
    AttachmentRow,
    ContractAttachment,
    ContractDraft,
    DraftShown,
    Preview,
)
from engine.signing.model.contracts import (
    CONTRACT,
    EXPIRED,
    TABS,
    Contract,
    ContractForm,
    ContractRow,
    ContractsPage,
    ContractStatus,
    ContractTerms,
    ContractVersion,
    SigningOrder,
    Step,
)
from engine.signing.model.parties import (
    MOST_PARTIES,
    PARTY,
    VOIDING,
    ContractAct,
    ContractParty,
    ContractVoiding,
    PartyShown,
    PartyStatus,
    PossibleParty,
    VoidingShown,
    VoidingStatus,
)
from engine.signing.model.signatures import (
    LEVELS,
    MOST_AT_ONCE,
    SIGNATURE,
    WITHDRAWN,
    BatchShown,
    ContractSignature,
    Level,
    SignatureStatus,
    SigningBatch,
    ToSign,
    ValidationLevel,
    below,
    digest_of_all,
)

__all__ = [
    "CONTRACT",
    "EXPIRED",
    "LEVELS",
    "MOST_AT_ONCE",
    "MOST_PARTIES",
    "PARTY",
    "SIGNATURE",
    "TABS",
    "VOIDING",
    "WITHDRAWN",
    "Attached",
    "AttachmentRow",
    "BatchShown",
    "Contract",
    "ContractAct",
    "ContractAttachment",
    "ContractDraft",
    "ContractForm",
    "ContractParty",
    "ContractRow",
    "ContractSignature",
    "ContractStatus",
    "ContractTerms",
    "ContractVersion",
    "ContractVoiding",
    "ContractsPage",
    "DraftShown",
    "Level",
    "PartyShown",
    "PartyStatus",
    "PossibleParty",
    "Preview",
    "SignatureStatus",
    "SigningBatch",
    "SigningOrder",
    "Step",
    "ToSign",
    "ValidationLevel",
    "VoidingShown",
    "VoidingStatus",
    "below",
    "digest_of_all",
]
