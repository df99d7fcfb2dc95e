"""What can be set, and its shape.

A setting is a version of a kind (and, for named kinds, a name). Version 1 is read from
`data/policies/<kind>.toml` when a world is made and never again; later versions are proposed by one
member of staff, approved by another, and hold from their effective date. An order, review or invoice
keeps the version it was made under.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from engine.kernel import clock
from engine.kernel.catalog import Declared, Text


class Setting(Declared):
    """Base of every setting. `KIND` names its file and its rows; `NAMED` kinds have many."""

    KIND: ClassVar[str]
    NAMED: ClassVar[bool] = False


class SmsCodes(Setting):
    """One-time codes by SMS (ACC-3; `security.md` AUTH-1, AUTH-2)."""

    KIND = "sms_codes"
    lifetime_seconds: int
    gap_seconds: int
    per_day: int
    tries: int
    # Later fields have defaults, so that a version written before them still reads.
    per_hour: int = 5
    address_per_hour: int = 20
    browser_per_hour: int = 5
    alarm_per_hour: int = 5_000
    stop_per_hour: int = 50_000
    challenge_bits: int = 12


class Sessions(Setting):
    """How long a sign-in lasts, by door."""

    KIND = "sessions"
    staff_idle_minutes: int
    staff_hours: int
    handset_days: int
    mall_hours: int
    qr_source_seconds: int


class Tickets(Setting):
    """QR tickets (LOG-1): 180 s in the guide."""

    KIND = "tickets"
    lifetime_seconds: int

    @property
    def lifetime_ms(self) -> int:
        """The lifetime in milliseconds."""
        return self.lifetime_seconds * clock.SECOND


class Terms(Setting):
    """The terms of use that a person accepts; the version and digest accepted are recorded."""

    KIND = "terms"
    version: str
    text: Text


class ReviewRule(Setting):
    """How a kind of review runs: its lease and its clocks, in minutes of office hours (OPS-2)."""

    KIND = "review_rule"
    NAMED = True
    label: Text
    lease_minutes: int
    first_touch_minutes: int
    decision_minutes: int


class Reason(Setting):
    """A reason to reject, pointing at the field that it is about."""

    KIND = "reason"
    NAMED = True
    kinds: tuple[str, ...]
    field: str
    text: Text


class Attachment(Declared):
    """A paper that a platform asks for."""

    code: str
    label: Text


class Platform(Setting):
    """A trading platform (MAL-4): what it allows and asks for."""

    KIND = "platform"
    NAMED = True
    label: Text
    region: Text
    agencies: tuple[str, ...]
    seal_agencies: tuple[str, ...]
    years: tuple[int, ...]
    certificate_kinds: tuple[Literal["platform", "national"], ...]
    download_mode: Literal["automatic", "manual"]
    payment: Literal["before_review", "after_review"]
    attachments: tuple[Attachment, ...]
    # A closed platform takes no new onboarding and no new order, and keeps what it has.
    open: bool = True
    # Of its mall, as "#RRGGBB"; without one the mall takes one by the platform's id.
    colour: str = Field(default="", pattern=r"^(#[0-9A-Fa-f]{6})?$")


class Zone(Setting):
    """A trading zone (交易专区): platforms that a person follows together."""

    KIND = "zone"
    NAMED = True
    label: Text
    text: Text
    platforms: tuple[str, ...]
    open: bool = True


class Announcement(Setting):
    """Something to be told to everybody, from one business date up to another or without end."""

    KIND = "announcement"
    NAMED = True
    title: Text
    text: Text
    starts_on: datetime.date
    ends_on: datetime.date | None = None


class StoreDownload(Declared):
    """Where the app is to be had on one system of phones."""

    system: str
    label: Text
    store: Text
    button: str


class Help(Setting):
    """The hotline and the ways to the app (HLP-1); its hours are those of the business calendar."""

    KIND = "help"
    hotline: str
    store_search: str
    site_button: str
    downloads: tuple[StoreDownload, ...]


class CertificateAgency(Setting):
    """A CA: its price, PIN rules, profile and place in the national trust list."""

    KIND = "certificate_agency"
    NAMED = True
    label: Text
    code: str
    organization: str
    country_wide: bool
    price_per_year_fen: int
    profile: str
    pin_digits: int
    pin_tries: int
    turnaround_hours: int


class SealAgency(Setting):
    """A seal agency: who makes and signs seals."""

    KIND = "seal_agency"
    NAMED = True
    label: Text
    code: str
    organization: str
    valid_years: int
    code_prefix: str


class RealNameWay(Setting):
    """A way to prove one's name (IDV): its label and the fields it asks for."""

    KIND = "real_name_way"
    NAMED = True
    label: Text
    fields: tuple[Literal["name", "resident_id", "bank_card", "phone", "face"], ...]
    # Whether the provider's grade is ADVANCED: it tells which field differs.
    tells_mismatch: bool
    per_day: int = 5


class RealNameRules(Setting):
    """How often a person may try a day in all, and how long a bank's check may be used again (IDV-3)."""

    KIND = "real_name_rules"
    per_day: int
    reuse_days: int


class Retention(Setting):
    """How long the law keeps a record beyond its account (电子签名法 24), and the clause that says so.

    `certificates` holds for every CA that has no rule under its own name.
    """

    KIND = "retention"
    NAMED = True
    years: int
    clause: Text


class AccountClosing(Setting):
    """How long a person has to appeal before staff end their account (ACC-7)."""

    KIND = "account_closing"
    notice_business_days: int


class Seller(Setting):
    """Who issues invoices, and the tax that applies."""

    KIND = "seller"
    name: str
    code: str
    address: str
    bank: str
    drawer: str
    item: str
    tax_category: str
    tax_rate_percent: int


class PaperRule(Declared):
    """A paper of a class of enterprise: when it is needed at a claim, and at which changes again."""

    code: str
    label: Text
    required: Literal["always", "unless_representative", "optional"]
    picture_only: bool = False
    changes: tuple[Literal["name", "legal_representative"], ...] = ()


class EntityClass(Setting):
    """A class of enterprise by its credit code: its papers, and what the register can be asked (ENT-1)."""

    KIND = "entity_class"
    NAMED = True
    label: Text
    elements: Literal[2, 3, 4]
    papers: tuple[PaperRule, ...]


class EnterpriseVerification(Setting):
    """How a claimant's authority is shown (IDV-6): the account for one fen, and what expires when."""

    KIND = "enterprise_verification"
    account_name: str
    bank: str
    sub_account_prefix: str
    payment_hours: int
    payment_tries: int
    authorization_hours: int


class MembershipRules(Setting):
    """How long invitations, applications and offers of a role last (ENT-2)."""

    KIND = "membership_rules"
    invitation_hours: int
    qr_hours: int
    application_hours: int
    transfer_hours: int
    invitations_per_day: int


KINDS: dict[str, type[Setting]] = {
    cls.KIND: cls
    for cls in (
        SmsCodes,
        Sessions,
        Tickets,
        Terms,
        ReviewRule,
        Reason,
        Platform,
        Zone,
        Announcement,
        Help,
        CertificateAgency,
        SealAgency,
        RealNameWay,
        RealNameRules,
        EntityClass,
        EnterpriseVerification,
        MembershipRules,
        Seller,
        Retention,
        AccountClosing,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One version of a setting. It holds once approved, from its effective date.

    A proposal that was withdrawn or rejected is `ended_at`, by whom and why; it never holds.
    """

    id: str
    kind: str
    name: str
    version: int
    body: str
    effective_at: int
    author: str
    approved_by: str | None
    approved_at: int | None
    created_at: int
    ended_at: int | None = None
    ended_by: str | None = None
    end_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value of a setting before and after a proposal; `path` leads to it, parts joined by dots."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something can't be proposed: the field, the refusal's code, its message id and parameters."""

    field: str
    code: str
    message: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a proposal would change, and whether it could be made."""

    valid: bool
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A proposal that waits for a second person, with what it would change."""

    version: PolicyVersion
    changes: tuple[Change, ...]
    mine: bool
