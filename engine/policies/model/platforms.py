"""Trading platforms, zones, agencies, and what is told to everybody (MAL-4, HLP-1)."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field

from engine.kernel.catalog import Declared, Text
from engine.policies.model.setting import Setting


class Attachment(Declared):
    """A paper that a platform asks for."""

    code: str
    label: Text
    # Whether it may come as DOCX, which is set anew as a PDF.
    word: bool = False


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
