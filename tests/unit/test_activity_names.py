"""Activities have short names on the process map, in both languages."""

from __future__ import annotations

import pytest

from engine.kernel import catalog, texts
from engine.reports.mining import naming


def test_every_fact_of_a_case_has_a_short_name():
    listed = catalog.read(catalog.DATA / "reports" / "lifecycle.toml")
    kinds = {kind for kinds in listed.values() for kind in kinds}
    assert kinds
    assert kinds - set(naming.names()) == set()


@pytest.mark.row("RPT-4")
@pytest.mark.parametrize(
    ("activity", "language", "told"),
    [
        ("order.paid", "zh_CN", "支付"),
        ("order.paid", "en", "Paid"),
        ("case.approved:certificate_ca", "zh_CN", "审核通过 · CA 审核"),
        ("case.approved:nobody_knows", "en", "Approved · nobody_knows"),
        ("staff.role_granted", "en", "Staff role granted"),
    ],
)
def test_a_name_says_what_and_of_what(activity, language, told):
    assert naming.name_of(activity, language, {"certificate_ca": "CA 审核"}) == told


def test_names_are_short_enough_for_a_box():
    for text in naming.names().values():
        assert len(text.in_language("zh_CN")) <= 8
        assert len(text.in_language("en")) <= 22
    assert set(texts.LANGUAGES) == {"zh_CN", "en"}
