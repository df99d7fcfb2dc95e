"""Proving names, enterprises and their papers, members, and the end of accounts."""

from __future__ import annotations

from typing import Literal

from engine.kernel.catalog import Declared, Text
from engine.policies.model.setting import Setting


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


class PaperRule(Declared):
    """A paper of a class of enterprise: when it is needed at a claim, and at which changes again."""

    code: str
    label: Text
    required: Literal["always", "unless_representative", "optional"]
    picture_only: bool = False
    # Whether it may come as DOCX, which is set anew as a PDF.
    word: bool = False
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
