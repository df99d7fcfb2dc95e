"""The written record of a ceremony: who was there, what was made, and how to know it again.

Plain lines, so that witnesses read on paper what they saw on the screen and sign it. The file's SHA-256 is
read out and written down, and the root's key signs the file, so that a changed copy is found by either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import clock, errors
from engine.pki import certificates, keys

LEAST_WITNESSES = 2


class RolesNotApart(errors.InvalidInput):
    """{name} has two roles. Administrator, custodian and witnesses of a ceremony are different people."""


class WitnessesMissing(errors.InvalidInput):
    """A ceremony has an administrator, a custodian of the root's key and at least {least} witnesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who takes part: who types, who takes the root's key away, and who watches.

    Raises: WitnessesMissing, RolesNotApart.
    """

    administrator: str
    custodian: str
    witnesses: tuple[str, ...]

    def __post_init__(self) -> None:
        names = [one.strip() for one in (self.administrator, self.custodian, *self.witnesses)]
        if not all(names) or len(self.witnesses) < LEAST_WITNESSES:
            raise WitnessesMissing(least=LEAST_WITNESSES)
        for name in names:
            if names.count(name) > 1:
                raise RolesNotApart(name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The record, its digest, and the signature of the root's key (ECDSA, SHA-256, DER)."""

    text: str
    signature: bytes

    @property
    def sha256(self) -> str:
        """What is read out at the end and written down by everybody."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def holds(self, root: x509.Certificate) -> bool:
        """Whether the root's key signed exactly this."""
        return keys.verify(root.public_key(), self.signature, self.text.encode())


def write(
    act: str,
    *,
    roles: Roles,
    facts: Mapping[str, str],
    made: Sequence[tuple[str, x509.Certificate]],
    held_at: int,
    key: ec.EllipticCurvePrivateKey,
) -> Transcript:
    """The record of an act, in lines of `name: value`, signed by the root's `key`."""
    text = "\n".join(_lines(act, roles, facts, made, held_at)) + "\n"
    return Transcript(text=text, signature=keys.sign(key, text.encode()))


def _lines(
    act: str,
    roles: Roles,
    facts: Mapping[str, str],
    made: Sequence[tuple[str, x509.Certificate]],
    held_at: int,
) -> Iterator[str]:
    yield f"YINXIN KEY CEREMONY: {act}"
    yield f"held at: {_instant(held_at)}"
    yield f"administrator: {roles.administrator.strip()}"
    yield f"custodian of the root's key: {roles.custodian.strip()}"
    for place, witness in enumerate(roles.witnesses, start=1):
        yield f"witness {place}: {witness.strip()}"
    for name, value in facts.items():
        yield f"{name}: {value}"
    for label, certificate in made:
        key = keys.public_to_der(certificate.public_key())
        yield ""
        yield f"certificate: {label}"
        yield f"  subject: {certificate.subject.rfc4514_string()}"
        yield f"  issuer: {certificate.issuer.rfc4514_string()}"
        yield f"  serial: {certificate.serial_number:x}"
        yield f"  not before: {_instant(clock.from_datetime(certificate.not_valid_before_utc))}"
        yield f"  not after: {_instant(clock.from_datetime(certificate.not_valid_after_utc))}"
        yield f"  certificate sha256: {fingerprint(certificate)}"
        yield f"  public key sha256: {hashlib.sha256(key).hexdigest()}"


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate, in hex."""
    return hashlib.sha256(certificates.to_der(certificate)).hexdigest()


def _instant(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms):%Y-%m-%dT%H:%M:%SZ}"
