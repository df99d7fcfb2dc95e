"""The rules of the linter as a table: a stable code, the clause it stands for, and what it says.

`checks` looks for breaches; here stands what a breach is called. A test enumerates the table: each rule
has a certificate that keeps it and one that breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what its breach is called, where it is written, and what is wrong when it is broken."""

    code: str
    clause: str
    says: str


def _rule(code: str, clause: str, says: str) -> tuple[str, Rule]:
    return code, Rule(code=code, clause=clause, says=says)


RULES: dict[str, Rule] = dict(
    (
        _rule("unreadable", "X.690 10; RFC 5280 4.1", "It is no certificate in DER."),
        _rule("version_not_v3", "RFC 5280 4.1.2.1", "It has extensions and is not version 3."),
        _rule(
            "signature_algorithm", "RFC 5280 4.1.2.3", "It is not signed with ECDSA and SHA-256."
        ),
        _rule(
            "signature_algorithm_differs",
            "RFC 5280 4.1.1.2",
            "The algorithm inside is not the one outside.",
        ),
        _rule(
            "issuer_name_differs",
            "RFC 5280 4.1.2.4",
            "The issuer is not the subject of its issuer.",
        ),
        _rule("unique_identifier", "RFC 5280 4.1.2.8", "It carries a unique identifier."),
        _rule("serial_not_positive", "RFC 5280 4.1.2.2", "The serial is zero or negative."),
        _rule("serial_too_short", "CA/B 7.1; domain rules 4", "The serial has less than 64 bits."),
        _rule("serial_too_long", "RFC 5280 4.1.2.2", "The serial is longer than 20 octets."),
        _rule(
            "time_type", "RFC 5280 4.1.2.5", "UTCTime ends with 2049, GeneralizedTime begins 2050."
        ),
        _rule("validity_empty", "RFC 5280 4.1.2.5", "It ends before it begins."),
        _rule(
            "validity_too_long", "the profile: maximum_days", "It lives longer than its kind may."
        ),
        _rule("validity_before_issuer", "RFC 5280 6.1.3", "It begins before its issuer."),
        _rule("validity_beyond_issuer", "RFC 5280 6.1.3", "It outlives its issuer."),
        _rule(
            "subject_attribute_unknown",
            "the profile: subject",
            "The subject has a strange attribute.",
        ),
        _rule(
            "subject_attribute_missing", "the profile: subject", "The subject lacks an attribute."
        ),
        _rule("subject_order", "the profile: subject", "The attributes stand in another order."),
        _rule(
            "subject_string_type",
            "RFC 5280 4.1.2.4, appendix A.1",
            "An attribute has the wrong type of string.",
        ),
        _rule(
            "subject_value",
            "RFC 5280 appendix A.1; EN 319 412-1 5.1.4",
            "An attribute is too long or malformed.",
        ),
        _rule("key_curve", "RFC 5480 2.1.1; ADR 0028", "The key is on another curve than P-256."),
        _rule(
            "key_weak", "SP 800-57 5.6; RFC 8017 3.1", "The RSA key is short or its exponent odd."
        ),
        _rule("key_small_factor", "SP 800-89 5.3.3", "A small prime divides the RSA modulus."),
        _rule("key_kind", "RFC 3279 2.3", "The key is of a kind that is not certified here."),
        _rule("key_is_the_issuers", "RFC 5280 4.2.1.2", "It certifies its issuer's own key."),
        _rule("extension_missing", "the profile", "An extension of its kind is missing."),
        _rule(
            "extension_criticality",
            "RFC 5280 4.2.1",
            "An extension is critical that must not be, or the other way round.",
        ),
        _rule("extension_forbidden", "the profile", "It has an extension that its kind has not."),
        _rule("subject_key_identifier", "RFC 5280 4.2.1.2", "The key identifier is not its key's."),
        _rule(
            "authority_key_identifier",
            "RFC 5280 4.2.1.1",
            "The issuer's identifier is not the issuer's.",
        ),
        _rule(
            "basic_constraints", "RFC 5280 4.2.1.9", "It is an authority, or is none, by mistake."
        ),
        _rule(
            "key_usage",
            "RFC 5280 4.2.1.3; RFC 8813 3",
            "The key may do more or less than its kind.",
        ),
        _rule("extended_key_usage", "RFC 5280 4.2.1.12", "Its purposes are not those of its kind."),
        _rule("policies", "RFC 5280 4.2.1.4", "Its policies are not those of its agency."),
        _rule("alternative_names", "RFC 5280 4.2.1.6", "An alternative name is no host's."),
        _rule(
            "crl_distribution_point", "RFC 5280 4.2.1.13", "Its revocation list cannot be fetched."
        ),
        _rule("freshest_crl", "RFC 5280 4.2.1.15", "The delta of its list cannot be fetched."),
        _rule(
            "authority_information_access",
            "RFC 5280 4.2.2.1",
            "Its status or its issuer cannot be fetched.",
        ),
        _rule(
            "uscc_extension_differs",
            "GB/T 20518 5.2.3",
            "The credit code in the extension is not the subject's.",
        ),
    )
)
