"""The console's page that verifies: a document in three depths, an evidence pack, a contract's papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World, proving, tables
from engine.kernel import texts
from engine.pdf import typeset
from engine.signing import queries as contracts
from engine.staffing.model import Role
from tests import support_pdf
from tests.support.line import Line


def texts_of(app: AppTest) -> str:
    """Everything that the page says."""
    kinds = ("markdown", "caption", "text", "success", "error", "warning", "info", "subheader")
    return " ".join(str(one.value) for kind in kinds for one in getattr(app, kind))


def upload(app: AppTest, which: int, name: str, content: bytes) -> AppTest:
    kind = "application/pdf" if name.endswith(".pdf") else "application/zip"
    return app.file_uploader[which].upload(name, content, kind).run()


@pytest.fixture
def contract(console_world: World) -> tuple[str, bytes]:
    line = Line.on(console_world)
    purchaser, supplier = line.person(0), line.person(1)
    for one in (purchaser, supplier):
        line.bound(one)
    contract_id = line.contract(purchaser, supplier)
    document = console_world.engine.ask(contracts.document, tables.INSIDE, contract_id)
    return contract_id, document


@pytest.mark.row("SGN-6")
def test_a_document_is_shown_in_three_depths(
    console: Callable[[str], AppTest], sign_in: Any, contract: tuple[str, bytes]
) -> None:
    sign_in(Role.AUDITOR)
    app = upload(console("verify"), 0, "contract.pdf", contract[1])
    assert not app.exception
    assert "签名有效，文件未被改动" in texts_of(app)
    assert {"简明", "详细", "技术"} <= {tab.label for tab in app.tabs}
    frames = " ".join(str(frame.value.to_dict()) for frame in app.dataframe)
    for part in (
        "乌鲁木齐光正商贸有限公司",
        "成立",
        "B-LT",
        "未撤销",
        "制章机构签名",
        "通过",
        "ByteRange",
    ):
        assert part in frames, part


@pytest.mark.row("SGN-6")
def test_whatever_is_handed_in_is_answered(
    console: Callable[[str], AppTest], sign_in: Any, contract: tuple[str, bytes]
) -> None:
    sign_in(Role.LEAD)
    unsigned = typeset.render("letter_of_authorization", LETTER)
    for content, told in (
        (contract[1] + b"\n", "verdict.invalid"),
        (b"hello", "verdict.unreadable"),
        (unsigned, "verdict.unsigned"),
        (support_pdf.both_signed(support_pdf.make_world(), unsigned), "verdict.indeterminate"),
    ):
        app = upload(console("verify"), 0, "any.pdf", content)
        assert not app.exception
        assert texts.of_code(told, "zh_CN") in texts_of(app), texts_of(app)


LETTER: dict[str, object] = {
    "issued_at": support_pdf.NOW,
    "number": "SQ-1",
    "enterprise": "某公司",
    "uscc": "91650100MA7AAAAA1X",
    "legal_representative": "李",
    "representative_id": "650***",
    "agent": "王",
    "agent_id": "650***",
    "agent_phone": "138****0000",
    "platform": "平台",
    "matters": ["签署合同"],
    "valid_from": "2026-01-01",
    "valid_until": "2027-01-01",
    "signed_on": "2026-01-01",
}


@pytest.mark.row("AUD-2")
def test_an_evidence_pack_is_checked_and_its_damage_located(
    console: Callable[[str], AppTest],
    sign_in: Any,
    console_world: World,
    contract: tuple[str, bytes],
) -> None:
    sign_in(Role.AUDITOR)
    pack = proving.evidence_pack(console_world, tables.INSIDE, contract[0])
    app = upload(console("verify"), 1, "evidence.zip", pack)
    assert not app.exception
    assert "全部成立。" in texts_of(app)
    damaged = bytearray(pack)
    damaged[9_999] ^= 1
    app = upload(console("verify"), 1, "evidence.zip", bytes(damaged))
    assert "有不成立之处。" in texts_of(app)
    assert "offset 9999" in " ".join(str(frame.value.to_dict()) for frame in app.dataframe)
    app = upload(console("verify"), 1, "evidence.zip", b"PK no pack")
    assert "不是本平台出具的证据包。" in texts_of(app)


@pytest.mark.row("AUD-2")
def test_a_contract_s_papers_are_offered_to_who_may_have_them(
    console: Callable[[str], AppTest], sign_in: Any, contract: tuple[str, bytes]
) -> None:
    for role, evidence in ((Role.AUDITOR, True), (Role.CONTRACT_REVIEWER, False)):
        sign_in(role)
        app = console("verify")
        app.text_input[0].input("HT-001").run()
        assert not app.exception
        links = [one.proto.url for one in app.get("link_button")]
        assert any(f"/contracts/{contract[0]}/report" in url for url in links)
        assert not any(url.endswith("/evidence") for url in links)
        asked = [one for one in app.button if one.label == "证据包"]
        assert bool(asked) is evidence
        if asked:
            # Who asks proves first that they are there, and then gets the pack.
            asked[0].click().run()
            if any(one.key == "step-up-click" for one in app.button):
                app.button(key="step-up-click").click().run()
            assert not app.exception
            links = [one.proto.url for one in app.get("link_button")]
            assert any(url.endswith("/evidence") for url in links)
    app.text_input[0].input("HT-404").run()
    assert "没有这份合同。" in texts_of(app)
