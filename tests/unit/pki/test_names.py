import dataclasses

import pytest

from engine.pki import names
from tests.unit.pki.hierarchy import COMPANY, PROFILES


def company(**changes):
    return names.name_of(PROFILES["enterprise"], dataclasses.replace(COMPANY, **changes))


def test_the_template_decides_attributes_and_order():
    assert company().rfc4514_string().split(",")[::-1] == [
        "C=CN",
        "ST=江苏省",
        "L=南京市",
        "O=江苏东方科技有限公司",
        "2.5.4.97=NTRCN-91320100MA1K00001X",
        "OU=阳光采购平台",
        "CN=江苏东方科技有限公司",
    ]


def test_an_organization_of_64_characters_fits_and_of_65_is_refused():
    company(organization="江" * 64)
    with pytest.raises(names.NameTooLong) as refused:
        company(organization="江" * 65)
    assert refused.value.params == {"attribute": "organization", "limit": 64, "length": 65}
    assert refused.value.code == "pki.name_too_long"


def test_a_required_attribute_is_asked_for_and_an_optional_one_is_not():
    company(state="", locality="")
    with pytest.raises(names.NameIncomplete, match="organization_identifier"):
        company(uscc="")


def test_what_has_no_place_is_refused_rather_than_dropped():
    with pytest.raises(names.NameUnexpected, match="surname"):
        company(surname="张")


@pytest.mark.parametrize(
    "changes",
    [
        {"organization": " 江苏"},
        {"organization": "江\x00苏"},
        {"organization": "江\u202e苏"},
        {"organization": "江\ud800苏"},
        {"country": "cn"},
        {"country": "C"},
        {"uscc": "91320100MA1K00001I"},
        {"uscc": "91320100MA1K0000"},
    ],
)
def test_malformed_values_are_refused(changes):
    with pytest.raises(names.NameMalformed):
        company(**changes)
