"""What can be set, and its shape.

A setting is a version of a kind (and, for named kinds, a name). Version 1 is read from
`data/policies/<kind>.toml` when a world is made and never again; later versions are proposed by one
member of staff, approved by another, and hold from their effective date. An order, review or invoice
keeps the version it was made under.
"""

from __future__ import annotations

from engine.policies.model.access import (
    Sessions,
    SigningRules,
    SmsCodes,
    Terms,
    Tickets,
)
from engine.policies.model.asking import (
    OwnSqlRules,
    RevealRules,
)
from engine.policies.model.calls import (
    CallRules,
    CallSaying,
)
from engine.policies.model.contracts import (
    OF_EVERY_CONTRACT,
    PLACE,
    AttachmentKind,
    Clause,
    ContractRules,
    ContractTemplate,
    Currency,
    FieldKind,
    TemplateField,
)
from engine.policies.model.delivering import (
    DeliveryRules,
)
from engine.policies.model.entities import (
    EntityChoice,
    EntityField,
    EntityRules,
)
from engine.policies.model.files import (
    FileRules,
)
from engine.policies.model.incidents import (
    IncidentKind,
)
from engine.policies.model.invoices import (
    InvoiceReviewed,
    InvoiceRules,
    TaxItem,
)
from engine.policies.model.machines import (
    MachineRules,
)
from engine.policies.model.money import (
    LedgerAccount,
    MoneyRules,
)
from engine.policies.model.people import (
    AccountClosing,
    EnterpriseVerification,
    EntityClass,
    MembershipRules,
    PaperRule,
    RealNameRules,
    RealNameWay,
    Retention,
)
from engine.policies.model.platforms import (
    Announcement,
    Asked,
    Attachment,
    CertificateAgency,
    Help,
    OrderRule,
    Platform,
    Price,
    SealAgency,
    Seller,
    StoreDownload,
    Zone,
)
from engine.policies.model.recognition import (
    RecognizedAgency,
)
from engine.policies.model.reviewing import (
    LEAST_APPROVERS,
    BulkRules,
    DeskRules,
    Escalation,
    HoldReason,
    Reason,
    ReviewRule,
    Sampling,
)
from engine.policies.model.revoking import (
    RevocationReason,
    RevocationRules,
)
from engine.policies.model.roles import (
    DECIDES,
    PEOPLE_ONLY,
    Right,
    Role,
    grants_and_decides,
)
from engine.policies.model.seals import (
    SealColour,
    SealKindRule,
    SealRoute,
    SealShape,
)
from engine.policies.model.services import (
    Service,
    ServiceRules,
)
from engine.policies.model.setting import (
    Setting,
)
from engine.policies.model.versions import (
    Change,
    Pending,
    PolicyVersion,
    Preview,
    Problem,
)

__all__ = [
    "DECIDES",
    "KINDS",
    "LEAST_APPROVERS",
    "OF_EVERY_CONTRACT",
    "PEOPLE_ONLY",
    "PLACE",
    "AccountClosing",
    "Announcement",
    "Asked",
    "Attachment",
    "AttachmentKind",
    "BulkRules",
    "CallRules",
    "CallSaying",
    "CertificateAgency",
    "Change",
    "Clause",
    "ContractRules",
    "ContractTemplate",
    "Currency",
    "DeliveryRules",
    "DeskRules",
    "EnterpriseVerification",
    "EntityChoice",
    "EntityClass",
    "EntityField",
    "EntityRules",
    "Escalation",
    "FieldKind",
    "FileRules",
    "Help",
    "HoldReason",
    "IncidentKind",
    "InvoiceReviewed",
    "InvoiceRules",
    "LedgerAccount",
    "MachineRules",
    "MembershipRules",
    "MoneyRules",
    "OrderRule",
    "OwnSqlRules",
    "PaperRule",
    "Pending",
    "Platform",
    "PolicyVersion",
    "Preview",
    "Price",
    "Problem",
    "RealNameRules",
    "RealNameWay",
    "Reason",
    "RecognizedAgency",
    "Retention",
    "RevealRules",
    "ReviewRule",
    "RevocationReason",
    "RevocationRules",
    "Right",
    "Role",
    "Sampling",
    "SealAgency",
    "SealColour",
    "SealKindRule",
    "SealRoute",
    "SealShape",
    "Seller",
    "Service",
    "ServiceRules",
    "Sessions",
    "Setting",
    "SigningRules",
    "SmsCodes",
    "StoreDownload",
    "TaxItem",
    "TemplateField",
    "Terms",
    "Tickets",
    "Zone",
    "grants_and_decides",
]

KINDS: dict[str, type[Setting]] = {
    cls.KIND: cls
    for cls in (
        SmsCodes,
        OwnSqlRules,
        Sessions,
        SigningRules,
        Role,
        Tickets,
        Terms,
        ReviewRule,
        HoldReason,
        IncidentKind,
        Sampling,
        DeskRules,
        BulkRules,
        Reason,
        Platform,
        Zone,
        Announcement,
        Help,
        CertificateAgency,
        SealAgency,
        SealKindRule,
        RecognizedAgency,
        ContractRules,
        ContractTemplate,
        RevealRules,
        RevocationRules,
        RealNameWay,
        RealNameRules,
        EntityClass,
        EntityRules,
        EnterpriseVerification,
        MembershipRules,
        Seller,
        TaxItem,
        InvoiceRules,
        LedgerAccount,
        MoneyRules,
        Retention,
        AccountClosing,
        CallSaying,
        CallRules,
        FileRules,
        DeliveryRules,
        Service,
        ServiceRules,
        MachineRules,
    )
}
