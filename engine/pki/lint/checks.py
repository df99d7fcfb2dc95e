"""The checks behind the rules, by part of the certificate: each tells of what breaks a rule.

They cost a certificate a tenth of a millisecond together, because every certificate passes them. What
an issuer's certificates of one profile have in common byte for byte is judged once and the verdict kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtensionOID

from engine.kernel import clock, errors
from engine.pki import assembling, certificates, der, keys, names
from engine.pki.lint.examined import Examined, Finding
from engine.pki.profiles import Attribute, Profile

MINIMUM_SERIAL_BITS = 64
MAXIMUM_SERIAL_OCTETS = 20
MINIMUM_RSA_BITS = 2048
EXPONENT = 65537
# SP 800-89 5.3.3: an honest modulus shares no factor with the product of the small primes.
SMALL_PRIMES = math.prod(
    n for n in range(3, 752, 2) if all(n % k for k in range(3, math.isqrt(n) + 1, 2))
)
# RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
FIRST_GENERALIZED_MS = 2_524_608_000_000
ATTRIBUTES = {form.oid.dotted_string: kind for kind, form in names.FORMS.items()}
ORGANIZATION_IDENTIFIER = names.FORMS[Attribute.ORGANIZATION_IDENTIFIER].oid.dotted_string

Check = Callable[[Examined], Iterator[Finding]]


def _frame(examined: Examined) -> Iterator[Finding]:
    if examined.algorithm.encoded != keys.SIGNATURE_ALGORITHM:
        algorithm = examined.certificate.signature_algorithm_oid.dotted_string
        if algorithm != keys.SIGNATURE_OID:
            yield Finding(code="signature_algorithm", detail=algorithm)
    if examined.algorithm.encoded != examined.fields[2].encoded:
        yield Finding(code="signature_algorithm_differs")
    # Of the fields after the key, [1] and [2] are unique identifiers and [3] the extensions.
    if any(field.tag & 0x1F in (1, 2) for field in examined.fields[7:]):
        yield Finding(code="unique_identifier")
    if examined.fields[3].encoded != examined.issued_by.subject:
        yield Finding(code="issuer_name_differs")


def _serial(examined: Examined) -> Iterator[Finding]:
    serial = der.to_integer(examined.fields[1])
    if serial <= 0:
        yield Finding(code="serial_not_positive")
    elif serial.bit_length() < MINIMUM_SERIAL_BITS:
        yield Finding(code="serial_too_short", detail=f"{serial.bit_length()} bits")
    if len(examined.fields[1].content) > MAXIMUM_SERIAL_OCTETS:
        yield Finding(code="serial_too_long")


def _validity(examined: Examined) -> Iterator[Finding]:
    times = der.elements(examined.fields[4].content)
    starts, ends = (der.to_time_ms(element) for element in times)
    for element, instant in zip(times, (starts, ends), strict=True):
        if (element.tag == der.GENERALIZED_TIME) != (instant >= FIRST_GENERALIZED_MS):
            yield Finding(code="time_type")
    if ends <= starts:
        yield Finding(code="validity_empty")
    if ends - starts > examined.profile.maximum_days * clock.DAY:
        yield Finding(code="validity_too_long")
    if examined.issuer is not None:
        if starts < examined.issued_by.not_before_ms:
            yield Finding(code="validity_before_issuer")
        if ends > examined.issued_by.not_after_ms:
            yield Finding(code="validity_beyond_issuer")


def _subject(examined: Examined) -> Iterator[Finding]:
    seen: list[Attribute] = []
    for oid, value in examined.subject:
        attribute = ATTRIBUTES.get(oid)
        if attribute is None:
            yield Finding(code="subject_attribute_unknown", detail=oid)
            continue
        seen.append(attribute)
        if value.tag != names.FORMS[attribute].string_tag:
            yield Finding(code="subject_string_type", detail=attribute)
        try:
            names.check(attribute, value.content.decode())
        except errors.InvalidInput as problem:
            yield Finding(code="subject_value", detail=f"{attribute}: {problem}")
    template = [place.attribute for place in examined.profile.subject]
    for place in examined.profile.subject:
        if place.required and place.attribute not in seen:
            yield Finding(code="subject_attribute_missing", detail=place.attribute)
    if [attribute for attribute in template if attribute in seen] != seen:
        yield Finding(code="subject_order", detail=", ".join(seen))


def _public_key(examined: Examined) -> Iterator[Finding]:
    key = examined.public_key
    if isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name != "secp256r1":
            yield Finding(code="key_curve", detail=key.curve.name)
    elif isinstance(key, rsa.RSAPublicKey):
        short = key.key_size < MINIMUM_RSA_BITS or key.key_size % 8
        if short or key.public_numbers().e != EXPONENT:
            yield Finding(code="key_weak", detail=f"RSA-{key.key_size}")
        if math.gcd(key.public_numbers().n, SMALL_PRIMES) > 1:
            yield Finding(code="key_small_factor")
    else:
        yield Finding(code="key_kind", detail=type(key).__name__)
    if examined.issuer is not None and key == examined.issued_by.public_key:
        yield Finding(code="key_is_the_issuers")


def _expected(profile: Profile) -> dict[x509.ObjectIdentifier, bool]:
    expected = {
        ExtensionOID.BASIC_CONSTRAINTS: profile.basic_constraints_critical,
        ExtensionOID.KEY_USAGE: profile.key_usage_critical,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER: False,
    }
    wanted = {
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER: profile.authority_key_identifier,
        ExtensionOID.CERTIFICATE_POLICIES: bool(profile.policies),
        ExtensionOID.CRL_DISTRIBUTION_POINTS: profile.crl_distribution,
        ExtensionOID.AUTHORITY_INFORMATION_ACCESS: profile.ocsp_access or profile.issuers_access,
        ExtensionOID.OCSP_NO_CHECK: profile.ocsp_no_check,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME: profile.alternative_names,
    }
    expected |= {oid: False for oid, present in wanted.items() if present}
    if profile.extended_key_usage:
        expected[ExtensionOID.EXTENDED_KEY_USAGE] = profile.extended_key_usage_critical
    return expected | {x509.ObjectIdentifier(oid): False for oid in profile.uscc_extensions}


def _presence(examined: Examined) -> Iterator[Finding]:
    expected = _expected(examined.profile)
    if examined.profile.crl_distribution and examined.urls.delta:
        expected[ExtensionOID.FRESHEST_CRL] = False
    for oid, critical in expected.items():
        found = examined.extensions.get(oid)
        if found is None:
            yield Finding(code="extension_missing", detail=oid.dotted_string)
        elif found.critical != critical:
            yield Finding(code="extension_criticality", detail=oid.dotted_string)
    for oid in examined.extensions:
        if oid not in expected:
            yield Finding(code="extension_forbidden", detail=oid.dotted_string)


def _key_identifiers(examined: Examined) -> Iterator[Finding]:
    own = examined.value(x509.SubjectKeyIdentifier)
    right = x509.SubjectKeyIdentifier.from_public_key(examined.public_key)
    if own is not None and own != right:
        yield Finding(code="subject_key_identifier")
    authority = examined.value(x509.AuthorityKeyIdentifier)
    if (
        authority is not None
        and examined.issuer is not None
        and authority != certificates.authority_key_identifier(examined.issuer)
    ):
        yield Finding(code="authority_key_identifier")


def _usage(examined: Examined) -> Iterator[Finding]:
    profile = examined.profile
    constraints = examined.value(x509.BasicConstraints)
    if constraints and (constraints.ca, constraints.path_length) != (
        profile.authority,
        profile.path_length,
    ):
        yield Finding(code="basic_constraints")
    usage = examined.value(x509.KeyUsage)
    uses = certificates.uses_of(profile, examined.public_key)
    if usage and usage != certificates.key_usage(uses):
        yield Finding(code="key_usage")
    extended = examined.value(x509.ExtendedKeyUsage)
    purposes = [certificates.PURPOSES[purpose] for purpose in profile.extended_key_usage]
    if extended and list(extended) != purposes:
        yield Finding(code="extended_key_usage")
    policies = examined.value(x509.CertificatePolicies)
    if policies and [p.policy_identifier.dotted_string for p in policies] != list(profile.policies):
        yield Finding(code="policies")
    hosts = examined.value(x509.SubjectAlternativeName)
    if hosts is not None and not names.are_hosts(hosts):
        yield Finding(code="alternative_names")


def _pointers(examined: Examined) -> Iterator[Finding]:
    points = examined.value(x509.CRLDistributionPoints)
    if points is not None:
        places = [place.value for point in points for place in point.full_name or ()]
        if places != [examined.urls.crl] or not _fetchable(examined.urls.crl):
            yield Finding(code="crl_distribution_point")
    newest = examined.value(x509.FreshestCRL)
    if newest is not None:
        places = [place.value for point in newest for place in point.full_name or ()]
        if places != [examined.urls.delta] or not _fetchable(examined.urls.delta):
            yield Finding(code="freshest_crl")
    access = examined.value(x509.AuthorityInformationAccess)
    if access is not None:
        wanted = []
        if examined.profile.ocsp_access:
            wanted.append((AuthorityInformationAccessOID.OCSP, examined.urls.ocsp))
        if examined.profile.issuers_access:
            wanted.append((AuthorityInformationAccessOID.CA_ISSUERS, examined.urls.ca_issuers))
        seen = [(one.access_method, one.access_location.value) for one in access]
        if seen != wanted or not all(_fetchable(url) for _, url in wanted):
            yield Finding(code="authority_information_access")


def _fetchable(url: str) -> bool:
    # RFC 5280 8: https here would need a certificate that is checked with what is being fetched.
    return url.startswith("http://") and url.isascii() and len(url) > len("http://")


def _credit_code(examined: Examined) -> Iterator[Finding]:
    named = dict(examined.subject).get(ORGANIZATION_IDENTIFIER)
    if named is None:
        return
    code = named.content.decode().removeprefix(names.ORGANIZATION_IDENTIFIER_PREFIX)
    places = {der.oid(dotted): dotted for dotted in examined.profile.uscc_extensions}
    for extension in examined.encoded_extensions:
        dotted = places.get(extension[0].encoded)
        if dotted is not None and extension[-1].content != der.utf8(code):
            yield Finding(code="uscc_extension_differs", detail=dotted)


# What these find depends on nothing but the profile, the issuer, its addresses, the kind of key and the
# encoded extensions without what names one key or one holder.
_OF_THE_KIND: tuple[Check, ...] = (_presence, _key_identifiers, _usage, _pointers)
_verdicts: dict[Hashable, tuple[Finding, ...]] = {}
_VERDICTS_KEPT = 512


def _extensions(examined: Examined) -> Iterator[Finding]:
    alike = _alike(examined)
    found = None if alike is None else _verdicts.get(alike)
    if found is None:
        found = tuple(finding for check in _OF_THE_KIND for finding in check(examined))
        if alike is not None:
            if len(_verdicts) >= _VERDICTS_KEPT:
                _verdicts.clear()
            _verdicts[alike] = found
    yield from found


def _alike(examined: Examined) -> Hashable | None:
    """What two certificates have in common whose extensions get the same verdict; None for one alone.

    Left out are the value of the key identifier, which must be its key's, and of the extensions with the
    holder's code, which `_credit_code` compares.
    """
    if examined.profile.alternative_names:
        return None
    codes = {der.oid(dotted) for dotted in examined.profile.uscc_extensions}
    parts = []
    for extension in examined.encoded_extensions:
        kind, value = extension[0].encoded, extension[-1]
        if value.tag != der.OCTET_STRING or len(extension) > 3:
            return None
        if kind == assembling.SUBJECT_KEY_IDENTIFIER:
            own = der.octets(assembling.identifier(examined.fields[6].encoded))
            if value.content != own:
                return None
        elif kind not in codes:
            kind += value.encoded
        parts.append((kind, *extension[1:-1]))
    on_a_curve = isinstance(examined.public_key, ec.EllipticCurvePublicKey)
    # A self-signed certificate is judged by the profile alone: it has no issuer to be compared with.
    issuer = None if examined.issuer is None else examined.issued_by
    return examined.profile, issuer, examined.urls, on_a_curve, tuple(parts)


CHECKS: tuple[Check, ...] = (
    _frame, _serial, _validity, _subject, _public_key, _extensions, _credit_code,
)  # fmt: skip
