"""The outside world as the engine sees it: narrow Protocols, frozen dataclasses in and out.

Drivers stand in `engine.providers`; the worker is their only caller. Every call carries a key of our own,
so that asking twice does a thing once. One that can't be reached raises `errors.ProviderUnavailable`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from engine.kernel.courier_port import Courier as Courier
from engine.kernel.courier_port import Parcel as Parcel
from engine.kernel.courier_port import PickUp as PickUp
from engine.kernel.courier_port import StepCode as StepCode
from engine.kernel.courier_port import TrackingStep as TrackingStep
from engine.kernel.payment_port import Callback as Callback
from engine.kernel.payment_port import Charge as Charge
from engine.kernel.payment_port import Payback as Payback
from engine.kernel.payment_port import PaymentProvider as PaymentProvider
from engine.kernel.payment_port import PaymentState as PaymentState
from engine.kernel.payment_port import RefundState as RefundState
from engine.kernel.seal_port import FilingAnswer as FilingAnswer
from engine.kernel.seal_port import MadeSeal as MadeSeal
from engine.kernel.seal_port import SealFiling as SealFiling
from engine.kernel.seal_port import SealMaker as SealMaker
from engine.kernel.seal_port import SealRegister as SealRegister
from engine.kernel.seal_port import SealRequest as SealRequest
from engine.kernel.tax_port import InvoiceRequest as InvoiceRequest
from engine.kernel.tax_port import PaperForm as PaperForm
from engine.kernel.tax_port import RedRequest as RedRequest
from engine.kernel.tax_port import TaxEntry as TaxEntry
from engine.kernel.tax_port import TaxLine as TaxLine
from engine.kernel.tax_port import TaxOutcome as TaxOutcome
from engine.kernel.tax_port import TaxParty as TaxParty
from engine.kernel.tax_port import TaxService as TaxService
from engine.kernel.webhook_port import RECEIVER_WAIT_MS as RECEIVER_WAIT_MS
from engine.kernel.webhook_port import Received as Received
from engine.kernel.webhook_port import WebhookSender as WebhookSender

if TYPE_CHECKING:
    from engine.kernel.engine import Engine


class NotYet(Exception):
    """A party that was reached still works on its answer: ask again at `until`, with the same key."""

    def __init__(self, until: int) -> None:
        super().__init__(until)
        self.until = until


class SmsGateway(Protocol):
    """Sends text messages."""

    def send(self, phone: str, text: str, *, idempotency_key: str) -> None:
        """Hand one message to the network."""


class CarrierGateway(Protocol):
    """The mobile network, which knows what number the SIM in a phone has."""

    def number_of(self, token: str, *, idempotency_key: str) -> str:
        """The number that a phone's token stands for; empty when the network does not confirm it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody says they are; fields a provider does not ask for are empty."""

    name: str
    resident_id: str
    phone: str = ""
    bank_card: str = ""
    face: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an identity provider found: `mismatched` names fields only where its grade tells."""

    matched: bool
    reference: str
    reason: str = ""
    mismatched: tuple[str, ...] = ()


class RealNameProvider(Protocol):
    """Checks an identity against the authorities' registers."""

    def check(self, identity: Identity, *, idempotency_key: str) -> Verdict:
        """Whether the fields belong together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterQuery:
    """An enterprise as somebody describes it; with 2 elements the representative is empty."""

    elements: int
    name: str
    uscc: str
    legal_representative: str = ""
    legal_representative_id: str = ""


class EnterpriseRegister(Protocol):
    """The register of enterprises and other organizations, asked with 2, 3 or 4 elements."""

    def check(self, query: RegisterQuery, *, idempotency_key: str) -> Verdict:
        """Whether the elements belong together, and which of those that were asked do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Whom a certificate names. Enterprises give organization and uscc, persons their name."""

    common_name: str
    organization: str = ""
    uscc: str = ""
    state: str = ""
    locality: str = ""
    # Tells holders of one name apart, where a profile has a place for it.
    serial_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """What a CA is asked to sign; the serial was reserved before."""

    serial: int
    profile: str
    applicant: Applicant
    public_key: bytes
    not_before: int
    not_after: int


class CertificateAgency(Protocol):
    """A certification authority: linted before it is signed, one certificate a serial."""

    def issue(self, request: CertificateRequest) -> bytes:
        """The certificate (DER)."""

    def chain(self) -> Sequence[bytes]:
        """The CA's certificates from the issuing one up to the root (DER)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKey:
    """A key that a key management centre made: DER SubjectPublicKeyInfo, and PKCS #8 (DER)."""

    public_key: bytes
    private_key: bytes = field(repr=False)


class KeyManagementCentre(Protocol):
    """Makes and archives the keys that encryption certificates are for; never one to sign with."""

    def make(self, kind: str, *, key_id: str) -> EncryptionKey:
        """A new key, `rsa` or `curve`, archived before it is given out. Asking twice gives the same."""

    def recover(self, key_id: str, *, approved_by: Sequence[str]) -> EncryptionKey:
        """An archived key, released to two people who approved; each release is written down.

        Raises: errors.NotFound, errors.PolicyRefused for fewer than two people.
        """


class TimestampAuthority(Protocol):
    """An RFC 3161 time-stamp authority."""

    def stamp(self, digest: bytes, *, now: int) -> bytes:
        """A time-stamp token (DER) over a SHA-256 digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A status that an agency has with the scheme, from an instant on; `until` once it is over."""

    status: str
    since: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An agency to be put on the trust list. `certificates` (PEM) are empty where the scheme has them."""

    label: str
    name_zh: str
    name_en: str
    organization: str
    uscc: str
    certificates: tuple[str, ...]
    standings: tuple[Standing, ...]


class TrustScheme(Protocol):
    """Who keeps the trust list of mutual recognition and signs it."""

    def publish(self, agencies: Sequence[Listed], *, sequence: int, now: int) -> bytes:
        """The signed list (CMS, DER) with this number, in force from `now`."""


class ValidationService(Protocol):
    """What somebody offline needs to validate a signature: certificates and fresh CRLs (DER)."""

    def material(self, agency_ids: Sequence[str]) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """The certificates of the PKI and the CRLs of these agencies, the TSA's and the root's."""

    def publish(self, agency_id: str) -> None:
        """Publish an agency's CRL anew where the published one is no longer what is so."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Every outside party of a world, by its label where there are several."""

    sms: SmsGateway
    carrier: CarrierGateway
    real_name: Mapping[str, RealNameProvider]
    register: EnterpriseRegister
    payment: PaymentProvider
    agencies: Mapping[str, CertificateAgency]
    key_centre: KeyManagementCentre
    seal_makers: Mapping[str, SealMaker]
    seal_register: SealRegister
    timestamps: TimestampAuthority
    validation: ValidationService
    tax: TaxService
    courier: Courier
    trust_scheme: TrustScheme
    webhooks: WebhookSender


class JobContext(Protocol):
    """What a job's handler works with."""

    @property
    def engine(self) -> Engine:
        """The world's engine."""

    @property
    def ports(self) -> Ports:
        """The world's outside parties."""
