"""Certificate profiles as data: one TOML file each says what a kind of certificate contains.

A profile fixes the clauses of RFC 5280 that are a choice (key usage, extended key usage, path
length, policies), the template of the subject, the longest validity and the Chinese extensions of
GB/T 20518, whose identifiers differ between sources and so are configuration. It holds no code and
no names of persons; `certificates` builds by it and `lint` judges by it.
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
    """The extended key usages of RFC 5280 4.2.1.12 that a profile may ask for."""

    CLIENT_AUTH = "clientAuth"
    EMAIL_PROTECTION = "emailProtection"
    TIME_STAMPING = "timeStamping"
    OCSP_SIGNING = "OCSPSigning"
    SERVER_AUTH = "serverAuth"


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
    uscc_extension: Oid | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        problem = _contradiction(self)
        if problem:
            raise ValueError(problem)
        return self

    @property
    def self_signed(self) -> bool:
        """Whether it is a root's: the only kind without an authority key identifier."""
        return not self.authority_key_identifier


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
        "uscc_extension needs organization_identifier": profile.uscc_extension is not None
        and Attribute.ORGANIZATION_IDENTIFIER not in attributes,
    }
    return "; ".join(problem for problem, found in checks.items() if found)


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
