"""催办 on the phone: until when a review should be done, hurried along once an office hour (OPS-8)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import worlds
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine


@pytest.mark.row("OPS-8")
def test_an_applicant_hurries_their_claim_along(
    phone_page: Page, server: str, served: ServedLine, tmp_path: Path
) -> None:
    phone, who = PhonePage(phone_page, server), somebody(71)
    phone.sign_in(who)
    phone.prove_name(who)
    phone.claim(who)
    (claim,) = worlds.rows(served.world, "SELECT id FROM enterprise_claim")
    phone.open(f"claims/{claim['id']}")
    expect(phone.page.get_by_text("预计完成")).to_be_visible()
    phone.button("催办", exact=True).dblclick()
    expect(phone.button("已催办，一个工作小时后可再次催办")).to_be_disabled()
    expect(phone.page.get_by_text("已为您催办，请耐心等待审核结果。")).to_be_visible()
    phone.page.screenshot(path=tmp_path / "urged-390.png")
    assert worlds.kinds(served.world).count("case.urged") == 1
    served.approve_all()
    phone.open(f"claims/{claim['id']}")
    expect(phone.page.get_by_text("预计完成")).to_have_count(0)
