"""Certificate profiles as data: one TOML file each says what a kind of certificate contains.

A profile fixes the clauses of RFC 5280 that are a choice (key usage, extended key usage, path
length, policies), the template of the subject, the longest validity and the Chinese extensions of
GB/T 20518, whose identifiers differ between sources and so are configuration. An agency's `Practice`
adapts them: its own policy identifiers, shorter terms, where it writes the credit code. Profiles hold no
code and no names of persons; `certificates` builds by them and `lint` judges by them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn, Self

from pydantic import Field, model_validator

from engine.kernel import catalog, errors

Oid = Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9][0-9]*))+$")]


class KeyUse(enum.StrEnum):
    """The bits of RFC 5280 4.2.1.3 that a profile may ask for."""

    DIGITAL_SIGNATURE = "digitalSignature"
    NON_REPUDIATION = "nonRepudiation"
    KEY_ENCIPHERMENT = "keyEncipherment"
    DATA_ENCIPHERMENT = "dataEncipherment"
    KEY_AGREEMENT = "keyAgreement"
    KEY_CERT_SIGN = "keyCertSign"
    CRL_SIGN = "cRLSign"


class Purpose(enum.StrEnum):
    """The extended key usages of RFC 5280 4.2.1.12 (and of ETSI TS 119 612) that a profile may ask for."""

    CLIENT_AUTH = "clientAuth"
    EMAIL_PROTECTION = "emailProtection"
    TIME_STAMPING = "timeStamping"
    OCSP_SIGNING = "OCSPSigning"
    SERVER_AUTH = "serverAuth"
    TSL_SIGNING = "tslSigning"


class Attribute(enum.StrEnum):
    """The attributes of a subject, in the words of X.520."""

    COUNTRY = "country"
    STATE = "state"
    LOCALITY = "locality"
    ORGANIZATION = "organization"
    ORGANIZATION_IDENTIFIER = "organization_identifier"
    ORGANIZATIONAL_UNIT = "organizational_unit"
    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    SERIAL_NUMBER = "serial_number"
    COMMON_NAME = "common_name"


class Place(catalog.Declared):
    """One place of the subject's template."""

    attribute: Attribute
    required: bool


class Profile(catalog.Declared):
    """What certificates of one kind contain. Periods are in days."""

    label: str
    title: catalog.Text
    authority: bool
    path_length: int | None = Field(default=None, ge=0, le=5)
    basic_constraints_critical: bool
    key_usage: tuple[KeyUse, ...] = Field(min_length=1)
    # Of a key on a curve, where it differs: such a key agrees on keys instead of enciphering them.
    key_usage_on_a_curve: tuple[KeyUse, ...] = ()
    key_usage_critical: bool
    extended_key_usage: tuple[Purpose, ...] = ()
    extended_key_usage_critical: bool = False
    policies: tuple[Oid, ...] = ()
    maximum_days: int = Field(ge=1, le=36_525)
    subject: tuple[Place, ...] = Field(min_length=1)
    authority_key_identifier: bool
    crl_distribution: bool
    ocsp_access: bool
    issuers_access: bool
    ocsp_no_check: bool = False
    alternative_names: bool = False
    uscc_extensions: tuple[Oid, ...] = ()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        problem = _contradiction(self)
        if problem:
            raise ValueError(problem)
        return self

    def __hash__(self) -> int:
        # Profiles are keys of what is worked out once for each; equal ones have these in common.
        return hash((self.label, self.policies, self.maximum_days))

    @property
    def self_signed(self) -> bool:
        """Whether it is a root's: the only kind without an authority key identifier."""
        return not self.authority_key_identifier

    def uses(self, *, on_a_curve: bool) -> tuple[KeyUse, ...]:
        """The bits of KeyUsage for a key of one kind or the other."""
        return (
            self.key_usage_on_a_curve
            if on_a_curve and self.key_usage_on_a_curve
            else self.key_usage
        )


def _contradiction(profile: Profile) -> str:
    attributes = [place.attribute for place in profile.subject]
    signs = KeyUse.KEY_CERT_SIGN in profile.key_usage
    checks = {
        "keyCertSign and authority go together (RFC 5280 4.2.1.9)": signs != profile.authority,
        "path_length is an authority's alone": profile.path_length is not None and not signs,
        "an authority's basic constraints are critical": signs
        and not profile.basic_constraints_critical,
        "an attribute stands twice in the subject": len(set(attributes)) != len(attributes),
        "the subject needs a common name": Attribute.COMMON_NAME not in attributes,
        "timeStamping is critical and alone (RFC 3161 2.3)": Purpose.TIME_STAMPING
        in profile.extended_key_usage
        and (len(profile.extended_key_usage) > 1 or not profile.extended_key_usage_critical),
        "uscc_extensions need organization_identifier": bool(profile.uscc_extensions)
        and Attribute.ORGANIZATION_IDENTIFIER not in attributes,
        "an extension stands twice in uscc_extensions": len(set(profile.uscc_extensions))
        != len(profile.uscc_extensions),
        "a key that signs does not encipher (a pair has one for each)": _both(profile.key_usage),
    }
    return "; ".join(problem for problem, found in checks.items() if found)


def _both(uses: tuple[KeyUse, ...]) -> bool:
    signing = {KeyUse.DIGITAL_SIGNATURE, KeyUse.NON_REPUDIATION, KeyUse.KEY_CERT_SIGN}
    enciphering = {KeyUse.KEY_ENCIPHERMENT, KeyUse.DATA_ENCIPHERMENT, KeyUse.KEY_AGREEMENT}
    return bool(signing & set(uses)) and bool(enciphering & set(uses))


class Practice(catalog.Declared):
    """What one agency does in its own way: `data/practices/<agency>.toml`."""

    # Its policy identifiers: this arc, and the profile's last number.
    policy_arc: Oid
    # Where it writes the credit code; used by profiles that carry it at all.
    uscc_extensions: tuple[Oid, ...] = Field(min_length=1)
    # Its longest validity by profile, never beyond the profile's own.
    maximum_days: dict[str, int] = Field(default_factory=dict)


class Profiles(dict[str, Profile]):
    """Profiles by label; a label nobody declared stops with ConfigurationError."""

    def __missing__(self, label: str) -> NoReturn:
        raise errors.ConfigurationError(file="profiles", problem=f"no profile is called {label!r}")


def load_profiles(directory: Path) -> Mapping[str, Profile]:
    """Every `*.toml` of a directory, by label; a file is named after its label.

    Raises: ConfigurationError naming file and key, also when the mapping is asked for a label that
    was not declared.
    """
    profiles = Profiles()
    for path in sorted(directory.glob("*.toml")):
        profile = catalog.load(path, Profile)
        if profile.label != path.stem:
            problem = f"label: is {profile.label!r}, and the file is {path.stem!r}"
            raise errors.ConfigurationError(file=path.name, problem=problem)
        profiles[profile.label] = profile
    if not profiles:
        raise errors.ConfigurationError(file=directory.name, problem="there is no profile in it")
    return profiles


def adapted(known: Mapping[str, Profile], practice: Practice) -> Mapping[str, Profile]:
    """The profiles as an agency issues by them; those of authorities above it are nobody's own.

    Raises: ConfigurationError for a term of a profile that there is not.
    """
    for label in practice.maximum_days:
        known[label]
    changed = Profiles()
    for label, profile in known.items():
        changed[label] = profile if profile.authority else _adapted(profile, practice)
    return changed


def _adapted(profile: Profile, practice: Practice) -> Profile:
    days = practice.maximum_days.get(profile.label, profile.maximum_days)
    return profile.model_copy(
        update={
            "policies": tuple(
                f"{practice.policy_arc}.{oid.rpartition('.')[2]}" for oid in profile.policies
            ),
            "uscc_extensions": practice.uscc_extensions if profile.uscc_extensions else (),
            "maximum_days": min(days, profile.maximum_days),
        }
    )


def practice_of(directory: Path, agency: str) -> Practice:
    """An agency's practice, out of the file that is named after it.

    Raises: ConfigurationError, also where there is no such file.
    """
    return catalog.load(directory / f"{agency}.toml", Practice)
