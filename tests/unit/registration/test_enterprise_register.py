"""The simulated register, the classes of enterprise as data, and the check inside a credit code."""

from __future__ import annotations

import pytest

from engine.kernel import errors, identifiers, ports
from engine.policies import model as policies
from engine.policies import queries as settings
from engine.providers import register

RULES = register.load_rules()
CLASSES = {
    name: setting
    for kind, name, setting in settings.declared()
    if kind == policies.EntityClass.KIND and isinstance(setting, policies.EntityClass)
}


def asked(code: str = "91320100MA00000011", *, elements: int = 4, name: str = "甲公司"):
    query = ports.RegisterQuery(elements=elements, name=name, uscc=code)
    return register.SimulatedRegister(RULES).check(query, idempotency_key="job_000000000001")


@pytest.mark.row("IDV-5")
def test_whatever_is_not_forced_matches():
    assert asked().matched
    assert asked().reference == asked().reference


@pytest.mark.row("IDV-5")
@pytest.mark.parametrize("rule", RULES.sandbox, ids=lambda rule: rule.uscc or rule.name)
def test_every_declared_value_forces_its_outcome(rule):
    code = f"91320100{rule.uscc}000011" if rule.uscc else "91320100MA00000011"
    name = rule.name or "甲公司"
    if rule.outcome == "unavailable":
        with pytest.raises(errors.ProviderUnavailable):
            asked(code)
        return
    verdict = asked(code, name=name)
    assert (verdict.matched, verdict.reason) == (False, rule.reason)
    assert verdict.mismatched == rule.fields


@pytest.mark.row("IDV-6")
@pytest.mark.parametrize(
    ("elements", "wrong"),
    [
        (2, ()),
        (3, ("legal_representative",)),
        (4, ("legal_representative", "legal_representative_id")),
    ],
)
def test_an_element_that_is_not_asked_about_cannot_differ(elements, wrong):
    verdict = asked("91320100Q406000011", elements=elements)
    assert (verdict.matched, verdict.mismatched) == (not wrong, wrong)


@pytest.mark.row("ENT-1")
def test_every_class_that_a_code_can_tell_has_its_papers():
    prefixes = ("91", "92", "93", "11", "12", "51", "52", "A1")
    assert {identifiers.entity_class(prefix) for prefix in prefixes} == CLASSES.keys()
    for name, rule in CLASSES.items():
        codes = [paper.code for paper in rule.papers]
        assert len(codes) == len(set(codes)), name
        assert {"licence", "signature_specimen", "authorization"} <= set(codes), name
        specimen = next(paper for paper in rule.papers if paper.code == "signature_specimen")
        assert specimen.picture_only, name
        assert specimen.changes == ("legal_representative",), name


@pytest.mark.parametrize(
    "code",
    [
        "914403001922038216",
        "91330100799655058B",
        "9144030071526726XG",
        "91110000802100433B",
        "91110108551385082Q",
    ],
)
def test_the_organization_code_inside_a_credit_code_holds(code):
    assert identifiers.credit_code(code) == code
    assert identifiers.organization_check_character(code[8:16]) == code[16]
    for character in set("0123456789") - {code[8]}:
        assert identifiers.organization_check_character(character + code[9:16]) != code[16]
