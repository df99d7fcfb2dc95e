"""The drawn process map: nothing overlaps, cycles show, arrows can be chosen, names stay texts."""

from __future__ import annotations

import itertools
import random

import pytest
from lxml import etree

from engine.reports.mining import Move
from pages import _process_drawing, _process_layers

SVG = "{http://www.w3.org/2000/svg}"


def move(one: str, two: str, count: int = 1) -> Move:
    return Move(
        case_kind="x",
        from_activity=one,
        to_activity=two,
        moves=count,
        move_p50_h=1.0 if one and two else None,
        move_p90_h=2.0 if one and two else None,
    )


LOOPED = (
    move("", "placed", 9),
    move("placed", "paid", 8),
    move("paid", "rejected", 3),
    move("rejected", "placed", 2),
    move("paid", "approved", 5),
    move("approved", "approved", 1),
    move("placed", "ended", 1),
    move("approved", "ended", 5),
    move("ended", "", 6),
)


def drawn(moves: tuple[Move, ...], **more: object) -> etree._Element:
    text = _process_drawing.draw(
        moves, name_of=str.upper, told=lambda one: str(one.moves), words=("开始", "止"), **more
    )
    return etree.fromstring(text.encode())


@pytest.mark.row("RPT-4")
def test_every_move_is_an_arrow_that_can_be_chosen():
    svg = drawn(LOOPED, chosen=("paid", "rejected"))
    arrows = svg.findall(f"{SVG}g[@class='move']")
    assert {(one.get("data-from"), one.get("data-to")) for one in arrows} == {
        (one.from_activity, one.to_activity) for one in LOOPED
    }
    pressed = [one for one in arrows if one.get("aria-pressed") == "true"]
    assert [(one.get("data-from"), one.get("data-to")) for one in pressed] == [("paid", "rejected")]
    for one in arrows:
        assert (one.get("tabindex"), one.get("role")) == ("0", "button")
        assert one.get("aria-label")
    boxes = svg.findall(f"{SVG}g[@class='activity']")
    texts = [[text.text for text in box.iter(f"{SVG}text")] for box in boxes]
    assert dict(texts) == {
        "PLACED": "11",
        "PAID": "8",
        "REJECTED": "3",
        "APPROVED": "6",
        "ENDED": "6",
    }


def test_what_is_frequent_leads_down_and_what_turns_back_is_rare():
    weights = {(one.from_activity or "^", one.to_activity or "$"): one.moves for one in LOOPED}
    names = {name for pair in weights for name in pair}
    made = _process_layers.lay_out(weights, dict.fromkeys(names, 80.0))
    layer = {name: made.places[name].layer for name in names}
    upward = {pair for pair in weights if layer[pair[0]] >= layer[pair[1]]}
    assert upward == {("rejected", "placed"), ("approved", "approved")}
    assert layer["^"] == 0


@pytest.mark.parametrize("seed", range(12))
def test_nothing_stands_on_anything_else(seed):
    chance = random.Random(seed)
    names = [f"a{number}" for number in range(chance.randint(3, 24))]
    pairs = {tuple(chance.choices(names, k=2)) for _ in range(3 * len(names))}
    widths = {name: float(chance.randint(80, 240)) for pair in pairs for name in pair}
    made = _process_layers.lay_out({pair: chance.randint(1, 99) for pair in pairs}, widths)
    rows: dict[int, list[_process_layers.Place]] = {}
    for place in made.places.values():
        rows.setdefault(place.layer, []).append(place)
    for row in rows.values():
        ordered = sorted(row, key=lambda place: place.x)
        for one, two in itertools.pairwise(ordered):
            assert one.x + one.width / 2 <= two.x - two.width / 2 + 0.01
    assert min(place.x - place.width / 2 for place in made.places.values()) == pytest.approx(0)
    again = _process_layers.lay_out(dict.fromkeys(pairs, 1), widths)
    assert again.places.keys() >= widths.keys()


def test_a_name_is_a_text_whatever_it_holds():
    hostile = "<script>alert(1)</script>\"'&"
    svg = drawn((move("", hostile, 2), move(hostile, "b", 1), move("b", "", 1)))
    assert svg.find(f".//{SVG}script") is None
    names = [text.text for text in svg.iter(f"{SVG}text")]
    assert hostile.upper() in names
    assert hostile in {one.get("data-from") for one in svg.findall(f"{SVG}g[@class='move']")}


def test_nothing_and_one_move_are_drawn_too():
    assert drawn(()).tag == f"{SVG}svg"
    assert len(drawn((move("", "a"),)).findall(f"{SVG}g[@class='move']")) == 1
