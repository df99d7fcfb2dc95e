"""The growth of reports is drawn from the stored figures and stands on the page."""

from __future__ import annotations

from xml.etree import ElementTree

from tools.benchmarking import growth, results

GROWN = {
    "orders": {"1000000": 12.0, "10000000": 110.0},
    "process_map": {"1000000": 30.0, "10000000": 290.0},
    "a<b": {"1000000": 1.5, "10000000": 2.0},
}
_SVG = "{http://www.w3.org/2000/svg}"


def test_the_slowest_reports_are_drawn_with_every_size():
    drawn = ElementTree.fromstring(growth.svg(GROWN))
    lines = drawn.findall(f"{_SVG}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [2, 2, 2]
    texts = [text.text for text in drawn.findall(f"{_SVG}text")]
    assert "1 million" in texts
    assert "10 million" in texts
    assert [text for text in texts if text and " ms" in text and " " in text.split(" ms")[0]] == [
        "process_map 290 ms",
        "orders 110 ms",
        "a<b 2 ms",
    ]


def test_a_larger_figure_stands_higher():
    drawn = ElementTree.fromstring(growth.svg(GROWN))
    ends = [
        float(line.attrib["points"].split()[-1].split(",")[1])
        for line in drawn.findall(f"{_SVG}polyline")
    ]
    assert ends == sorted(ends)


def test_the_page_has_the_drawing_and_a_row_for_every_report():
    row = {
        "name": "report_growth",
        "value": 290.0,
        "unit": "ms",
        "baseline": 30.0,
        "ratio": 9.667,
        "commit": "abc1234",
        "dirty": False,
        "options": {"cores": 2, "python": "3.11.7", "about": "growth", "growth": GROWN},
    }
    told = results.page([row])
    assert f"]({results.DRAWING.name})" in told
    assert "| process_map | 30 | 290 |\n| orders | 12 | 110 |\n| a<b | 1.5 | 2 |" in told
    assert told.count("process_map") == 1
