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


Product = Literal["enterprise", "individual", "event"]
Business = Literal["new", "renewal", "replacement", "change", "delegation"]


class OrderRule(Declared):
    """What a platform asks of one kind of order: papers, by their codes, and who reviews it."""

    product: Product
    business: Business
    papers: tuple[str, ...] = ()
    platform_review: bool = True
    agency_review: bool = True


class Asked(Declared):
    """What is asked of one kind of order, with the papers themselves."""

    attachments: tuple[Attachment, ...]
    platform_review: bool
    agency_review: bool


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
    # Of an enterprise's first certificate, and of every kind of order that has no rule of its own.
    attachments: tuple[Attachment, ...]
    products: tuple[Product, ...] = ("enterprise",)
    # Papers that only rules ask for.
    rule_papers: tuple[Attachment, ...] = ()
    rules: tuple[OrderRule, ...] = ()
    # From when an order can be invoiced: once it is paid, or once its certificate is downloaded.
    invoice_after: Literal["payment", "download"] = "payment"
    # A closed platform takes no new onboarding and no new order, and keeps what it has.
    open: bool = True
    # Of its mall, as "#RRGGBB"; without one the mall takes one by the platform's id.
    colour: str = Field(default="", pattern=r"^(#[0-9A-Fa-f]{6})?$")

    def asked(self, product: Product, business: Business) -> Asked:
        """What is asked of a kind of order; without a rule of its own, what is asked of every one."""
        known = {paper.code: paper for paper in (*self.attachments, *self.rule_papers)}
        for one in self.rules:
            if (one.product, one.business) == (product, business):
                return Asked(
                    attachments=tuple(known[code] for code in one.papers if code in known),
                    platform_review=one.platform_review,
                    agency_review=one.agency_review,
                )
        return Asked(attachments=self.attachments, platform_review=True, agency_review=True)


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


class Price(Declared):
    """What a CA takes for a kind of order; 0 years are the rest of a term, or an event's one day."""

    product: Product
    business: Business
    years: int = 0
    fen: int = Field(ge=0)


PinRefusal = Literal["repeats", "runs", "common", "birth_date", "phone", "id_number"]


class CertificateAgency(Setting):
    """A CA: its price, PIN rules, profile and place in the national trust list."""

    KIND = "certificate_agency"
    NAMED = True
    # Whose certificates count on every platform is on the trust list alone (PKI-4).
    GONE = frozenset({"country_wide"})
    label: Text
    code: str
    organization: str
    price_per_year_fen: int
    profile: str
    pin_digits: int
    pin_tries: int
    # Which PINs its holders may not choose (CRT-4): only their phone ever sees one.
    pin_refused: tuple[PinRefusal, ...] = (
        "repeats",
        "runs",
        "common",
        "birth_date",
        "phone",
        "id_number",
    )
    turnaround_hours: int
    # Whose certificates come as a pair, the second one for encryption (CRT-6).
    paired: tuple[Product, ...] = ("enterprise", "individual")
    # Of which kind the keys of those are that its key management centre makes: RSA-3072 or P-256.
    encryption_key: Literal["rsa", "curve"] = "rsa"
    # Beside the price per year of an enterprise's new and renewed ones. What has no price is not offered.
    prices: tuple[Price, ...] = ()
    # A certificate may be renewed in its last so many days; its holder is told so many days before the end.
    renewal_days: int = Field(default=90, ge=1)
    notice_days: tuple[int, ...] = (90, 30, 7, 1)
    event_hours: int = Field(default=24, ge=1)
    # What is given back when an order is cancelled whose certificate waits to be downloaded.
    refund_percent_ready: int = Field(default=100, ge=0, le=100)
    # Whether invoices of its orders are to be had on paper, sent by courier.
    paper_invoices: bool = False
    # The last so many decisions make up the turnaround that is shown as measured.
    turnaround_of_last: int = Field(default=20, ge=1)

    def price(self, product: Product, business: Business, years: int) -> int | None:
        """What a kind of order costs in fen; None where this CA does not offer it."""
        for one in self.prices:
            if (one.product, one.business, one.years) == (product, business, years):
                return one.fen
        if product == "enterprise" and business in ("new", "renewal") and years > 0:
            return self.price_per_year_fen * years
        return None


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
