"""Arguments from JSON: exactly what a function's signature says, and nothing else."""

from __future__ import annotations

import base64
import enum
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.http import arguments, routes


class Colour(enum.StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    code: str
    content: bytes


def act(
    op: object,
    *,
    name: str,
    count: int,
    colour: Colour,
    content: bytes,
    papers: tuple[Paper, ...],
    prepared: bytes = b"",
    note: str = "none",
) -> Paper:
    """An action as the stages write them."""
    return Paper(code=name, content=content)


GOOD = {
    "name": "甲",
    "count": 3,
    "colour": "red",
    "content": "/+8=",
    "papers": [{"code": "x", "content": "AAE="}],
}


def test_json_becomes_the_types_of_the_signature():
    assert arguments.parse(act, GOOD) == {
        "name": "甲",
        "count": 3,
        "colour": Colour.RED,
        "content": b"\xff\xef",
        "papers": (Paper(code="x", content=b"\x00\x01"),),
        "note": "none",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unknown": 1}, "unknown"),
        ({"op": None}, "op"),
        ({"prepared": ""}, "prepared"),
        ({"count": "3"}, "count"),
        ({"count": 3.0}, "count"),
        ({"count": True}, "count"),
        ({"count": float("nan")}, None),
        ({"name": None}, "name"),
        ({"name": 3}, "name"),
        ({"colour": "blue"}, "colour"),
        ({"content": "not base64!"}, "content"),
        ({"content": [1, 2]}, "content"),
        ({"papers": {}}, "papers"),
        ({"papers": [{"code": "x"}]}, "papers.0.content"),
        ({"papers": [{"code": "x", "content": "", "more": 1}]}, "papers.0.more"),
    ],
)
def test_anything_else_is_refused_with_the_name_of_the_field(change, field):
    with pytest.raises(arguments.ArgumentInvalid) as refused:
        arguments.parse(act, {**GOOD, **change})
    if field is not None:
        assert refused.value.field == field


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_argument_is_named(name):
    with pytest.raises(arguments.ArgumentInvalid) as refused:
        arguments.parse(act, {key: value for key, value in GOOD.items() if key != name})
    assert refused.value.field == name


@given(st.binary(max_size=200))
def test_bytes_survive_the_way_out_and_in(content):
    told = arguments.to_json(Paper(code="x", content=content))
    assert base64.b64decode(told["content"]) == content
    read = arguments.parse(act, {**GOOD, "papers": [told]})["papers"][0]
    assert read == Paper(code="x", content=content)


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: route.name)
def test_every_row_of_the_table_has_a_strict_model(route):
    schema = arguments.model_of(route.function).model_json_schema()
    assert schema["additionalProperties"] is False
    assert not {"op", "q", "prepared"} & set(schema.get("properties", {}))
    arguments.result_adapter(route.function).json_schema(mode="serialization")


@pytest.mark.parametrize(
    ("body", "where"),
    [({"a": 1.5}, "body.a"), ({"a": [1, {"b": -6.5e16}]}, "body.a.1.b"), ({"a": 1e400}, "body.a")],
)
def test_a_fraction_in_what_has_no_types_of_its_own_is_refused(body, where):
    """The log holds none: a setting's body with one is refused before anything is written."""
    given = {"kind": "tickets", "name": "tickets", "body": body, "effective_at": 1}
    with pytest.raises(arguments.ArgumentInvalid) as refusal:
        arguments.parse(routes.BY_NAME["policies.propose"].function, given)
    assert refusal.value.field == where
