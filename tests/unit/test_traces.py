"""The search for personal values finds them in every form that they could be written in."""

from __future__ import annotations

import base64
import json
import urllib.parse

import pytest

from tests.support.traces import Traces

NAME, NUMBER = "古丽娜尔·买买提", "13800138000"
RARE = "王𠅤"


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-16-le"),
        lambda text: b"\x00" + text.encode("utf-16-be"),
        lambda text: base64.b64encode(b"xy" + text.encode()),
        lambda text: base64.urlsafe_b64encode(b"x" + text.encode()),
        lambda text: text.encode().hex().encode(),
        lambda text: text.encode().hex().upper().encode(),
        lambda text: text.encode("gb18030"),
        lambda text: json.dumps({"name": text}).encode(),
        lambda text: urllib.parse.urlencode({"name": text}).encode(),
    ],
    ids=[
        "utf-8",
        "utf-16-le",
        "utf-16-be",
        "base64",
        "base64url",
        "hex",
        "HEX",
        "gb18030",
        "json",
        "percent",
    ],
)
@pytest.mark.parametrize("value", [NAME, NUMBER, RARE])
def test_a_value_is_found_in_whatever_form(written, value):
    traces = Traces([NAME, NUMBER, RARE])
    traces.look_at(b"\x01\x02 before " + written(value) + b" after \xff", "a file")
    assert set(traces.found) == {value}


def test_what_is_not_there_is_not_found():
    traces = Traces([NAME, NUMBER])
    traces.look_at("138****8000 古*提 13800138001".encode(), "a file")
    assert traces.found == {}
