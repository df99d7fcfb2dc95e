"""Subjects: who a certificate is about, and the distinguished name its profile makes of that.

Upper bounds and string types are those of RFC 5280 appendix A.1: PrintableString for the country
and the serial number, UTF8String for the rest. A name that does not fit is refused, never cut: a
company whose name is cut is another company. Whether a code or a name is true is not asked here.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from engine.kernel import errors
from engine.pki import der
from engine.pki.profiles import Attribute, Profile

USCC_FORM = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")
# ETSI EN 319 412-1 5.1.4: national trade register, country, hyphen, number.
ORGANIZATION_IDENTIFIER_PREFIX = "NTRCN-"
# RFC 1123 2.1: labels of letters, digits and inner hyphens.
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PRINTABLE = re.compile(r"[A-Za-z0-9 '()+,\-./:=?]+")

# cryptography warns when it reads a name of more than 64 octets; the limit of RFC 5280 is 64 characters.
warnings.filterwarnings("ignore", message="Attribute's length must be")


class NameTooLong(errors.InvalidInput):
    """{attribute} may have at most {limit} characters in a certificate, and this has {length}."""


class NameIncomplete(errors.InvalidInput):
    """A certificate of this kind needs {attribute}."""


class NameUnexpected(errors.InvalidInput):
    """A certificate of this kind has no place for {attribute}."""


class NameMalformed(errors.InvalidInput):
    """{attribute} has characters or a form that a certificate cannot carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How an attribute is written: its type, its string type and its upper bound."""

    oid: x509.ObjectIdentifier
    string_tag: int
    limit: int


FORMS: dict[Attribute, Form] = {
    Attribute.COUNTRY: Form(oid=NameOID.COUNTRY_NAME, string_tag=der.PRINTABLE_STRING, limit=2),
    Attribute.STATE: Form(
        oid=NameOID.STATE_OR_PROVINCE_NAME, string_tag=der.UTF8_STRING, limit=128
    ),
    Attribute.LOCALITY: Form(oid=NameOID.LOCALITY_NAME, string_tag=der.UTF8_STRING, limit=128),
    Attribute.ORGANIZATION: Form(
        oid=NameOID.ORGANIZATION_NAME, string_tag=der.UTF8_STRING, limit=64
    ),
    Attribute.ORGANIZATION_IDENTIFIER: Form(
        oid=NameOID.ORGANIZATION_IDENTIFIER, string_tag=der.UTF8_STRING, limit=64
    ),
    Attribute.ORGANIZATIONAL_UNIT: Form(
        oid=NameOID.ORGANIZATIONAL_UNIT_NAME, string_tag=der.UTF8_STRING, limit=64
    ),
    Attribute.SURNAME: Form(oid=NameOID.SURNAME, string_tag=der.UTF8_STRING, limit=64),
    Attribute.GIVEN_NAME: Form(oid=NameOID.GIVEN_NAME, string_tag=der.UTF8_STRING, limit=64),
    Attribute.SERIAL_NUMBER: Form(
        oid=NameOID.SERIAL_NUMBER, string_tag=der.PRINTABLE_STRING, limit=64
    ),
    Attribute.COMMON_NAME: Form(oid=NameOID.COMMON_NAME, string_tag=der.UTF8_STRING, limit=64),
}

_OIDS = {attribute: der.oid(form.oid.dotted_string) for attribute, form in FORMS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who a certificate is about; the profile says which of these are used."""

    common_name: str
    organization: str = ""
    uscc: str = ""
    organizational_unit: str = ""
    state: str = ""
    locality: str = ""
    surname: str = ""
    given_name: str = ""
    serial_number: str = ""
    country: str = "CN"
    # Where a server is found, for profiles with alternative names: DNS names and addresses.
    hosts: tuple[str, ...] = ()

    def value(self, attribute: Attribute) -> str:
        """The text of one attribute, empty when there is none."""
        if attribute is Attribute.ORGANIZATION_IDENTIFIER:
            return ORGANIZATION_IDENTIFIER_PREFIX + self.uscc if self.uscc else ""
        found: str = getattr(self, attribute)
        return found


def general_name(host: str) -> x509.GeneralName:
    """A host as RFC 5280 4.2.1.6 names it: an address, or a DNS name."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def are_hosts(found: Iterable[x509.GeneralName]) -> bool:
    """Whether alternative names are addresses and well-formed DNS names, and at least one."""
    hosts = list(found)
    return bool(hosts) and all(
        isinstance(one, x509.IPAddress)
        or (isinstance(one, x509.DNSName) and _HOST_NAME.fullmatch(one.value) is not None)
        for one in hosts
    )


def check(attribute: Attribute, text: str) -> None:
    """Refuse a text that the attribute cannot carry.

    Raises: NameTooLong, NameMalformed.
    """
    form = FORMS[attribute]
    if len(text) > form.limit:
        raise NameTooLong(field=attribute, attribute=attribute, limit=form.limit, length=len(text))
    printable = form.string_tag == der.PRINTABLE_STRING
    # isprintable() is false for controls, separators and lone surrogates.
    well_formed = text.strip() == text and text.isprintable()
    if not well_formed or (printable and not _PRINTABLE.fullmatch(text)):
        raise NameMalformed(field=attribute, attribute=attribute)
    if attribute is Attribute.COUNTRY and not _COUNTRY.fullmatch(text):
        raise NameMalformed(field=attribute, attribute=attribute)
    if attribute is Attribute.ORGANIZATION_IDENTIFIER and not USCC_FORM.fullmatch(
        text.removeprefix(ORGANIZATION_IDENTIFIER_PREFIX)
    ):
        raise NameMalformed(field=attribute, attribute=attribute)


def attributes_of(profile: Profile, subject: Subject) -> list[tuple[Attribute, str]]:
    """The attributes of a subject by the profile's template, in its order, checked.

    Raises: NameIncomplete, NameUnexpected, NameTooLong, NameMalformed.
    """
    places, unplaced = _template(profile)
    for attribute in unplaced:
        if subject.value(attribute):
            raise NameUnexpected(field=attribute, attribute=attribute)
    found = []
    for attribute, required in places:
        text = subject.value(attribute)
        if not text and required:
            raise NameIncomplete(field=attribute, attribute=attribute)
        if text:
            check(attribute, text)
            found.append((attribute, text))
    return found


@functools.lru_cache(maxsize=256)
def _template(
    profile: Profile,
) -> tuple[tuple[tuple[Attribute, bool], ...], tuple[Attribute, ...]]:
    """The places of a profile's subject in order, and the attributes that it has no place for."""
    places = {place.attribute: place.required for place in profile.subject}
    unplaced = (one for one in Attribute if one not in places and one is not Attribute.COUNTRY)
    return tuple(places.items()), tuple(unplaced)


def name_of(profile: Profile, subject: Subject) -> x509.Name:
    """The distinguished name of a subject by the profile's template.

    Raises: NameIncomplete, NameUnexpected, NameTooLong, NameMalformed.
    """
    return x509.Name(
        [
            # cryptography counts octets where RFC 5280 counts characters; `check` has counted those.
            x509.NameAttribute(FORMS[attribute].oid, text, _validate=False)
            for attribute, text in attributes_of(profile, subject)
        ]
    )


def encoded(profile: Profile, subject: Subject) -> bytes:
    """The same name in DER. Raises: as `name_of`."""
    return der.sequence(
        *(
            der.tlv(
                der.SET,
                der.sequence(_OIDS[attribute], der.tlv(FORMS[attribute].string_tag, text.encode())),
            )
            for attribute, text in attributes_of(profile, subject)
        )
    )
