"""Whose the time of a whole life is, is drawn from the stored profiles and stands on the page."""

from __future__ import annotations

from xml.etree import ElementTree

from tools.benchmarking import results, whose_time

_SVG = "{http://www.w3.org/2000/svg}"


def _row(commit: str, ours: float) -> dict[str, object]:
    where = {
        "engine/kernel": ours / 2,
        "engine/ses with PIL": ours / 2,
        "method 'execute' of 'pysqlite3.dbapi2.Connection' objects": 0.2,
        "built-in method resvg_py.resvg_py.svg_to_bytes": 0.1,
        "library asn1crypto": 0.05,
    }
    return {
        "name": whose_time.NAME,
        "value": 1.6,
        "unit": "people/s",
        "baseline": 2.4,
        "ratio": 0.667,
        "commit": commit,
        "dirty": False,
        "options": {
            "cores": 2,
            "python": "3.11.7",
            "about": "life",
            "our_share": ours,
            "where_time_goes": where,
        },
    }


ROWS = [_row("aaa1111", 0.34), _row("bbb2222", 0.26)]


def test_the_shares_of_a_commit_make_a_whole():
    told = whose_time.stored([*ROWS, {"name": "other", "options": {}}])
    assert [commit for commit, _ in told] == ["aaa1111", "bbb2222"]
    first = told[0][1]
    assert [round(share, 2) for share in first.values()] == [0.34, 0.2, 0.1, 0.36]


def test_every_commit_is_a_bar_of_the_same_length():
    drawn = ElementTree.fromstring(whose_time.svg(whose_time.stored(ROWS)))
    bars: dict[str, float] = {}
    for one in drawn.findall(f"{_SVG}rect"):
        if one.attrib["height"] == "20":
            bars[one.attrib["y"]] = bars.get(one.attrib["y"], 0) + float(one.attrib["width"])
    assert len(bars) == 2
    assert max(bars.values()) - min(bars.values()) < 0.5


def test_the_page_has_the_drawing_and_a_row_for_every_commit():
    told = results.page(ROWS)
    assert f"]({results.WHOSE_TIME.name})" in told
    assert "| aaa1111 | 34.0% | 20.0% | 10.0% | 36.0% |" in told
