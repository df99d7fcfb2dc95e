"""Receipts of the log on the phone: shown, checked by the phone itself, and saved (AUD-1)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.evidence.verifier import log_command
from engine.evidence.verifier.receipts import proof_findings
from tests.support import phone_certificates as held
from tests.support.phone_pages import PhonePage, somebody
from tests.support.served import ServedLine

_CHECK = """async ([receipt, key]) => {
  const { wrongWith } = await import("/apps/handset/receipt.js");
  return wrongWith(receipt, key);
}"""


def _python(receipt: Any, key: str) -> bool:
    """Whether the stand-alone verifier says that it holds."""
    try:
        return all(good for good, _, _ in proof_findings("receipt", receipt, key))
    except (ValueError, KeyError, TypeError):
        return False


def _spoilt(whole: dict[str, Any]) -> list[Any]:
    """Everything that can be wrong with a receipt, one thing at a time."""
    event, head = whole["events"][0], whole["head"]
    other = event["leaf"][::-1]

    def first(**changes: Any) -> dict[str, Any]:
        return {**whole, "events": [{**event, **changes}, *whole["events"][1:]]}

    def under(**changes: Any) -> dict[str, Any]:
        return {**whole, "head": {**head, **changes}}

    return [
        *(first(leaf=other), first(told="[1]"), first(index=event["index"] - 1)),
        *(first(index=head["size"]), first(index=-1), first(index="1"), first(leaf="zz")),
        *(first(proof=event["proof"][1:]), first(proof=[other, *event["proof"][1:]])),
        first(proof=[*event["proof"], other]),
        *(under(root=other), under(size=head["size"] + 1), under(key=other), under(reason="x")),
        *(under(timestamp=head["timestamp"] + 1), under(signature="00" * 64), under(format="x")),
        *({**whole, "events": []}, {**whole, "format": "x"}, {**whole, "head": {}}, {}),
    ]


def _holds_as_python_says(page: Page, whole: dict[str, Any]) -> None:
    key = whole["head"]["key"]
    for one in [whole, *_spoilt(whole)]:
        assert (page.evaluate(_CHECK, [one, key]) == "") is _python(one, key), one
    assert page.evaluate(_CHECK, [whole, "00" * 32]) == "key"
    assert page.evaluate(_CHECK, [whole, key]) == ""


@pytest.mark.row("AUD-1", "CRT-5")
def test_a_phone_shows_checks_and_saves_the_receipts_of_what_its_person_did(
    phone: PhonePage, served: ServedLine, tmp_path: Path
) -> None:
    who = somebody(83)
    certificate_id = held.certified(phone, served, who)
    order_id = phone.ask("issuing.certificate", certificate_id=certificate_id)["order_id"]
    phone.open(f"orders/{order_id}")
    phone.button(re.compile("^日志回执")).click()
    phone.is_at("日志回执")
    checked = phone.page.get_by_text("已在日志中：本手机核验通过。")
    expect(checked.first).to_be_visible()
    receipts = phone.ask("evidence.my_receipts", subject=order_id)
    assert receipts
    expect(checked).to_have_count(len(receipts))
    expect(phone.page.get_by_text("回执核验不通过。")).to_have_count(0)
    with phone.page.expect_download() as saving:
        phone.button("保存为文件").first.click()
    file = tmp_path / "receipt.json"
    saving.value.save_as(file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert saved["operation"] in {one["operation"] for one in receipts}
    # Whoever gets the file checks it with the verifier of one file and nothing else.
    assert log_command.main(["--receipt", str(file), "--key", saved["head"]["key"]]) == 0
    _holds_as_python_says(phone.page, saved)
    # Of their certificate too: asked for and taken into use on this phone.
    phone.open(f"receipts/{certificate_id}")
    expect(phone.page.get_by_text("已在日志中：本手机核验通过。").first).to_be_visible()
    # Of what is somebody else's there is none.
    phone.open("receipts/acc_nobody")
    expect(phone.page.get_by_text("此处没有您的操作")).to_be_visible()


@pytest.mark.row("AUD-1")
def test_a_changed_receipt_is_told_as_such(phone: PhonePage, served: ServedLine) -> None:
    """What came over the wire is not what was signed: the phone says so, whatever the platform says."""
    who = somebody(84)
    phone.sign_in(who)
    phone.prove_name(who)
    order_id = phone.do("ordering.place_order", **held.INDIVIDUAL)["id"]
    assert len(phone.ask("evidence.my_receipts", subject=order_id)) == 1

    def spoil(route: Any) -> None:
        asked = route.request.post_data_json
        if asked["name"] != "evidence.my_receipts":
            route.continue_()
            return
        answer = route.fetch()
        told = answer.json()
        told[0]["events"][0]["leaf"] = told[0]["events"][0]["leaf"][::-1]
        route.fulfill(response=answer, json=told)

    phone.page.route("**/ask", spoil)
    phone.open(f"receipts/{order_id}")
    expect(phone.page.get_by_text("回执核验不通过。")).to_have_count(1)
    expect(phone.page.get_by_text("其证明路径不通向已签名的树头。")).to_be_visible()
    # The phone asks for other things all the time: what is under way when the page closes is nobody's.
    phone.page.unroute_all(behavior="ignoreErrors")
