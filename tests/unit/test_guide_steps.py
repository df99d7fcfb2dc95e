"""The guide's steps as data: all 92 of section seven are there, and each points at a row and a screen."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from engine.kernel import catalog, errors
from tools import docs

# What the guide prints under 操作步骤: its heading number and how many numbered lines follow.
NUMBERED = {
    "7.1.1.2": 4,
    "7.1.2.2": 4,
    "7.1.3.2": 4,
    "7.2.1.2": 7,
    "7.2.7.2": 7,
    "7.2.3.2": 7,
    "7.3.2": 7,
    "7.4.2.2": 7,
    "7.5.2": 4,
    "7.6.1.1.2": 7,
    "7.6.1.1.3": 6,
    "7.5.5.2": 8,
    "7.7.1.1.2": 8,
    "7.7.1.2.2": 7,
    "7.7.2.2": 5,
}
WITHOUT_PRECONDITION = {"7.7.2.2"}
ROWS = {
    "ACC": 9, "IDV": 6, "ENT": 4, "MAL": 5, "BND": 3, "CRT": 6, "PKI": 5, "LOG": 1, "SEA": 4,
    "SGN": 6, "ENC": 4, "PAY": 2, "INV": 3, "ADR": 1, "MSG": 1, "HLP": 1, "OPS": 8, "DEM": 4,
    "SIM": 9, "RPT": 5, "AUD": 2, "SEC": 1, "API": 1,
}  # fmt: skip
LABELS = {
    "一键登录", "本机号码一键登录", "发送验证码", "同意协议", "开始认证", "中金认证", "支付宝",
    "银行卡四要素", "实名认证成功！", "扫一扫", "标证通扫码绑定", "扫码绑定", "主体注册",
    "绑定成功", "证书管理", "企业证书", "下一步", "我的订单", "审核中", "证书密码",
    "新点标证通 APP 二维码", "全国 CA 互认二维码", "印章管理", "电子公章", "新增公章", "保存",
    "合同签署", "签章", "扫码签章", "手动上传", "模版制作", "选择模板", "暂无模板", "重新下载",
    "我的", "发票管理", "开票历史", "常用发票抬头", "添加常用发票抬头", "删除抬头",
    "确定要删除选中的抬头吗？", "确认提交", "设为默认抬头", "收件地址", "新增收件地址",
    "设为默认收件地址", "家", "公司", "二维码有效期仅为3分钟，过期后请刷新二维码",
}  # fmt: skip
GUIDE = docs.load_guide()
SEVEN = [step for step in GUIDE.step if step.section.startswith("7.")]


def test_section_seven_has_its_92_numbered_steps_in_the_printed_order():
    assert len(SEVEN) == 92
    assert list(dict.fromkeys(step.section for step in SEVEN)) == list(NUMBERED)
    for section, count in NUMBERED.items():
        numbers = [step.number for step in SEVEN if step.section == section]
        assert numbers == list(range(1, count + 1)), section


def test_each_function_has_its_path_and_its_precondition_flagged():
    for section in NUMBERED:
        kinds = Counter(step.kind for step in SEVEN if step.section == section)
        assert kinds["path"] == 1, section
        assert kinds["precondition"] == (section not in WITHOUT_PRECONDITION), section
        assert set(kinds) <= {"path", "precondition", "step"}, section


def test_sections_two_to_six_are_entered_with_their_own_preconditions():
    others = [step for step in GUIDE.step if not step.section.startswith("7.")]
    assert {step.section[0] for step in others} == set("二三四五6")
    preconditions = {step.section for step in others if step.kind == "precondition"}
    assert preconditions == {"二", "三"}
    assert [step.number for step in others if step.section == "二"] == [1, 2, 3, 4, 5]
    assert {step.number for step in others if step.section == "三"} == {1, 2, 3, 4, 5, 6}


def test_ids_are_unique_and_each_step_names_a_row_and_a_screen():
    rows = {row.id for row in docs.load_rows()}
    assert len({step.id for step in GUIDE.step}) == len(GUIDE.step)
    for step in GUIDE.step:
        assert step.row in rows, step.id
        assert re.fullmatch(r"(handset|mall)/[a-z-]+(/[a-z-]+)?", step.screen)


def test_every_row_of_the_product_is_listed_once():
    expected = [f"{family}-{n}" for family, most in ROWS.items() for n in range(1, most + 1)]
    assert [row.id for row in docs.load_rows()] == expected


def test_every_label_that_the_screens_must_show_is_named_by_a_step():
    named = {label for step in GUIDE.step for label in step.labels}
    assert named >= LABELS


def test_what_a_step_asks_is_told_in_both_languages():
    for step in GUIDE.step:
        assert re.search(r"[一-鿿]", step.asks.zh), step.id
        assert not re.search(r"[一-鿿]", step.asks.en), step.id


def test_a_step_out_of_order_is_refused_by_name():
    tables = GUIDE.model_dump()
    tables["step"] = [tables["step"][1], tables["step"][0], *tables["step"][2:]]
    with pytest.raises(errors.ConfigurationError, match="G-notice-2 stands where G-notice-1"):
        catalog.build(tables, docs.Guide, "steps.toml")
