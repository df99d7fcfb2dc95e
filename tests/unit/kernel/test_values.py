"""Ids, canonical JSON, records, workflows, errors, texts, files, the TOML door, clocks."""

from __future__ import annotations

import dataclasses
import enum
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel import catalog, clock, codec, errors, files, ids, passwords, records, texts
from engine.kernel.workflow import NotPossibleNow, Workflow

NOW = 1_780_272_000_000


class Color(enum.StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    fen: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    id: str
    color: Color
    other: Color | None
    tags: tuple[str, ...]
    parts: tuple[Part, ...]
    facts: dict[str, str]
    raw: bytes
    count: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    id: str
    count: int = 1


# -- ids -------------------------------------------------------------------------------------


def test_ids_are_prefixed_time_ordered_and_differ():
    entropy = ids.seeded(1, "ids")
    made = [ids.new_id("crt", NOW + step, entropy) for step in range(0, 5_000, 7)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(one.startswith("crt_") and len(one) == 30 for one in made)


def test_a_stream_is_repeatable_named_and_independent_of_how_it_is_read():
    one, other = ids.seeded(7, "a"), ids.seeded(7, "a")
    assert one(10) + one(90) == other(100)
    assert ids.seeded(7, "b")(16) != ids.seeded(7, "a")(16) != ids.seeded(8, "a")(16)


@given(st.integers(1, 12), st.binary(min_size=32, max_size=32))
def test_digits_have_their_length(count, seed):
    drawn = ids.digits(count, ids.Stream(seed))
    assert len(drawn) == count
    assert drawn.isdigit()


def test_the_system_s_entropy_does_not_repeat():
    assert len({ids.system_entropy(16) for _ in range(100)}) == 100
    assert len(ids.token(ids.system_entropy)) == 43


# -- codec -----------------------------------------------------------------------------------

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text().filter(lambda k: k != "$b"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain_values)
def test_canonical_json_reads_back(value):
    assert codec.load(codec.canonical(value)) == value


@given(st.dictionaries(st.text(), st.integers(), max_size=6))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value):
    turned = dict(reversed(value.items()))
    assert codec.canonical(value) == codec.canonical(turned)
    assert codec.digest(value) == codec.digest(turned)


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), float("inf"), [1, 2.5], {"a": {"b": 0.1}}, (0.0,), object()]
)
def test_floats_and_strangers_have_no_canonical_form(value):
    with pytest.raises(TypeError, match="no canonical form"):
        codec.canonical(value)


def test_canonical_json_is_utf_8_sorted_and_without_blanks():
    assert codec.canonical({"b": "印信", "a": [1, True, None, b"\x00"]}) == (
        '{"a":[1,true,null,{"$b":"AA=="}],"b":"印信"}'
    )


# -- records ---------------------------------------------------------------------------------


def test_a_record_goes_through_its_columns_and_comes_back():
    thing = Thing(
        id="t",
        color=Color.RED,
        other=None,
        tags=("a", "b"),
        parts=(Part(name="x", fen=5),),
        facts={"k": "印"},
        raw=b"\x00",
        count=None,
    )
    columns = records.columns(thing)
    assert columns["color"] == "red"
    assert json.loads(columns["parts"]) == [{"fen": 5, "name": "x"}]
    assert records.make(Thing, columns) == thing


def test_a_row_with_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match="violet"):
        records.make(
            Thing,
            {
                "id": "t",
                "color": "violet",
                "other": None,
                "tags": "[]",
                "parts": "[]",
                "facts": "{}",
                "raw": b"",
                "count": 1,
            },
        )


def test_a_field_without_a_column_has_its_default_and_a_strange_column_is_refused():
    assert records.make(Shown, {"id": "s"}) == Shown(id="s")
    assert records.make(Shown, {"count": 2, "id": "s"}) == Shown(id="s", count=2)
    for row in ({"count": 2}, {"id": "s", "strange": 1}):
        with pytest.raises(TypeError):
            records.make(Shown, row)


# -- workflow --------------------------------------------------------------------------------

TABLE = Workflow(
    "light",
    Color.RED,
    {
        Color.RED: {"go": Color.GREEN},
        Color.GREEN: {"stop": Color.RED, "end": Color.BLUE},
        Color.BLUE: {},
    },
)


def test_a_table_answers_for_the_action_the_page_and_the_diagram():
    assert TABLE.advance(Color.RED, "go") is Color.GREEN
    assert TABLE.verbs(Color.GREEN) == ("stop", "end")
    assert TABLE.allows(Color.GREEN, "end")
    assert not TABLE.allows(Color.RED, "end")
    assert [TABLE.terminal(s) for s in TABLE.statuses()] == [False, False, True]
    drawn = TABLE.mermaid(Color.GREEN)
    assert "green --> blue: end" in drawn
    assert "blue --> [*]" in drawn
    assert "class green lit" in drawn


def test_what_is_not_in_the_table_is_refused_in_words():
    with pytest.raises(NotPossibleNow, match="the light is blue"):
        TABLE.advance(Color.BLUE, "go")


# -- errors and texts --------------------------------------------------------------------------


class SomethingOdd(errors.PolicyRefused):
    """Only {left} of them
    are left."""


def test_an_error_says_its_docstring_in_one_line_and_knows_its_code():
    told = SomethingOdd(left=2, field="pin")
    assert str(told) == "Only 2 of them are left."
    assert SomethingOdd.template() == "Only {left} of them are left."
    assert SomethingOdd.code.endswith(".something_odd")
    assert (told.field, told.http_status) == ("pin", 409)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh_CN"),
        ("en-US,en;q=0.9", "en"),
        ("fr-FR, en;q=0.5", "en"),
        ("", "zh_CN"),
        ("xx", "zh_CN"),
        ("zh_TW", "zh_CN"),
    ],
)
def test_the_best_language_is_one_we_have(wanted, language):
    assert texts.best_language(wanted) == language


def test_english_reads_a_code_as_words():
    assert texts.of_code("order.paid_back", "en") == "Order paid back"
    assert texts.of_error(SomethingOdd(left=3), "en") == "Only 3 of them are left."


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", files.PDF),
        (b"\x89PNG\r\n\x1a\nx", files.PNG),
        (b"\xff\xd8\xff\xe0", files.JPEG),
        (b"MZ\x90", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content, kind):
    assert files.kind_of(content) == kind


def test_uploads_are_refused_by_kind_size_and_emptiness():
    assert files.require(b"%PDF-1", files.PDF, field="x") == files.PDF
    with pytest.raises(files.FileEmpty):
        files.require(b"", files.PDF, field="x")
    with pytest.raises(files.FileTooBig, match="1 MB"):
        files.require(b"%PDF-" + bytes(files.MEGABYTE), files.PDF, field="x", limit_bytes=2**20)
    with pytest.raises(files.FileKindRefused, match="PNG, JPEG"):
        files.require(b"%PDF-1", files.PNG, files.JPEG, field="x")


# -- the door for TOML -------------------------------------------------------------------------


class Declared(catalog.Declared):
    name: str
    count: int
    label: catalog.Text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('name = "a"\ncount = 1\n[label]\nzh = "甲"\nen = "A"\nfr = "A"', "label.fr"),
        ('name = "a"\ncount = 1\n[label]\nzh = "甲"', "label.en"),
        ('name = "a"\ncount = "1"\n[label]\nzh = "甲"\nen = "A"', "count"),
        ('name = "a"\ncount = 1\nmore = 2\n[label]\nzh = "甲"\nen = "A"', "more"),
        ("name = ", "wrong.toml"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_key(tmp_path, text, told):
    (tmp_path / "wrong.toml").write_text(text, encoding="utf-8")
    with pytest.raises(errors.ConfigurationError, match=r"wrong\.toml") as refused:
        catalog.load(tmp_path / "wrong.toml", Declared)
    assert told in str(refused.value)


def test_a_missing_file_is_refused_with_its_name(tmp_path):
    with pytest.raises(errors.ConfigurationError, match=r"none\.toml"):
        catalog.load(tmp_path / "none.toml", Declared)


# -- clocks ------------------------------------------------------------------------------------


def test_a_manual_clock_only_goes_forward():
    own = clock.ManualClock(NOW)
    own.advance(5)
    own.set(NOW)
    assert own.now_ms() == NOW + 5


@given(st.integers(0, 4_102_444_800_000))
def test_instants_survive_datetime(instant):
    assert clock.from_datetime(clock.to_datetime(instant)) == instant


# -- passwords -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("short", passwords.PasswordTooShort),
        ("x" * 129, passwords.PasswordTooShort),
        ("password", passwords.PasswordTooCommon),
        ("PASSWORD", passwords.PasswordTooCommon),
        ("aaaaaaaaaaaa", passwords.PasswordTooCommon),
        ("my13800138000pw", passwords.PasswordContainsLogin),
    ],
)
def test_a_password_that_would_be_guessed_is_refused(password, refusal):
    with pytest.raises(refusal):
        passwords.check(password, "13800138000")


@pytest.mark.parametrize("password", ["correct horse", "纸上得来终觉浅绝知此事", "x1" * 64 + ""])
def test_length_is_enough(password):
    if len(set(password)) > 2:
        passwords.check(password, "13800138000")


def test_a_stretched_password_depends_on_password_salt_and_pepper(world):
    parts = world.engine.parts
    salt, other = bytes(16), bytes([1]) * 16
    one = passwords.stretch(parts, "correct horse", salt)
    assert one == passwords.stretch(parts, "correct horse", salt)
    assert len({one, passwords.stretch(parts, "correct horse", other)}) == 2
    assert one != passwords.stretch(parts, "correct hors", salt)
    # Full-width letters typed on a Chinese keyboard are the same password (NFKC).
    assert one == passwords.stretch(parts, "ｃorrect horse", salt)
