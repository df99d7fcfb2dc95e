"""Whatever a person reads exists in both languages."""

from __future__ import annotations

import string

import pytest

from engine.kernel import errors, texts
from tests.support import sources
from tools import locales


def fields(text: str) -> set[str]:
    """The parameters of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    return locales.catalogue()


def test_every_text_has_its_chinese(chinese):
    lacking = sorted(
        f"{where}: {text}" for text, where in locales.wanted().items() if text not in chinese
    )
    assert not lacking, f"{len(lacking)} without Chinese:\n" + "\n".join(lacking)


def test_no_text_is_kept_that_nothing_says():
    assert locales.unused() == []


def test_every_error_has_its_chinese(chinese):
    for path in sources.files("engine"):
        sources.module(path)
    lacking = sorted(
        f"{kind.code}: {kind.template()}"
        for kind in errors.type_of_code.values()
        if kind.__module__.startswith("engine.") and kind.template() not in chinese
    )
    assert not lacking, f"{len(lacking)} without Chinese:\n" + "\n".join(lacking)


def test_a_translation_is_chinese_and_not_the_english_again(chinese):
    names = {"印信", "Yinxin"}
    same = {text for text, told in chinese.items() if text == told and text not in names}
    assert not {text for text in same if " " in text}


def test_errors_are_told_in_both_languages():
    refusal = errors.NotFound(what="file")
    assert texts.of_error(refusal, "en") == "There is no such file."
    told = texts.of_error(refusal, "zh_CN")
    assert told != texts.of_error(refusal, "en")
    assert any("\u4e00" <= character <= "\u9fff" for character in told)


def _is_code(text: str) -> bool:
    """A code has no parameters in its id: its translation may take those that come with it."""
    return " " not in text and text.islower()


def test_a_translation_has_exactly_the_parameters_of_its_message(chinese):
    wrong = {
        text: told
        for text, told in chinese.items()
        if not _is_code(text) and fields(told) != fields(text)
    }
    assert wrong == {}


def test_a_code_that_is_also_a_fact_needs_no_parameters(chinese):
    # The log and the overview show a fact's kind without parameters; these are messages alone.
    messages = {
        "certificate.ready",
        "order.payment_wanted",
        "order.papers_wanted",
        "order.paused",
        "order.resumed",
        "order.taken_back",
        "certificate.delegated",
        "certificate.delegation_ready",
        "certificate.delegation_withdrawn",
        "certificate.ends_soon",
        "certificate.has_expired",
        "binding.in_review",
        "binding.moved",
        "binding.rebind",
        "mall_account.new_browser",
        "mall_account.new_browser_at",
        "seal.entrusted",
        "seal.entrusting_withdrawn",
        "seal.entrusting_ended",
        "seal.filing_refused",
        "seal.ends_soon",
        "seal.has_expired",
        "contract.not_signed",
        "contract.confirm_on_phone",
        "service.paid",
        "service.payment_wanted",
        "service.given_up",
        "service.lapsed",
        "service.ends_soon",
        "service.has_ended",
        "invoice.was_reversed",
        "invoice.was_reversed_in_part",
        "red_letter.confirm_wanted",
        "red_letter.was_rejected",
        "shipment.posted",
    }
    asking = {text for text, told in chinese.items() if _is_code(text) and fields(told)}
    assert asking <= messages


def test_a_translation_never_says_pin(chinese):
    assert {text: told for text, told in chinese.items() if "PIN" in told} == {}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_refusal_can_be_told_with_its_parameters(chinese, language):
    locales.wanted()
    # The tests' own errors are in the table too.
    ours = [k for k in errors.type_of_code.values() if k.__module__.startswith("engine.")]
    for kind in ours:
        given = {name: f"<{name}>" for name in fields(kind.template())}
        template = kind.template() if language == "en" else chinese.get(kind.template(), "")
        told = template.format(**given)
        assert told, kind.code
        assert all(value in told for value in given.values()), kind.code


GUIDE_LABELS = {
    "Send code": "发送验证码",
    "I agree": "同意协议",
    "Start verification": "开始认证",
    "CFCA Zhongjin": "中金认证",
    "Alipay": "支付宝",
    "Bank card, four elements": "银行卡四要素",
    "Scan": "扫一扫",
    "Bind by scan": "标证通扫码绑定",
    "Enterprise certificate": "企业证书",
    "Next": "下一步",
    "My orders": "我的订单",
    "order.status.in_review": "审核中",
    "Certificate PIN": "证书密码",
    "Contract signing": "合同签署",
    "Sign by scan": "扫码签章",
    "Invoice history": "开票历史",
    "Confirm and submit": "确认提交",
    "real_name.matched": "实名认证成功！",
    "binding.bound": "绑定成功",
    "not_signed": "未签署",
    "Biaozhengtong": "标证通",
    "The QR code is valid for 3 minutes only; refresh it after that": (
        "二维码有效期仅为3分钟，过期后请刷新二维码"
    ),
}


@pytest.mark.parametrize(("text", "label"), GUIDE_LABELS.items())
def test_a_label_of_the_guide_reads_as_in_the_guide(chinese, text, label):
    assert chinese[text] == label
